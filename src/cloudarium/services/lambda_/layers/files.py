"""The files of a function's layers as one folder, which is its /opt."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from pathlib import Path

from cloudarium.core.context import Context
from cloudarium.services.lambda_ import code
from cloudarium.services.lambda_.layers import versions


async def merged(ctx: Context, arns: list[str]) -> Path | None:
    """A folder with all layers' files, later layers over earlier ones; None without layers."""
    with ctx.transaction():
        found = [versions.by_arn(ctx, arn) for arn in arns]
    digests = [layer.digest for layer in found if layer]
    if not digests:
        return None
    folders = [await code.unpacked(ctx, digest) for digest in digests]
    if len(folders) == 1:
        return folders[0]
    name = hashlib.sha256(" ".join(digests).encode()).hexdigest()
    folder = ctx.cloud.folder / "lambda" / "layers" / name
    if not folder.exists():
        temporary = folder.with_name(f"{name}.{ctx.ids.hex(8)}")
        await asyncio.to_thread(_merge, folders, temporary)
        if folder.exists():
            shutil.rmtree(temporary)
        else:
            temporary.replace(folder)
    return folder


def _merge(folders: list[Path], target: Path) -> None:
    target.mkdir(parents=True)
    for folder in folders:
        shutil.copytree(folder, target, symlinks=True, dirs_exist_ok=True, copy_function=_link)


def _link(source: str, target: str) -> None:
    Path(target).unlink(missing_ok=True)
    os.link(source, target)
