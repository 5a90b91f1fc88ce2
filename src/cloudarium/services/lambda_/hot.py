"""Hot reload: code in a folder of this machine, served as it is at each invocation.

The bucket `hot-reload` with a folder as key (LocalStack's convention) stands for it. Instead of an
archive such a version's blob is the folder's name.
"""

from __future__ import annotations

import os
from pathlib import Path

from cloudarium.core.blobs import Blob
from cloudarium.core.context import Context
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.lambda_ import errors

BUCKET = "hot-reload"
_MARK = b"hot-reload:"
_IGNORED = frozenset((".git", ".venv", "__pycache__"))


class HotFolders:
    """Which code is a folder, by digest, and what the folder last looked like."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self.folders: dict[str, Path | None] = {}
        self.seen: dict[str, int] = {}


async def store(ctx: Context, key: str) -> Blob:
    """Keep a folder as a deployment package. Raises InvalidParameterValueException.

    Roles may not do so: a function or a pipeline must not open folders of this machine.
    """
    folder, state = Path(key), ctx.cloud.folder.resolve()
    if not folder.is_absolute() or not folder.is_dir():
        raise errors.invalid(errors.NO_HOT_FOLDER.format(folder=key))
    real = folder.resolve()
    reason = "a role may not open folders of this machine" if _is_role(ctx) else None
    if real == state or state in real.parents or real in state.parents:
        reason = f"functions would see the cloud's state in {state}"
    if reason is not None:
        raise errors.invalid(errors.HOT_FOLDER_REFUSED.format(folder=key, reason=reason))
    return await ctx.blobs.put(_MARK + str(real).encode())


def _is_role(ctx: Context) -> bool:
    return ctx.principal.kind == "role"


def folder_of(ctx: Context, digest: str) -> Path | None:
    """The folder, if that is what this code is."""
    known = ctx.state(HotFolders).folders
    if digest not in known:
        with ctx.blobs.path(digest).open("rb") as blob:
            found = blob.read(len(_MARK)) == _MARK
            known[digest] = Path(blob.read().decode()) if found else None
    return known[digest]


def changed(ctx: Context, digest: str) -> tuple[str, bool]:
    """(what tells the folder's present state, whether it has changed); ("", False) for archives."""
    folder = folder_of(ctx, digest)
    if folder is None:
        return "", False
    seen = ctx.state(HotFolders).seen
    now = _fingerprint(str(folder))
    before = seen.get(digest, now)
    seen[digest] = now
    return f"{now:x}", before != now


def _fingerprint(folder: str) -> int:
    """A number that is another one once a file was added, removed, renamed or written."""
    total = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name in _IGNORED:
                continue
            if entry.is_dir(follow_symlinks=False):
                total += hash((entry.path, _fingerprint(entry.path)))
            else:
                status = entry.stat()
                total += hash((entry.path, status.st_mtime_ns, status.st_size, status.st_ino))
    return total & (1 << 64) - 1
