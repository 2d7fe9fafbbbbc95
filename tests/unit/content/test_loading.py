"""A folder becomes an issue, or all that is wrong with it."""

import shutil
from datetime import UTC, datetime

import pytest
from builders import publication

from publisher.content import markup
from publisher.content.images import images_of
from publisher.content.loading import load_issue, load_issues
from publisher.content.text import FORBIDDEN
from publisher.errors import InputError


@pytest.fixture
def root(tmp_path, repository):
    """A copy of the sample publication that a test may spoil."""
    shutil.copytree(repository / "tests" / "samples" / "publication", tmp_path / "letter")
    return tmp_path / "letter"


def faults(root) -> list[str]:
    """All findings of the publication at `root`."""
    with pytest.raises(InputError) as caught:
        load_issues(root, publication())
    return [str(finding) for finding in caught.value.findings]


def edit(root, name, old, new) -> None:
    """Change a file as an editor would."""
    path = root / "issues" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_issues_come_newest_first_with_their_articles_in_order(root) -> None:
    """The sample publication is read as it was typed."""
    newest, older = load_issues(root, publication())
    assert (newest.slug, older.slug) == ("2025-12-10", "2025-12-09")
    assert [article.slug for article in newest.articles] == ["bridge", "pelicans", "bread-price"]
    assert newest.rates is not None
    assert older.articles[0].authors[1].name == "Timur Ergashev"


def test_times_keep_the_editor_s_order(root) -> None:
    """Untyped times count back from the issue's by a second each; typed ones get the local zone."""
    newest, older = load_issues(root, publication())
    assert [article.published.second for article in newest.articles] == [0, 59, 58]
    assert newest.published == datetime(2025, 12, 10, 1, 0, tzinfo=UTC)
    assert older.articles[1].published == datetime(2025, 12, 9, 0, 30, tzinfo=UTC)
    assert older.articles[1].modified == datetime(2025, 12, 10, 3, 15, tzinfo=UTC)


def test_equal_times_are_spread_by_seconds(root) -> None:
    """Feeds sort by time: two articles typed with one time keep their order."""
    edit(root, "2025-12-10/01-bridge.md", "section:", "published: 2025-12-10\nsection:")
    edit(root, "2025-12-10/02-pelicans.md", "section:", "published: 2025-12-10T07:00+06:00\nsection:")
    articles = load_issue(root / "issues" / "2025-12-10", publication()).articles
    assert [article.published.second for article in articles] == [0, 59, 58]


def test_pictures_are_measured_and_given_out_by_name(root) -> None:
    """Renderers ask for bytes by issue and path, and find sizes in the model."""
    issues = load_issues(root, publication())
    image = issues[0].articles[0].image
    assert image is not None
    assert (image.width, image.height) == (320, 180)
    pictures = images_of(root, issues)
    assert list(pictures) == ["2025-12-10/images/bridge.png"]
    assert len(pictures["2025-12-10/images/bridge.png"]) == image.bytes
    assert "2025-12-10/images/other.png" not in pictures


def test_all_faults_of_all_files_are_told_at_once(root) -> None:
    """An editor corrects everything in one go."""
    edit(root, "2025-12-09/01-night-train.md", "section: economy", "section: econmy")
    edit(root, "2025-12-09/02-ferry.md", "title:", "titel:")
    edit(root, "2025-12-10/02-pelicans.md", "source: Kabar", "source: {name: Kabar, url: kabar}")
    edit(root, "2025-12-10/issue.md", "number: 128", "number: many")
    expected = [
        ('issues/2025-12-09/01-night-train.md:4:10: section: is not a section of publication.toml'
        ' -> did you mean "economy"?'),
        'issues/2025-12-09/02-ferry.md:3:1: titel: is not a known field -> did you mean "title"?',
        ("issues/2025-12-10/02-pelicans.md:5:28: source.url: is not a web address"
        " -> type it in full, for example https://example.org/"),
        "issues/2025-12-10/issue.md:3:9: number: must be a whole number -> type digits only",
    ]  # fmt: skip
    assert faults(root) == expected


