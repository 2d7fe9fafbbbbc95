"""The story of a send: render the letter, freeze the audience, deliver, account for everybody."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from publisher.checking.rules import check
from publisher.config import Settings
from publisher.database import reading
from publisher.delivery import books
from publisher.delivery.models import Composer, Mailing, Recipient, Tally
from publisher.delivery.outbound import make_limits, make_transport, post_one
from publisher.delivery.stops import ordered_stop
from publisher.delivery.worker import Report, Run, Watch, Wishes, changed, deliver
from publisher.errors import Finding, InputError
from publisher.pipeline.issues import chosen_issue, edition_of, load_site, open_cache
from publisher.pipeline.letters import letter_composer
from publisher.rendering.digest import Digest, build_digest
from publisher.subscribers.addresses import parse_address
from publisher.subscribers.store import SubscriberStore

Clock = Callable[[], float]
"""Unix seconds."""


@dataclass(frozen=True)
class Dispatch:
    """An issue that is ready to be sent: what an editor is asked about, and what a sender needs."""

    settings: Settings
    store: SubscriberStore
    digest: Digest
    sections: tuple[str, ...]  # those that the issue has stories of
    findings: tuple[Finding, ...]
    mailing: Mailing
    composer: Composer
    tally: Tally | None  # how an earlier run left it; None: nobody has been written to
    stopped: str = ""  # why it was stopped from outside; to resume lifts that

    @property
    def way(self) -> str:
        """How letters would leave: `smtp.example.org:587`, `the folder data/outbox`."""
        delivery = self.settings.delivery
        servers = ", ".join(server.name for server in delivery.servers)
        return servers or (
            f"the maildir {delivery.maildir}" if delivery.maildir else f"the folder {delivery.folder}"
        )

    def count(self, wishes: Wishes = Wishes()) -> int:  # noqa: B008  # frozen
        """How many letters would leave, sooner or later."""
        with reading(self.store.engine) as connection:
            if known := books.find(connection, self.mailing.name):
                again = {"retry_failed": wishes.retry_failed, "resend_held": wishes.resend_held}
                return books.leaving(connection, known.id, **again)
        if self._is_correction:
            return sum(1 for _ in self.audience())
        return self.store.count_active(*self.sections, known=self._known)

    @property
    def _known(self) -> tuple[str, ...]:
        """The sections that readers can choose."""
        return tuple(section.id for section in self.settings.publication.sections)

    @property
    def _is_correction(self) -> bool:
        return "." in self.mailing.name

    def audience(self) -> Iterator[Recipient]:
        """Who is owed the letter: the active readers who want a section of it, or all.

        A correction is owed to those who have or await the issue.
        """
        if self._is_correction:
            with reading(self.store.engine) as connection:
                yield from books.audience(connection, self.mailing.name.partition(".")[0])
            return
        for reader in self.store.active(*self.sections, known=self._known):
            yield Recipient(reader.id, reader.address)


def prepare_dispatch(
    settings: Settings, store: SubscriberStore, name: str | None, now: datetime, *, correction: bool = False
) -> Dispatch:
    """Render an issue's letter and see how far it has been sent. Raises InputError."""
    slug = chosen_issue(settings.root, name)
    site, _ = load_site(settings, slug, open_cache(settings))
    edition = edition_of(site, slug)
    digest = build_digest(site, edition)
    content = _content_hash(digest)
    mailing, tally = _mailing(store, slug, content, correction=correction)
    hours = settings.delivery.not_after_hours
    return Dispatch(
        settings,
        store,
        digest,
        tuple(dict.fromkeys(article.section for article in edition.issue.articles)),
        findings=(
            *check(edition.issue, settings.publication, now=now),
            *digest.remarks,
            *_changes(store, mailing, content),
        ),
        mailing=Mailing(
            mailing, content, digest.subject, now.timestamp() + hours * 3600 if hours is not None else None
        ),
        composer=letter_composer(settings, store.keyring, digest, mailing, edition.issue.published),
        tally=tally,
        stopped=_stopped(store, mailing),
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
            threads=(os.cpu_count() or 1) if delivery.dkim.key_file else 0,
            watch=watch,
        )
    )


def send_test(dispatch: Dispatch, address: str, environ: Mapping[str, str]) -> str:
    """Send the letter to one address, past the ledger; its links belong to nobody.

    Raises InputError for what is no address, and what `post_one` raises.
    """
    try:
        mailbox = parse_address(address).mailbox
    except ValueError as error:
        hint = "write one address, such as desk@example.org"
        raise InputError(
            [Finding("--test-to", 0, 0, "", f"{address!r} is no address: {error}", hint)]
        ) from None
    to = Recipient(0, mailbox)
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


def _changes(store: SubscriberStore, mailing: str, content: str) -> Iterator[Finding]:
    """That the letter is not the one that was frozen, told before anybody is asked."""
    with reading(store.engine) as connection:
        known = books.find(connection, mailing)
    if known and known.content != content:
        yield changed(known)


def _stopped(store: SubscriberStore, mailing: str) -> str:
    with reading(store.engine) as connection:
        return ordered_stop(connection, mailing)


def _content_hash(digest: Digest) -> str:
    """What makes two letters the same: every word and every picture of them."""
    state = sha256()
    for part in (digest.subject, digest.html, digest.text):
        state.update(len(part).to_bytes(8) + part.encode())
    for image in digest.images:
        state.update(sha256(image.data).digest())
    return state.hexdigest()
