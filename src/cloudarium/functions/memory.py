"""How much memory an environment's processes have, by /proc."""

from __future__ import annotations

import os
import time
from pathlib import Path

_MEASURE_EVERY_SECONDS = 0.25
# Beyond the function's memory, for the interpreter: AWS's are leaner than those of a machine.
_INTERPRETER_MEGABYTES = 64
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Memory:
    """The memory of the processes below the one that guards an environment, `guard` (a pid)."""

    def __init__(self, guard: int) -> None:
        self._guard = guard
        self._status = Path()
        self._measured_at = 0.0
        self.peak = 0

    def measured(self) -> int:
        """The most memory (resident, MB) that the function's process has had.

        Asked of the kernel at most every so often: it costs as much as a short invocation.
        """
        now = time.monotonic()
        if now - self._measured_at >= _MEASURE_EVERY_SECONDS:
            self._measured_at = now
            self.peak = self._high_water()
        return self.peak

    def _high_water(self) -> int:
        try:
            if not self._status.name:
                self._status = Path(f"/proc/{_children(self._guard)[0]}/status")
            for line in self._status.read_text().splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) // 1024
        except (OSError, ValueError, IndexError):
            pass
        return self.peak

    def is_over(self, megabytes: int, tmp_megabytes: int) -> bool:
        """Whether the processes together have more than a function of so much memory may.

        One alone has a limit of its own, for all but memory that can be shared, as that of files in
        its /tmp (of so many MB) is. What several share counts once (PSS); it is asked for, which
        takes a millisecond a process, only where they would be over with it counted for each (RSS).
        """
        limit = (megabytes + _INTERPRETER_MEGABYTES) << 20
        processes = _below(self._guard)
        if _in_files(processes) > limit:
            return True
        if len(processes) < 2:
            return sum(map(_shared, processes)) > limit + (tmp_megabytes << 20)
        return sum(map(_resident, processes)) > limit < sum(map(_proportional, processes))


def _below(pid: int) -> list[int]:
    """All descendants of a process."""
    found = []
    for child in _children(pid):
        found += [child, *_below(child)]
    return found


def _children(pid: int) -> list[int]:
    """The processes that any thread of a process has started; none if it has ended."""
    return [int(child) for file in _threads(pid) for child in _read(file / "children").split()]


def _threads(pid: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []


def _resident(pid: int) -> int:
    fields = _read(Path(f"/proc/{pid}/statm")).split()
    return int(fields[1]) * _PAGE_BYTES if fields else 0


def _proportional(pid: int) -> int:
    return _told(pid, "smaps_rollup", "Pss:")


def _shared(pid: int) -> int:
    """What of its memory could be others' too, whether it is or not."""
    return _told(pid, "status", "RssShmem:")


def _told(pid: int, file: str, name: str) -> int:
    for line in _read(Path(f"/proc/{pid}/{file}")).splitlines():
        if line.startswith(name):
            return int(line.split()[1]) << 10
    return 0


def _in_files(processes: list[int]) -> int:
    """The memory in files without a name (memfd_create), which need not be anybody's pages."""
    sizes: dict[tuple[int, int], int] = {}
    for pid in processes:
        try:
            for name in os.listdir(f"/proc/{pid}/fd"):  # noqa: PTH208 - as it is quick
                file = f"/proc/{pid}/fd/{name}"
                if os.readlink(file).startswith("/memfd:"):  # noqa: PTH115
                    found = os.stat(file)  # noqa: PTH116
                    sizes[found.st_dev, found.st_ino] = found.st_blocks * 512
        except OSError:  # it has ended, or closed the file
            continue
    return sum(sizes.values())


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has ended
        return ""
