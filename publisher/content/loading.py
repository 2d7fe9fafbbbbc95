"""issues/<date>/ -> Issue, with all that is wrong in any file told at once.

This is an edge: it reads files.

issues/2025-12-10/issue.md        title, number …; the body is the lead paragraph
                  01-dam.md       one article a file, in the order of their names
                  rates.yml       optional
                  images/dam.jpg  what the articles show
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from publisher.content import front_matter
from publisher.content.archive import TOMBSTONES, check_archive, read_tombstones
from publisher.content.articles import Place, editorial_order, load_article, localise, pictures_in
from publisher.content.findings import Findings
from publisher.content.marked import Marked
from publisher.content.models import Article, Issue, Publication
from publisher.content.rates_file import parse_rates
from publisher.content.reading import read_text
from publisher.content.remarks import open_questions
from publisher.content.text import shown
from publisher.content.times import YEARS
from publisher.content.validation import validate
from publisher.errors import Finding, InputError
from publisher.rates.models import RatesFile

MAX_ARTICLES = 200
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# What editors and their programs make of 01-dam.md, issue.md and rates.yml.
_UNREAD = re.compile(
    r"(?P<name>\d{1,4}-.*?|issue)(?:\.md)?\.(?:md|markdown|te?xt|docx?|odt|rtf|html?)"
    r"|rates(?:\.yml)?\.(?:ya?ml|te?xt)",
    re.IGNORECASE,
)


def load_issues(
    root: Path,
    publication: Publication,
    *,
    until: str = "9999",
    read: Callable[[Path, Publication], Issue] | None = None,
) -> tuple[Issue, ...]:
    """Read every issue below `root/issues`, newest first; those later than the slug `until` are left alone.

    Folders whose name begins with a dot or an underscore are left alone. `read` gives one issue, by
    default from its files. Raises InputError with the findings of all issues together.
    """
    read = read or load_issue
    findings = Findings()
    issues: list[Issue] = []
    for folder in issue_folders(root):
        if _DATE.fullmatch(folder.name) and folder.name > until:
            continue
        with findings:
            issues.append(read(folder, publication))
    with findings:
        findings.add(*check_archive(issues, _tombstones(root)))
    findings.raise_errors()
    return tuple(issues)


def issue_folders(root: Path) -> list[Path]:
    """The folders of all issues that were begun, newest first."""
    return [folder for folder in dated_folders(root) if is_begun(folder)]


def dated_folders(root: Path) -> list[Path]:
    """The folders of all issues and of days that have only rates so far, newest first."""
    everything = (root / "issues").iterdir() if (root / "issues").is_dir() else ()
    folders = [path for path in everything if path.is_dir() and path.name[0] not in "._"]
    return sorted(folders, key=lambda path: path.name, reverse=True)


def is_begun(folder: Path) -> bool:
    """Whether there is more in an issue's folder than the rates that were fetched for its day."""
    return {path.name for path in folder.iterdir() if path.name[0] != "."} != {"rates.yml"}


def load_issue(folder: Path, publication: Publication) -> Issue:
    """Read one issue; raises InputError with the findings of all its files."""
    findings = Findings()
    day = _day(folder)
    standard = datetime.combine(
        day, time.fromisoformat(publication.publish_time), ZoneInfo(publication.timezone)
    )
    issue: Issue | None = None
    with findings:
        issue = _load_front(folder, standard, publication)
    findings.add(*_unread(folder))
    articles = _load_articles(folder, standard if issue is None else issue.published, publication, findings)
    rates: RatesFile | None = None
    with findings:
        rates = _load_rates(folder)
    findings.raise_errors()
    if issue is None:
        raise InputError(findings.all)
    pictures = dict.fromkeys(path for article in articles for path in article.pictures)
    update = {"articles": articles, "rates": rates, "pictures": (*issue.pictures, *pictures)}
    return issue.model_copy(update=update)


def _shown(folder: Path) -> str:
    """`issues/2025-12-10`, as findings name it."""
    return f"{folder.parent.name}/{shown(folder.name)}"


def _day(folder: Path) -> date:
    """The date that an issue's folder is named after."""
    try:
        day = date.fromisoformat(folder.name) if _DATE.fullmatch(folder.name) else date.min
        if day.year in YEARS:
            return day
    except ValueError:
        pass
    hint = "rename it, for example 2025-12-10, or begin its name with an underscore to leave it out"
    raise InputError([Finding(_shown(folder), 0, 0, "", "is not named after a date", hint, "F107")])


