"""Headers survive any text, and nothing but the intended headers reaches the wire."""

from email import policy
from email.header import decode_header, make_header
from email.parser import BytesParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publisher.delivery.headers import (
    Gate,
    WireError,
    check_head,
    check_wire,
    field_names,
    list_id,
    mailbox,
    structured,
    unstructured,
)

LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=300).filter(
    lambda text: text.strip() == text
)
INJECTION = "=?utf-8?q?=0D=0ABcc=3A_evil=40x.example?="


def read(line: bytes) -> str:
    """Unfold and decode a header line as a mail program does."""
    value = line.rstrip(b"\r\n").partition(b":")[2].decode("ascii").replace("\r\n", "")
    return str(make_header(decode_header(value.lstrip(" "))))


@given(LINES)
@example(INJECTION)
@example(
    "A title of plain ASCII words that is long enough to be folded over two or even three lines, twice over"
)
@example("x" * 200)
@example("Сом қымбаттады, манат өзгерген жоқ: биржадағы күннің қорытындысы, сарапшылардың пікірі 🚀")
def test_a_subject_comes_back_as_it_was_written(text: str) -> None:
    """Whatever the editor typed, the reader's program shows it, and it stays one header."""
    line = unstructured("Subject", text)
    assert read(line) == text
    assert list(field_names(line + b"\r\n")) == ["Subject"]
    assert max(map(len, line.split(b"\r\n"))) <= 76


@given(LINES)
@example(INJECTION)
@example('"evil@x.example", ')
@example("a@b.example <c@d.example>")
def test_a_display_name_is_never_read_as_an_address(name: str) -> None:
    """There is one address in From, the one we put there."""
    line = mailbox("From", name, "desk@letter.example")
    message = BytesParser(policy=policy.compat32).parsebytes(line + b"\r\n")
    assert message.keys() == ["From"]
    assert line.decode().replace("\r\n ", " ").rstrip().endswith("<desk@letter.example>")
    assert line.count(b"<") == 1 + line.partition(b'"')[2].rpartition(b'"')[0].count(b"<")


@pytest.mark.parametrize("text", ["a\r\nBcc: x@y.example", "a\nb", "a\0b", "a\x85b", "a\u2028b", "a\ud800b"])
def test_control_characters_are_refused(text: str) -> None:
    """Such text never gets past the loader; if it did, it stops here."""
    with pytest.raises(WireError, match="control character"):
        unstructured("Subject", text)


def test_structured_headers_stay_on_one_line() -> None:
    """A signer or relay that folds differently would break the signature over List-Unsubscribe."""
    value = "<https://letter.example/unsubscribe/" + "t" * 300 + ">"
    assert structured("List-Unsubscribe", value) == f"List-Unsubscribe: {value}\r\n".encode()


@pytest.mark.parametrize("value", ["a" * 1000, "naïve", "a\r\nb", ""])
def test_what_does_not_fit_a_line_is_refused(value: str) -> None:
    """998 octets of ASCII are the limit (RFC 5322 sec. 2.1.1)."""
    with pytest.raises(WireError):
        structured("List-Unsubscribe", value)


def test_a_list_id_carries_title_and_identifier() -> None:
    """RFC 2919: the identifier is what programs filter by."""
    assert list_id("Steppe Letter", "briefing.letter.example") == (
        b"List-Id: Steppe Letter <briefing.letter.example>\r\n"
    )


@pytest.mark.parametrize(
    "message",
    [
        b"From: a\r\nBcc: b\r\n\r\nbody\r\n",
        b"Subject: x\r\n\r\nbody\r\n",
        b"From: a\r\n\r\nbare\nline\r\n",
        b"From: a\r\n\r\nbare\rreturn\r\n",
        b"From: a\r\n\r\nnul\0\r\n",
        b"From: a\r\n\r\n" + b"x" * 999 + b"\r\n",
        b"From: a\r\nno header here\r\n\r\nbody\r\n",
        b"From: a\r\n\r\nbody\r\n.hidden\r\n",
    ],
)
def test_the_gate_stops_what_was_not_meant(message: bytes) -> None:
    """Another header, a bare line break, a NUL, an endless line, a dot that DATA would end with: none may leave."""
    with pytest.raises(WireError):
        check_wire(message, ["From"])


def test_the_gate_lets_the_intended_message_pass() -> None:
    """Nothing is changed on the way through."""
    check_wire(b"From: a\r\nSubject: b\r\n c\r\n\r\nbody\r\n", ["From", "Subject"])


NAMES = ["DKIM-Signature", "To", "List-Unsubscribe"]
BYTES = st.one_of(
    st.binary(max_size=20),
    st.sampled_from(
        [
            b"\r",
            b"\n",
            b"\0",
            b"\r\n",
            b"\r\n ",
            b"\r\n\t",
            b": ",
            b"Bcc: x",
            b"To: y",
            b"\xc3\xa9",
            b"x" * 998,
        ]
    ),
)


@given(st.lists(st.lists(BYTES, max_size=4).map(b"".join), min_size=3, max_size=3), st.booleans())
@example([b"v=1;\r\n h=from;\r\n b=abc", b"<reader@mail.example>", b"<https://letter.example/u>"], False)
@example([b"", b"<m\xc3\xbcller@mail.example>", b""], True)
@example([b"", b"a\r\nBcc: x", b""], False)
@example([b"", b"a" * 985, b""], False)
def test_the_quick_gate_lets_nothing_pass_that_the_full_one_stops(values: list[bytes], utf8: bool) -> None:
    """A letter's own lines are matched at once; names, order, count, breaks and lengths are as strict."""
    lines = b"".join(
        name.encode() + b": " + value + b"\r\n" for name, value in zip(NAMES, values, strict=True)
    )
    try:
        Gate(NAMES).check(lines, utf8=utf8)
    except WireError:
        return
    check_head(lines + b"\r\n", NAMES, utf8=utf8)


def test_the_quick_gate_lets_real_lines_pass() -> None:
    """Folded seals, addresses, links; UTF-8 only where it was asked for."""
    seal = b"DKIM-Signature: v=1;\r\n h=from;\r\n b=abc\r\n"
    gate = Gate(["DKIM-Signature", "To"])
    gate.check(seal + b"To: <reader@mail.example>\r\n")
    gate.check(seal + "To: <müller@mail.example>\r\n".encode(), utf8=True)
    for wrong in (seal, seal + "To: <müller@mail.example>\r\n".encode(), seal + b"To: a\r\nTo: b\r\n"):
        with pytest.raises(WireError):
            gate.check(wrong)
