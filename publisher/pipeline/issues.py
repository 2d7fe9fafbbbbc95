"""From the folder to what every renderer is given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from publisher.config import Settings
from publisher.content.images import images_of
from publisher.content.loading import issue_folders
from publisher.content.models import Issue
from publisher.errors import Finding, InputError
from publisher.rates.history import History, read_history
from publisher.rates.table import build_table
from publisher.rendering.images import measure
from publisher.rendering.models import Edition, Site
from publisher.rendering.templates import environment, shipped_folder

HISTORY = Path("rates/history.csv")


def chosen_issue(root: Path, name: str | None) -> str:
    """The slug of the issue that is meant; the newest if none is named."""
    slugs = [folder.name for folder in issue_folders(root)]
    wanted = Path(name).name if name else max(slugs, default="")
    if wanted in slugs:
        return wanted
    if not slugs:
        raise InputError([Finding("issues", 0, 0, "", "holds no issue", "start one with: publisher new")])
    message, hint = "there is no such issue", f"the newest is {max(slugs)}; publisher new starts another"
    if (root / "issues" / wanted).is_dir():
        message, hint = "has only rates so far", f"begin it with: publisher new {wanted}"
    raise InputError([Finding(f"issues/{wanted}", 0, 0, "", message, hint)])


def load_history(settings: Settings, issues: Sequence[Issue]) -> History:
    """What earlier issues said of every pair, the later word replacing the earlier; the file has the last."""
    said = (quote for issue in reversed(issues) if issue.rates for quote in issue.rates.quotes)
    return History().including(said).including(read_history(settings.root / HISTORY).quotes)


def make_site(settings: Settings, issues: Sequence[Issue], history: History) -> Site:
    """What every renderer is given."""
    images = images_of(settings.root, issues)
    return Site(
        publication=settings.publication,
        editions=tuple(_edition(issue, history, settings) for issue in issues),
        images=images,
        templates=environment([settings.root / "templates", shipped_folder()]),
        theme=settings.theme,
        feeds=settings.feeds,
        email=settings.email,
        pages=settings.pages,
        rates=settings.rates,
        pictures=measure(images),
    )


def _edition(issue: Issue, history: History, settings: Settings) -> Edition:
    if issue.rates is None or not issue.rates.quotes:
        return Edition(issue)
    return Edition(issue, build_table(issue.rates, history, settings.rates, issue.date))


def edition_of(site: Site, slug: str) -> Edition:
    """The edition of one issue."""
    return next(edition for edition in site.editions if edition.issue.slug == slug)
