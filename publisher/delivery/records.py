"""What a domain says about its mail: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489), MX, PTR.

Pure: a `Lookup` is handed in, so the rules are tested without a network.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Sequence
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from publisher.errors import Finding, Severity

SPF_LOOKUPS = 10  # RFC 7208 sec. 4.6.4
_ENOUGH = 3 * SPF_LOOKUPS
"""A record that includes half the world is not followed round it."""
_COSTLY = ("include:", "a", "mx", "ptr", "exists:", "redirect=")
_GOOD_BITS = 2048


class Lookup(Protocol):
    """A name server's answers; empty for a name or record that is not there."""

    def txt(self, name: str) -> Sequence[str]:
        """Give the texts of a name, the strings of each record joined."""
        ...

    def mx(self, name: str) -> Sequence[str]:
        """Give the names of a domain's mail servers; `.` says that it takes no mail (RFC 7505)."""
        ...

    def addresses(self, name: str) -> Sequence[str]:
        """Give the IPv4 and IPv6 addresses of a name."""
        ...

    def ptr(self, address: str) -> Sequence[str]:
        """Give the names of an address."""
        ...


def tell(domain: str, fault: str, hint: str, code: str, *, grave: bool = True) -> Finding:
    """A finding about a name in the DNS."""
    return Finding(domain, 0, 0, "", fault, hint, code, Severity.ERROR if grave else Severity.WARNING)


def check_spf(domain: str, lookup: Lookup) -> Iterator[Finding]:
    """One record, at most ten look-ups, and an end that is no open door."""
    records = [text for text in lookup.txt(domain) if text.lower().startswith("v=spf1")]
    if len(records) != 1:
        fault = "has no SPF record" if not records else f"has {len(records)} SPF records; one is allowed"
        yield tell(domain, fault, "publish one TXT record: v=spf1 include:YOUR-RELAY -all", "M101")
        return
    cost = spf_cost(domain, lookup)
    if cost > SPF_LOOKUPS:
        yield tell(domain, f"SPF needs {cost} look-ups of at most {SPF_LOOKUPS}", "drop an include:", "M102")
    if records[0].split()[-1].lower() in {"+all", "all"}:
        yield tell(domain, "SPF lets everybody send (+all)", "end the record with -all", "M103")


def spf_cost(domain: str, lookup: Lookup) -> int:
    """How many look-ups a receiver must make, includes and redirects followed; not counted beyond `_ENOUGH`."""
    cost = 0
    waiting: list[tuple[str, frozenset[str]]] = [(domain, frozenset())]  # a name, and those that led to it
    while waiting and cost <= _ENOUGH:
        name, path = waiting.pop()
        if name in path:
            continue
        record = next((text for text in lookup.txt(name) if text.lower().startswith("v=spf1")), "")
        for word in record.split()[1:]:
            term = word.lstrip("+-~?").lower()
            if term.startswith(("include:", "redirect=")):
                waiting.append((term[8:] if term[7] == ":" else term[9:], path | {name}))
                cost += 1
            elif term.split(":")[0].split("/")[0] in _COSTLY or term.startswith("exists:"):
                cost += 1
    return cost


def check_dkim(name: str, expected: str, lookup: Lookup) -> Iterator[Finding]:
    """The record of our own key, as it must stand at `selector._domainkey.domain`."""
    published = "".join(lookup.txt(name)).replace(" ", "")
    if not published:
        yield tell(name, "there is no DKIM record", f"publish as TXT: {expected}", "M111")
    elif _tag(published, "p") != _tag(expected.replace(" ", ""), "p"):
        yield tell(name, "the DKIM record is of another key", f"publish as TXT: {expected}", "M112")
    elif (bits := _bits(_tag(published, "p"))) and bits < _GOOD_BITS:
        yield tell(name, f"the DKIM key has {bits} bits", "make one of 2048: --new-key", "M113", grave=False)


def check_dmarc(domain: str, signed: str, bounces: str, lookup: Lookup) -> Iterator[Finding]:
    """A policy is published, and the seal or the envelope sender agrees with From as closely as it asks for."""
    name = f"_dmarc.{domain}"
    records = _dmarc(name, lookup) or _dmarc(f"_dmarc.{organisation(domain)}", lookup)
    record = records[0] if records else ""
    if not records:
        yield tell(
            name, "there is no DMARC record", "publish at least: v=DMARC1; p=none; rua=mailto:…", "M121"
        )
    if len(records) > 1:  # RFC 7489 sec. 6.6.3
        yield tell(name, f"has {len(records)} DMARC records, so none counts", "keep one of them", "M121")
    if not _aligned(signed, domain, strict=_tag(record, "adkim") == "s"):
        hint = f"set [delivery.dkim] domain to {domain}"
        yield tell(domain, f"the seal is of {signed or 'nobody'}, which DMARC does not count", hint, "M122")
    strict = _tag(record, "aspf") == "s"
    if not _aligned(bounces, domain, strict=strict):
        hint = (
            f"take bounces at {domain} itself"
            if strict
            else "take bounces at the sender's own domain or below it"
        )
        yield tell(domain, f"bounces go to {bounces}, so SPF does not count", hint, "M123", grave=False)


def _dmarc(name: str, lookup: Lookup) -> list[str]:
    """Policies, without their blanks; what else stands there, as a wildcard's SPF record, is none."""
    found = (text.replace(" ", "") for text in lookup.txt(name))
    return [text for text in found if text.lower().startswith("v=dmarc1")]


def _aligned(one: str, other: str, *, strict: bool) -> bool:
    """Relaxed compares the registered parts, strict the names themselves (RFC 7489 sec. 3.1)."""
    return one.lower() == other.lower() if strict else organisation(one) == organisation(other)


def check_mailboxes(domains: Sequence[str], lookup: Lookup) -> Iterator[Finding]:
    """Where answers and bounces go, somebody must take them (Microsoft refuses letters otherwise)."""
    for domain in dict.fromkeys(domains):
        servers = lookup.mx(domain)
        if "." in servers or not (servers or lookup.addresses(domain)):
            yield tell(domain, "no server takes mail for it", "publish an MX record", "M131")


def check_reverse(server: str, lookup: Lookup) -> Iterator[Finding]:
    """Address -> name -> the same address, as Gmail asks of every sender."""
    for address in lookup.addresses(server):
        names = lookup.ptr(address)
        if not any(address in lookup.addresses(name) for name in names):
            hint = "ask the host to set the reverse record to the server's name"
            yield tell(
                server, f"{address} has no PTR record that leads back to it", hint, "M141", grave=False
            )


def organisation(domain: str) -> str:
    """The registered part: its last two labels (three where the second is a short general one)."""
    labels = domain.lower().rstrip(".").split(".")
    general = {"co", "com", "org", "net", "gov", "edu", "ac"}
    count = 3 if len(labels) > 2 and labels[-2] in general and len(labels[-1]) == 2 else 2  # noqa: PLR2004  # labels
    return ".".join(labels[-count:])


def _tag(record: str, name: str) -> str:
    tags = (part.partition("=") for part in record.split(";"))
    return next((value for key, _, value in tags if key.strip() == name), "")


def _bits(key: str) -> int:
    try:
        public = load_der_public_key(b64decode(key))
    except ValueError:
        return 0  # an Ed25519 key is bare; its size is always right
    return public.key_size if isinstance(public, rsa.RSAPublicKey) else 0
