"""Run the commands as their users do: as processes of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PUBLISH_ISSUE = [sys.executable, "-m", "publisher.cli.publish_issue"]
PUBLISHER = [sys.executable, "-m", "publisher"]


def environment(**changes: str) -> dict[str, str]:
    """This process's environment without what would change what a command prints."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("PUBLISHER_", "NO_COLOR", "FORCE_COLOR"))
    }
    return kept | {"PYTHONPATH": str(ROOT)} | changes


def run(
    command: list[str],
    *arguments: str | Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run to the end (two minutes at most) and keep both streams."""
    return subprocess.run(
        [*command, *map(str, arguments)],
        cwd=cwd,
        env=environment(**(env or {})),
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def example(folder: Path) -> Path:
    """A copy of the example publication that a test may change."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "publication.toml", folder / "publication.toml")
    for name in ("issues", "rates"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }
