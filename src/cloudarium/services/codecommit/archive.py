"""A commit's files as a zip: what CodePipeline fetches with UploadArchive.

`UploadArchive` is an IAM permission and an operation of AWS's own, absent from the public API
model; CodePipeline therefore asks for it by this module's name.
"""

from __future__ import annotations

import asyncio
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.codecommit import authorization, repositories
from cloudarium.services.codecommit.git import bare, lookup

# Zip files know no time before this one.
_EARLIEST = 315532800
_LINK = 0o120000


async def upload_archive(ctx: Context, name: str, commit_id: str) -> bytes:
    """Return the zip of a commit. Raises AccessDenied or CodeCommit's error for what is missing."""
    with ctx.transaction():
        ctx.authorize(authorization.access(ctx, "UploadArchive", name))
        folder = repositories.folder(ctx, repositories.find(ctx, name))
    return await asyncio.to_thread(_zip, folder, commit_id)


def _zip(folder: Path, commit_id: str) -> bytes:
    repo = bare.opened(folder)
    commit = lookup.commit(repo, commit_id)
    moment = datetime.fromtimestamp(max(commit.commit_time, _EARLIEST), UTC)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        _add(archive, commit.tree, "", moment.timetuple()[:6])
    return target.getvalue()


def _add(archive: zipfile.ZipFile, tree: Any, prefix: str, date: Any) -> None:
    """Add the files of `tree` in order; submodules are left out, as on AWS."""
    for item in tree:
        mode, path = int(item.filemode), f"{prefix}{item.name}"
        if mode == lookup.TREE:
            _add(archive, item, f"{path}/", date)
        elif mode in lookup.MODE_NAMES:
            info = zipfile.ZipInfo(path, date)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = (mode if mode == _LINK else mode & 0o100777) << 16
            archive.writestr(info, item.data)
