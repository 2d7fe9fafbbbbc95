"""Bodies come back as they were written, whatever stands in them and in their gaps."""

import quopri
import re
from base64 import b64decode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publisher.delivery.encoding import Form, base64_pieces, encode_part, joined, quote, quoted_pieces

SLOTS = ("%%one%%", "%%two%%")
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))
VALUE = st.text(st.characters(exclude_categories=["Cs", "Cc"]))
BODY = st.lists(st.one_of(TEXT, st.sampled_from([*SLOTS, "\n", " ", ".", "From ", "-", "\t", "  \n"]))).map(
    "".join
)


def with_values(text: str, values) -> bytes:
    """What the reader should see."""
    for slot, value in values.items():
        text = text.replace(slot, value)
    return text.encode().replace(b"\n", b"\r\n")


def written(pieces, values) -> bytes:
    """The body on the wire, whose size is what was said, after a beginning that all letters share."""
    form = Form(joined(pieces))
    body, size = form.filled(values)
    assert body[: len(form.leading)] == form.leading
    assert size == sum(map(len, body))
    return b"".join(body)


@given(BODY, VALUE, VALUE)
@example("%%one%%", "https://letter.example/unsubscribe/u.2s.Kd.Zt0q", "")
@example("a %%one%% b", "x" * 500, "")
def test_quoted_text_with_filled_gaps_decodes_to_the_text_with_its_values(text, one, two) -> None:
    """A soft line break at each joint decodes to nothing."""
    values = dict(zip(SLOTS, (one, two), strict=True))
    wire = written(quoted_pieces(text, SLOTS), values)
    assert quopri.decodestring(wire).replace(b"\r\n", b"\n") == with_values(text, values).replace(
        b"\r\n", b"\n"
    )


@given(BODY, VALUE, VALUE)
def test_base64_text_with_filled_gaps_decodes_to_the_text_with_its_values(text, one, two) -> None:
    """Only the end is encoded anew, and the lines still join."""
    values = dict(zip(SLOTS, (one, two), strict=True))
    wire = written(base64_pieces(text, SLOTS), values)
    assert b64decode(wire) == with_values(text, values)


@given(st.binary().filter(lambda data: b"\r" not in data))
@example(b"From here\n.dot\n-hyphen\n  two blanks  \n\ttab\t\nend ")
def test_quoted_lines_are_canonical_and_safe_on_the_wire(data) -> None:
    """Nothing for a relay to change, stuff or mistake: what is signed is what arrives (RFC 6376 sec. 3.4)."""
    for line in quote(data).split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From", b"-", b" "))
        assert not re.search(rb"[ \t]$|  |\t|[^ -~]", line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain English words, a link and a number.\n" * 9, "quoted-printable"),
        ("Сом кымбаттады.\n" * 9, "base64"),
    ],
)
def test_the_smaller_encoding_is_chosen(text, expected) -> None:
    """Cyrillic is a third smaller in base64; Latin text is smaller, and readable, in quoted-printable."""
    assert encode_part(text, SLOTS)[0] == expected
