"""What a server's answer means for the recipient, the domain and the run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.delivery.codes import EXPLANATIONS
from publisher.delivery.models import DeliveryStatus, Reply, Stage
from publisher.delivery.policy import (
    DELAYS,
    EQUAL_REFUSALS,
    MAX_ATTEMPTS,
    Refusals,
    Scope,
    judge,
    lost,
)

S = DeliveryStatus
NOW = 1000.0


def decide(stage, reply, attempts=1, not_after=None):
    return judge(stage, reply, attempts=attempts, now=NOW, not_after=not_after)


def test_only_the_answer_to_the_final_dot_makes_a_letter_sent() -> None:
    """A 250 to RCPT is a promise to listen, not a receipt."""
    assert decide(Stage.DOT, Reply(250, "2.0.0 queued")).status is S.SENT
    assert decide(Stage.DOT, Reply(250, "2.0.0 queued")).comment == "250 2.0.0 queued"


@pytest.mark.parametrize("stage", [Stage.RCPT, Stage.DATA, Stage.DOT])
def test_5xx_to_a_named_recipient_ends_that_recipient_only(stage) -> None:
    """The run goes on."""
    verdict = decide(stage, Reply(550, "5.1.1 unknown"))
    assert (verdict.status, verdict.stop, verdict.due) == (S.FAILED, "", None)
    assert verdict.comment == f"{stage}: 550 5.1.1 unknown (no such mailbox)"


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.AUTH, Stage.EHLO])
def test_5xx_before_the_recipient_was_named_stops_the_run(stage) -> None:
    """The fault is ours, so no reader pays for it: the row is due again at once."""
    verdict = decide(stage, Reply(550, "5.7.26 unauthenticated"))
    assert verdict.status is S.DEFERRED
    assert verdict.due == NOW
    assert "neither a valid SPF nor a valid DKIM" in verdict.stop


@pytest.mark.parametrize(("attempts", "delay"), [(1, 60), (2, 300), (5, 3600), (12, 3600)])
def test_4xx_is_tried_again_after_growing_delays(attempts, delay) -> None:
    """A minute, five, fifteen, half an hour, then every hour."""
    verdict = decide(Stage.RCPT, Reply(451, "4.2.0 later"), attempts=attempts)
    assert (verdict.status, verdict.due, verdict.slow) == (S.DEFERRED, NOW + delay, None)


def test_no_try_is_planned_after_the_mailings_last_minute() -> None:
    """A morning briefing does not arrive in the afternoon."""
    verdict = decide(Stage.RCPT, Reply(451, "later"), not_after=NOW + DELAYS[0] - 1)
    assert (verdict.status, verdict.due) == (S.DEFERRED, None)
    assert verdict.comment.endswith("too late for another try")


def test_a_row_that_nothing_can_deliver_ends() -> None:
    """Poison does not stay for ever."""
    verdict = decide(Stage.DOT, Reply(451, "later"), attempts=MAX_ATTEMPTS)
    assert verdict.status is S.FAILED


@pytest.mark.parametrize("reply", [Reply(421, "closing"), Reply(450, "4.7.28 rate")])
@pytest.mark.parametrize(
    ("stage", "scope"),
    [(Stage.RCPT, Scope.DOMAIN), (Stage.DOT, Scope.DOMAIN), (Stage.MAIL, Scope.SERVER)],
)
def test_421_and_4_7_x_slow_the_domain_or_the_server_and_never_the_run(reply, stage, scope) -> None:
    """Gmail's request for patience must not hold up everybody else."""
    verdict = decide(stage, reply)
    assert (verdict.status, verdict.slow, verdict.stop) == (S.DEFERRED, scope, "")


@given(
    st.sampled_from([Stage.RCPT, Stage.DATA, Stage.DOT]),
    st.integers(200, 599),
    st.integers(1, 30),
    st.none() | st.floats(0, 1e6),
)
def test_a_verdict_is_always_one_the_ledger_can_write(stage, code, attempts, not_after) -> None:
    """Sent only for 2xx at the dot; due only when deferred, and never after the last minute."""
    verdict = judge(stage, Reply(code, "words"), attempts=attempts, now=NOW, not_after=not_after)
    assert verdict.status in {S.SENT, S.DEFERRED, S.FAILED}
    assert (verdict.status is S.SENT) == (stage is Stage.DOT and code < 300)
    assert verdict.due is None or (verdict.status is S.DEFERRED and verdict.due <= (not_after or 1e9))


def test_a_connection_lost_before_the_dot_is_tried_again() -> None:
    """Nobody has the letter, so nothing is in doubt: at once the first time, then with delays."""
    assert lost("connection reset", attempts=1, now=NOW, not_after=None).due == NOW
    assert lost("connection reset", attempts=2, now=NOW, not_after=None).due == NOW + DELAYS[1]


def test_ten_equal_refusals_of_the_letter_in_a_row_are_too_many() -> None:
    """The letter is refused, not its readers; the eleventh is spared."""
    refusals = Refusals()
    for count in range(1, EQUAL_REFUSALS + 1):
        refusals = refusals.after(Stage.DOT, Reply(554, f"5.7.1 spam, id {count}"))
        assert refusals.too_many == (count == EQUAL_REFUSALS)


@pytest.mark.parametrize("stage", [Stage.RCPT, Stage.DATA])
def test_a_relay_that_lets_none_of_our_letters_pass_stops_the_run(stage) -> None:
    """`Relay access denied` is said of every recipient, and none of them is to blame."""
    refusals = Refusals()
    for _ in range(EQUAL_REFUSALS):
        refusals = refusals.after(stage, Reply(554, "5.7.1 <a@b.example>: Relay access denied"))
    assert refusals.too_many


def test_a_letter_that_is_taken_starts_the_count_anew() -> None:
    """Nine bad addresses and a good one are nine bad addresses."""
    refusals = Refusals("554 5.7.1", EQUAL_REFUSALS - 1).after(Stage.DOT, Reply(250, "ok"))
    assert refusals == Refusals()


def test_refused_recipients_are_not_refused_letters() -> None:
    """A list of stale addresses must not stop the run."""
    refusals = Refusals()
    for _ in range(100):
        refusals = refusals.after(Stage.RCPT, Reply(550, "5.1.1 unknown"))
    assert not refusals.too_many


@pytest.mark.parametrize("code", ["4.7.23", "5.7.25", "4.7.27", "5.7.27", "4.7.29", "5.7.29", "4.7.30",
                                  "5.7.30", "4.7.31", "4.7.32", "5.7.26", "4.7.0", "5.7.1", "5.7.515"])  # fmt: skip
def test_the_codes_of_the_large_receivers_are_explained(code) -> None:
    """A newsroom reads words, not numbers."""
    assert EXPLANATIONS[code]
