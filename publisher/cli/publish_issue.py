"""`publish-issue`: an issue becomes feeds, pages and the letter."""

from __future__ import annotations

import gc
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher import __version__
from publisher.cli import console
from publisher.errors import Severity

if TYPE_CHECKING:
    from publisher.config import Settings
    from publisher.pipeline.report import PublishReport


@click.command()
@click.argument("issue", required=False)
@click.option("-n", "--dry-run", is_flag=True, help="Say what would change and write nothing.")
@click.option(
    "--output", type=click.Path(path_type=Path), help="The folder to publish into; by default public/."
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default="publication.toml",
    show_default=True,
    help="The project file; its folder holds issues/.",
)
@click.option("--send", is_flag=True, help="Then send the letter to every active reader; see publisher send.")
@click.option("--yes", is_flag=True, help="Send without asking; needed where nobody can answer.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON on standard output.")
@click.version_option(__version__, prog_name="publish-issue")
def publish_issue(
    issue: str | None,
    dry_run: bool,
    output: Path | None,
    config: Path,
    send: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Publish ISSUE, a date or a folder: by default the newest.

    The site then holds that issue and every earlier one; an issue of a later date appears only when it is
    published itself. Every fault is told with file, line and remedy, and nothing is written until there is none.

    \b
    Examples:
      publish-issue                 the newest issue, into public/
      publish-issue 2025-12-10 -n   what would change, without changing it
      publish-issue --send          the same, and the letter to every reader
    """
    from publisher.config import load_settings
    from publisher.pipeline.issues import refuse_unnamed
    from publisher.pipeline.publish import publish_issue as publish

    settings = load_settings(config, os.environ)
    now = datetime.now(UTC)
    if send and not dry_run:
        refuse_unnamed(settings, issue, now)
    report = publish(settings, issue, output or settings.root / "public", now, dry_run=dry_run)
    if as_json:
        console.emit_json(report.as_dict())
    else:
        _show(report, dry_run=dry_run)
    return _send(settings, report.slug, dry_run=dry_run, yes=yes, as_json=as_json) if send else 0


def _send(settings: Settings, slug: str, *, dry_run: bool, yes: bool, as_json: bool) -> int:
    """The pages are live, so every link in the letter leads somewhere."""
    from publisher.cli.send import dispatch_with_consent
    from publisher.delivery.worker import Wishes
    from publisher.pipeline.dispatch import prepare_dispatch
    from publisher.subscribers.opening import opened

    with opened(settings.subscribers, settings.root, only_look=dry_run) as store:
        dispatch = prepare_dispatch(settings, store, slug, datetime.now(UTC))
        return dispatch_with_consent(dispatch, Wishes(), dry_run=dry_run, yes=yes, as_json=as_json)


def _show(report: PublishReport, *, dry_run: bool) -> None:
    """One quiet screen."""
    worth_a_line = [finding for finding in report.findings if finding.severity is not Severity.NOTE]
    console.show_findings(worth_a_line)
    verb = "Would publish" if dry_run else "Published"
    console.say(console.paint(f"{verb} {report.heading}", bold=True))
    for label, text in report.lines():
        console.say(f"  {console.paint(f'{label:<8}', dim=True)} {text}")
    if notes := len(report.findings) - len(worth_a_line):
        notes_are = "1 note" if notes == 1 else f"{notes} notes"
        console.say(f"  {console.paint('and', dim=True)}      {notes_are}: publisher check {report.slug}")
    for path in report.changed_paths if dry_run else ():
        console.emit(path)


def main() -> None:
    """Run `publish-issue`.

    An archive is a million objects that stay until the end: to look through them for garbage every few
    hundred new ones took a fifth of all time.
    """
    gc.set_threshold(100_000, 20, 100)
    console.run(publish_issue)


if __name__ == "__main__":
    main()
