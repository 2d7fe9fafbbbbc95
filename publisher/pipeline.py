"""The hallway: the only place that knows all rooms, written as the story of an issue.

    publication.toml | load_issues | check | build_table | Site
        | feeds, pages, letter, rates -> {path: bytes} | write_site | announce to the hub

What it does not do: decide how anything looks, what is right or wrong, or when a letter may go;
the rooms do, and hand their decisions over as values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

from publisher.checking.rules import check
from publisher.config import Settings
from publisher.content.images import images_of
from publisher.content.loading import issue_folders, load_issues
from publisher.content.models import Issue
from publisher.database import reading
from publisher.delivery import books
from publisher.delivery.eml_composer import EmlComposer
from publisher.delivery.models import Composer, Mailing, Recipient, Tally
from publisher.delivery.outbound import make_limits, make_transport, post_one
from publisher.delivery.worker import Report, Run, Watch, Wishes, deliver
from publisher.errors import Finding, InputError, Severity
from publisher.publishing.compression import original, with_variants
from publisher.publishing.site import Fate, SitePlan
from publisher.publishing.websub import Ping, announce, changed_topics
from publisher.publishing.writing import plan_site, published_until, standing, write_site
from publisher.rates.export import export_rates
from publisher.rates.gates import Circumstances, review
from publisher.rates.history import History, read_history
from publisher.rates.table import build_table
from publisher.rendering.digest import PREFERENCES_SLOT, UNSUBSCRIBE_SLOT, Digest, build_digest
from publisher.rendering.feeds import feed_files
from publisher.rendering.mime import digest_eml
from publisher.rendering.models import Edition, Site
from publisher.rendering.pages import page_files
from publisher.rendering.templates import environment, shipped_folder
from publisher.subscribers.models import State
from publisher.subscribers.store import SubscriberStore
from publisher.subscribers.tokens import Purpose

Clock = Callable[[], float]
"""Unix seconds."""

HISTORY = Path("rates/history.csv")


@dataclass(frozen=True)
class PublishReport:
    """What a publish did, or would do."""

    edition: Edition
    digest: Digest
    plan: SitePlan
    findings: tuple[Finding, ...]
    output: Path
    pings: tuple[Ping, ...] = ()

    @property
    def slug(self) -> str:
        """The issue's folder and page."""
        return self.edition.issue.slug

    @property
    def heading(self) -> str:
        """`2025-12-10, No. 128: 6 articles, 5 rates`."""
        issue, rates = self.edition.issue, self.edition.rates
        counts = [f"{len(issue.articles)} articles", *([f"{len(rates.rows)} rates"] if rates else [])]
        return f"{issue.slug}, No. {issue.number}: {', '.join(counts)}"

    def lines(self) -> list[tuple[str, str]]:
        """What is worth a line on the screen."""
        counts = Counter(self.files.values())
        told = [("hub", _told(self.pings))] if self.pings else []
        return [
            ("subject", self.digest.subject),
            ("letter", f"{self.digest.size:,} bytes, {self.digest.share_of_limit} % of what Gmail shows"),
            (
                "site",
                ", ".join(f"{counts[fate]} {fate}" for fate in Fate if counts[fate]) + f" in {self.output}",
            ),
            *told,
        ]

    @property
    def files(self) -> dict[str, Fate]:
        """Every file with its fate; compressed variants go without saying."""
        return {path: fate for path, fate in self.plan.fates.items() if original(path) == path}

    @property
    def changed_paths(self) -> tuple[str, ...]:
        """Every path that is not the same as before, with its fate."""
        return tuple(f"{fate:<9} {path}" for path, fate in self.files.items() if fate is not Fate.UNCHANGED)

    def as_dict(self) -> dict[str, object]:
        """The report for programs."""
        return {
            "issue": self.slug,
            "number": self.edition.issue.number,
            "articles": [article.id for article in self.edition.issue.articles],
            "subject": self.digest.subject,
            "letter_bytes": self.digest.size,
            "output": str(self.output),
            "files": self.files,
            "hub": [vars(ping) for ping in self.pings],
            "findings": [str(finding) for finding in self.findings],
        }


def publish_issue(
    settings: Settings, name: str | None, output: Path, now: datetime, *, dry_run: bool = False
) -> PublishReport:
    """Publish an issue by its date or folder (by default the newest), with everything before it.

    Raises InputError with every finding that stops it, BusyError, OutputError.
    """
    slug = chosen_issue(settings.root, name)
    until = max(slug, published_until(output))
    issues = load_issues(settings.root, settings.publication, until=until)
    history = load_history(settings, issues)
    site = make_site(settings, issues, history)
    edition = _edition_of(site, slug)
    digest = build_digest(site, edition)
    findings = (*_remarks(settings, edition.issue, history, now), *digest.remarks)
    _stop_on_errors(findings)
    feeds = feed_files(site)
    files = with_variants(_each_once(site_files(site, feeds, history)), partial(standing, output))
    if dry_run:
        return PublishReport(edition, digest, plan_site(files, output, until), findings, output)
    plan = write_site(files, output, until, times=feeds.updated)
    return PublishReport(edition, digest, plan, findings, output, _announce(settings, plan))


