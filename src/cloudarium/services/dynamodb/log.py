"""RocksDB's write-ahead log, synced by us.

`rocksdict` holds the interpreter's lock during a synced write, so that everything would wait for
the disk. So the engine writes without a sync, which only fills the system's cache, and syncs the
log itself: `os.fdatasync` lets other threads go on. Every write is synced before the next, so what
is not on disk yet is at most the last record of the newest log file.
"""

import os
from pathlib import Path


class Log:
    """The log files in a folder; the newest is the one that RocksDB writes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = -1
        self._size = 0

    def written(self) -> int:
        """The file, open, that has what was written last.

        As long as a write lets the known one grow RocksDB has not begun another.
        """
        size = os.fstat(self._file).st_size if self._file >= 0 else 0
        if size <= self._size:
            self._open_newest()
            size = os.fstat(self._file).st_size
        self._size = size
        return self._file

    def _open_newest(self) -> None:
        names = (path.name for path in self._folder.glob("*.log"))
        newest = max(names, key=lambda name: (len(name), name))
        self.close()
        self._file = os.open(self._folder / newest, os.O_RDONLY)
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
