"""The check-up over real sockets: our own name server, our own relays, our own letter."""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import publication
from certificates import self_signed
from dns_stub import Zone, name_server, txt
from smtp_server import Script, smtp_server

from publisher.config import Settings
from publisher.database import open_engine
from publisher.delivery.dkim import new_key, write_key
from publisher.delivery.knocking import check_relay
from publisher.delivery.models import Letter, Recipient
from publisher.delivery.rehearsal import rehearse
from publisher.delivery.resolver import Resolver
from publisher.delivery.settings import ServerSettings
from publisher.errors import ConfigurationError
from publisher.pipeline.doctor import examine, make_key

NOW = datetime(2025, 12, 10, 6, 0, tzinfo=UTC)
KEYS = (new_key("letter.example", "letter"), new_key("letter.example", "letter-ed", kind="ed25519"))


def sealed(root: Path, **delivery: Any) -> Settings:
    """A publication with both keys, and a sender with mailboxes of its own."""
    dkim = {"key_file": "data/rsa.pem", "ed25519_key_file": "data/ed.pem"}
    write_key(KEYS[0], root / "data/rsa.pem")
    write_key(KEYS[1], root / "data/ed.pem")
    sender = {"address": "letter@letter.example", "bounces": "bounce@mail.letter.example"}
    return Settings.model_validate(
        {
            "root": root,
            "publication": publication(),
            "delivery": {"dkim": dkim, "sender": sender, **delivery},
        }
    )


def good_zone() -> dict[tuple[str, str], list[str]]:
    """Everything as receivers want it."""
    rsa, ed = KEYS
    return {
        ("letter.example", "TXT"): [txt("v=spf1 mx -all")],
        ("mail.letter.example", "TXT"): [txt("v=spf1 mx -all")],
        ("letter._domainkey.letter.example", "TXT"): [txt(rsa.dns_record)],
        ("letter-ed._domainkey.letter.example", "TXT"): [txt(ed.dns_record)],
        ("_dmarc.letter.example", "TXT"): [txt("v=DMARC1; p=none")],
        ("letter.example", "MX"): ["10 mx.letter.example."],
        ("mail.letter.example", "MX"): ["10 mx.letter.example."],
        ("mx.letter.example", "A"): ["192.0.2.25"],
        ("25.2.0.192.in-addr.arpa", "PTR"): ["mx.letter.example."],
    }


def codes(settings: Settings, zone: Zone, now: datetime = NOW) -> dict[str, list[str]]:
    """The findings of a check-up by what was looked at; what is in order is left out."""
    with name_server(zone) as address:
        looks = list(examine(settings, now, Resolver(address), {}))
    return {look.subject: [finding.code for finding in look.findings] for look in looks if look.findings}


def test_all_is_well_where_all_is_well(tmp_path: Path) -> None:
    """Two seals, right records, a relay that answers: not a word."""
    with smtp_server() as relay:
        server = {"host": "127.0.0.1", "port": relay.port}
        settings = sealed(tmp_path, servers=[server], ehlo_name="mx.letter.example")
        assert codes(settings, good_zone()) == {}
        assert relay.took == []


@pytest.mark.parametrize(
    ("name", "kind", "subject", "expected"),
    [
        ("letter.example", "TXT", "SPF of letter.example", "M101"),
        ("mail.letter.example", "TXT", "SPF of mail.letter.example", "M101"),
        (
            "letter._domainkey.letter.example",
            "TXT",
            "DKIM letter._domainkey.letter.example",
            "M111",
        ),
        ("_dmarc.letter.example", "TXT", "DMARC of letter.example", "M121"),
        ("mail.letter.example", "MX", "MX of mail.letter.example", "M131"),
        ("25.2.0.192.in-addr.arpa", "PTR", "PTR of mx.letter.example", "M141"),
    ],
)
def test_a_missing_record_is_named(tmp_path: Path, name: str, kind: str, subject: str, expected: str) -> None:
    """One record away, one finding more, and nothing else."""
    with smtp_server() as relay:
        server = {"host": "127.0.0.1", "port": relay.port}
        settings = sealed(tmp_path, servers=[server], ehlo_name="mx.letter.example")
        zone = {at: values for at, values in good_zone().items() if at != (name, kind)}
        assert codes(settings, zone) == {subject: [expected]}


def test_a_database_before_its_first_run_is_no_finding(tmp_path: Path, database_url: str) -> None:
    """On a server it is there before there are tables in it: nobody has a wrong clock or a full disk for that."""
    with smtp_server() as relay:
        settings = sealed(tmp_path, servers=[{"host": "127.0.0.1", "port": relay.port}])
        readers = settings.subscribers.model_copy(update={"database": database_url})
        open_engine(database_url).dispose()
        looks = list(examine(settings.model_copy(update={"subscribers": readers}), NOW, None, {}))
    assert [look.subject for look in looks if look.findings] == []


