"""Where mail providers tell us what came back: POST /bounces/PROVIDER, off until its key is set."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from publisher.delivery.bounces import Report, Verdict
from publisher.delivery.webhooks.events import parse, read_events, table
from publisher.delivery.webhooks.settings import Provider
from publisher.delivery.webhooks.signatures import (
    is_mailguns,
    is_postmarks,
    is_sendgrids,
    is_snss,
    sendgrid_key,
    sns_certificate,
)
from publisher.delivery.webhooks.tokens import use_token
from publisher.pipeline.letters import marks_of
from publisher.pipeline.returns import OLD_NEWS, record
from publisher.webapp.door import Door
from publisher.webapp.forms import read_body

LOG = logging.getLogger("publisher.webapp")
LARGEST = 1_000_000
"""Bytes of a report; SendGrid's hold up to 768 KB of events."""


def bounce_routes(door: Door) -> list[Route]:
    """One route for each provider whose key is set; none by default."""
    hooks = Webhooks(door)
    on = sorted(door.settings.delivery.webhooks.providers)
    return [Route(f"/bounces/{name}", partial(hooks.take, name), methods=["POST"]) for name in on]


class Webhooks:
    """Judges who speaks, reads what is said, and lets the hallway record it."""

    def __init__(self, door: Door) -> None:
        """Read the keys. Raises ConfigurationError for one that is none."""
        self.door = door
        self.wanted = door.settings.delivery.webhooks
        if Provider.SES in self.wanted.providers:
            file = door.settings.root / self.wanted.ses_certificate
            self.certificate = sns_certificate(file.read_bytes() if file.is_file() else b"")
        if Provider.SENDGRID in self.wanted.providers:
            self.sendgrid_key = sendgrid_key(self.wanted.sendgrid_key)

    async def take(self, provider: Provider, request: Request) -> Response:
        """Record a report; 403 for a stranger's, 400 for one that cannot be read.

        A database that is busy is answered with 503, and the provider tries again; the same report
        twice changes nothing.
        """
        body = await read_body(request, LARGEST)
        try:
            payload = parse(body)
        except ValueError:
            raise HTTPException(400) from None
        if not self._is_genuine(provider, request.headers, body, payload):
            raise HTTPException(403)
        if provider is Provider.MAILGUN and not await self.door.ask(self._is_for_this, payload, body):
            raise HTTPException(403)
        if provider is Provider.SES:
            payload = self._notification(table(payload))
        await self.door.ask(self._record, read_events(provider, payload, marks_of(self.door.store.keyring)))
        return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})

    def _is_genuine(
        self, provider: Provider, headers: Mapping[str, str], body: bytes, payload: object
    ) -> bool:
        wanted, now = self.wanted, self.door.clock()
        if provider is Provider.SES:
            return is_snss(self.certificate, wanted.ses_topics, table(payload), now)
        if provider is Provider.SENDGRID:
            signature = headers.get("X-Twilio-Email-Event-Webhook-Signature", "")
            timestamp = headers.get("X-Twilio-Email-Event-Webhook-Timestamp", "")
            return is_sendgrids(self.sendgrid_key, signature, timestamp, body, now)
        if provider is Provider.MAILGUN and wanted.mailgun_key:
            signed = table(table(payload).get("signature"))
            return is_mailguns(wanted.mailgun_key.get_secret_value(), signed, now)
        if provider is Provider.POSTMARK and wanted.postmark_secret:
            secret, header = wanted.postmark_secret.get_secret_value(), headers.get("X-Webhook-Secret", "")
            return is_postmarks(secret, headers.get("Authorization", ""), header)
        return False

    def _is_for_this(self, payload: object, body: bytes) -> bool:
        """Whether a genuine token of Mailgun's came with this report, and with no other before."""
        token = str(table(table(payload).get("signature")).get("token"))
        return use_token(self.door.store.engine, token, body, self.door.clock())

    def _notification(self, message: Mapping[str, Any]) -> object:
        """What SES says inside SNS's envelope. The address that confirms a topic is for a person to open."""
        if message.get("Type") != "Notification":  # a topic was added or taken away
            told = [message.get(name) for name in ("Type", "TopicArn", "SubscribeURL")]
            LOG.warning("Amazon SNS says %r of %r; if that is right, open %r", *told)
            return {}
        try:
            return parse(str(message.get("Message", "")).encode())
        except ValueError:
            raise HTTPException(400) from None

    def _record(self, reports: list[Report]) -> None:
        for report in reports:
            done = record(self.door.settings, self.door.store, report, self.door.clock())
            if report.verdict is Verdict.OURS and done != OLD_NEWS:
                words = report.words or report.status
                LOG.error("ALARM: %s refused: %r; %s -> publisher doctor", report.mailing, words, done)
