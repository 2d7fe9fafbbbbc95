"""From the folder to what every renderer is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from publisher.cache import Cache
from publisher.config import Settings
from publisher.content.images import images_of
from publisher.content.loading import issue_folders, load_issues
from publisher.content.models import Issue
from publisher.content.remembering import recall_issue
from publisher.errors import Finding, InputError
from publisher.pipeline.compiled import CompiledTemplates
from publisher.pipeline.recipes import house
from publisher.pipeline.tables import Tables
from publisher.rates.history import History, read_history
from publisher.rendering.images import Measured, measure
from publisher.rendering.models import Edition, Site
from publisher.rendering.templates import environment, shipped_folder

HISTORY = Path("rates/history.csv")
CACHE = ".publisher-cache"
"""Beside publication.toml; may be deleted at any time."""
_MEASURED = TypeAdapter(dict[str, Measured])


def chosen_issue(root: Path, name: str | None) -> str:
    """The slug of the issue that is meant; the newest if none is named."""
    slugs = [folder.name for folder in issue_folders(root)]
    wanted = Path(name).name if name else max(slugs, default="")
    if wanted in slugs:
        return wanted
    if not slugs:
        raise InputError(
            [Finding("issues", 0, 0, "", "holds no issue", "start one with: publisher new", "F112")]
        )
    message, hint = "there is no such issue", f"the newest is {max(slugs)}; publisher new starts another"
    if (root / "issues" / wanted).is_dir():
        message, hint = "has only rates so far", f"begin it with: publisher new {wanted}"
    raise InputError([Finding(f"issues/{wanted}", 0, 0, "", message, hint, "F112")])


def refuse_unnamed(settings: Settings, name: str | None, now: datetime) -> None:
    """Raise InputError where nobody has named an issue, and the newest is written ahead for a coming day.

    Pages can be mended; a letter cannot be called back.
    """
    today = now.astimezone(ZoneInfo(settings.publication.timezone)).date().isoformat()
    if not name and (newest := chosen_issue(settings.root, name)) > today:
        message = "is of a coming day, and no issue was named: its letter could not be called back"
        hint = f"name the issue whose letter is to go now; for this one: {newest}"
        raise InputError([Finding(f"issues/{newest}", 0, 0, "", message, hint, "F115")])


def open_cache(settings: Settings, now: datetime | None = None) -> Cache:
    """What was worked out before of this publication, by this program and with these settings.

    Who wants to keep something says what time it is.
    """
    return Cache(settings.root / CACHE, house(settings), opened=now.timestamp() if now else 0.0)


def load_site(settings: Settings, until: str, cache: Cache) -> tuple[Site, History]:
    """Everything up to an issue, as renderers want it, and what every pair was worth.

    Raises InputError with all that is wrong in any file.
    """
    read = partial(recall_issue, cache=cache)
    issues = load_issues(settings.root, settings.publication, until=until, read=read)
    history = load_history(settings, issues)
    return make_site(settings, issues, history, cache), history


def load_history(settings: Settings, issues: Sequence[Issue]) -> History:
    """What earlier issues said of every pair, the later word replacing the earlier; the file has the last."""
    said = (quote for issue in reversed(issues) if issue.rates for quote in issue.rates.quotes)
    return History().including(said).including(read_history(settings.root / HISTORY).quotes)


def make_site(
    settings: Settings,
    issues: Sequence[Issue],
    history: History,
    cache: Cache = Cache(),  # noqa: B008  # frozen
) -> Site:
    """What every renderer is given."""
    images, tables = images_of(settings.root, issues), Tables(settings.rates, history, cache)
    return Site(
        publication=settings.publication,
        editions=tuple(map(tables.edition, issues)),
        images=images,
        templates=environment([settings.root / "templates", shipped_folder()], CompiledTemplates(cache)),
        theme=settings.theme,
        feeds=settings.feeds,
        email=settings.email,
        pages=settings.pages,
        rates=settings.rates,
        pictures={key: one for issue in issues for key, one in _pictures(issue, images, cache).items()},
    )


def _pictures(issue: Issue, images: Mapping[str, bytes], cache: Cache) -> dict[str, Measured]:
    """The sizes of an issue's pictures: measured once, while its folder stays the same."""
    if not issue.pictures:
        return {}
    name = f"pictures/{issue.slug}"
    if issue.digest and (kept := cache.read(name, issue.digest)):
        return _MEASURED.validate_json(kept)
    keys = (f"{issue.slug}/{path}" for path in issue.pictures)
    measured = measure({key: images[key] for key in keys})
    cache.write(name, issue.digest, _MEASURED.dump_json(measured))
    return measured


def edition_of(site: Site, slug: str) -> Edition:
    """The edition of one issue."""
    return next(edition for edition in site.editions if edition.issue.slug == slug)
