"""RocksDB's write-ahead log, synced by us.

`rocksdict` holds the interpreter's lock during a synced write, so that everything would wait for
the disk. So the engine writes without a sync, which only fills the system's cache, and syncs the
log here: `os.fdatasync` lets other threads go on. Every write is synced before the next, so what is
not on disk yet is at most the last record of the newest log file.
"""

import os
from pathlib import Path


class Log:
    """The log files in a folder; the newest is the one that RocksDB writes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._newest = ""
        self._file = -1

    def sync(self) -> None:
        """Returns when everything written so far is on disk."""
        names = (name for name in os.listdir(self._folder) if name.endswith(".log"))  # noqa: PTH208
        newest = max(names, key=lambda name: (len(name), name))
        if newest != self._newest:
            self._open(newest)
        os.fdatasync(self._file)

    def _open(self, name: str) -> None:
        self.close()
        self._file, self._newest = os.open(self._folder / name, os.O_RDONLY), name
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def close(self) -> None:
        """Closes the file."""
        if self._file >= 0:
            os.fdatasync(self._file)
            os.close(self._file)
            self._file = -1
