"""Providers tell the public door what came back: over a real database, signed, forged and replayed."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from doors import NOON, TestDoor, everything
from hooks import (
    SECRET,
    SENDGRID_KEY,
    TOPIC,
    Post,
    mailgun,
    mailgun_event,
    postmark,
    postmark_event,
    sendgrid,
    sendgrid_event,
    ses,
    ses_event,
    sns_pem,
)
from reports import failure
from sqlalchemy import Engine, func, select

from publisher.database import reading
from publisher.delivery.webhooks.signatures import AHEAD, WINDOW
from publisher.delivery.webhooks.tokens import use_token, used
from publisher.pipeline.letters import marks_of
from publisher.subscribers.models import State

READER = "reader@mail.example"
ALL = ("mailgun", "postmark", "sendgrid", "ses")


@pytest.fixture
def door(sqlite_engine: Engine, tmp_path: Path) -> TestDoor:
    """A door with every provider switched on, and one reader."""
    (tmp_path / "sns.pem").write_bytes(sns_pem())
    keys = {
        "mailgun_key": SECRET,
        "postmark_secret": SECRET,
        "sendgrid_key": SENDGRID_KEY,
        "ses_certificate": "sns.pem",
        "ses_topics": [TOPIC],
    }
    door = TestDoor(sqlite_engine, tmp_path, delivery={"webhooks": keys})
    door.reader(READER)
    return door


def mark_of(door: TestDoor, mailing: str = "2025-12-10") -> str:
    """The mark of the reader's letter."""
    return marks_of(door.store.keyring).make(mailing, 1)


def bounce(door: TestDoor, provider: str, code: str = "5.1.1", mailing: str = "2025-12-10") -> Post:
    """A failure, as the provider signs and posts it."""
    mark = mark_of(door, mailing)
    quoted = failure(code, "smtp; 550", message_id=mark, to="p@pm.example")
    made: dict[str, Post] = {
        "mailgun": mailgun(mailgun_event(mark, code=code)),
        "postmark": postmark(postmark_event(quoted)),
        "sendgrid": sendgrid([sendgrid_event(mark, status=code)]),
        "ses": ses(ses_event(mark, status=code)),
    }
    return made[provider]


def tell(door: TestDoor, provider: str, post: Post) -> int:
    """Post it; the status of the answer."""
    body, headers = post
    return door.client.post(f"/bounces/{provider}", content=body, headers=headers).status_code


@pytest.mark.parametrize("provider", ALL)
def test_a_mailbox_that_is_gone_is_never_written_to_again(door: TestDoor, provider: str) -> None:
    """By the mark, though the report names another address; a replay changes nothing at all."""
    assert tell(door, provider, bounce(door, provider)) == 200
    assert door.state_of(READER) is State.BOUNCED
    before = everything(door.store.engine)
    assert tell(door, provider, bounce(door, provider)) == 200
    assert everything(door.store.engine) == before


@pytest.mark.parametrize("provider", ALL)
def test_a_full_mailbox_is_counted_once_an_issue(door: TestDoor, provider: str) -> None:
    """Replays do not count; three issues are enough."""
    for _ in range(4):
        assert tell(door, provider, bounce(door, provider, "5.2.2")) == 200
    assert door.state_of(READER) is State.ACTIVE
    for day in ("2025-12-11", "2025-12-12"):
        tell(door, provider, bounce(door, provider, "5.2.2", day))
    assert door.state_of(READER) is State.BOUNCED


@pytest.mark.parametrize("provider", ALL)
def test_our_own_fault_ends_nobody_and_rings_the_alarm(
    door: TestDoor, provider: str, caplog: pytest.LogCaptureFixture
) -> None:
    """5.7.x is about us; the log says so, once for each."""
    assert tell(door, provider, bounce(door, provider, "5.7.26")) == 200
    assert door.state_of(READER) is State.ACTIVE
    assert [record.levelname for record in caplog.records if "ALARM" in record.getMessage()] == ["ERROR"]


