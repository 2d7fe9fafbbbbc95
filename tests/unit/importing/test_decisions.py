"""What is asked about rates, dates and sections, and what the answers do."""

from __future__ import annotations

from datetime import date

import imported_pages as pages
import pytest

from publisher.content.models import Section
from publisher.errors import InputError
from publisher.importing.draft import Choice, Decision, Draft, Typed
from publisher.importing.sections import guess_section
from publisher.importing.sentences import first_sentence, shorten
from publisher.importing.summary import as_data, in_one_sentence, remarks
from publisher.importing.text import read_page
from publisher.rates.ticker import write_line

STORY = "A Bridge Opens in Osh\n\nThe bridge opened, and nobody came to see it but a dog from the bazaar.\n"


def draft(text: str, **answers: str) -> Draft:
    """A page read with answers; `date="…"`, or keys with a colon as a dictionary's."""
    return read_page(text, pages.HOUSE, answers)


def questions(made: Draft, about: str) -> list[str]:
    """The open questions of one kind."""
    return [decision.question for decision in made.open_decisions if decision.key.startswith(about)]


CONFLICT = f"KGS/USD = 0.01144 0%\nKGS/USD = 0.01200 0%\nKGS/USD = 0.01144 -0%\n\n{STORY}"


def test_equal_repeats_collapse_and_unequal_ones_are_a_conflict():
    """Both values are named with their lines; minus nothing is nothing."""
    made = draft(CONFLICT)
    assert [write_line(quote.quote) for quote in made.quotes] == ["KGS/USD = 0.01144 0%"]
    lines = "line 1 says KGS/USD = 0.01144 0%; line 2 says KGS/USD = 0.01200 0%"
    assert questions(made, "conflict:") == [f"the page contradicts itself: {lines}. Which is right?"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("KGS/USD = 0.01200 0%", ["KGS/USD = 0.01200 0%"]),
        ("KGS/USD = 0.01144 0%", ["KGS/USD = 0.01144 0%"]),
        ("drop", []),
    ],
)
def test_a_conflict_can_be_answered(answer, expected):
    """With either line, or by leaving the rate out."""
    made = read_page(CONFLICT, pages.HOUSE, {"conflict:KGS/USD": answer})
    assert [write_line(quote.quote) for quote in made.quotes] == expected
    assert not questions(made, "conflict:")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("keep", ["0.00008"]), ("drop", []), ("0.0000833", ["0.0000833"]), ("?", ["0.00008"])],
)
def test_a_rate_with_few_digits_is_asked_about(answer, expected):
    """An editor keeps it, leaves it out, or types a better value."""
    text = f"UZS/USD = 0.00008 0%\n\n{STORY}"
    assert questions(draft(text), "digits:") == [
        "UZS/USD = 0.00008 0% is not exact: only 1 digit counts. Is there a better value?"
    ]
    made = read_page(text, pages.HOUSE, {"digits:UZS/USD": answer})
    assert [str(quote.quote.value) for quote in made.quotes] == expected


def test_a_rate_that_cannot_be_read_is_told():
    """It is left out, and a remark says which line it was."""
    made = draft(f"UZS/USD = 1,234 0%\n\n{STORY}")
    assert made.quotes == ()
    assert "line 1: 'UZS/USD = 1,234 0%' looks like a rate" in "\n".join(remarks(made))


@pytest.mark.parametrize(
    ("page_date", "event", "asked"),
    [
        ("10 December 2025", "on December 9", ""),
        (
            "10 December 2025",
            "on February 13",
            "looks like the page's date: latest event in the text is 13 Feb 2025",
        ),
        ("10 December 2025", "on 3 March 2026", "is older than the text, which speaks of 3 Mar 2026"),
        ("10 December 2025", "every year on December 10-20", ""),
        ("10 December 2025", "one day", ""),
        ("", "on December 9", "the page has no date. Of which day is the issue?"),
    ],
)
def test_a_date_that_does_not_fit_its_text_is_asked_about(page_date, event, asked):
    """A page's date is the day it was copied; the text tells of which days it speaks."""
    made = draft(
        f"{page_date}\n\nA Bridge Opens in Osh\n\nThe bridge opened {event} and nobody came to see it."
    )
    told = questions(made, "date")
    assert (told == []) if not asked else (asked in told[0])
    assert made.day == (date(2025, 12, 10) if page_date else pages.HOUSE.next_day)


def test_the_date_can_be_answered():
    """And a text that is no date changes nothing."""
    assert draft(STORY, date="2025-02-17").day == date(2025, 2, 17)
    assert questions(draft(STORY, date="soon"), "date") != []


def test_rates_keep_their_own_day():
    """An editor who gives the issue another date does not move the rates; without a date they are asked about."""
    dated = draft(f"10 December 2025\nKGS/USD = 0.01144 0%\n\n{STORY}", date="2025-02-17")
    assert (dated.day, dated.quotes_day) == (date(2025, 2, 17), date(2025, 12, 10))
    undated = f"KGS/USD = 0.01144 0%\n\n{STORY}"
    assert questions(draft(undated), "as_of") == ["the page has no date. Of which day are the rates?"]
    assert draft(undated, as_of="2025-12-09").quotes_day == date(2025, 12, 9)