def _announce(settings: Settings, plan: SitePlan) -> tuple[Ping, ...]:
    """Tell the hub, if there is one, of every feed that changed; the files are live by now."""
    topics = changed_topics(plan, settings.publication.base_url)
    return announce(str(settings.feeds.hub), topics) if settings.feeds.hub and topics else ()


def _told(pings: Sequence[Ping]) -> str:
    faults = [ping for ping in pings if ping.fault]
    if not faults:
        return f"told of {len(pings)} feeds"
    return f"not told of {len(faults)} of {len(pings)} feeds ({faults[0].fault}); readers see them when they poll"


def check_issue(settings: Settings, name: str | None, now: datetime) -> tuple[Finding, ...]:
    """Everything there is to say about an issue, whether it stops a publish or not."""
    slug = chosen_issue(settings.root, name)
    try:
        issues = load_issues(settings.root, settings.publication, until=slug)
        history = load_history(settings, issues)
        site = make_site(settings, issues, history)
        digest = build_digest(site, _edition_of(site, slug))
    except InputError as error:
        return error.findings
    issue = _edition_of(site, slug).issue
    return (*_remarks(settings, issue, history, now), *digest.remarks)


def _remarks(settings: Settings, issue: Issue, history: History, now: datetime) -> tuple[Finding, ...]:
    """What the copy desk says of the words, and the gates of the rates."""
    around = Circumstances(history, settings.rates, issue.date, f"{issue.folder}/rates.yml")
    doubts = review(issue.rates, around) if issue.rates else ()
    return (*check(issue, settings.publication, now=now, history=history), *doubts)


def _edition_of(site: Site, slug: str) -> Edition:
    return next(edition for edition in site.editions if edition.issue.slug == slug)


def make_site(settings: Settings, issues: Sequence[Issue], history: History) -> Site:
    """What every renderer is given."""
    return Site(
        publication=settings.publication,
        editions=tuple(_edition(issue, history, settings) for issue in issues),
        images=images_of(settings.root, issues),
        templates=environment([settings.root / "templates", shipped_folder()]),
        theme=settings.theme,
        feeds=settings.feeds,
        email=settings.email,
        pages=settings.pages,
        rates=settings.rates,
    )


def load_history(settings: Settings, issues: Iterable[Issue]) -> History:
    """What earlier issues said of every pair; the history file, where there is one, has the last word."""
    said = (quote for issue in issues if issue.rates for quote in issue.rates.quotes)
    return History().including(said).including(read_history(settings.root / HISTORY).quotes)


def _edition(issue: Issue, history: History, settings: Settings) -> Edition:
    if issue.rates is None or not issue.rates.quotes:
        return Edition(issue)
    return Edition(issue, build_table(issue.rates, history, settings.rates, issue.date))


def site_files(site: Site, feeds: Mapping[str, bytes], history: History) -> Iterator[tuple[str, bytes]]:
    """Every file of the site by its path: pages first and feeds last, as readers discover them."""
    yield from page_files(site).items()
    for edition in site.editions:
        yield from letter_files(site, edition)
    table = next((edition.rates for edition in site.editions if edition.rates), None)
    if table:
        yield from export_rates(table, history).items()
    yield from feeds.items()


def letter_files(site: Site, edition: Edition) -> Iterator[tuple[str, bytes]]:
    """The letter as it can be looked at before it is sent, and the pictures it refers to."""
    digest, folder = build_digest(site, edition), edition.issue.slug
    yield f"{folder}/email.html", digest.html.encode()
    yield f"{folder}/email.txt", digest.text.encode()
    yield f"{folder}/email.eml", digest_eml(digest, site.publication)
    yield from digest.assets.items()


@dataclass(frozen=True)
class Dispatch:
    """An issue that is ready to be sent: what an editor is asked about, and what a sender needs."""

    settings: Settings
    store: SubscriberStore
    digest: Digest
    findings: tuple[Finding, ...]
    mailing: Mailing
    composer: Composer
    tally: Tally | None  # how an earlier run left it; None: nobody has been written to

    @property
    def way(self) -> str:
        """How letters would leave: `smtp.example.org:587`, `the folder data/outbox`."""
        delivery = self.settings.delivery
        servers = ", ".join(server.name for server in delivery.servers)
        return servers or (
            f"the maildir {delivery.maildir}" if delivery.maildir else f"the folder {delivery.folder}"
        )

    @property
    def count(self) -> int:
        """How many letters would leave."""
        if self.tally is None:
            return self.store.counts()[State.ACTIVE]
        return self.tally.open

    def audience(self) -> Iterator[Recipient]:
        """Who is owed the letter: the active readers, or for a correction those who have the first one."""
        first = self.mailing.name.partition(".")[0]
        if first != self.mailing.name:
            with reading(self.store.engine) as connection:
                known = books.find(connection, first)
                yield from books.audience(connection, known.id if known else 0)
            return
        sign = self.store.keyring.sign
        for reader in self.store.active():
            yield Recipient(reader.id, reader.address, reader.name, sign(Purpose.UNSUBSCRIBE, reader.id))