def test_open_questions_stop_an_issue(root) -> None:
    """What an import was unsure of is decided by a person before anybody reads it."""
    edit(root, "2025-12-10/03-bread.md", "A loaf", "A loaf <!-- CHECK: loaf or flat bread? -->")
    edit(root, "2025-12-10/rates.yml", "note:", "# CHECK: too few digits\nnote:")
    assert faults(root) == [
        (
            "issues/2025-12-10/03-bread.md:9:8: is not decided: loaf or flat bread?"
            " -> decide, then delete the mark"
        ),
        "issues/2025-12-10/rates.yml:2:1: is not decided: too few digits -> decide, then delete the mark",
    ]


def test_what_must_be_unique_names_both_places(root) -> None:
    """Ids, numbers and addresses stand once in the whole archive."""
    edit(root, "2025-12-10/01-bridge.md", "2025-12-10.bridge", "2025-12-09.ferry")
    edit(root, "2025-12-10/issue.md", "128", "127")
    edit(root, "2025-12-10/03-bread.md", "slug: bread-price", "slug: pelicans")
    assert faults(root) == [
        (
            "issues/2025-12-10/01-bridge.md:2:1: id: 2025-12-09.ferry is used by issues/2025-12-09/02-ferry.md too"
            " -> an id is minted once: give the newer article one of its own"
        ),
        (
            "issues/2025-12-10/03-bread.md:4:1: slug: 2025-12-10/pelicans is used by"
            " issues/2025-12-10/02-pelicans.md too -> give one of the two another slug"
        ),
        (
            "issues/2025-12-10/issue.md:3:1: number: 127 is used by issues/2025-12-09/issue.md too"
            " -> give this issue the next free number"
        ),
    ]


def test_a_section_s_title_tells_its_id(root) -> None:
    """Once: what is wrong with its form need not be told as well."""
    edit(root, "2025-12-10/01-bridge.md", "section: economy", "section: Economy")
    assert faults(root) == [
        (
            "issues/2025-12-10/01-bridge.md:4:10: section: is not a section of publication.toml"
            ' -> did you mean "economy"?'
        )
    ]


def test_no_story_once_stood_where_a_letter_stands(root) -> None:
    """The letter of any issue: an editor is told the line, before two files fight for one place."""
    edit(root, "2025-12-10/01-bridge.md", "section:", "moved_from: [2025-12-09/email.html]\nsection:")
    assert faults(root) == [
        (
            "issues/2025-12-10/01-bridge.md:4:1: moved_from: 2025-12-09/email.html is where the letter of"
            " issues/2025-12-09 stands -> delete it"
        )
    ]


def test_ids_of_withdrawn_articles_are_spent(root) -> None:
    """A reader's program that knows an id must never meet another story under it."""
    (root / "issues" / "tombstones.txt").write_text("# spent\n2025-12-10.bread 2025-12-11 a mistake\n")
    assert faults(root) == [
        (
            "issues/2025-12-10/03-bread.md:2:1: id: 2025-12-10.bread belonged to an article that was withdrawn"
            " (issues/tombstones.txt:2) -> give the article an id of its own"
        )
    ]


def test_a_note_of_a_withdrawn_article_names_an_id(root) -> None:
    """`2025-12-10.bread,` is another id: the article's own would not be spent, and nobody would know."""
    (root / "issues" / "tombstones.txt").write_text("2025-12-10.bread, 2025-12-11 a mistake\n")
    (told,) = faults(root)
    assert told.startswith(
        "issues/tombstones.txt:1:1: is not a note of a withdrawn article -> write: id date reason"
    )


def test_other_encodings_are_named(root) -> None:
    """A file from an old editor is explained, with the command that converts it."""
    path = root / "issues" / "2025-12-10" / "02-pelicans.md"
    text = path.read_text("utf-8").replace("Forty", "Сорок кудрявых пеликанов остались на зиму в дельте реки")
    path.write_bytes(text.encode("cp1251"))
    assert faults(root) == [
        (
            "issues/2025-12-10/02-pelicans.md:9:1: is not UTF-8; it looks like cp1251 -> save it as UTF-8, or"
            " convert it: iconv -f cp1251 -t utf-8 issues/2025-12-10/02-pelicans.md > new.md"
        )
    ]
    path.write_bytes(text.encode("utf-8-sig").replace(b"\n", b"\r\n"))
    assert len(load_issues(root, publication())) == 2


