"""`publisher send`: the letter goes to everybody, once; and who got it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli import console
from publisher.errors import InputError, NothingToDoError, Severity

if TYPE_CHECKING:
    from publisher.delivery.worker import Report, Wishes
    from publisher.pipeline.dispatch import Dispatch


@click.command()
@click.argument("issue", required=False)
@click.option("--test-to", metavar="ADDRESS", help="Send one letter there, and note nothing in the ledger.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can answer.")
@click.option("--resume", is_flag=True, help="Go on where an earlier run stopped.")
@click.option("--retry-failed", is_flag=True, help="Try again whom the servers refused.")
@click.option(
    "--uncertain",
    type=click.Choice(["hold", "resend"]),
    default="hold",
    show_default=True,
    help="Letters in doubt after a crash: leave them held, or send them once more.",
)
@click.option("--late", is_flag=True, help="Send although the issue's time is over.")
@click.option(
    "--correction",
    is_flag=True,
    help="The changed issue goes to those who got, or still await, the first one.",
)
@click.option("--status", is_flag=True, help="How far it is: who is held, deferred or failed, and why.")
@click.option("--address", metavar="ADDRESS", help="What became of every letter to one reader.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON on standard output.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default="publication.toml",
    show_default=True,
    help="The project file.",
)
def send(  # noqa: PLR0917  # one parameter an option
    issue: str | None,
    test_to: str | None,
    dry_run: bool,
    yes: bool,
    resume: bool,
    retry_failed: bool,
    uncertain: str,
    late: bool,
    correction: bool,
    status: bool,
    address: str | None,
    as_json: bool,
    config: Path,
) -> int:
    """Send ISSUE, a date or a folder, to every active reader, once.

    By default it is the newest; one that is written ahead for a coming day must be named. Ctrl-C finishes what is
    on the wire and stops; --resume goes on. Exit code 0 when everybody has it, 1 when somebody failed, is deferred
    or held, 130 when it was interrupted.

    \b
    Examples:
      publisher send 2025-12-10 --test-to desk@example.org
      publisher send 2025-12-10
      publisher send 2025-12-10 --resume --yes
      publisher send --address reader@example.org
    """
    from publisher.cli.sending import show_history, show_status
    from publisher.config import load_settings
    from publisher.delivery.worker import Wishes
    from publisher.pipeline.dispatch import prepare_dispatch, send_test
    from publisher.pipeline.issues import chosen_issue, refuse_unnamed
    from publisher.subscribers.opening import opened

    _choose_one(test_to=test_to, address=address, dry_run=dry_run, status=status)
    settings = load_settings(config, os.environ)
    only_look = dry_run or status or address is not None
    with opened(settings.subscribers, settings.root, only_look=only_look) as store:
        if address is not None:
            return show_history(store, address, as_json=as_json)
        if status:  # also of an issue that cannot be rendered any more
            return show_status(store.engine, chosen_issue(settings.root, issue), as_json=as_json)
        now = datetime.now(UTC)
        if test_to is None and not dry_run:
            refuse_unnamed(settings, issue, now)
        dispatch = prepare_dispatch(settings, store, issue, now, correction=correction)
        if test_to is not None:
            console.say(f"Sent to {test_to}: {send_test(dispatch, test_to, os.environ)}")
            return 0
        wishes = Wishes(resume, retry_failed, uncertain == "resend", late)
        return dispatch_with_consent(dispatch, wishes, dry_run=dry_run, yes=yes, as_json=as_json)


def _choose_one(**given: str | bool | None) -> None:
    """Each of these is a command of its own: of two, one would be passed over in silence."""
    chosen = [f"--{name.replace('_', '-')}" for name, value in given.items() if value not in {None, False}]
    if len(chosen) > 1:
        raise click.UsageError(f"choose one of {', '.join(chosen)}")


def dispatch_with_consent(
    dispatch: Dispatch, wishes: Wishes, *, dry_run: bool, yes: bool, as_json: bool
) -> int:
    """Show what would go, ask, send, and say what became of it; also what `publish-issue --send` does."""
    from publisher.cli.sending import show_report
    from publisher.delivery.worker import Wishes

    _show(dispatch, errors=dry_run)
    if dry_run:
        console.say("Nothing was sent.")
        return 0
    _refuse_errors(dispatch)
    _refuse_unbegun(dispatch, wishes)
    if dispatch.tally is None or wishes != Wishes():
        _consent(dispatch, wishes, yes=yes)
    try:
        return show_report(_deliver(dispatch, wishes), as_json=as_json)
    except KeyboardInterrupt:  # the second one: the first lets the letters on the wire end
        name = dispatch.mailing.name.partition(".")[0]
        console.say(
            "Stopped at once: letters that were on the wire may have arrived, and are held. "
            f"Whose: publisher send {name} --status; go on with: publisher send {name} --resume"
        )
        return console.INTERRUPTED


def _show(dispatch: Dispatch, *, errors: bool) -> None:
    """What would leave; errors are told by the refusal, if there is to be one."""
    digest = dispatch.digest
    shown = {Severity.WARNING, Severity.ERROR} if errors else {Severity.WARNING}
    console.show_findings(finding for finding in dispatch.findings if finding.severity in shown)
    console.say(console.paint(digest.subject, bold=True))
    console.say(f"  letter   {digest.size:,} bytes, {digest.share_of_limit} % of what Gmail shows")
    console.say(f"  mailing  {dispatch.mailing.name}: {dispatch.tally or _readers(dispatch.count())}")
    console.say(f"  through  {dispatch.way}")
    if dispatch.stopped:
        console.say(
            console.paint("  stopped ", "red", bold=True) + f" {dispatch.stopped}; --resume lifts that"
        )


def _readers(count: int) -> str:
    return "1 reader" if count == 1 else f"{count:,} readers"


def _refuse_errors(dispatch: Dispatch) -> None:
    errors = [finding for finding in dispatch.findings if finding.severity is Severity.ERROR]
    if errors:
        raise InputError(errors)


def _refuse_unbegun(dispatch: Dispatch, wishes: Wishes) -> None:
    """Who wants a second try does not mean to begin: the newest issue may be tomorrow's.

    `--resume` may begin: after a crash nobody knows whether the audience had been frozen.
    """
    if dispatch.tally is None and (wishes.retry_failed or wishes.resend_held) and not wishes.resume:
        raise NothingToDoError(
            f"{dispatch.mailing.name} has not been sent to anybody yet, so there is nothing to try again",
            hint="name the issue that is meant; to begin, leave out --retry-failed and --uncertain",
        )


def _consent(dispatch: Dispatch, wishes: Wishes, *, yes: bool) -> None:
    """Ask, unless nothing can leave. Raises NothingToDoError where a first send would reach nobody."""
    count = dispatch.count(wishes)
    if not count and dispatch.tally is None:
        raise NothingToDoError("Nobody is subscribed yet", hint="`publisher subscribers add` or `import`")
    if count:
        _ask(count, yes=yes)


def _ask(count: int, *, yes: bool) -> None:
    """On a terminal the editor types the count; elsewhere --yes stands for it."""
    if yes:
        return
    if not console.interactive():
        raise click.UsageError("nobody can be asked here: add --yes")
    typed = click.prompt(
        f"Type {count} to send it to {_readers(count)}", default="", show_default=False, err=True
    )
    if typed.strip().replace(",", "").replace(" ", "") != str(count):
        raise NothingToDoError("Nothing was sent: that was not the count")


def _deliver(dispatch: Dispatch, wishes: Wishes) -> Report:
    from publisher.cli.sending import progress_bar
    from publisher.pipeline.dispatch import deliver_issue

    with progress_bar() as watch:
        return deliver_issue(dispatch, steady_clock(), os.environ, wishes, watch)


def steady_clock() -> Callable[[], float]:
    """Unix seconds that never jump while we send, whatever happens to the machine's clock."""
    offset = time.time() - time.monotonic()
    return lambda: offset + time.monotonic()
