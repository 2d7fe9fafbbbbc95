"""The sample pages, what a person reads in them, and the house they are imported into."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from publisher.content.models import Section
from publisher.importing.decoding import decode
from publisher.importing.draft import Draft, Shape
from publisher.importing.text import House, read_page
from publisher.rates.ticker import write_line

FOLDER = Path(__file__).resolve().parents[2] / "samples" / "pages"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))
HOUSE = House(
    sections=(Section(id="economy", title="Economy"), Section(id="nature", title="Nature")),
    next_day=date(2025, 12, 11),
)


def page(name: str) -> bytes:
    """The page as it was pasted."""
    return (FOLDER / f"{name}.txt").read_bytes()


def draft_of(name: str) -> Draft:
    """The page as it is imported, with the answers that its truth says are needed."""
    answers = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")).get("answers", {})
    draft = read_page(decode(page(name), f"{name}.txt").text, HOUSE)
    asked = {decision.key for decision in draft.open_decisions}
    assert set(answers) <= asked, "what goes wrong must be among what is asked"
    return read_page(decode(page(name), f"{name}.txt").text, HOUSE, answers)


def truth(name: str) -> dict[str, Any]:
    """What a person reads in the page; what is not said there is empty."""
    said: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    nothing: dict[str, Any] = {"subheadings": [], "lists": 0, "quotations": 0, "authors": []}
    articles = [nothing | article for article in said["articles"]]
    said.pop("answers", None)
    return {"rates": [], "dropped": []} | said | {"articles": articles}


def outline(draft: Draft) -> dict[str, Any]:
    """A draft in the same form."""
    return {
        "date": draft.day.isoformat(),
        "rates": [write_line(quote.quote) for quote in draft.quotes],
        "articles": [
            {
                "title": article.title,
                "subheadings": [p.text for p in article.passages if p.shape is Shape.SUBHEADING],
                "lists": sum(p.shape in (Shape.BULLETS, Shape.NUMBERS) for p in article.passages),
                "quotations": sum(p.shape is Shape.QUOTATION for p in article.passages),
                "authors": list(article.authors),
            }
            for article in draft.articles
        ],
        "dropped": [aside.text for aside in draft.dropped],
    }
