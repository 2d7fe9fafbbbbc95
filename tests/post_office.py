"""A real post office on loopback: Postfix takes letters over TLS with a login, Dovecot shows them over IMAP.

Letters to `reader1@readers.example` and so on, to `other1@readers.example` and so on, and reports to `bounce+...@letter.example`, lie in maildirs;
anybody else is unknown, which Postfix finds out only after it has taken the letter: so it writes a
report itself. Ports, queue and mail are the test's own; only root may start Postfix.
"""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from certificates import self_signed

USER, PASSWORD = "desk@letter.example", "a-long-secret"
READERS, OTHERS, BOUNCES = "readers@readers.example", "others@readers.example", "bounces@letter.example"

_DOVECOT = """
base_dir = {home}/dovecot
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl_cert = <{home}/certificate.pem
ssl_key = <{home}/key.pem
first_valid_uid = 1
mail_location = maildir:{home}/mail/%n
mail_uid = {uid}
mail_gid = {gid}
passdb {{
  driver = static
  args = password={{PLAIN}}{password}
}}
userdb {{
  driver = static
  args = home={home}/mail/%n
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imap}
    ssl = yes
  }}
}}
service auth {{
  unix_listener {home}/dovecot-auth {{
    mode = 0666
  }}
}}
"""
_POSTFIX = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/log/postfix.log
maillog_file_prefixes = {home}/log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.readers.example
mydestination =
mynetworks =
append_dot_mydomain = no
smtpd_banner = $myhostname ESMTP
smtpd_tls_cert_file = {home}/certificate.pem
smtpd_tls_key_file = {home}/key.pem
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = unix:{home}/dovecot-auth
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_reject_unlisted_recipient = no
virtual_mailbox_domains = readers.example, letter.example
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = regexp:{home}/mailboxes
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
"""
_MAILBOXES = r"""
/^reader[0-9]+@readers\.example$/ readers/
/^other[0-9]+@readers\.example$/ others/
/^bounces?(\+.*)?@letter\.example$/ bounces/
"""
_MASTER = """
127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
tlsmgr unix - - n 1000? 1 tlsmgr
"""


@dataclass(frozen=True)
class PostOffice:
    """Where it listens, whose certificate to trust, and what Postfix writes down."""

    smtp: int
    imap: int
    certificate: Path
    log: Path

    def letters(self, user: str) -> list[bytes]:
        """Every letter in somebody's mailbox, as IMAP gives it: with the line ends of the wire."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        with imaplib.IMAP4_SSL("127.0.0.1", self.imap, ssl_context=context, timeout=60) as box:
            box.login(user, PASSWORD)
            count = int(box.select(readonly=True)[1][0])
            found = box.fetch(f"1:{count}", "(BODY.PEEK[])")[1] if count else []
        return [part[1] for part in found if isinstance(part, tuple)]

    def wait_for(self, user: str, count: int, seconds: float = 120) -> list[bytes]:
        """The letters, when so many have arrived (or as many as there are, when time is up)."""
        until = time.monotonic() + seconds
        while len(found := self.letters(user)) < count and time.monotonic() < until:
            time.sleep(0.3)
        return found


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Run it in a temporary folder until the block ends."""
    home = Path(tempfile.mkdtemp(prefix="post-"))
    home.chmod(0o755)
    smtp, imap = _free_port(), _free_port()
    _, certificate = self_signed(home)
    keeper = pwd.getpwnam("mail")
    for name in ("mail", "queue", "data", "log", "config", "dovecot"):
        (home / name).mkdir()
    os.chown(home / "mail", keeper.pw_uid, keeper.pw_gid)
    os.chown(home / "data", pwd.getpwnam("postfix").pw_uid, -1)
    (home / "mailboxes").write_text(_MAILBOXES)
    known = {"home": home, "uid": keeper.pw_uid, "gid": keeper.pw_gid, "smtp": smtp, "imap": imap}
    (home / "dovecot.conf").write_text(_DOVECOT.format(password=PASSWORD, **known))
    (home / "config" / "main.cf").write_text(_POSTFIX.format(**known))
    (home / "config" / "master.cf").write_text(_MASTER.format(**known))
    commands = [["dovecot", "-c", home / "dovecot.conf"], ["postfix", "-c", home / "config", "start"]]
    endings = [["doveadm", "-c", home / "dovecot.conf", "stop"], ["postfix", "-c", home / "config", "stop"]]
    try:
        for command in commands:
            _run(command, home / "told")
        _wait_for(smtp, imap)
        yield PostOffice(smtp, imap, certificate, home / "log" / "postfix.log")
    finally:
        for command in endings:
            _run(command, home / "told", check=False)
        shutil.rmtree(home, ignore_errors=True)


def _run(command: list[str | Path], told: Path, *, check: bool = True) -> None:
    """Into a file: a pipe would stay open for as long as the servers run."""
    path = {"PATH": f"{os.environ['PATH']}:/usr/sbin"}
    with told.open("a") as file:
        done = subprocess.run(
            command, stdout=file, stderr=file, timeout=60, check=False, env=os.environ | path
        )
    assert not check or done.returncode == 0, told.read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(*ports: int) -> None:
    until = time.monotonic() + 30
    for port in ports:
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
