"""`publisher doctor`: whether letters would leave, and be believed."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli import console
from publisher.errors import ConfigurationError, Finding, InputError, Severity

if TYPE_CHECKING:
    from publisher.config import Settings
    from publisher.pipeline.doctor import CheckUp

_CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_PORTS = range(1, 65536)
_STRING = 255  # octets in one string of a TXT record (RFC 1035 sec. 3.3)


def _nameserver(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Hold to `192.0.2.1` or `192.0.2.1:5353`."""
    host, colon, port = value.partition(":")
    try:
        if value:
            IPv4Address(host)
            _PORTS.index(int(port if colon else "53"))  # ValueError for one that cannot be
    except ValueError:
        raise click.BadParameter("write an address such as 192.0.2.1 or 192.0.2.1:5353") from None
    return value


@click.command()
@click.option("--offline", is_flag=True, help="Ask neither the DNS nor the relays.")
@click.option(
    "--nameserver",
    metavar="ADDRESS:PORT",
    default="",
    callback=_nameserver,
    help="Ask this name server only.",
)
@click.option("--new-key", is_flag=True, help="Make a DKIM key, keep it, print its DNS record.")
@click.option("--ed25519", is_flag=True, help="With --new-key: the second key, beside the RSA one.")
@click.option("--explain", metavar="CODE", help="Say what a server's refusal means, such as 5.7.26.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default="publication.toml",
    show_default=True,
    help="The project file.",
)
def doctor(
    offline: bool, nameserver: str, new_key: bool, ed25519: bool, explain: str | None, config: Path
) -> int:
    """Look at everything that decides whether letters arrive, and say what to do.

    Settings, file modes, clock, keys; a letter to ourselves over SMTP, its seal read back; SPF, DKIM, DMARC, MX and
    PTR in the DNS; each relay's encryption, certificate and login. Nothing is changed and nobody is written to.
    Exit code 0 when all is well, 1 when there are findings, 78 when the settings must be put right first.

    \b
    Examples:
      publisher doctor
      publisher doctor --new-key
      publisher doctor --explain 5.7.26
    """
    if ed25519 and not new_key:
        raise click.UsageError("--ed25519 goes with --new-key")
    if explain is not None:
        return _explain(explain)
    settings = _settings(config)
    if settings is None:
        return ConfigurationError.exit_code
    return (
        _make_key(settings, ed25519=ed25519) if new_key else _examine(settings, nameserver, offline=offline)
    )


def _settings(config: Path) -> Settings | None:
    """None when they cannot be read, which has been told."""
    from publisher.config import load_settings

    try:
        return load_settings(config, os.environ)
    except InputError as error:
        console.complain(error)
        return None


def _examine(settings: Settings, nameserver: str, *, offline: bool) -> int:
    from publisher.delivery.resolver import Resolver
    from publisher.pipeline.doctor import examine

    lookup = None if offline else Resolver(nameserver)
    found = 0
    for look in examine(settings, datetime.now(UTC), lookup, os.environ):
        _show(look)
        found += len(look.findings)
    console.say(f"{found} finding{'s' if found != 1 else ''}." if found else "All is well.")
    return int(found > 0)


def _show(look: CheckUp) -> None:
    if not look.findings:
        console.say(f"{console.paint('ok   ', 'green')} {look.subject}")
    for finding in look.findings:
        console.say(f"{_label(finding)} {look.subject}: {_told(finding, look.subject)}")


def _label(finding: Finding) -> str:
    if finding.severity is Severity.ERROR:
        return console.paint("error", "red", bold=True)
    return console.paint("warn ", "yellow", bold=True)


def _told(finding: Finding, subject: str) -> str:
    """What and what to do; where, unless the line has said so already."""
    where = "" if finding.path in subject else f"{finding.path} "
    return f"{where}{finding.message} -> {finding.hint} " + console.paint(f"[{finding.code}]", dim=True)


def _make_key(settings: Settings, *, ed25519: bool) -> int:
    from publisher.pipeline.doctor import make_key

    key, file = make_key(settings, "ed25519" if ed25519 else "rsa")
    text = key.dns_record
    strings = " ".join(f'"{text[i : i + _STRING]}"' for i in range(0, len(text), _STRING))
    console.emit(f"{key.dns_name}. 3600 IN TXT {strings}")
    setting = "ed25519_key_file" if ed25519 else "key_file"
    console.say(f"The key is in {file}; only you can read it, and no repository should hold it.")
    console.say(
        f"1. Publish the record above: type TXT, name {key.dns_name}; a form takes the strings as one."
    )
    console.say(f'2. In publication.toml, under [delivery.dkim]: {setting} = "{file}"')
    console.say("3. When the record is public: publisher doctor")
    return 0


def _explain(text: str) -> int:
    """The table of refusals, by code; also out of a server's whole answer."""
    from publisher.delivery.codes import EXPLANATIONS

    codes = _CODE.findall(text)
    known = [code for code in codes if code in EXPLANATIONS]
    if not known:
        message, hint = "is not a code that we know", f"known are {', '.join(sorted(EXPLANATIONS))}"
        raise InputError([Finding(text, 0, 0, "", message, hint)])
    for code in known:
        console.emit(f"{code}  {EXPLANATIONS[code]}")
    return 0