def test_a_page_without_a_title_proposes_one():
    """Its first sentence, until an editor says better."""
    text = "the bridge opened on Monday, and nobody came.\n\nIt is long."
    made = draft(text)
    assert made.articles[0].title == "the bridge opened on Monday, and nobody came. It is long."[:45]
    assert read_page(text, pages.HOUSE, {"title:1": "A bridge"}).articles[0].title == "A bridge"


@pytest.mark.parametrize("text", ["", "10 December 2025", "KGS/USD = 0.01144 0%\n", "Read more"])
def test_a_page_without_a_story_is_refused(text):
    """It says what to paste."""
    with pytest.raises(InputError, match="holds no story -> paste the articles"):
        draft(text)


def test_words_above_the_first_title_open_the_issue():
    """Then nothing is asked about an opening paragraph; else one may be typed."""
    above = "good morning. The river is back, and so are the fishermen of the lower town.\n\n"
    assert [passage.text for passage in draft(above + STORY).lead] == [above.strip()]
    assert not questions(draft(above + STORY), "lead")
    assert [passage.text for passage in draft(STORY, lead="Good morning.").lead] == ["Good morning."]
    assert draft(STORY, lead="none").lead == ()


ECONOMY, NATURE = Section(id="economy", title="Economy"), Section(id="nature", title="Nature")
TAUGHT = {
    "economy": ["The bank raised its rate", "The bank sold bonds", "Rates and bonds of the bank"],
    "nature": ["A leopard crossed the snow", "Snow fell on the leopard", "The snow and the river"],
}


def test_sections_are_learned_from_what_was_printed():
    """The words of a story tell its section, once each section has a few articles."""
    section, confidence = guess_section(
        "The bank will sell more bonds at a higher rate", (ECONOMY, NATURE), TAUGHT
    )
    assert (section, confidence > 0.6) == ("economy", True)
    assert guess_section("Snow and a leopard", (ECONOMY, NATURE), {}) == ("economy", 0.5)


def test_a_section_that_is_not_sure_is_asked_about():
    """With one section there is nothing to ask."""
    assert questions(draft(STORY), "section:") == ["section economy, or nature?"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [("", "keep"), ("d", "drop"), ("DROP", "drop"), ("0.5", "0.5"), ("x", None), ("-1", None)],
)
def test_replies_are_understood(reply, expected):
    """A key, a value, something typed that fits, or nothing at all; the rest is asked again."""
    choices = (Choice("k", "keep", ""), Choice("d", "drop", ""))
    decision = Decision("digits:UZS/USD", "?", "keep", 0.6, 1, choices, Typed.NUMBER)
    assert decision.answer(reply) == expected


@pytest.mark.parametrize(
    ("typed", "reply", "fits"),
    [
        (Typed.DATE, "2025-12-10", True),
        (Typed.DATE, "10 December", False),
        (Typed.TEXT, "A bridge", True),
        (Typed.TEXT, "x", False),
        (Typed.NOTHING, "A bridge", False),
    ],
)
def test_only_what_was_asked_for_can_be_typed(typed, reply, fits):
    """A date for a date, words for words."""
    assert (Decision("x", "?", "", 0.5, 1, (), typed).answer(reply) == reply) is fits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bridge opened on Monday after nine years of work. Nobody came.", "The bridge opened on Monday after nine years of work."),
        ("The talks in the U.S. Senate, led by J. Smith and Dr. Brown, have ended early. So.", "The talks in the U.S. Senate, led by J. Smith and Dr. Brown, have ended early."),
        ("Мост стоит 5 млн. сомов и построен в 2025 г. Бишкекской мэрией за три недели. Вот.", "Мост стоит 5 млн. сомов и построен в 2025 г. Бишкекской мэрией за три недели."),
        ("It snows. Nobody in Naryn has seen so much of it since 1974. So.", "It snows. Nobody in Naryn has seen so much of it since 1974."),
        ("No end", "No end"),
    ],
)  # fmt: skip
def test_the_first_sentence_is_found(text, expected):
    """Abbreviations and initials do not end it; one that is too short takes the next along."""
    assert first_sentence(text) == expected


def test_long_texts_are_cut_between_words():
    """With an ellipsis, never longer than asked."""
    assert shorten("one two three", 9) == "one two…"
    assert shorten("x" * 20, 9) == "x" * 8 + "…"


def test_a_draft_is_told_in_one_sentence():
    """What was found, in the order of a page, and what is wrong with the date."""
    made = draft(
        "10 December 2025\nRead more\nUZS/USD = 0.00008 0%\n\n" + STORY.replace("opened", "opened on May 1")
    )
    assert in_one_sentence(made) == (
        "1 article, 1 rate (1 too imprecise), date 10 Dec 2025 – "
        "looks like the page's date: latest event in the text is 1 May 2025"
    )
    assert list(remarks(made)) == ["dropped as page furniture: line 2 “Read more”"]
    assert {decision["key"] for decision in as_data(made)["decisions"]} == {
        "date", "digits:UZS/USD", "lead", "section:5",
    }  # fmt: skip
