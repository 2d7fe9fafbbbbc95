"""What receivers will find in the DNS about us, told before they refuse a letter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from publisher.delivery.dkim import new_key
from publisher.delivery.records import (
    check_dkim,
    check_dmarc,
    check_mailboxes,
    check_reverse,
    check_spf,
    organisation,
    spf_cost,
)
from publisher.errors import Finding


@dataclass
class Names:
    """A name server of a few lines."""

    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    servers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    numbers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    back: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def txt(self, name: str) -> Sequence[str]:
        """Texts of a name."""
        return self.texts.get(name, ())

    def mx(self, name: str) -> Sequence[str]:
        """Mail servers of a domain."""
        return self.servers.get(name, ())

    def addresses(self, name: str) -> Sequence[str]:
        """Addresses of a name."""
        return self.numbers.get(name, ())

    def ptr(self, address: str) -> Sequence[str]:
        """Names of an address."""
        return self.back.get(address, ())


def codes(findings: Iterable[Finding]) -> list[str]:
    """Only the codes."""
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([], ["M101"]),
        (["v=spf1 -all", "v=spf1 mx -all"], ["M101"]),
        (["google-site-verification=x", "v=spf1 mx -all"], []),
        (["v=spf1 mx +all"], ["M103"]),
        (["v=spf1 " + " ".join(f"include:i{n}.example" for n in range(11)) + " -all"], ["M102"]),
    ],
)
def test_spf(records: list[str], expected: list[str]) -> None:
    """One record, few look-ups, no open door."""
    assert codes(check_spf("letter.example", Names({"letter.example": records}))) == expected


def test_the_look_ups_of_includes_count_too() -> None:
    """A receiver follows them all; one that leads back to itself ends there."""
    names = Names(
        {
            "a.example": ["v=spf1 include:b.example a mx -all"],
            "b.example": ["v=spf1 include:a.example redirect=c.example"],
            "c.example": ["v=spf1 ip4:192.0.2.1 exists:%{i}.d.example ~all"],
        }
    )
    assert spf_cost("a.example", names) == 6


def test_a_record_that_branches_without_end_is_not_followed() -> None:
    """Ten includes that include ten others each would be a million questions."""
    asked: list[str] = []

    class Branching(Names):
        def txt(self, name: str) -> Sequence[str]:
            asked.append(name)
            return ["v=spf1 " + " ".join(f"include:{n}.{name}" for n in range(10)) + " -all"]

    assert codes(check_spf("a.example", Branching())) == ["M102"]
    assert len(asked) < 10


def test_dkim() -> None:
    """No record, another key's, and the right one, even if split by blanks."""
    key, other = new_key("letter.example", "s"), new_key("letter.example", "s")
    check: Callable[[str], list[str]] = lambda text: codes(  # noqa: E731  # three calls of one shape
        check_dkim(key.dns_name, key.dns_record, Names({key.dns_name: [text]} if text else {}))
    )
    assert check("") == ["M111"]
    assert check(other.dns_record) == ["M112"]
    assert check(key.dns_record.replace("p=", "p= ")) == []


@pytest.mark.parametrize(
    ("texts", "signed", "bounces", "expected"),
    [
        ({}, "letter.example", "letter.example", ["M121"]),
        ({"_dmarc.letter.example": ["v=DMARC1; p=none"]}, "letter.example", "bounce.letter.example", []),
        ({"_dmarc.letter.example": ["v=DMARC1; p=none"] * 2}, "letter.example", "letter.example", ["M121"]),
        ({"_dmarc.letter.example": ["v=DMARC1; p=none"]}, "", "letter.example", ["M122"]),
        ({"_dmarc.letter.example": ["v=spf1 -all"]}, "letter.example", "letter.example", ["M121"]),
        (
            {"_dmarc.letter.example": ["v=DMARC1; adkim = s"]},
            "mail.letter.example",
            "letter.example",
            ["M122"],
        ),
        ({"_dmarc.letter.example": ["v=DMARC1; aspf=s"]}, "letter.example", "b.letter.example", ["M123"]),
        ({"_dmarc.letter.example": ["v=DMARC1; p=none"]}, "mail.letter.example", "relay.example", ["M123"]),
    ],
)
def test_dmarc(texts: dict[str, list[str]], signed: str, bounces: str, expected: list[str]) -> None:
    """A policy, and a seal or an envelope that agrees with From."""
    assert codes(check_dmarc("letter.example", signed, bounces, Names(texts))) == expected


def test_a_domain_that_takes_no_mail_is_told() -> None:
    """Answers and bounces must arrive somewhere; an address record is enough (RFC 5321 sec. 5.1)."""
    names = Names(servers={"a.example": ["mx.a.example"]}, numbers={"b.example": ["192.0.2.1"]})
    assert codes(check_mailboxes(["a.example", "b.example", "c.example", "c.example"], names)) == ["M131"]
    null = Names(servers={"a.example": ["."]}, numbers={"a.example": ["192.0.2.1"]})
    assert codes(check_mailboxes(["a.example"], null)) == ["M131"], "RFC 7505: it has said so itself"


def test_a_reverse_record_must_lead_back() -> None:
    """A PTR that names another machine is none."""
    numbers = {"mx.example": ["192.0.2.1"], "other.example": ["192.0.2.9"]}
    good = Names(numbers=numbers, back={"192.0.2.1": ["mx.example"]})
    bad = Names(numbers=numbers, back={"192.0.2.1": ["other.example"]})
    assert codes(check_reverse("mx.example", good)) == []
    assert codes(check_reverse("mx.example", bad)) == ["M141"]


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("letter.example", "letter.example"),
        ("a.b.letter.kg", "letter.kg"),
        ("news.letter.com.kz", "letter.com.kz"),
    ],
)
def test_the_registered_part_of_a_domain(domain: str, expected: str) -> None:
    """DMARC's relaxed alignment compares this part."""
    assert organisation(domain) == expected
