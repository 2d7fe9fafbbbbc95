"""A mark says which delivery a bounce is about, and cannot be made up."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from publisher.delivery.marks import Marks


def prints(*keys: bytes):
    """A keyed hash per key."""
    return lambda text: [hashlib.sha256(key + text.encode()).digest() for key in keys]


@given(
    st.dates().map(str).filter(lambda day: day[0] != "0"), st.integers(0, 2**40), st.sampled_from(["", ".2"])
)
def test_a_mark_is_read_back_from_anywhere(day, number, correction) -> None:
    """In any case, inside an address, among other words."""
    marks = Marks(prints(b"key"))
    mark = marks.make(day + correction, number)
    assert marks.read(f"<Bounce+{mark.upper()}@mail.letter.example> failed") == (day + correction, number)
    assert len(mark) <= 50


def test_a_forged_mark_is_no_mark() -> None:
    """One digit changed, or another key: nobody can have somebody else suppressed."""
    mark = Marks(prints(b"key")).make("2025-12-10", 77)
    forged = mark.replace(".25.", ".26.")
    assert Marks(prints(b"key")).read(forged) is None
    assert Marks(prints(b"other")).read(mark) is None


def test_a_mark_of_an_older_key_is_still_read() -> None:
    """A bounce may come days after the keys were changed."""
    mark = Marks(prints(b"old")).make("2025-12-10", 5)
    assert Marks(prints(b"new", b"old")).read(mark) == ("2025-12-10", 5)