@pytest.mark.parametrize("provider", ALL)
def test_a_stranger_is_refused(door: TestDoor, provider: str) -> None:
    """Unsigned, changed after it was signed, or signed too long ago: 403, and nothing is changed."""
    body, headers = bounce(door, provider)
    before = everything(door.store.engine)
    parsed: Any = json.loads(body)
    if provider == "mailgun":
        del parsed["signature"]
    elif provider == "ses":
        parsed["Message"] = parsed["Message"].replace("5.1.1", "5.1.2")
    forged = json.dumps(parsed, indent=1).encode(), headers if provider in {"sendgrid", "ses"} else {}
    assert tell(door, provider, forged) == 403
    if provider != "postmark":  # whose secret has no date
        door.clock.turn(days=1, minutes=1)
        assert tell(door, provider, (body, headers)) == 403
    assert everything(door.store.engine) == before


@pytest.mark.parametrize("provider", ALL)
def test_nonsense_and_excess_are_refused(door: TestDoor, provider: str) -> None:
    """No JSON, a million brackets, a body beyond the limit, a question instead of a report."""
    assert tell(door, provider, (b"{", {})) == 400
    assert tell(door, provider, (b"[" * 500_000, {})) == 400
    assert tell(door, provider, (b'"' + b"x" * 1_000_000 + b'"', {})) == 413
    assert tell(door, provider, (b"[1, null]", {})) == 403
    assert door.client.get(f"/bounces/{provider}").status_code == 405


def test_a_token_of_mailgun_s_is_good_for_one_report(door: TestDoor) -> None:
    """Its signature does not cover the report, so a seen one cannot carry another."""
    body, headers = bounce(door, "mailgun", "4.2.2")
    assert tell(door, "mailgun", (body, headers)) == 200
    forged = json.loads(body) | {"event-data": mailgun_event(mark_of(door), "complained")}
    before = everything(door.store.engine)
    assert tell(door, "mailgun", (json.dumps(forged).encode(), headers)) == 403
    assert everything(door.store.engine) == before
    assert tell(door, "mailgun", (body, headers)) == 200


def test_a_restart_does_not_forget_which_tokens_were_used(sqlite_engine: Engine, door: TestDoor) -> None:
    """A second door, or the same one after a restart, refuses what the first would."""
    body, headers = bounce(door, "mailgun", "4.2.2")
    assert tell(door, "mailgun", (body, headers)) == 200
    again = TestDoor(sqlite_engine, door.door.settings.root, delivery={"webhooks": {"mailgun_key": SECRET}})
    forged = json.loads(body) | {"event-data": mailgun_event(mark_of(door), "complained")}
    assert tell(again, "mailgun", (json.dumps(forged).encode(), headers)) == 403
    assert tell(again, "mailgun", (body, headers)) == 200
    assert door.state_of(READER) is State.ACTIVE


def test_a_token_is_good_for_one_body_while_its_signature_is(engine: Engine) -> None:
    """Again with the same body, for a second try; never with another one; on both databases."""
    tries = [("one", b"a"), ("one", b"a"), ("one", b"b"), ("two", b"b"), ("\ud800", b"b")]
    assert [use_token(engine, *one, NOON) for one in tries] == [True, True, False, True, True]
    assert not use_token(engine, "two", b"c", NOON + WINDOW)
    later = NOON + WINDOW + AHEAD + timedelta(seconds=1)
    assert use_token(engine, "two", b"c", later), "it is forgotten when its signature is too old"
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(used)).scalar() == 1


@pytest.mark.parametrize("code", ["5.1.1", "5.2.2"])
def test_a_busy_database_asks_the_provider_to_come_again(door: TestDoor, code: str) -> None:
    """503, and the same report is taken when the other writer is gone."""
    post = bounce(door, "mailgun", code)
    with door.store.engine.begin() as other:
        other.exec_driver_sql("UPDATE subscribers SET name = name")
        assert tell(door, "mailgun", post) == 503
    assert tell(door, "mailgun", post) == 200


def test_every_provider_is_off_by_default(sqlite_engine: Engine, tmp_path: Path) -> None:
    """There is no such page until a key is set."""
    door = TestDoor(sqlite_engine, tmp_path)
    assert [tell(door, provider, (b"{}", {})) for provider in (*ALL, "other")] == [404] * 5


def test_a_topic_is_confirmed_by_a_person(door: TestDoor, caplog: pytest.LogCaptureFixture) -> None:
    """The log has the address to open; the program itself opens none."""
    address = "http://127.0.0.1:9/confirm"
    asked = ses({}, NOON, Type="SubscriptionConfirmation", SubscribeURL=address, Token="t")
    assert tell(door, "ses", asked) == 200
    assert address in caplog.text