def _load_front(folder: Path, standard: datetime, publication: Publication) -> Issue:
    """Read issue.md; the issue has no articles yet."""
    file = f"{_shown(folder)}/issue.md"
    findings = Findings()
    text = read_text(folder / "issue.md", file, within=folder)
    findings.add(*open_questions(text, file))
    with findings:
        document = front_matter.read(text, file)
        fields = document.fields
        findings.add(*_check_date(fields, folder.name))
        with findings:
            pictures = pictures_in(document.body, document.body_line, file, folder)
        issue = validate(Issue, _complete(document, standard, publication, _shown(folder)))
        findings.raise_errors()
        return issue.model_copy(update={"pictures": pictures})
    raise InputError(findings.all)


def _complete(
    document: front_matter.Document, standard: datetime, publication: Publication, folder: str
) -> Marked:
    """Add what an editor need not type."""
    fields = document.fields
    defaults: dict[str, Any] = {"date": standard.date(), "published": standard}
    missing = {key: value for key, value in defaults.items() if key not in fields.data}
    times = localise(fields, ZoneInfo(publication.timezone), standard.time())
    set_here: dict[str, Any] = {
        "lead": document.body.rstrip(),
        "articles": (),
        "folder": folder,
        "lines": document.lines,
    }
    return fields.replacing(**missing, **times, **set_here)


def _check_date(fields: Marked, name: str) -> list[Finding]:
    """The date typed must be the folder's."""
    typed = fields.data.get("date", name)
    if typed == name or not _DATE.fullmatch(str(typed)):
        return []
    return [
        fields.finding(
            ("date",), f"differs from the folder's name, {name}", f"type {name}, or delete it", code="F106"
        )
    ]


def _unread(folder: Path) -> Iterator[Finding]:
    """Files that by their names are meant to be read, and would be passed over in silence."""
    for path in folder.iterdir():
        found = _UNREAD.fullmatch(path.name)
        if found and not path.name.endswith(".md"):
            right = f"{found['name'].lower()}.md" if found["name"] else "rates.yml"
            hint = f"save it as {shown(right)}, or begin its name with an underscore to leave it out"
            if not (folder / right).exists():
                yield Finding(f"{_shown(folder)}/{shown(path.name)}", 0, 0, "", "is not read", hint, "F107")


def _load_articles(
    folder: Path, issue_time: datetime, publication: Publication, findings: Findings
) -> tuple[Article, ...]:
    """Read the articles in editorial order, no two published in the same second."""
    articles: list[Article] = []
    files = [path for path in folder.glob("*.md") if path.name[0] not in "._" and path.name != "issue.md"]
    if not files:
        hint = "write one, for example 01-dam-opens.md"
        findings.add(Finding(_shown(folder), 0, 0, "", "has no articles", hint, "F108"))
    if len(files) > MAX_ARTICLES:
        message = f"has {len(files)} articles; the limit is {MAX_ARTICLES}"
        findings.add(Finding(_shown(folder), 0, 0, "", message, "split the issue", "F108"))
        return ()
    for position, path in enumerate(sorted(files, key=editorial_order)):
        with findings:
            place = Place(folder, issue_time, position, publication)
            articles.append(load_article(path, place))
    return _in_different_seconds(articles)


def _in_different_seconds(articles: list[Article]) -> tuple[Article, ...]:
    """Move an article back by seconds while another one has its time: feeds are sorted by it."""
    taken: set[datetime] = set()
    spaced: list[Article] = []
    for article in articles:
        published = article.published
        while published in taken:
            published -= timedelta(seconds=1)
        taken.add(published)
        changed = published != article.published
        spaced.append(article.model_copy(update={"published": published}) if changed else article)
    return tuple(spaced)


def _load_rates(folder: Path) -> RatesFile | None:
    """Read rates.yml, if there is one."""
    path = folder / "rates.yml"
    if not path.exists() and not path.is_symlink():
        return None
    file = f"{_shown(folder)}/rates.yml"
    findings = Findings()
    text = read_text(path, file, within=folder)
    findings.add(*open_questions(text, file))
    with findings:
        rates = parse_rates(text, file)
        findings.raise_errors()
        return rates
    raise InputError(findings.all)


def _tombstones(root: Path) -> dict[str, int]:
    """The spent ids, if any article was ever withdrawn."""
    path = root / TOMBSTONES
    if not path.exists():
        return {}
    ids, wrong = read_tombstones(read_text(path, TOMBSTONES, within=root))
    if wrong:
        raise InputError(wrong)
    return ids
