"""A draft -> the files of an issue's folder, with a CHECK mark wherever the program was unsure.

In Markdown a mark is a comment, `<!-- CHECK: … -->`, above the line it is about; in YAML it
is `# CHECK: …`. The loader refuses an issue while one of either kind remains.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from publisher.importing.draft import Decision, Draft, DraftArticle, Passage, Shape
from publisher.importing.slugs import unique_slugs
from publisher.rates.ticker import write_line

# Plain YAML text that no reader can take for something else.
_PLAIN = re.compile(
    r"[^\W\d_][\w .,’()/+-]*[\w.)]|\d{4}-\d\d-\d\d(?:T\d\d:\d\d[+-]\d\d:\d\d|\.[a-z0-9-]+)?|\d+"
)
_WORDS_OF_YAML = {"true", "false", "null", "yes", "no", "on", "off"}
# What Markdown would take for its own within a line, or at the beginning of one.
_INLINE = re.compile(r"([\\`*\[\]]|(?<![^\W_])_|_(?![^\W_])|~~|<(?=[A-Za-z/!?])|&(?=#?\w+;))")
_AT_START = re.compile(r"^(?:([#>+-])|(\d{1,9})([.)])(?=\s|$))")
_COMMENT = re.compile(r"<!--|-->")


def write_files(
    draft: Draft, *, number: int, published: datetime, taken: Collection[str] = ()
) -> dict[str, str]:
    """File name -> content. `published` is the issue's time; `taken` are ids that must not come again."""
    slugs = unique_slugs(article.title for article in draft.articles)
    files = {"issue.md": _issue_file(draft, number, published)}
    for position, (article, slug) in enumerate(zip(draft.articles, slugs, strict=True), 1):
        name = f"{position:02d}-{_short(slug)}.md"
        identity = new_id(f"{draft.day.isoformat()}.{slug}", taken)
        files[name] = _article_file(article, slug, identity, published, draft)
    if draft.quotes:
        files["rates.yml"] = _rates_file(draft)
    return files


def _issue_file(draft: Draft, number: int, published: datetime) -> str:
    title = draft.articles[0].title
    fields = [
        field("title", title),
        field("number", str(number)),
        *(yaml_mark(decision) for decision in draft.decisions if decision.key == "date"),
        field("date", draft.day.isoformat()),
        field("published", published.isoformat(timespec="minutes")),
        field("subject", title),
        field("preheader", " · ".join(article.title for article in draft.articles[1:3])),
    ]
    leading = [markdown_mark(decision) for decision in draft.decisions if decision.key == "lead"]
    return document(fields, [*leading, *_body(draft.lead, draft)])


def _article_file(article: DraftArticle, slug: str, identity: str, issued: datetime, draft: Draft) -> str:
    published = datetime.combine(article.day, issued.timetz()) if article.day else issued
    heading = [decision for decision in article.decisions if not decision.key.startswith("section:")]
    section = [decision for decision in article.decisions if decision.key.startswith("section:")]
    fields = [
        field("id", identity),
        *map(yaml_mark, heading),
        field("title", article.title),
        field("slug", slug),
        *map(yaml_mark, section),
        field("section", article.section),
        field("authors", article.authors),
        field("published", published.isoformat(timespec="minutes")),
        field("summary", article.summary),
    ]
    return document(fields, _body(article.passages, draft))


def _rates_file(draft: Draft) -> str:
    lines = [
        "# One unit of the first currency is worth so much of the second.",
        *(yaml_mark(decision) for decision in draft.decisions if decision.key == "as_of"),
        field("as_of", (draft.quotes_day or draft.day).isoformat()),
        "quotes:",
    ]
    for quote in draft.quotes:
        lines += [f"  {yaml_mark(decision)}" for decision in quote.decisions]
        lines.append(f"  - {write_line(quote.quote)}")
    return "\n".join(lines) + "\n"


def document(fields: Iterable[str], blocks: Iterable[str]) -> str:
    """Front matter and body of one file; fields without a value are left out."""
    front = "\n".join(line for line in fields if line)
    body = "\n\n".join(block for block in blocks if block)
    return f"---\n{front}\n---\n\n{body}\n" if body else f"---\n{front}\n---\n"


def field(name: str, value: str | Sequence[str]) -> str:
    """One line of YAML; nothing for an empty value."""
    if isinstance(value, str):
        return f"{name}: {_yaml(value)}" if value else ""
    return f"{name}: [{', '.join(json.dumps(item, ensure_ascii=False) for item in value)}]" if value else ""


def yaml_mark(decision: Decision) -> str:
    """A question among fields."""
    return f"# CHECK: {decision.question}{_where(decision)}"


def markdown_mark(decision: Decision) -> str:
    """A question among paragraphs; it cannot end early, whatever the page said."""
    return f"<!-- CHECK: {_COMMENT.sub('--', decision.question)}{_where(decision)} -->"


def _where(decision: Decision) -> str:
    return f" (line {decision.line} of the page)" if decision.line else ""


def _body(passages: Iterable[Passage], draft: Draft) -> list[str]:
    """Each passage with the question about it above."""
    line = _as_marked_up if draft.marked_up else _as_text
    return [
        text
        for passage in passages
        for text in (markdown_mark(passage.decision) if passage.decision else "", _passage(passage, line))
    ]


def _passage(passage: Passage, line: Callable[[str], str]) -> str:
    match passage.shape:
        case Shape.SUBHEADING:
            return f"## {line(passage.text)}"
        case Shape.BULLETS:
            return "\n".join(f"- {line(item)}" for item in passage.items)
        case Shape.NUMBERS:
            return "\n".join(f"{number}. {line(item)}" for number, item in enumerate(passage.items, 1))
        case Shape.QUOTATION:
            return f"> {line(passage.text)}"
        case Shape.PARAGRAPH:
            return line(passage.text)


def _as_text(text: str) -> str:
    """A line of plain text that Markdown shows as it is."""
    escaped = _INLINE.sub(r"\\\1", text).replace("\\<!--", "&lt;!--")
    return _AT_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", escaped)


def _as_marked_up(text: str) -> str:
    """A line of Markdown; pictures stay words, for their files are not here."""
    return text.replace("![", r"\![").replace("<!--", "&lt;!--")


def _yaml(value: str) -> str:
    """Plain where that is safe, else in double quotes (JSON's are YAML's)."""
    plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS_OF_YAML
    return value if plain else json.dumps(value, ensure_ascii=False)


def _short(slug: str, limit: int = 32) -> str:
    """A file's name need not say everything: whole words up to a limit."""
    return slug if len(slug) <= limit else slug[:limit].rsplit("-", 1)[0].rstrip("-")


def new_id(wanted: str, taken: Collection[str]) -> str:
    """An id that was never given before: the wanted one, or the wanted one with a count."""
    count, identity = 1, wanted
    while identity in taken:
        count += 1
        identity = f"{wanted}-{count}"
    return identity
