"""docs/writing.md keeps its word: its examples are published as they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import builders
import pytest
from commands import PUBLISH_ISSUE, PUBLISHER, ROOT, run

GUIDE = (ROOT / "docs/writing.md").read_text("utf-8")
_EXAMPLE = re.compile(r"^`(?P<path>issues/\S+)`\n\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES: Mapping[str, str] = {found["path"]: found["text"] for found in _EXAMPLE.finditer(GUIDE)}
PROJECT = """
[publication]
title = "Mountain Post"
url = "https://post.example/"
timezone = "Asia/Bishkek"
founded = 2026-01-01
sections = [{ id = "nature", title = "Nature" }, { id = "economy", title = "Economy" }]
publisher = { name = "Mountain Post", address = "12 Example Street, Bishkek" }
"""


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory) -> Path:
    """A publication that holds the guide's examples and no other words, published."""
    folder = tmp_path_factory.mktemp("newsroom")
    (folder / "publication.toml").write_text(PROJECT)
    for path, text in EXAMPLES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / "issues/2026-01-13/issue.md").write_text("---\ntitle: A day before\nnumber: 11\n---\n")
    (folder / "issues/2026-01-14/images").mkdir()
    (folder / "issues/2026-01-14/images/glacier.png").write_bytes(builders.picture(1200, 600, "PNG"))
    published = run(PUBLISH_ISSUE, cwd=folder)
    assert published.returncode == 0, published.stderr
    return folder


def test_every_kind_of_file_has_an_example():
    """The greeting, three articles and the rates."""
    assert [Path(path).name for path in EXAMPLES] == [
        "issue.md",
        "01-glacier.md",
        "rates.yml",
        "02-bridge.md",
        "01-reactor.md",
    ]


def test_the_copy_desk_has_nothing_against_the_examples(newsroom):
    """No error and no warning in the issue that the guide writes."""
    checked = run(PUBLISHER, "check", "2026-01-14", cwd=newsroom)
    assert (checked.returncode, "error" in checked.stdout, "warning" in checked.stdout) == (0, False, False)


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        ("2026-01-14/index.html", "Good morning. Two stories from the mountains today"),
        ("2026-01-14/index.html", "511.07"),
        ("2026-01-14/email.html", "One in seven glaciers is gone, and a village can be reached in winter."),
        ("2026-01-14/glacier/index.html", "<strong>three years</strong>"),
        ("2026-01-14/glacier/index.html", "Photo: Institute of Water Problems"),
        ("2026-01-14/glacier/index.html", "<blockquote>"),
        ("2026-01-14/bridge/index.html", "The bridge is 90 metres long, not 900."),
        ("2026-01-13/reactor/index.html", "We withdraw it."),
    ],
)
def test_what_the_guide_promises_is_on_the_page(newsroom, page, seen):
    """Greeting, rates, pictures, quotations, corrections and retractions."""
    assert seen in (newsroom / "public" / page).read_text("utf-8")


@pytest.mark.parametrize("page", ["reactor/index.html", "index.html", "email.html", "email.txt"])
def test_a_retracted_story_no_longer_says_what_it_said(newsroom, page):
    """The notice stands in the place of the text, on every page and in the letter."""
    text = (newsroom / "public/2026-01-13" / page).read_text("utf-8")
    assert "forged" in text
    assert "said to be with the ministry" not in text


def test_a_remark_reads_as_the_guide_shows_it(tmp_path):
    """File, line, column, what is wrong and what to type."""
    shown = next(line for line in GUIDE.splitlines() if line.startswith("issues/") and " -> " in line)
    path, text = "issues/2026-01-14/01-glacier.md", EXAMPLES["issues/2026-01-14/01-glacier.md"]
    (tmp_path / "publication.toml").write_text(PROJECT)
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(text.replace("section: nature", "section: natur"))
    (tmp_path / "issues/2026-01-14/issue.md").write_text(EXAMPLES["issues/2026-01-14/issue.md"])
    assert shown in run(PUBLISHER, "check", cwd=tmp_path).stdout + run(PUBLISH_ISSUE, cwd=tmp_path).stderr


def test_every_command_and_page_that_the_guide_names_exists():
    """A guide that sends people nowhere is worse than none."""
    commands = set(re.findall(r"`publisher ([a-z]+)", GUIDE)) | set(
        re.findall(r"^publisher ([a-z]+)", GUIDE, re.MULTILINE)
    )
    listed = run(PUBLISHER, "--help", cwd=ROOT).stdout
    assert [name for name in sorted(commands) if not re.search(rf"^\s+{name}\b", listed, re.MULTILINE)] == []
    pages = set(re.findall(r"\]\(([a-z-]+\.md)\)", GUIDE))
    assert [page for page in sorted(pages) if not (ROOT / "docs" / page).exists()] == []