def test_what_the_loader_measures_cannot_be_typed(root) -> None:
    """A size that was typed could lie; a body in the front matter would be lost."""
    edit(root, "2025-12-10/01-bridge.md", "  alt:", "  width: 5000\n  alt:")
    edit(root, "2025-12-10/02-pelicans.md", "section:", "body: x\nsection:")
    lines = faults(root)
    assert [line.split(" -> ")[0] for line in lines] == [
        "issues/2025-12-10/01-bridge.md:11:3: image.width: is not a known field",
        "issues/2025-12-10/02-pelicans.md:4:1: body: is not a known field",
    ]


def test_an_empty_publication_has_no_issues(tmp_path) -> None:
    """Before the first issue there is nothing to complain about."""
    assert load_issues(tmp_path, publication()) == ()


def test_issues_after_the_asked_one_are_not_even_read(root) -> None:
    """A draft for tomorrow, however broken, does not stop today's issue."""
    edit(root, "2025-12-10/01-bridge.md", "section:", "sektion:")
    assert [issue.slug for issue in load_issues(root, publication(), until="2025-12-09")] == ["2025-12-09"]


def test_what_lies_beside_a_story_is_left_alone(root) -> None:
    """The Word file that a story was written in may stay there, and so may what begins with an underscore."""
    for name in ("01-bridge.docx", "_04-later.txt", "notes.txt", "01-bridge.md~", "rates.csv"):
        (root / "issues" / "2025-12-10" / name).write_text("Words.\n")
    assert len(load_issues(root, publication())[0].articles) == 3


@pytest.mark.parametrize("typed", ["&#12;", "&#X00c;"])
def test_a_form_feed_in_digits_is_told_with_its_place(root, typed) -> None:
    """Parsers of Markdown make the character of it, which no feed can carry."""
    edit(root, "2025-12-10/01-bridge.md", "\n---\n", f"\n---\n\nA page{typed}ends.\n")
    [fault] = faults(root)
    assert fault.startswith("issues/2025-12-10/01-bridge.md:")
    assert f":7: has {typed}, the invisible character U+000C -> delete it" in fault


def test_no_other_reference_becomes_what_a_feed_cannot_carry() -> None:
    """Markdown makes a sign of doubt of every other reference to such a character."""
    for code in {*range(0x20), *range(0x7F, 0xA0), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF} - {0x0C}:
        assert not FORBIDDEN.search(markup.to_text(markup.parse(f"a&#{code};b"))), hex(code)


def test_what_nobody_sees_is_named(root) -> None:
    """A blank that is none spoils a word that looks right, as macOS types and web pages paste it."""
    edit(root, "2025-12-10/01-bridge.md", "section: economy", "section: economy\u200b")
    edit(root, "2025-12-10/02-pelicans.md", "title:", "\u00a0tags: [a]\ntitle:")
    one, other = faults(root)
    assert one.endswith("section: has the invisible character U+200B in it -> delete it")
    assert "tags: has the character U+00A0 in its name -> delete it, and type the blanks again" in other


def test_capitals_in_a_name_are_led_to_the_name_that_is_read(root) -> None:
    """What a computer without a sense for capitals calls issue.md is none on the others."""
    folder = root / "issues" / "2025-12-10"
    (folder / "issue.md").rename(folder / "Issue.md")
    (folder / "01-bridge.md").rename(folder / "01-BRIDGE.MD")
    told = faults(root)
    assert any(
        line.endswith(
            "01-BRIDGE.MD: is not read -> save it as 01-bridge.md, or begin its name with an underscore to leave it out"
        )
        for line in told
    )
    assert any("Issue.md: " in line and line.endswith("-> rename it to issue.md") for line in told)
