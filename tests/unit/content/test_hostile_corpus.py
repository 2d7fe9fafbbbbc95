"""Whatever is put into a publication, the answer is findings with a place, and nothing else."""

import os
from pathlib import Path

import pytest
from spoilt import CASES, GOLDEN, Case

from publisher.config import load_settings
from publisher.content.loading import load_issues
from publisher.errors import Finding, InputError

WHOLE_FILE = (
    "is missing",
    "is not a file",
    "is not read",
    "is a link that leads",
    "cannot be read",
    "has a name that",
    "bytes; ",
)
WHOLE_FOLDER = ("is not named after a date", "has no articles", "articles; the limit")
OTHERS_WORDS = ("Input should", "Value error", "Value should", "pydantic", "Traceback", "Errno", "0x")


def read(root: Path) -> None:
    """Read a publication as every command does."""
    settings = load_settings(root / "publication.toml", {})
    load_issues(settings.root, settings.publication)


def findings(case: Case, folder: Path) -> tuple[Finding, ...]:
    """What is said about a case; anything but an InputError is a fault of ours."""
    root = case.build(folder)
    with pytest.raises(InputError) as caught:
        read(root)
    return caught.value.findings


def told(finding: Finding) -> str:
    """A finding without its advice, which may change its words."""
    return ": ".join(part for part in (finding.place, finding.field, finding.message) if part)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """One folder for all cases: four hundred temporary ones would take longer than the cases."""
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def golden(tmp_path_factory) -> dict[str, list[str]]:
    """What must be said, by the name of the case; UPDATE_GOLDEN=1 writes what is said now."""
    if os.environ.get("UPDATE_GOLDEN"):
        said = {case.name: findings(case, tmp_path_factory.mktemp("case")) for case in CASES}
        written = ("\n".join([name, *map(told, found)]) for name, found in said.items())
        GOLDEN.write_text("\n\n".join(written) + "\n", "utf-8")
    blocks = GOLDEN.read_text("utf-8").strip().split("\n\n")
    return {block.split("\n")[0]: block.split("\n")[1:] for block in blocks}


def test_the_corpus_is_large_and_its_names_are_unique() -> None:
    """Two hundred is the promise."""
    assert len({case.name for case in CASES}) == len(CASES) > 400


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_hostile_input_is_told_clearly(case, golden, folder) -> None:
    """One line a fault, at its place, in our words."""
    found = findings(case, folder / case.name.replace("/", "_"))
    assert [told(finding) for finding in found] == golden[case.name]
    for finding in found:
        line = str(finding)
        assert line.isprintable(), line
        assert len(line) < 400, line
        assert not any(words in line for words in OTHERS_WORDS), line
        assert finding.hint
        assert finding.line or finding.message.startswith(WHOLE_FILE) or "limit is" in line or (
            finding.message.startswith(WHOLE_FOLDER)
        ), line  # fmt: skip


def test_reading_leaves_a_publication_as_it_is(tmp_path) -> None:
    """Nothing is repaired, cached or written beside an editor's files."""
    root = CASES[0].build(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    with pytest.raises(InputError):
        read(root)
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before
