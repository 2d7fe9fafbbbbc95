"""Signed tokens: one purpose each, short, and readable after a rotation."""

import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import ConfigurationError
from publisher.subscribers.tokens import Claim, Keyring, Purpose

OLD, NEW = b"o" * 32, b"n" * 32
RING = Keyring((NEW, OLD))
NOON = datetime(2025, 12, 10, 12, 0, tzinfo=UTC)


@given(st.integers(0, 2**63 - 1), st.sampled_from(Purpose))
def test_a_token_says_whom_it_was_made_for(subscriber: int, purpose: Purpose) -> None:
    """Reading gives back what was signed."""
    assert RING.read(purpose, RING.sign(purpose, subscriber)) == Claim(subscriber)
    assert RING.read(purpose, RING.sign(purpose, subscriber, NOON)) == Claim(subscriber, NOON)


def test_a_token_serves_one_purpose() -> None:
    """A link to confirm cannot unsubscribe, and the other way round."""
    token = RING.sign(Purpose.CONFIRM, 7)
    assert [RING.read(purpose, token) for purpose in Purpose] == [Claim(7), None, None, None]
    assert RING.read(Purpose.UNSUBSCRIBE, "u" + token[1:]) is None


def test_every_flipped_bit_is_noticed() -> None:
    """No change of a single bit leaves a token that reads as somebody else's."""
    token = RING.sign(Purpose.UNSUBSCRIBE, 1234).encode()
    for place in range(len(token) * 8):
        changed = bytearray(token)
        changed[place // 8] ^= 1 << place % 8
        assert RING.read(Purpose.UNSUBSCRIBE, changed.decode("latin-1")) is None


@given(st.text(max_size=120))
def test_nonsense_is_not_a_token(text: str) -> None:
    """Whatever stands in the address, the answer is 'no', not an exception."""
    assert RING.read(Purpose.UNSUBSCRIBE, text) is None


def test_an_old_letter_still_unsubscribes_after_a_rotation() -> None:
    """A key that signs no more still reads; a key that was thrown away does not."""
    token = Keyring((OLD,)).sign(Purpose.UNSUBSCRIBE, 9)
    assert RING.read(Purpose.UNSUBSCRIBE, token) == Claim(9)
    assert Keyring((NEW,)).read(Purpose.UNSUBSCRIBE, token) is None


def test_a_token_is_short() -> None:
    """Even the millionth reader's token leaves List-Unsubscribe on one line of 78 characters."""
    token = RING.sign(Purpose.UNSUBSCRIBE, 1_000_000)
    assert len(token) == 32
    assert len(f"List-Unsubscribe: <https://letter.example/unsubscribe/{token}>") <= 998


@pytest.mark.parametrize(
    ("age", "expected"),
    [(timedelta(0), True), (timedelta(days=7), True), (timedelta(days=7, seconds=1), False)],
)
def test_freshness_is_judged_by_the_time_of_making(age: timedelta, expected: bool) -> None:
    """A confirmation works for its days, and not from the future (a clock set back)."""
    claim = Claim(1, NOON)
    assert claim.is_fresh(NOON + age, timedelta(days=7)) is expected
    assert not claim.is_fresh(NOON - timedelta(seconds=1), timedelta(days=7))


def test_a_short_key_is_refused() -> None:
    """A key that can be guessed is a configuration error, and the error does not repeat it."""
    with pytest.raises(ConfigurationError, match="openssl rand") as caught:
        Keyring((b"guess-me",))
    assert "guess-me" not in str(caught.value)


def test_keys_are_not_shown() -> None:
    """A keyring in a log or traceback keeps its secret."""
    assert "nnnn" not in repr(RING)


def test_fingerprints_are_found_after_a_rotation() -> None:
    """What was stored under the old key is among the fingerprints that are looked up."""
    assert Keyring((OLD,)).fingerprint("suppression", "a@b.org") in RING.fingerprints(
        "suppression", "a@b.org"
    )
    assert RING.fingerprint("suppression", "a@b.org") != RING.fingerprint("limit", "a@b.org")


@given(key=st.binary(min_size=32, max_size=200), text=st.text(st.characters(codec="utf-8"), max_size=200))
def test_a_fingerprint_is_an_hmac_whatever_the_keys_length(key: bytes, text: str) -> None:
    """Hashed in two begun states, yet the standard's own: keys longer than a block are hashed first."""
    assert Keyring((key,)).fingerprint("limit", text) == hmac.digest(
        key, f"publisher/limit\0{text}".encode(), "sha256"
    )
