"""The interpreters that this machine has, by version: on PATH and where version managers put them.

A version is a number: Python's minor one, Node.js's and Java's major one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_PYTHON = re.compile(r"python3\.(\d+)")
_PYTHON_FOLDERS = (
    "~/.pyenv/versions/3.*/bin",
    "~/.local/share/uv/python/cpython-3.*/bin",
    "~/.local/share/mise/installs/python/3.*/bin",
    "~/.asdf/installs/python/3.*/bin",
    "/opt/python*/bin",
)
_NODE_FOLDERS = (
    "~/.nvm/versions/node/v*/bin",
    "~/.local/share/fnm/node-versions/v*/installation/bin",
    "~/.local/share/mise/installs/node/*/bin",
    "~/.asdf/installs/nodejs/*/bin",
    "~/.volta/tools/image/node/*/bin",
    "/usr/local/n/versions/node/*/bin",
)
_JAVA_HOMES = ("/usr/lib/jvm/*", "/opt/java*", "/opt/jdk*", "~/.sdkman/candidates/java/*")
_JAVA_VERSION = re.compile(r'^JAVA_VERSION="(?:1\.)?(\d+)', re.MULTILINE)


def pythons() -> dict[int, Path]:
    """Every Python 3 here, by its minor version."""
    found: dict[int, Path] = {}
    for folder in _folders(_PYTHON_FOLDERS):
        for program in folder.glob("python3.*"):
            named = _PYTHON.fullmatch(program.name)
            if named and "shims" not in program.parts:  # a version manager's scripts
                found.setdefault(int(named[1]), program.resolve())
    return found


def nodes() -> list[Path]:
    """Every Node.js here; which version one is, only it can tell."""
    programs = [program for folder in _folders(_NODE_FOLDERS) for program in folder.glob("node")]
    real = [program.resolve() for program in programs if "shims" not in program.parts]
    return list(dict.fromkeys(path for path in real if path.name in ("node", "nodejs")))


def javas() -> dict[int, Path]:
    """The home folder of every JVM here, by its major version."""
    homes = [Path(home) for home in (os.environ.get("JAVA_HOME"),) if home]
    homes += [(folder / "java").resolve().parents[1] for folder in _path() if _is_java(folder)]
    homes += sorted(_expanded(_JAVA_HOMES))
    found: dict[int, Path] = {}
    for home in homes:
        release = home / "release"
        if (home / "bin" / "java").exists() and release.is_file():
            version = _JAVA_VERSION.search(release.read_text(errors="replace"))
            if version:
                found.setdefault(int(version[1]), home.resolve())
    return found


def nearest(wanted: int, found: Iterable[int]) -> int:
    """The version that is closest, of two as close the later one."""
    return min(found, key=lambda version: (abs(version - wanted), -version))


def _is_java(folder: Path) -> bool:
    return (folder / "java").exists()


def _folders(patterns: tuple[str, ...]) -> list[Path]:
    return [*_path(), *sorted(_expanded(patterns))]


def _path() -> list[Path]:
    return [Path(each) for each in os.environ.get("PATH", os.defpath).split(os.pathsep) if each]


def _expanded(patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        place = pattern.replace("~", str(Path.home()), 1)
        yield from Path("/").glob(place.lstrip("/"))
