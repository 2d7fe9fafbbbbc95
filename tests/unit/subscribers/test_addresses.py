"""One mailbox and its spellings."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from publisher.subscribers.addresses import mailbox, masked, parse_address


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Aigul@Example.ORG", ("aigul@example.org", "Aigul@example.org")),
        (" a@faß.de ", ("a@xn--fa-hia.de", "a@xn--fa-hia.de")),
        ("почта@пример.рф", ("почта@xn--e1afmkfd.xn--p1ai", "почта@xn--e1afmkfd.xn--p1ai")),
        ("x.y@ｅxample.org", ("x.y@example.org", "x.y@example.org")),
    ],
)
def test_two_spellings_of_a_mailbox_have_one_key(typed: str, expected: tuple[str, str]) -> None:
    """The key is casefolded with an IDNA domain; the envelope keeps the local part's case."""
    address = parse_address(typed)
    assert (address.key, address.mailbox) == expected
    assert address.typed == typed.strip()


@pytest.mark.parametrize(
    "typed",
    [
        *("", "x", "@", "a@", "@b.org", "a b@c.org", "a@localhost", "a@[127.0.0.1]", '"a b"@c.org'),
        *("X <a@c.org>", "<a@c.org>", "a@b.org\r\nRCPT TO:<e@x.org>", "a@b.org\x00", "a@b..org", ".a@b.org"),
        *("a.@b.org", "a..b@c.org", "a@b.org,c@d.org", "a" * 65 + "@b.org", "a@" + "b." * 130 + "org"),
        *("a@b_c.org", "\ud800@b.org", "a@xn--0.org"),
    ],
)
def test_what_no_server_would_take_is_refused(typed: str) -> None:
    """A wrong address is a sentence, never an exception of another kind."""
    with pytest.raises(ValueError, match=r"."):
        parse_address(typed)


def test_only_a_local_part_beyond_ascii_needs_smtputf8() -> None:
    """An international domain travels as A-labels; an international local part cannot."""
    assert [parse_address(a).needs_smtputf8 for a in ("a@пример.рф", "ü@x.org")] == [False, True]


def test_plus_tags_count_as_one_mailbox() -> None:
    """The limits see through `+tag`; the key does not."""
    address = parse_address("reader+news@example.org")
    assert (address.counted, address.key) == ("reader@example.org", "reader+news@example.org")


def test_a_mask_keeps_the_domain() -> None:
    """A page shows enough for the owner and too little for others."""
    assert masked("aigul@example.org") == "a•••@example.org"


@given(st.from_regex(r"[A-Za-z0-9_.+-]{1,70}@[a-zA-Z0-9.-]{1,20}", fullmatch=True))
def test_the_short_way_judges_as_the_long_way_does(typed: str) -> None:
    """The fast check of plain addresses accepts exactly what the library accepts."""
    try:
        checked = validate_email(typed, check_deliverability=False, strict=True)
    except EmailNotValidError:
        with pytest.raises(ValueError, match=r"."):
            parse_address(typed)
    else:
        assert parse_address(typed).mailbox == f"{checked.local_part}@{checked.ascii_domain}"


@given(st.emails())
def test_a_stored_address_gives_its_mailbox_back(typed: str) -> None:
    """What is read from the database needs no second check before it is an envelope."""
    try:
        address = parse_address(typed)
    except ValueError:
        return
    assert parse_address(mailbox(address.typed)).key == address.key
