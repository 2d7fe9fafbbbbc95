"""An issue that is still to be written: its fields, and a CHECK mark wherever words are missing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from publisher.content.models import Section
from publisher.importing.markdown import document, field, new_id


def stub_files(
    sections: Sequence[Section], *, number: int, published: datetime, taken: Collection[str] = ()
) -> dict[str, str]:
    """File name -> content: an issue and one article a section, none of which can be published unfilled."""
    day = published.date()
    files = {"issue.md": _issue(number, published)}
    used = set(taken)
    for position, section in enumerate(sections, 1):
        identity = new_id(f"{day.isoformat()}.{section.id}", used)
        used.add(identity)
        slug = identity.partition(".")[2]
        files[f"{position:02d}-{slug}.md"] = _article(section, identity, slug, published)
    return files


def _issue(number: int, published: datetime) -> str:
    fields = [
        "# CHECK: write the title; the subject is the letter's, else the title is",
        field("title", "Untitled"),
        field("number", str(number)),
        field("date", published.date().isoformat()),
        field("published", published.isoformat(timespec="minutes")),
        "subject:",
        "preheader:",
    ]
    return document(fields, ["<!-- CHECK: write the opening paragraph, or leave the issue without one -->"])


def _article(section: Section, identity: str, slug: str, published: datetime) -> str:
    fields = [
        "# The id is minted: never change it.",
        field("id", identity),
        f"# CHECK: write title, slug and summary of a story for {section.title}, or delete this file",
        field("title", "Untitled"),
        field("slug", slug),
        field("section", section.id),
        "authors:",
        field("published", published.isoformat(timespec="minutes")),
        "summary:",
    ]
    return document(fields, ["<!-- CHECK: write the story -->"])
