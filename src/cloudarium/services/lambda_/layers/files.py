"""The files of a function's layers as one folder, which is its /opt."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from pathlib import Path

from cloudarium.core.context import Context
from cloudarium.services.lambda_ import code, packages
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
        try:
            await asyncio.to_thread(_merge, folders, temporary)
            if not folder.exists():
                temporary.replace(folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return folder


def _merge(folders: list[Path], target: Path) -> None:
    for folder in folders:
        packages.lay_over(folder, target)
