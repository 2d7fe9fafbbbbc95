"""`publisher preview`: look at an issue while it is being written."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli import console
from publisher.errors import PublisherError

if TYPE_CHECKING:
    from publisher.webapp.preview import Changes

POLL = 0.3
"""Seconds between two looks at the files; a look at a hundred files takes a millisecond."""


@click.command()
@click.argument("issue", required=False)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one."
)
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), default="publication.toml")
def preview(issue: str | None, port: int, config: Path) -> None:
    """Publish ISSUE into a temporary folder, serve it on this machine only, and again on every save.

    The page in the browser reloads itself; faults are told here and at its foot. The letter is at
    /<date>/email.html.

    \b
    Example:
      publisher preview 2025-12-10
    """
    from publisher.webapp.preview import Changes, preview_server

    changes = Changes()
    with tempfile.TemporaryDirectory() as temporary:
        output = Path(temporary) / "public"
        slug, changes.fault = _publish(config, issue, output)
        output.mkdir(exist_ok=True)
        with preview_server(output, port, changes) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            address = f"http://127.0.0.1:{server.server_port}"
            console.say(
                f"Look at {address}/{f' and {address}/{slug}/email.html' if slug else ''}; Ctrl-C ends it."
            )
            _watch(config, issue, output, changes)


def _watch(config: Path, issue: str | None, output: Path, changes: Changes) -> None:
    seen = _signature(config.parent)
    while True:
        time.sleep(POLL)
        now = _signature(config.parent)
        if now != seen:
            seen = now
            changes.announce(_publish(config, issue, output)[1])


def _publish(config: Path, issue: str | None, output: Path) -> tuple[str, str]:
    """Publish once: the issue's slug, or a fault, which leaves the last good state on show."""
    from publisher.config import load_settings
    from publisher.pipeline.publish import publish_issue

    try:
        report = publish_issue(load_settings(config, os.environ), issue, output, datetime.now(UTC))
    except PublisherError as error:
        console.complain(error)
        return "", "\n".join(map(str, getattr(error, "findings", ()))) or str(error)
    console.show_findings(report.findings)
    console.say(f"{report.heading} at {datetime.now():%H:%M:%S}")  # noqa: DTZ005  # the editor's own clock
    return report.slug, ""


def _signature(root: Path) -> tuple[tuple[str, int], ...]:
    """Every file that an issue is made of, with its time of change."""
    places = ("publication.toml", "issues/**/*", "templates/**/*", "rates/*")
    paths = (path for place in places for path in root.glob(place))
    return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in paths if path.is_file()))
