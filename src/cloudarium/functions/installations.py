"""Where interpreters lie, so that programs see them, and packages one Python lends another."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import sys
import sysconfig
from pathlib import Path

_LENT = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six")
_LEAST = re.compile(r">=\s*3\.(\d+)")


def is_of_the_system(path: str) -> bool:
    """Whether every program sees this folder anyway."""
    return path in ("/", "/usr") or path.startswith(("/usr/", "/bin", "/lib"))


def ours() -> list[str]:
    """The folders of this Python and its packages, but for the system's."""
    paths = {sys.base_prefix, sys.base_exec_prefix, sys.prefix, sysconfig.get_path("purelib")}
    real = {str(Path(path)) for path in paths} | {str(Path(sys.executable).resolve().parents[1])}
    return [path for path in sorted(real) if not is_of_the_system(path)]


def of(program: Path) -> list[str]:
    """The folder of another interpreter, unless it is the system's."""
    prefix = str(program.parents[1])
    return [] if is_of_the_system(prefix) else [prefix]


def node_modules(program: Path) -> Path | None:
    """The folder of the globally installed modules of a Node.js, if the AWS SDK is among them.

    AWS's runtimes bring it along: "Building Lambda functions with Node.js", Lambda Developer Guide.
    """
    prefixes = (program.parents[1], Path("/usr/local"))
    folders = [prefix / "lib" / "node_modules" for prefix in prefixes]
    return next((folder for folder in folders if (folder / "@aws-sdk").is_dir()), None)


def lent(folder: Path, python: Path) -> Path | None:
    """A folder (made anew at `folder`) with our boto3 for another Python, None if that is too old.

    boto3 and what it stands on are plain Python, which runs on every version they ask for.
    """
    try:
        needed = importlib.metadata.metadata("boto3")["Requires-Python"] or ""
    except importlib.metadata.PackageNotFoundError:
        return None
    least, version = _LEAST.search(needed), _LEAST.search(f">={python.name[6:]}")
    if version is None or (least and int(version[1]) < int(least[1])):
        return None
    folder.mkdir(exist_ok=True)
    for name in _LENT:
        found = importlib.util.find_spec(name)
        link = None if found is None or found.origin is None else Path(found.origin)
        if link:
            real = link.parent if link.name == "__init__.py" else link
            (folder / real.name).unlink(missing_ok=True)
            (folder / real.name).symlink_to(real)
    return folder