def test_a_silent_name_server_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits five seconds for each of a dozen questions."""
    monkeypatch.setattr("publisher.delivery.resolver.PATIENCE", 0.3)
    settings = sealed(tmp_path)
    with name_server({}, silent=True) as address:
        looks = list(examine(settings, NOW, Resolver(address), {}))
    found = [finding.code for look in looks for finding in look.findings]
    assert found == ["M204", "M151"]


def test_a_key_that_others_can_read_is_told_once_with_the_command(tmp_path: Path) -> None:
    """Such a key seals nothing, so nothing is said of keys and seals; the rest is looked at all the same."""
    settings = sealed(tmp_path)
    zone = good_zone()
    (tmp_path / "data/rsa.pem").chmod(0o644)
    found = codes(settings, zone)
    assert found["who can read the secrets"] == ["M201"]
    assert not {"keys", "a letter to ourselves"} & set(found)


def test_a_clock_behind_the_issue_s_own_files_is_told(tmp_path: Path) -> None:
    """The files were written by the same clock."""
    settings = sealed(tmp_path)
    folder = tmp_path / "issues" / "2025-12-10"
    folder.mkdir(parents=True)
    (folder / "issue.md").write_text("words")
    later = (NOW + timedelta(days=1)).timestamp()
    os.utime(folder / "issue.md", (later, later))
    assert codes(settings, good_zone())["clock"] == ["M202"]


def relay_codes(server: ServerSettings, secret: str = "") -> list[str]:
    """The findings of a knock."""
    return [finding.code for finding in check_relay(server, secret, "mx.letter.example")]


def at(port: int, **fields: Any) -> ServerSettings:
    """A relay on loopback, counted as one far away where a name says so."""
    return ServerSettings.model_validate({"host": "127.0.0.1", "port": port, **fields})


# asyncio leaves the socket of a handshake that broke off to the garbage collector: collect it here
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_relay_is_asked_as_a_send_would_ask(tmp_path: Path) -> None:
    """Encryption, certificate and login, and no letter; each fault is told as such."""
    context, trusted = self_signed(tmp_path)
    with smtp_server(Script(tls=context, users={"desk": "secret"})) as relay:
        secure: Mapping[str, Any] = {"tls": "starttls", "ca_file": str(trusted), "user": "desk"}
        assert relay_codes(at(relay.port, **secure), "secret") == []
        assert relay_codes(at(relay.port, **secure), "wrong") == ["M211"]
        assert relay_codes(at(relay.port, tls="starttls")) == ["M211"]
        assert (relay.took, relay.counts.get("MAIL", 0)) == ([], 0)
    with smtp_server() as plain:
        assert relay_codes(at(plain.port, tls="starttls")) == ["M211"]
    assert relay_codes(at(plain.port)) == ["M211"]
    gc.collect()


class FarAway(ServerSettings):
    """A relay on loopback that counts as another machine."""

    @property
    def is_loopback(self) -> bool:
        """No."""
        return False


def test_a_relay_in_the_clear_is_told(tmp_path: Path) -> None:
    """With STARTTLS on offer it is our fault, without it the relay's."""
    context, _ = self_signed(tmp_path)
    for script, expected in ((Script(tls=context), ["M212"]), (Script(), ["M213"])):
        with smtp_server(script) as relay:
            server = FarAway(host="127.0.0.1", port=relay.port, tls="none")
            assert relay_codes(server) == expected


def test_our_own_letter_arrives_byte_by_byte() -> None:
    """As it left."""
    chunks = [b"Subject: a\r\n\r\n", b"first\r\nlast\r\n"]
    letter = Letter("a@letter.example", chunks, 27, "m@letter.example")
    arrived = rehearse(letter, Recipient(0, "reader@letter.invalid"))
    assert arrived == b"".join(chunks)


def test_a_new_key_never_replaces_an_old_one(tmp_path: Path) -> None:
    """Letters on their way are sealed with it."""
    settings = Settings(root=tmp_path, publication=publication())
    key, file = make_key(settings, "rsa")
    kept = (tmp_path / file).read_bytes()
    assert (key.dns_name, file.as_posix()) == ("letter._domainkey.letter.example", "data/dkim.pem")
    with pytest.raises(ConfigurationError, match="there already"):
        make_key(settings, "rsa")
    assert (tmp_path / file).read_bytes() == kept
    assert (tmp_path / file).stat().st_mode & 0o777 == 0o600
    assert make_key(settings, "ed25519")[0].dns_name == "letter-ed._domainkey.letter.example"
