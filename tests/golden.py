"""Golden files: what a program wrote once and a person looked at. `UPDATE_GOLDEN=1` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path


def assert_golden(path: Path, written: bytes) -> None:
    """Compare with the golden file, or make it so; the difference is shown as text."""
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written)
    expected = path.read_bytes() if path.exists() else b""
    assert written.decode() == expected.decode(), f"{path.name}: look at it, then UPDATE_GOLDEN=1"
