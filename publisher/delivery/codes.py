"""What Gmail's, Microsoft's and Yahoo's refusals mean, and what to do about them.

Sources: Google's "Email sender guidelines" and its SMTP error reference, Microsoft's notice on
high-volume senders (5.7.515), RFC 3463 and RFC 7372 for the rest.
"""

from __future__ import annotations

from publisher.delivery.models import Reply

_REVERSE = "the sending address has no matching reverse DNS name: ask the host for a PTR record"
_SPF = "SPF failed: add the sending server to the domain's SPF record"
_TLS = "the connection was not encrypted: let the relay use TLS"
_DKIM = "DKIM failed: publish the key that `publisher doctor` shows"
_RATE = "too many letters at once from this sender: it is slowed down by itself"

EXPLANATIONS: dict[str, str] = {
    "4.7.23": _REVERSE,
    "5.7.25": _REVERSE,
    "4.7.27": _SPF,
    "5.7.27": _SPF,
    "5.7.23": _SPF,
    "4.7.29": _TLS,
    "5.7.29": _TLS,
    "4.7.30": _DKIM,
    "5.7.30": _DKIM,
    "5.7.20": _DKIM,
    "4.7.31": "the domain has no DMARC record: publish one, p=none is enough",
    "4.7.32": "the From domain is aligned with neither SPF nor DKIM: sign with the From domain",
    "5.7.26": "Gmail found neither a valid SPF nor a valid DKIM: run `publisher doctor`",
    "4.7.26": "Gmail found neither a valid SPF nor a valid DKIM: run `publisher doctor`",
    "4.7.0": "the receiver does not trust this sender enough yet: send less at once, and regularly",
    "4.7.28": _RATE,
    "5.7.28": _RATE,
    "4.7.40": "DMARC failed: From must be aligned with SPF or DKIM",
    "5.7.40": "DMARC failed: From must be aligned with SPF or DKIM",
    "5.7.515": "Microsoft asks high-volume senders for SPF, DKIM and DMARC: run `publisher doctor`",
    "5.7.509": "the domain's own DMARC policy says: reject; align From with SPF or DKIM",
    "4.7.650": "Microsoft limits this address for its reputation: send less at once",
    "5.7.606": "Microsoft has blocked the sending address: ask sender.office.com to unblock it",
    "5.7.511": "Microsoft has blocked the sending address: ask sender.office.com to unblock it",
    "5.7.1": "refused by policy: the sender's address or reputation, or words in the letter",
    "5.7.8": "user name or password is wrong: check PUBLISHER_SMTP_PASSWORD",
    "5.7.9": "this way of logging in is too weak for the server: use an app password or XOAUTH2",
    "5.7.0": "the server asks for a login or for encryption first",
    "5.1.1": "no such mailbox",
    "5.1.2": "no such domain",
    "5.1.10": "the domain takes no mail (null MX)",
    "5.2.1": "the mailbox is switched off",
    "4.2.2": "the mailbox is full",
    "5.2.2": "the mailbox is full",
    "5.3.4": "the letter is larger than the server takes: shorten the digest",
    "5.6.7": "the address needs SMTPUTF8, which the server does not offer",
}


def explain(reply: Reply) -> str:
    """Say in plain words what a reply's enhanced code means, or nothing if that is not known."""
    return EXPLANATIONS.get(reply.enhanced, "")


def told(reply: Reply) -> str:
    """The server's own words, then ours: `550 5.1.1 unknown (no such mailbox)`."""
    meaning = explain(reply)
    return f"{reply} ({meaning})" if meaning else str(reply)
