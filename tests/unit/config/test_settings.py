"""publication.toml and the environment become one value."""

from pathlib import Path

import pytest

from publisher.config import load_settings
from publisher.errors import InputError


def sample(repository: Path) -> str:
    """The project file of the sample publication."""
    return (repository / "tests" / "samples" / "publication" / "publication.toml").read_text("utf-8")


def faults(path: Path, environ=None) -> list[str]:
    """All findings of a project file, as an editor reads them."""
    with pytest.raises(InputError) as caught:
        load_settings(path, environ or {})
    return [str(finding) for finding in caught.value.findings]


@pytest.fixture
def project(tmp_path, repository):
    """A copy of the sample project file that a test may spoil."""
    path = tmp_path / "publication.toml"
    path.write_text(sample(repository), "utf-8")
    return path


def test_every_room_gets_its_settings(project) -> None:
    """One file, read once; paths are relative to its folder."""
    settings = load_settings(project, {"HOME": "/nowhere"})
    assert settings.root == project.parent
    assert settings.publication.sections[0].id == "economy"
    assert (settings.feeds.entries, settings.email.content) == (20, "full")


def test_the_environment_has_the_last_word(project, tmp_path) -> None:
    """A server overrides a setting by a variable, or by a variable that names a file."""
    (tmp_path / "content").write_text("summary\n")
    (tmp_path / "content").chmod(0o600)
    environ = {
        "PUBLISHER_FEEDS_ENTRIES": "7",
        "PUBLISHER_RATES_CURRENCIES": "KGS, KZT",
        "PUBLISHER_EMAIL_CONTENT_FILE": str(tmp_path / "content"),
        "PUBLISHER_OF_SOMETHING_ELSE_ENTIRELY": "x",
    }
    settings = load_settings(project, environ)
    assert settings.feeds.entries == 7
    assert settings.rates.currencies == ("KGS", "KZT")
    assert settings.email.content == "summary"


def test_wrong_variables_are_named(project) -> None:
    """A slip in the environment is looked for in the environment."""
    environ = {"PUBLISHER_FEEDS_ENTRIES": "many", "PUBLISHER_EMAIL_CONTNET": "full"}
    assert faults(project, environ) == [
        'PUBLISHER_EMAIL_CONTNET: is not a known variable -> did you mean "PUBLISHER_EMAIL_CONTENT"?',
        "PUBLISHER_FEEDS_ENTRIES: must be a whole number -> type digits only",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "entries = 20",
            "entires = 20",
            'publication.toml:30:1: feeds.entires: is not a known field -> did you mean "entries"?',
        ),
        (
            "entries = 20",
            "entries = 0",
            ("publication.toml:30:11: feeds.entries: must be 1 or more"
            " -> How many of the newest articles a feed carries"),
        ),
        (
            'id = "nature"',
            'id = "feeds"',
            ('publication.toml:26:6: publication.sections.2.id: "feeds" is a folder that the site needs'
            " -> choose another, for example feeds-news"),
        ),
        (
            'id = "nature"',
            'id = "economy"',
            ('publication.toml:26:6: publication.sections.2.id: "economy" is the id of two sections'
            " -> change one"),
        ),
        (
            "Asia/Bishkek",
            "Asia/Osh",
            "publication.toml:8:12: publication.timezone: is not a known time zone -> type a name such as Asia/Bishkek",
        ),
        (
            "founded = 2025-01-01",
            "founded = yesterday",
            ("publication.toml:11:11: founded: is not a value -> "
            'write text in quotes: title = "Steppe Letter"'),
        ),
        (
            "entries = 20",
            'entries = "C:\\Users\\desk"',
            ("publication.toml:30:14: entries: has a backslash that TOML does not know"
            " -> type the backslash twice"),
        ),
        (
            "entries = 20",
            "entries =\u00a020",
            ("publication.toml:30:10: has the character U+00A0 where a plain blank belongs"
            " -> type the blank again"),
        ),
        (
            "[[publication.sections]]",
            "[publication.sections]",
            ("publication.toml:25:23: begins a table a second time"
            " -> keep one heading, or write [[ ]] around each where there are several"),
        ),
        (
            'title = "Steppe Letter"',
            "",
            'publication.toml:3:1: publication.title: is missing -> add title = "Steppe Letter"',
        ),
    ],
)  # fmt: skip
def test_slips_in_the_project_file_have_a_place(project, old, new, expected) -> None:
    """File, line, column, field, fault, remedy: as for an article."""
    project.write_text(project.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert faults(project) == [expected]


def test_a_missing_project_file_is_said_plainly(tmp_path) -> None:
    """Nothing is guessed."""
    assert faults(tmp_path / "publication.toml") == [
        "publication.toml: is missing -> add it, or correct its name"
    ]


def test_a_colour_that_cannot_be_read_is_refused_at_its_line(project) -> None:
    """Each pair is told by itself, so that none is cut off at the end of a long sentence."""
    text = f'{project.read_text("utf-8")}\n[theme.dark]\naccent = "#223344"\n'
    project.write_text(text, "utf-8")
    told = faults(project)
    line = text[: text.index("#223344")].count("\n") + 1
    assert len(told) == 4
    assert all(f"publication.toml:{line}:10: theme.dark.accent: " in fault for fault in told)
    assert "dark.accent #223344 on dark.panel #151C24 has a contrast of 1.33:1, needs 4.5:1" in "".join(told)
