"""The story of a publish: load, check, render, write, announce."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from publisher.checking.rules import check
from publisher.config import Settings
from publisher.content.models import Issue
from publisher.errors import Finding, InputError, Severity
from publisher.pipeline.entries import RememberedEntries
from publisher.pipeline.issues import chosen_issue, edition_of, load_site, open_cache
from publisher.pipeline.lengths import with_lengths
from publisher.pipeline.recipes import Recipes
from publisher.pipeline.report import PublishReport
from publisher.publishing.batches import Batch
from publisher.publishing.remembering import remembered
from publisher.publishing.site import SitePlan
from publisher.publishing.websub import Ping, announce, changed_topics
from publisher.publishing.writing import plan_site, published_until, write_site
from publisher.rates.export import export_rates
from publisher.rates.gates import Circumstances
from publisher.rates.history import History
from publisher.rates.models import RatesFile
from publisher.rates.review import review
from publisher.rendering.digest import Digest, build_digest
from publisher.rendering.documents import Documents
from publisher.rendering.feeds import feed_files
from publisher.rendering.mime import digest_eml
from publisher.rendering.models import Edition, Site
from publisher.rendering.pages.check import page_remarks
from publisher.rendering.pages.plan import page_files


def publish_issue(
    settings: Settings, name: str | None, output: Path, now: datetime, *, dry_run: bool = False
) -> PublishReport:
    """Publish an issue by its date or folder (by default the newest), with everything before it.

    Raises InputError with every finding that stops it, BusyError, OutputError.
    """
    slug = chosen_issue(settings.root, name)
    until = max(slug, published_until(output))
    cache = open_cache(settings, now)
    site, history = load_site(settings, until, cache)
    recipes = Recipes(cache.version, site)
    site = with_lengths(site, recipes, cache)
    edition = edition_of(site, slug)
    digest = build_digest(site, edition)
    pages = page_files(site)
    findings = (
        *_remarks(settings, edition.issue, history, now),
        *digest.remarks,
        *page_remarks(site, edition, pages),
    )
    _stop_on_errors(findings)
    entries = RememberedEntries(site, recipes, cache)
    feeds = feed_files(site, entries)
    output = output.resolve()
    memory = remembered(output, cache.read("published", str(output)))
    files = memory.files(batches(site, pages, feeds, history, recipes, digest))
    if dry_run:
        return PublishReport(edition, digest, plan_site(files, output, until), findings, output)
    plan = write_site(files, output, until, times=feeds.updated)
    cache.write("published", str(output), memory.note(plan.touched))
    entries.note()
    cache.keep()
    return PublishReport(edition, digest, plan, findings, output, _announce(settings, plan))


def check_issue(settings: Settings, name: str | None, now: datetime) -> tuple[Finding, ...]:
    """Everything there is to say about an issue, whether it stops a publish or not."""
    slug = chosen_issue(settings.root, name)
    try:
        cache = open_cache(settings)
        site, history = load_site(settings, slug, cache)
        site = with_lengths(site, Recipes(cache.version, site), cache)
        edition = edition_of(site, slug)
        digest = build_digest(site, edition)
    except InputError as error:
        return error.findings
    return (
        *_remarks(settings, edition.issue, history, now),
        *digest.remarks,
        *page_remarks(site, edition),
    )


def _remarks(settings: Settings, issue: Issue, history: History, now: datetime) -> tuple[Finding, ...]:
    """What the copy desk says of the words, and the gates of the rates."""
    around = Circumstances(history, settings.rates, issue.date, f"{issue.folder}/rates.yml")
    doubts = review(issue.rates or RatesFile(), around)
    return (*check(issue, settings.publication, now=now, history=history), *doubts)


def _stop_on_errors(findings: Iterable[Finding]) -> None:
    if errors := [finding for finding in findings if finding.severity is Severity.ERROR]:
        raise InputError(errors)


def batches(
    site: Site, pages: Documents, feeds: Documents, history: History, recipes: Recipes, made: Digest
) -> Iterator[Batch]:
    """Everything the site is made of: pages first and feeds last, as readers discover them.

    One letter is `made` already.
    """
    yield from _documents(pages, recipes)
    for edition in site.editions:
        name = f"{edition.issue.slug}/email"
        write = partial(letter_files, site, edition, made if made.issue == edition.issue.slug else None)
        yield Batch(name, recipes.of(name, (edition,)), write)
    if table := next((edition.rates for edition in site.editions if edition.rates), None):
        known = [quote for quote in history.quotes if quote.as_of]
        yield Batch("rates", recipes.of("rates", (table, known)), export_rates(table, history).items)
    yield from _documents(feeds, recipes)


def _documents(documents: Documents, recipes: Recipes) -> Iterator[Batch]:
    for path, document in documents.plan.items():
        yield Batch(path, recipes.of(path, document.shows), partial(_made, documents, path))


def _made(documents: Documents, path: str) -> Iterator[tuple[str, bytes]]:
    yield path, documents[path]


def letter_files(site: Site, edition: Edition, made: Digest | None = None) -> Iterator[tuple[str, bytes]]:
    """The letter as it can be looked at before it is sent, and the pictures it refers to."""
    digest, folder = made or build_digest(site, edition), edition.issue.slug
    yield f"{folder}/email.html", digest.html.encode()
    yield f"{folder}/email.txt", digest.text.encode()
    yield f"{folder}/email.eml", digest_eml(digest, site.publication)
    yield from digest.assets.items()


def _announce(settings: Settings, plan: SitePlan) -> tuple[Ping, ...]:
    """Tell the hub, if there is one, of every feed that changed; the files are live by now."""
    topics = changed_topics(plan, settings.publication.base_url)
    return announce(str(settings.feeds.hub), topics) if settings.feeds.hub and topics else ()
