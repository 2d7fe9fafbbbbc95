"""What the issues before this one teach a new one: its number, its day, its sections (an edge: reads files)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from publisher.content.front_matter import Document, read
from publisher.content.loading import issue_folders
from publisher.content.reading import read_text
from publisher.errors import InputError

_LEARN_FROM = 20  # issues; enough to know what each section is about


@dataclass(frozen=True)
class Earlier:
    """The issues so far. What cannot be read is passed over: `publish-issue` tells of it."""

    last_day: date | None = None
    last_number: int = 0
    last_sections: tuple[str, ...] = ()  # of the newest issue's articles, in order
    ids: frozenset[str] = frozenset()
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # section -> its recent articles

    def next_day(self, cadence: str, today: date) -> date:
        """The day of the next issue: after the last one by the cadence, or today if that is later."""
        return today if self.last_day is None else max(today, _after(self.last_day, cadence))


def read_earlier(root: Path) -> Earlier:
    """Read the front matter of all issues below `root/issues`."""
    folders = [folder for folder in issue_folders(root) if _day(folder)]
    numbers = [_number(document) for folder in folders for document in _documents(folder, "issue.md")]
    articles = [list(_documents(folder, "[!i_.]*.md")) for folder in folders]
    sections = [str(document.fields.data.get("section", "")) for document in (articles or [[]])[0]]
    ids = [str(document.fields.data.get("id", "")) for issue in articles for document in issue]
    return Earlier(
        last_day=_day(folders[0]) if folders else None,
        last_number=max(numbers, default=0),
        last_sections=tuple(section for section in sections if section),
        ids=frozenset(ids),
        texts=_texts([document for issue in islice(articles, _LEARN_FROM) for document in issue]),
    )


def _after(day: date, cadence: str) -> date:
    if cadence == "monthly":
        first = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return min(first + timedelta(days=day.day - 1), last)
    following = day + timedelta(days=7 if cadence == "weekly" else 1)
    if cadence == "weekdays":
        following += timedelta(days=max(0, 7 - following.weekday()) % 7 if following.weekday() > 4 else 0)  # noqa: PLR2004  # Saturday and Sunday
    return following


def _day(folder: Path) -> date | None:
    try:
        return date.fromisoformat(folder.name)
    except ValueError:
        return None


def _documents(folder: Path, pattern: str) -> Iterator[Document]:
    for path in sorted(folder.glob(pattern)):
        try:
            yield read(read_text(path, path.name, within=folder), path.name)
        except InputError:
            continue


def _number(document: Document) -> int:
    typed = str(document.fields.data.get("number", ""))
    return int(typed) if typed.isdecimal() else 0


def _texts(articles: list[Document]) -> dict[str, tuple[str, ...]]:
    known: dict[str, list[str]] = {}
    for document in articles:
        fields = document.fields.data
        text = "\n".join((str(fields.get("title", "")), str(fields.get("summary", "")), document.body))
        known.setdefault(str(fields.get("section", "")), []).append(text)
    return {section: tuple(texts) for section, texts in known.items() if section}
