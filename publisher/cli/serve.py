"""`publisher serve`: the public door."""

from __future__ import annotations

import logging
import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli import console

if TYPE_CHECKING:
    from publisher.config import Settings
    from publisher.subscribers.letters import Mailer


@click.command()
@click.option("--host", help="The address to listen at; by default [web] host.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; by default [web] port.")
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
def serve(host: str | None, port: int | None, output: Path | None, config: Path) -> None:
    """Serve the published site, and the pages by which readers come and go.

    Stops on Ctrl-C or SIGTERM when the requests at hand are answered. Behind a proxy, see docs/deployment.md.

    \b
    Example:
      publisher serve --port 8080
    """
    from publisher.config import load_settings
    from publisher.subscribers.opening import open_store
    from publisher.webapp.app import create_app
    from publisher.webapp.archive import static_files
    from publisher.webapp.door import Door
    from publisher.webapp.server import make_server

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    settings = load_settings(config, os.environ)
    host, port = host or settings.web.host, settings.web.port if port is None else port
    store = open_store(settings.subscribers, settings.root)
    mailer = _mailer(settings)
    site = static_files(output or settings.root / "public", settings) if settings.web.site else None
    app = create_app(Door(settings, store, _now), mailer, hosts=_local_names(host), archive=site)
    console.say(f"The door is open at http://{host}:{port}/subscribe (Ctrl-C closes it).")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _nothing_more)
    make_server(app, host, port).run()
    store.engine.dispose()
    console.say("The door is closed.")


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
