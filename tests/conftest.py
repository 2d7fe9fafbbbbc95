"""What all storeys of tests share: where the project is, and which programs a test may count on.

A test that needs a program says so with a marker. Where the program is missing the test is
skipped, and the run ends with a list of what was skipped and the command that enables it;
with PUBLISHER_NO_SKIPS=1 (as CI sets it) every skip is a failure instead.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine

from publisher.database import engines, migrate, open_engine

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "tests" / "tools" / "node_modules"
ENABLE = "./run system-deps"
sys.path.insert(0, str(Path(__file__).resolve().parent))

from servers import new_postgresql_database, postgresql_server  # noqa: E402  # beside this file


def _program(*names: str) -> Callable[[], bool]:
    """Whether one of the programs is installed; Debian keeps some of them out of PATH."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/lib/postgresql/bin"])
    return lambda: any(shutil.which(name, path=path) for name in names)


NEEDS: dict[str, tuple[str, Callable[[], bool]]] = {
    "browser": ("Chromium", _program("chromium", "chromium-browser")),
    "postgresql": ("PostgreSQL's server", lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))),
    "smtp_sink": ("Postfix's smtp-sink", _program("smtp-sink")),
    "nginx": ("nginx", _program("nginx")),
    "caddy": ("Caddy", _program("caddy")),
    "java": (
        "Java and the Nu HTML checker",
        lambda: bool(shutil.which("java")) and (TOOLS / "vnu-jar").is_dir(),
    ),
    "node": ("Node's html-validate and axe-core", (TOOLS / "axe-core").is_dir),
    "strace": ("strace", _program("strace")),
    "faketime": ("faketime", _program("faketime")),
    "post_office": (
        "Postfix and Dovecot",
        lambda: all(_program(name)() for name in ("postfix", "dovecot")),
    ),
    "opendkim": ("OpenDKIM", _program("opendkim")),
    "rspamd": ("rspamd", _program("rspamd")),
}


# No test is timed. Where a red run must mean a fault, the examples are the same ones every time.
settings.register_profile(
    "publisher",
    deadline=None,
    derandomize=bool(os.environ.get("CI") or os.environ.get("PUBLISHER_NO_SKIPS")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("publisher")


@pytest.fixture
def repository() -> Path:
    """The folder of the project itself."""
    return ROOT


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of this run's own: its URL, with %s for the database's name."""
    with postgresql_server() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once on each of the two systems."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/data/publisher.db"
    return new_postgresql_database(request.getfixturevalue("postgresql"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database with its tables, once on each of the two systems."""
    opened = open_engine(database_url)
    migrate(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """A database with its tables, where one system is enough."""
    opened = open_engine(f"sqlite:///{tmp_path}/data/publisher.db")
    migrate(opened)
    yield opened
    opened.dispose()


@pytest.fixture(autouse=True)
def _engines_are_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the database that a test opened with no fixture: from 3.13 on Python warns of each left open."""
    opened: list[Engine] = []

    def create(*args: Any, **options: Any) -> Engine:
        opened.append(create_engine(*args, **options))
        return opened[-1]

    monkeypatch.setattr(engines, "create_engine", create)
    yield
    for engine in opened:
        engine.dispose()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a program that is not installed."""
    missing = {name: what for name, (what, installed) in NEEDS.items() if not installed()}
    for item in items:
        for name, what in missing.items():
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=f"needs {what}: {ENABLE}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List every skipped test by name, with what would enable it."""
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    terminalreporter.section(f"{len(skipped)} skipped; to run them too: {ENABLE}, then ./run test-all")
    for report in sorted(skipped, key=lambda report: report.nodeid):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        terminalreporter.write_line(f"{report.nodeid}  ({reason.removeprefix('Skipped: ')})")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With PUBLISHER_NO_SKIPS=1, a run that skipped anything that an installation would enable has failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    skipped = [report for report in skipped if "only root" not in str(report.longrepr)]
    if os.environ.get("PUBLISHER_NO_SKIPS") == "1" and skipped:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
