"""The commands that a page of the documentation shows, and what it says comes of them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^( *)```(\w*)\s*$")
_FILE = re.compile(r"# ([\w-]+\.\w+)")
_REFUSAL = re.compile(r"# ([A-Z][a-z]+[A-Z]\w+)|An error occurred \((\w+)\)")


@dataclass
class Command:
    """What a user types, and the error that the page says it gets, if any."""

    text: str
    error: str | None = None


def commands(page: Path) -> list[Command]:
    """Return the commands of a page's `sh` and `console` blocks, in their order.

    An error is told by a comment that begins with its code, or by the CLI's own words.
    """
    found: list[Command] = []
    for kind, lines in _blocks(page):
        if kind not in ("sh", "console"):
            continue
        before = len(found)
        pending = ""
        for line in lines:
            if pending or _is_typed(kind, line):
                pending += line.removeprefix("$ ") + "\n"
                if _is_whole(pending):
                    found.append(Command(pending, _refusal(pending)))
                    pending = ""
            elif len(found) > before:
                found[-1].error = found[-1].error or _refusal(line)
        assert not pending, f"{page.name}: {pending}"
    return found


def files(page: Path) -> dict[str, str]:
    """Return the files that a page shows, by their names: a comment in the first line."""
    return {
        name[1]: "\n".join(lines) + "\n"
        for _, lines in _blocks(page)
        if lines and (name := _FILE.fullmatch(lines[0]))
    }


def blocks(page: Path, kind: str) -> list[str]:
    """Return the texts of a page's blocks of one kind (`python`)."""
    return ["\n".join(lines) + "\n" for each, lines in _blocks(page) if each == kind]


def _blocks(page: Path) -> Iterator[tuple[str, list[str]]]:
    kind, margin, lines = None, "", list[str]()
    for line in page.read_text().splitlines():
        fence = _FENCE.match(line)
        if fence is None:
            lines.append(line)
        elif kind is None:
            margin, kind, lines = fence[1], fence[2], []
        else:
            yield kind, [each.removeprefix(margin) for each in lines]
            kind = None


def _is_typed(kind: str, line: str) -> bool:
    return line.startswith("$ ") if kind == "console" else bool(line) and not line.startswith("#")


def _is_whole(text: str) -> bool:
    if text.endswith("\\\n"):
        return False
    checked = subprocess.run(
        ["bash", "-n"], input=text, text=True, capture_output=True, check=False
    )
    return checked.returncode == 0 and not checked.stderr  # a warning is of a text not ended yet


def _refusal(text: str) -> str | None:
    found = _REFUSAL.search(text)
    return (found[1] or found[2]) if found else None
