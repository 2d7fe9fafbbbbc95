"""Any text at all: nothing is lost, nothing breaks, nothing asks for more work than its length."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import imported_pages as pages
import pytest
from builders import publication
from hypothesis import given, settings
from hypothesis import strategies as st
from steps import grows_no_faster_than_its_text

from publisher.content.loading import load_issue
from publisher.errors import InputError
from publisher.importing.decoding import clean, decode
from publisher.importing.draft import Draft, Shape
from publisher.importing.markdown import write_files
from publisher.importing.text import read_page
from publisher.importing.writing import write_issue

# What pages are made of, so that random text is not only noise.
PIECES = st.sampled_from(
    [
        "\n", "\n\n", " ", "# ", "## ", "- ", "• ", "1. ", "2. ", "> ", "**", "“", "”", "«", "»", "—", ": ", ".",
        "KGS/USD = 0.01144 0%\n", "KGS/USD = 0.02 0%\n", "UZS/USD = 1,234 0%\n", "10 December 2025\n", "12 мая",
        "Read more\n", "By Aigul Sadykova\n", "Share\n", "Background\n", "BISHKEK (Kabar) — ", "-----\n",
        "A Bridge Opens in Osh\n", "The bridge opened on Monday. ", "Мост открыт. ", "Subject: a letter\n", " | ",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=60).map("".join)
)


def said(draft: Draft) -> str:
    """Every word of a draft, and of what was set aside."""
    stories = [article.words for article in draft.articles]
    lead = [text for passage in draft.lead for text in (passage.text, *passage.items)]
    return "\n".join([*stories, *lead, *(aside.text for aside in draft.set_aside)])


def letters(text: str) -> Counter[str]:
    """How often each word stands there; list markers and repeated proposals aside."""
    return Counter(re.findall(r"[^\W\d_]+", text))


@settings(max_examples=200)
@given(TEXTS)
def test_no_word_is_ever_lost(text):
    """Each word of the page stands in the draft, or among the lines that were set aside."""
    text = clean(text)
    with suppress(InputError):  # a page without a story is refused as a whole
        missing = letters(text) - letters(said(read_page(text, pages.HOUSE)))
        assert not missing


@settings(max_examples=100)
@given(TEXTS)
def test_whatever_is_written_can_be_loaded(text):
    """In a draft of any page nothing is wrong but the questions that are open."""
    try:
        draft = read_page(clean(text), pages.HOUSE)
    except InputError:
        return
    published = datetime.combine(draft.day, datetime.min.time(), UTC)
    with TemporaryDirectory() as root:
        folder = write_issue(Path(root), draft.day, write_files(draft, number=1, published=published))
        wrong = set()
        try:
            load_issue(folder, publication())
        except InputError as refused:
            wrong = {str(finding) for finding in refused.findings if finding.code != "I001"}
    assert not wrong


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_can_be_pasted(data):
    """Whatever the clipboard holds, it is read or refused in words."""
    with suppress(InputError):
        read_page(decode(data, "page.txt").text, pages.HOUSE)


@pytest.mark.parametrize(
    "piece",
    ["x", "“", "A b ", "Title\n\n", "May 1 ", "1. A\n", "– A\n\n", "a\n", "a-b ", "The bridge opened.\n"],
)
def test_a_long_page_asks_for_no_more_work_than_its_length(piece):
    """A page much too long is read or refused, and its lines are not gone through again for every line."""

    def read(text: str) -> None:
        with suppress(InputError):
            read_page(clean(text), pages.HOUSE)

    assert grows_no_faster_than_its_text(read, piece, 20_000)


def test_an_answer_teaches():
    """A line that an editor calls a title begins an article, and the text below is its own."""
    text = pages.page("morning").decode()
    line = next(n for n, raw in enumerate(text.split("\n"), 1) if raw == "What It Will Cost")
    draft = read_page(text, pages.HOUSE, {f"heading:{line}": "title"})
    assert [article.title for article in draft.articles][1] == "What It Will Cost"
    as_text = read_page(text, pages.HOUSE, {f"heading:{line}": "paragraph"})
    shapes = {p.text: p.shape for article in as_text.articles for p in article.passages}
    assert shapes["What It Will Cost"] is Shape.PARAGRAPH


def test_all_questions_can_be_answered():
    """Keeping what is proposed leaves no question open, and answers change what they are about."""
    text = pages.page("morning").decode()
    answers: dict[str, str] = {}
    while decisions := read_page(text, pages.HOUSE, answers).open_decisions:
        answers[decisions[0].key] = decisions[0].taken
    draft = read_page(text, pages.HOUSE, answers | {"date": "2025-12-12", "digits:UZS/USD": "0.0000833"})
    assert draft.day.isoformat() == "2025-12-12"
    assert {str(quote.quote.value) for quote in draft.quotes} >= {"0.0000833"}
