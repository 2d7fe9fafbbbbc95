"""The states of a delivery and the books that must balance."""

from itertools import product

import pytest

from publisher.delivery.models import MOVES, DeliveryStatus, Recipient, Reply, Tally, sources

S = DeliveryStatus


def test_every_state_has_its_row_of_moves() -> None:
    """No state is forgotten in the table."""
    assert set(MOVES) == set(DeliveryStatus)


@pytest.mark.parametrize("final", [S.SENT, S.SKIPPED])
def test_what_is_sent_or_skipped_never_changes_again(final) -> None:
    """Nobody is mailed twice, and nobody who left is mailed."""
    assert MOVES[final] == frozenset()


def test_a_letter_is_sent_only_from_sending() -> None:
    """There is no way to 'sent' around the intent that was written down first."""
    assert sources(S.SENT) == [S.SENDING]
    assert sources(S.HELD) == [S.SENDING]


def test_sending_never_goes_back_to_queued() -> None:
    """A letter that may have left is never treated as one that has not."""
    assert S.QUEUED not in MOVES[S.SENDING]


@pytest.mark.parametrize(("source", "target"), list(product(DeliveryStatus, repeat=2)))
def test_sources_is_the_table_read_backwards(source, target) -> None:
    """The guards in the database allow exactly the moves of the table."""
    assert (source in sources(target)) == (target in MOVES[source])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5.1.1 No such user", "5.1.1"), ("Ok: queued as 3F", ""), ("1.2 x", ""), ("4.7.x y", ""), ("", "")],
)
def test_the_enhanced_code_is_found_only_where_there_is_one(text, expected) -> None:
    """RFC 3463 codes stand first in a reply's text."""
    assert Reply(550, text).enhanced == expected


def test_a_domain_is_what_follows_the_last_at_sign() -> None:
    """Quoted local parts may hold an at sign themselves."""
    assert Recipient(1, '"a@b"@Example.ORG').domain == "example.org"


def test_a_tally_reads_as_an_equation() -> None:
    """An editor sees that the books balance, or that they do not."""
    tally = Tally(3, {S.SENT: 2, S.SKIPPED: 1})
    assert str(tally) == "3 candidates = 2 sent + 0 failed + 0 deferred + 0 held + 1 skipped"
    assert str(Tally(4, tally.counts)).startswith("4 candidates != ")
