"""Make all that was written to a file system outlast a loss of power, in one call (Linux 2.6.39)."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path


def settle(folder: Path) -> None:
    """Return when the disk holds everything that was written to the folder's file system.

    One call for all: a site of 10,000 files settled file by file and folder by folder takes ten times
    as long. Raises OSError when the disk could not take it.
    """
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if syncfs(descriptor) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(folder))
    finally:
        os.close(descriptor)