def prepare_dispatch(
    settings: Settings, store: SubscriberStore, name: str | None, now: datetime, *, correction: bool = False
) -> Dispatch:
    """Render an issue's letter and see how far it has been sent. Raises InputError."""
    slug = chosen_issue(settings.root, name)
    issues = load_issues(settings.root, settings.publication, until=slug)
    site = make_site(settings, issues, load_history(settings, issues))
    edition = _edition_of(site, slug)
    digest = build_digest(site, edition)
    content = _content_hash(digest)
    mailing, tally = _mailing(store, slug, content, correction=correction)
    hours = settings.delivery.not_after_hours
    return Dispatch(
        settings,
        store,
        digest,
        findings=(*check(edition.issue, settings.publication, now=now), *digest.remarks),
        mailing=Mailing(
            mailing, content, digest.subject, now.timestamp() + hours * 3600 if hours is not None else None
        ),
        composer=EmlComposer(digest, settings.publication, _links(settings, store)),
        tally=tally,
    )


def deliver_issue(
    dispatch: Dispatch,
    now: Clock,
    environ: Mapping[str, str],
    wishes: Wishes = Wishes(),  # noqa: B008  # frozen
    watch: Watch | None = None,
) -> Report:
    """Send an issue to everybody who is owed it; see `delivery.worker.deliver` for what it raises."""
    delivery, root = dispatch.settings.delivery, dispatch.settings.root
    return deliver(
        Run(
            engine=dispatch.store.engine,
            mailing=dispatch.mailing,
            audience=dispatch.audience,
            composer=dispatch.composer,
            readers=dispatch.store,
            transport=make_transport(delivery, root, dispatch.mailing.name, environ),
            clock=now,
            limits=make_limits(delivery),
            wishes=wishes,
            watch=watch,
        )
    )


def send_test(dispatch: Dispatch, address: str, environ: Mapping[str, str]) -> str:
    """Send the letter to one address, past the ledger; its links belong to nobody."""
    to = Recipient(0, address, "", dispatch.store.keyring.sign(Purpose.UNSUBSCRIBE, 0))
    settings = dispatch.settings
    return post_one(dispatch.composer.compose(to), to, settings.delivery, settings.root, environ)


def _mailing(
    store: SubscriberStore, slug: str, content: str, *, correction: bool
) -> tuple[str, Tally | None]:
    """The mailing that is meant, and how it stands: the issue's own, or its next correction."""
    with reading(store.engine) as connection:
        names = books.editions(connection, slug)
        known = {name: books.find(connection, name) for name in names}
        same = [m for m in known.values() if m and m.content == content]
        if same:
            return same[-1].name, books.tally(connection, same[-1].id)
        if correction and not names:
            message, hint = "has not been sent yet, so there is nothing to correct", "leave out --correction"
            raise InputError([Finding(f"issues/{slug}", 0, 0, "", message, hint)])
        if correction:
            return f"{slug}.{len(names) + 1}", None
        first = known.get(slug)
        return slug, books.tally(connection, first.id) if first else None


def _content_hash(digest: Digest) -> str:
    """What makes two letters the same: every word and every picture of them."""
    state = sha256()
    for part in (digest.subject, digest.html, digest.text):
        state.update(len(part).to_bytes(8) + part.encode())
    for image in digest.images:
        state.update(sha256(image.data).digest())
    return state.hexdigest()


def _links(settings: Settings, store: SubscriberStore) -> Callable[[int], Mapping[str, str]]:
    """A reader's number -> the addresses in their letter that nobody else has."""
    base, sign = settings.publication.base_url, store.keyring.sign
    return lambda number: {
        UNSUBSCRIBE_SLOT: f"{base}/unsubscribe/{sign(Purpose.UNSUBSCRIBE, number)}",
        PREFERENCES_SLOT: f"{base}/preferences/{sign(Purpose.PREFERENCES, number)}",
    }


def _each_once(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Pictures are named after their content, so that two issues may well bring the same one."""
    seen: set[str] = set()
    for path, data in files:
        if path in seen and path.startswith("assets/"):
            continue
        seen.add(path)
        yield path, data


def chosen_issue(root: Path, name: str | None) -> str:
    """The slug of the issue that is meant; the newest if none is named."""
    slugs = [folder.name for folder in issue_folders(root)]
    wanted = Path(name).name if name else max(slugs, default="")
    if wanted in slugs:
        return wanted
    if not slugs:
        raise InputError([Finding("issues", 0, 0, "", "holds no issue", "start one with: publisher new")])
    message, hint = "there is no such issue", f"the newest is {max(slugs)}; publisher new starts another"
    raise InputError([Finding(f"issues/{wanted}", 0, 0, "", message, hint)])


def _stop_on_errors(findings: Iterable[Finding]) -> None:
    if errors := [finding for finding in findings if finding.severity is Severity.ERROR]:
        raise InputError(errors)
