"""The table of legal moves."""

import pytest

from publisher.subscribers.models import MOVES, Actor, IllegalMoveError, State, may_move


@pytest.mark.parametrize("before", [State.LEFT, State.BOUNCED, State.COMPLAINED, State.ERASED])
def test_a_list_never_brings_anybody_back(before: State) -> None:
    """Who left, bounced, complained or was erased is not written to because of an import."""
    assert not may_move(before, State.ACTIVE, Actor.IMPORT)


def test_nothing_follows_an_erasure() -> None:
    """An erased number stays erased, whoever asks."""
    assert [move for move in MOVES if move[0] is State.ERASED] == []


@pytest.mark.parametrize("before", [State.PENDING, State.ACTIVE, State.BOUNCED])
def test_a_reader_can_always_leave(before: State) -> None:
    """Whoever could still be written to can end it with a link."""
    assert may_move(before, State.LEFT, Actor.READER)


@pytest.mark.parametrize("before", [state for state in State if state is not State.ERASED])
def test_everybody_can_be_forgotten(before: State) -> None:
    """No state stands in the way of an erasure that the editor makes."""
    assert may_move(before, State.ERASED, Actor.EDITOR)


def test_a_form_alone_makes_nobody_active() -> None:
    """A new address becomes active by confirmation, by the editor or by a list, never by a form."""
    assert not may_move(None, State.ACTIVE, Actor.READER)


def test_an_illegal_move_says_what_is_possible() -> None:
    """The error names the states and the way back."""
    error = IllegalMoveError(State.LEFT, State.ACTIVE, Actor.IMPORT)
    assert str(error).startswith(
        "Who is left cannot be made active by the import -> they can subscribe again"
    )
