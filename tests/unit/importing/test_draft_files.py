"""A draft as files: what is written is what the loader reads back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from builders import publication
from hypothesis import example, given
from hypothesis import strategies as st

from publisher.content.front_matter import read
from publisher.content.loading import load_issue
from publisher.content.markup import paragraphs, parse
from publisher.content.remarks import open_questions
from publisher.importing.draft import Decision, Draft, DraftArticle, DraftQuote, Passage, Shape
from publisher.importing.markdown import document, field, markdown_mark, write_files
from publisher.importing.writing import write_issue
from publisher.rates.models import Quote

DAY = date(2025, 12, 10)
SEVEN = datetime(2025, 12, 10, 7, tzinfo=UTC)
ASKED = Decision("heading:3", "title or sub-heading?", "title", 0.6, 3)


def draft(*passages: Passage, **changes) -> Draft:
    """A draft of one article."""
    article = DraftArticle("A bridge opens in Osh", 1, passages, section="economy", summary="It opens.")
    return Draft(**({"day": DAY, "articles": (article,)} | changes))


def files_of(made: Draft, **changes) -> dict[str, str]:
    """Its files."""
    return write_files(made, **({"number": 7, "published": SEVEN} | changes))


def test_the_loader_reads_what_was_written(tmp_path):
    """A draft without doubts is an issue that can be published."""
    quote = Quote(base="KGS", quote="USD", value=Decimal("0.01144"), stated_change=Decimal(0))
    made = draft(
        Passage(Shape.PARAGRAPH, "The bridge opened on Monday.", 2),
        Passage(Shape.SUBHEADING, "What it cost", 3),
        Passage(Shape.BULLETS, "", 4, ("nine million", "two years")),
        Passage(Shape.NUMBERS, "", 5, ("first", "second")),
        Passage(Shape.QUOTATION, "“We counted twice.”", 6),
        quotes=(DraftQuote(quote, 1),),
        lead=(Passage(Shape.PARAGRAPH, "Good morning.", 0),),
    )
    issue = load_issue(write_issue(tmp_path, DAY, files_of(made)), publication())
    article = issue.articles[0]
    assert (issue.number, issue.lead, issue.title) == (7, "Good morning.", "A bridge opens in Osh")
    assert (article.id, article.slug, article.section) == (
        "2025-12-10.a-bridge-opens-in-osh",
        "a-bridge-opens-in-osh",
        "economy",
    )
    assert article.body.strip() == (
        "The bridge opened on Monday.\n\n## What it cost\n\n- nine million\n- two years\n\n"
        "1. first\n2. second\n\n> “We counted twice.”"
    )
    assert issue.rates is not None
    assert [quote.pair for quote in issue.rates.quotes] == ["KGS/USD"]


def test_each_doubt_is_a_mark_that_the_loader_finds():
    """In the body, among the fields and in the rates."""
    quote = Quote(base="UZS", quote="USD", value=Decimal("0.00008"))
    made = draft(
        Passage(Shape.SUBHEADING, "What it cost", 3, decision=ASKED),
        quotes=(DraftQuote(quote, 1, (ASKED,)),),
        decisions=(Decision("date", "which day?", "", 0.5, 0), Decision("lead", "which lead?", "", 0.5, 0)),
    )
    found = {
        name: [f.message for f in sorted(open_questions(text, name))] for name, text in files_of(made).items()
    }
    question = "is not decided: title or sub-heading? (line 3 of the page)"
    assert found == {
        "issue.md": ["is not decided: which day?", "is not decided: which lead?"],
        "01-a-bridge-opens-in-osh.md": [question],
        "rates.yml": [question],
    }


def test_an_id_is_not_given_twice():
    """If an article of another folder has it already, the new one is counted."""
    text = files_of(draft(), taken={"2025-12-10.a-bridge-opens-in-osh"})["01-a-bridge-opens-in-osh.md"]
    assert "id: 2025-12-10.a-bridge-opens-in-osh-2\n" in text


def test_a_question_cannot_end_its_mark():
    """Whatever a page says, the comment is closed once, at its end."""
    mark = markdown_mark(Decision("x", "is --> or <!-- right?", "", 0.5, 0))
    assert mark == "<!-- CHECK: is -- or -- right? -->"


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4 is 24, and _not_ 25 in snake_case",
        "# no heading",
        "> no quotation",
        "1. January is no list",
        "1.",
        "__0__ and __init__",
        "- no list",
        "+ no list",
        "[no link](https://example.org/) and ![no picture](x)",
        "<b>not bold</b> & &amp; &copy; <!-- seen -->",
        "`code` and ~~struck~~ and \\ and \\*",
        "“Quotes”, — dashes, 5 < 6 > 4; Tom & Jerry",
        "==== under",
        "https://example.org/a_b_c",
        "a | b",
        "***",
    ],
)
def test_pasted_text_is_shown_as_it_is(text):
    """Nothing in a plain text is taken for Markdown."""
    assert body_text(text) == text


@example("__0__")
@example("0.")
@example("12)")
@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=60))
def test_any_text_is_shown_as_it_is(text):
    """Whatever characters a page holds, in whatever order."""
    text = " ".join(text.split())
    assert " ".join(body_text(text).split()) == text


def body_text(text: str) -> str:
    """A paragraph written to a draft and read by the Markdown room."""
    files = files_of(draft(Passage(Shape.PARAGRAPH, text, 2)))
    return "\n".join(paragraphs(parse(read(files["01-a-bridge-opens-in-osh.md"], "a.md").body)))


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=60))
def test_any_field_is_read_back(text):
    """A title with colons, quotes, hashes or brackets is the same after YAML."""
    written = document([field("title", text), field("authors", (text, "B"))], [])
    fields = read(written, "a.md").fields.data
    assert fields == ({"title": text} if text else {}) | {"authors": [text, "B"]}
