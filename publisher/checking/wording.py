"""Rules about the words themselves (W2xx)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from publisher.checking.manuscript import Manuscript, Page, Passage
from publisher.checking.rule import Remark, on_words, rule
from publisher.errors import Severity

LONG_ARTICLE = 1000
WORTH_REPEATING = 40  # characters: shorter sentences may well be said twice

_DOUBLE_SPACE = re.compile(r"\S{1,20} {2,}\S{1,20}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_JOINT = "[-‑'’‘]"
"""что-то, no-fly, vaʼda: what ends at it is half a word."""
_TWICE = re.compile(rf"(?<!\w{_JOINT})\b([^\W\d_]{{2,}})\s+\1\b(?!{_JOINT}\w)", re.IGNORECASE)
_MAY_BE_TWICE = frozenset(["had", "that", "bora", "вот", "ещё", "еле", "чуть", "ал", "ол", "ol"])
"""Kyrgyz ал, Kazakh ол and Turkmen ol are both he and that: `Ал ал жерге барды`."""
_PLACEHOLDER = re.compile(r"\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$)|\}\}")
# What editors leave for later. TBC is also a bank, and XXX before a name thirty: TBC Uzbekistan, XXX Games.
_UNFINISHED = re.compile(
    r"\b(?:TODO|TBD|FIXME|XXXX+)\b|[(\[]TBC[)\]]|(?<=: )TBC\b|\blorem ipsum\b|\?\?\?+"
    r"|\b(?-i:XXX(?!\s+[^\W\d_a-z])|xxx)\b",
    re.IGNORECASE,
)
_UNREAD = re.compile(r"\*\*|\]\s?\((?:[a-z]+:[^\s)]|/)|(?<![\w`])__(?=\w)|^#{1,6}(?=\S)|!\[")
_MARKED_UP = re.compile(r"\*\*|\]\((?:[a-z]+:|/)|(?<![\w*])\*\w[^*]*\*(?![\w*])")
_TAG = re.compile(
    r"</?(?:a|audio|b|blockquote|br|center|code|del|div|em|figure|font|h[1-6]|hr|i|iframe|img|li|mark|o:p|ol|p"
    r"|s|script|small|span|strong|style|su[bp]|table|tbody|t[dhr]|thead|ul?|video)\b[^<>]*>",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_YEARS = re.compile(r"\b(?:19|20)\d\d(?:(?:, and |, | and )(?:19|20)\d\d){2,}\b")
_DASHES = re.compile(r"\w—\w"), re.compile(r"\w – \w")


class _Spot(NamedTuple):
    """Words that a rule has found in a passage, `nth` of which stand there before them."""

    page: Page
    passage: Passage
    words: str
    nth: int

    def remark(self, message: str, hint: str) -> Remark:
        """Remark on these words."""
        return on_words(self.page, self.passage, self.words, message, hint, nth=self.nth)


def _matches(manuscript: Manuscript, pattern: re.Pattern[str]) -> Iterator[_Spot]:
    """Every match of a pattern in the words that readers see."""
    for page, passage in manuscript.passages:
        before: Counter[str] = Counter()
        for found in pattern.finditer(passage.text):
            yield _Spot(page, passage, found.group(), before[found.group()])
            before[found.group()] += 1


@rule("W201", Severity.WARNING, "Two spaces between words show as a hole in mail programs that keep them.")
def double_space(manuscript: Manuscript) -> Iterator[Remark]:
    """Runs of spaces inside a line."""
    for spot in _matches(manuscript, _DOUBLE_SPACE):
        yield spot.remark("has two spaces between words", "delete one")


@rule(
    "W203",
    Severity.WARNING,
    "A word of Latin and Cyrillic letters cannot be searched, and spam filters fear it.",
)
def mixed_scripts(manuscript: Manuscript) -> Iterator[Remark]:
    """Words in which a letter of another alphabet looks like the right one."""
    for spot in _matches(manuscript, _WORD):
        word = spot.words
        if not word.isascii() and _LATIN.search(word) and _CYRILLIC.search(word):
            latin, cyrillic = _LATIN.findall(word), _CYRILLIC.findall(word)
            odd, name = (latin, "Latin") if len(latin) <= len(cyrillic) else (cyrillic, "Cyrillic")
            message = f"“{word}” has the {name} {', '.join(dict.fromkeys(odd))} in it"
            yield spot.remark(message, "type the word again with one keyboard")


@rule("W204", Severity.WARNING, "A sentence said twice is usually a paste too many.")
def said_twice(manuscript: Manuscript) -> Iterator[Remark]:
    """Long sentences that stand twice in the text of the issue."""
    first: dict[str, tuple[str, int]] = {}
    for page in manuscript.pages:
        for passage in page.body:
            for sentence in _SENTENCE_END.split(passage.text):
                key = sentence.casefold()
                if len(sentence) < WORTH_REPEATING:
                    continue
                if key in first:
                    file, line = first[key]
                    words = " ".join(sentence.split()[:3])
                    message = f"“{words} …” is said in {file}:{line} already"
                    yield on_words(page, passage, words, message, "delete one of the two")
                first.setdefault(key, (page.file, passage.line))


@rule("W205", Severity.WARNING, "A word typed twice is the slip that the eye skips.")
def doubled_word(manuscript: Manuscript) -> Iterator[Remark]:
    """`the the`; words that may stand twice, such as had and that, are left alone."""
    for spot in _matches(manuscript, _TWICE):
        if spot.words.split()[0].lower() not in _MAY_BE_TWICE:
            yield spot.remark(f"says “{spot.words}”", "delete one")


@rule("W206", Severity.ERROR, "A placeholder that nobody filled in would be read by everybody.")
def placeholder(manuscript: Manuscript) -> Iterator[Remark]:
    """`{{name}}` and `{% … %}` of other programs."""
    for spot in _matches(manuscript, _PLACEHOLDER):
        yield spot.remark(f"has the placeholder {spot.words}", "write what it stands for")


@rule("W207", Severity.ERROR, "TODO, TBD, ??? and lorem ipsum mean that a text is not finished.")
def unfinished(manuscript: Manuscript) -> Iterator[Remark]:
    """Marks of an unfinished text."""
    for spot in _matches(manuscript, _UNFINISHED):
        yield spot.remark(f"is not finished: {spot.words}", "finish it, then delete the mark")


@rule("W208", Severity.WARNING, "After a colon something must follow.")
def hanging_colon(manuscript: Manuscript) -> Iterator[Remark]:
    """Paragraphs that end with a colon before a heading or the end."""
    for page, passage in manuscript.passages:
        if passage.last and passage.text.endswith(":"):
            words = passage.text.split()[-1]
            yield on_words(
                page, passage, words, "ends with a colon, and nothing follows", "add it, or end with ."
            )


@rule("W209", Severity.WARNING, "A sub-heading with nothing below it is a paragraph that got lost.")
def empty_section(manuscript: Manuscript) -> Iterator[Remark]:
    """Sub-headings that end the text or are followed by one of the same rank."""
    for page in manuscript.pages:
        tokens = page.tokens
        for position, token in enumerate(tokens):
            if token.type != "heading_close":
                continue
            after = tokens[position + 1] if position + 1 < len(tokens) else None
            if after is None or (after.type == "heading_open" and after.tag <= token.tag):
                line = page.source_line + (tokens[position - 2].map or [0])[0]
                words = tokens[position - 1].content
                hint = "add its text, or delete the sub-heading"
                yield Remark(page.file, line, 1, "", f"“{words}” has no text below it", hint)


@rule("W210", Severity.NOTE, "One text, one dash: em dashes without spaces or en dashes with spaces.")
def mixed_dashes(manuscript: Manuscript) -> Iterator[Remark]:
    """Stories that set both."""
    for page in manuscript.stories:
        text = "\n".join(passage.text for passage in page.body)
        tight, wide = (len(pattern.findall(text)) for pattern in _DASHES)
        if tight and wide:
            message = f"has {tight} dashes like—this and {wide} like – this"
            yield Remark(page.file, page.source_line, 1, "", message, "set them all alike")


@rule("W211", Severity.NOTE, "Years are told in order; another order is usually a slip of the keyboard.")
def years_out_of_order(manuscript: Manuscript) -> Iterator[Remark]:
    """Lists such as 2020, 2017 and 2018."""
    for spot in _matches(manuscript, _YEARS):
        years = re.findall(r"\d{4}", spot.words)
        if years not in (sorted(years), sorted(years, reverse=True)):
            message = f"has years that look out of order: {spot.words}"
            yield spot.remark(message, "put them in order")


@rule("W212", Severity.NOTE, "A story of more than a thousand words is long for a letter.")
def long_article(manuscript: Manuscript) -> Iterator[Remark]:
    """Stories that few finish in an inbox."""
    for page in manuscript.stories:
        words = sum(len(passage.text.split()) for passage in page.body)
        if words > LONG_ARTICLE:
            message = f"has {words:,} words"
            yield Remark(page.file, page.source_line, 1, "", message, "cut it, or set sub-headings")


@rule("W213", Severity.WARNING, "Markdown with a blank too many is shown as typed, asterisks and all.")
def unread_markdown(manuscript: Manuscript) -> Iterator[Remark]:
    """`** bold **`, `[text] (address)`, `##Heading`: marks that were meant but not read."""
    for page in manuscript.pages:
        for passage in page.body:
            if found := _UNREAD.search(passage.text):
                message = f"shows {found.group()} to readers"
                hint = "write **bold**, [words](https://…), ## Heading: blanks matter"
                yield on_words(page, passage, found.group(), message, hint)
        for passage in page.fields:
            if found := _MARKED_UP.search(passage.text):
                hint = "delete the marks: fields are plain text"
                yield on_words(page, passage, "", f"shows {found.group()} to readers", hint)


@rule("W214", Severity.WARNING, "HTML is not markup here: readers would see the tag itself.")
def html_tag(manuscript: Manuscript) -> Iterator[Remark]:
    """Tags typed into Markdown."""
    for spot in _matches(manuscript, _TAG):
        yield spot.remark(f"shows {spot.words} to readers", "use Markdown, or delete it")


@rule("W215", Severity.NOTE, "Straight and curly quotation marks in one text look like two authors.")
def mixed_quotes(manuscript: Manuscript) -> Iterator[Remark]:
    """Stories that set both."""
    for page in manuscript.stories:
        text = "\n".join(passage.text for passage in page.body)
        if '"' in text and re.search("[“”«»]", text):
            hint = "set them all alike"
            yield Remark(page.file, page.source_line, 1, "", "mixes straight and curly quotation marks", hint)
