"""What a rule looks at: an issue as pages of passages that know their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from markdown_it.token import Token

from publisher.content import markup
from publisher.content.models import Article, Issue, Publication
from publisher.content.remarks import remarks
from publisher.rates.history import History

_EXCUSE = re.compile(r"lint-ok\s+(?P<code>[A-Z]\d{3})\b\s*:?\s*(?P<reason>.*)", re.DOTALL)


@dataclass(frozen=True)
class Passage:
    """A run of words that reads as one: a headline, a paragraph, an item, a cell.

    `text` is what readers see; code is left out. `line` is where it begins in its file.
    """

    kind: str  # title, summary, subject, preheader | paragraph, heading, item, quotation, cell
    text: str
    line: int
    last: bool = False  # nothing follows it, or only a heading


@dataclass(frozen=True)
class Excuse:
    """`<!-- lint-ok W202: quoted as printed -->`: a rule that does not hold in this file."""

    code: str
    reason: str
    line: int


@dataclass(frozen=True)
class Page:
    """One file of the issue: an article, or the issue's own front."""

    file: str
    source: str  # the Markdown below the front matter
    source_line: int  # the line it begins on
    fields: tuple[Passage, ...]
    typed: Article | Issue

    @property
    def article(self) -> Article | None:
        """The story, unless this is the issue's own front."""
        return self.typed if isinstance(self.typed, Article) else None

    @cached_property
    def tokens(self) -> list[Token]:
        """The Markdown, read once for all rules."""
        return markup.parse(self.source)

    @cached_property
    def body(self) -> tuple[Passage, ...]:
        """The passages of the text."""
        return tuple(_passages(self.tokens, self.source_line))

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Headline, summary and text."""
        return self.fields + self.body

    @cached_property
    def excuses(self) -> tuple[Excuse, ...]:
        """The rules that the editor has set aside for this file."""
        return tuple(
            Excuse(
                found["code"], found["reason"], self.source_line + self.source.count("\n", 0, remark.start)
            )
            for remark in remarks(self.source)
            if (found := _EXCUSE.fullmatch(remark.words))
        )

    @cached_property
    def _lines(self) -> list[str]:
        return self.source.split("\n")

    def find(self, line: int, words: str, nth: int = 0) -> tuple[int, int] | None:
        """Line and column of words in the paragraph that begins in a line; `nth` came before them there."""
        found = markup.find_words(self._lines, line - self.source_line, words, nth)
        return (self.source_line + found[0], found[1] + 1) if found else None

    def place(self, line: int, words: str, nth: int = 0) -> tuple[int, int]:
        """The same, or the paragraph's beginning where the words are not written as they are read."""
        return self.find(line, words, nth) or (line, 1)


@dataclass(frozen=True)
class Manuscript:
    """An issue on the copy desk."""

    issue: Issue
    publication: Publication
    now: datetime
    history: History = field(default_factory=History)  # what every pair was worth on every day we know of

    @cached_property
    def front(self) -> Page:
        """issue.md."""
        issue = self.issue
        fields = ("title", "subject", "preheader")
        return Page(
            f"{issue.folder}/issue.md",
            issue.lead,
            issue.line("body"),
            _fields(issue, {name: str(getattr(issue, name)) for name in fields}),
            issue,
        )

    @cached_property
    def stories(self) -> tuple[Page, ...]:
        """The articles, the lead story first."""
        return tuple(_story(article) for article in self.issue.articles)

    @property
    def pages(self) -> tuple[Page, ...]:
        """issue.md, then the articles."""
        return (self.front, *self.stories)

    @property
    def passages(self) -> Iterator[tuple[Page, Passage]]:
        """Every passage of the issue with its page."""
        return ((page, passage) for page in self.pages for passage in page.passages)


def _story(article: Article) -> Page:
    texts = {"title": article.title, "summary": article.summary}
    return Page(article.file, article.body, article.line("body"), _fields(article, texts), article)


def _fields(typed: Issue | Article, texts: dict[str, str]) -> tuple[Passage, ...]:
    return tuple(Passage(name, text, typed.line(name)) for name, text in texts.items() if text)


_KINDS = {"heading_open": "heading", "list_item_open": "item", "blockquote_open": "quotation"}
_CELLS = {"th_open", "td_open"}


def _passages(tokens: Sequence[Token], first_line: int) -> Iterator[Passage]:
    """Cut the tokens into passages; the innermost container gives the kind."""
    kinds: list[str] = []
    line = first_line
    for position, token in enumerate(tokens):
        if token.type in _CELLS:
            kinds.append("cell")
        elif token.nesting > 0:
            kinds.append(_KINDS.get(token.type) or (kinds[-1] if kinds else "paragraph"))
        elif token.nesting < 0:
            kinds.pop()
        elif token.type == "inline":
            line = first_line + token.map[0] if token.map else line
            text = _seen(token)
            yield Passage(kinds[-1] if kinds else "paragraph", text, line, _is_last(tokens, position))


def _seen(token: Token) -> str:
    """The words of one inline token; a dot stands for code."""
    parts: list[str] = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif child.type in {"text", "text_special"}:
            parts.append(child.content)
        elif child.type == "code_inline":
            parts.append("·")
    return "".join(parts).strip()


def _is_last(tokens: Sequence[Token], position: int) -> bool:
    """Whether no text, list, table or picture follows before the next heading."""
    following = (tokens[index] for index in range(position + 1, len(tokens)))
    return next((token.type == "heading_open" for token in following if token.nesting >= 0), True)
