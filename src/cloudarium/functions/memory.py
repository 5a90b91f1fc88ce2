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

    def is_over(self, megabytes: int) -> bool:
        """Whether several processes together have more than a function of so much memory may.

        One alone has a limit of its own. What they share counts once (PSS); it is asked for, which
        takes a millisecond a process, only where they would be over with it counted for each (RSS).
        """
        limit = (megabytes + _INTERPRETER_MEGABYTES) << 20
        processes = _below(self._guard)
        if len(processes) < 2 or sum(map(_resident, processes)) <= limit:
            return False
        return sum(map(_proportional, processes)) > limit


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
    for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) << 10
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has ended
        return ""
