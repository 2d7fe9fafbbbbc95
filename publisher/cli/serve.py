"""`publisher serve`: the public door."""

from __future__ import annotations

import logging
import os
import signal
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli import console
from publisher.errors import UnavailableError

if TYPE_CHECKING:
    from publisher.config import Settings
    from publisher.subscribers.letters import Mailer

_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # where one knocks, not where one listens


@click.command()
@click.option("--host", help="The address to listen at; by default [web] host.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; by default [web] port.")
@click.option(
    "--check", is_flag=True, help="Only ask the door that is open on this machine whether it is well."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="The folder that was published into; by default public/.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default="publication.toml",
    show_default=True,
    help="The project file.",
)
def serve(host: str | None, port: int | None, check: bool, output: Path | None, config: Path) -> None:
    """Serve the published site, and the pages by which readers come and go.

    Stops on Ctrl-C or SIGTERM when the requests at hand are answered. Behind a proxy, see docs/deployment.md.

    \b
    Example:
      publisher serve --port 8080
      publisher serve --check || echo "look at the log"
    """
    from publisher.config import load_settings

    settings = load_settings(config, os.environ)
    host, port = host or settings.web.host, settings.web.port if port is None else port
    if check:
        _ask_whether_well(settings.publication.url.host or "", host, port)
    else:
        _open_the_door(settings, host, port, output or settings.root / "public")


def _open_the_door(settings: Settings, host: str, port: int, site: Path) -> None:
    """Serve until a signal comes."""
    from publisher.subscribers.opening import open_store
    from publisher.webapp.app import create_app
    from publisher.webapp.archive import static_files
    from publisher.webapp.door import Door
    from publisher.webapp.server import listen, make_server

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("python_multipart").setLevel(logging.ERROR)  # a stranger's broken form fills no disk
    store = open_store(settings.subscribers, settings.root)
    mailer = _mailer(settings)
    archive = static_files(site, settings) if settings.web.site else None
    app = create_app(Door(settings, store, _now), mailer, hosts=_local_names(host), archive=archive)
    sockets = listen(host, port)
    console.say(f"The door is open at http://{host}:{port}/subscribe (Ctrl-C closes it).")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _nothing_more)
    make_server(app, host, port).run(sockets)
    store.engine.dispose()
    console.say("The door is closed.")


def _ask_whether_well(name: str, host: str, port: int) -> None:
    """Ask `/health` by the publication's name, as readers do; raises UnavailableError unless it is 200."""
    connection = HTTPConnection(_LOOPBACK.get(host, host), port, timeout=5)
    try:
        connection.request("GET", "/health", headers={"Host": name})
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise UnavailableError(
            f"Nobody answers at {host}:{port}: {error}", hint="is the door open?"
        ) from None
    finally:
        connection.close()
    if status != HTTPStatus.OK:
        raise UnavailableError(f"The door is not well: /health says {status}", hint="its log says why")
    console.say("The door is open, and the database answers.")


def _nothing_more(_number: int, _frame: object) -> None:
    """Uvicorn closes in order on a signal and then repeats it for whoever was there before."""


def _mailer(settings: Settings) -> Mailer:
    """The relays of [[delivery.servers]]; without any, confirmations lie in data/letters."""
    from publisher.delivery.outbound import password
    from publisher.pipeline.letters import dkim_keys, sender_of
    from publisher.subscribers.letters import FOLDER
    from publisher.webapp.envelopes import Envelope
    from publisher.webapp.mailers import FolderMailer, SmtpMailer

    envelope = Envelope(sender_of(settings), dkim_keys(settings))
    servers = settings.delivery.servers
    if not servers:
        folder = settings.root / FOLDER
        console.say(f"No mail server is set: confirmations are written to {folder}.")
        return FolderMailer(folder, envelope, _now)
    passwords = {server.name: password(settings.delivery, server, os.environ) for server in servers}
    return SmtpMailer(servers, passwords, envelope, _now, settings.delivery.ehlo_name)


def _now() -> datetime:
    return datetime.now(UTC)


def _local_names(host: str) -> tuple[str, ...]:
    """On this machine alone the door answers to the machine's own names, for trying it out."""
    return ("127.0.0.1", "localhost", "[::1]") if host in {"127.0.0.1", "localhost", "::1"} else ()
