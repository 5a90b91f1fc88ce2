"""Files of a build: which ones a pattern picks, zipped and unzipped, kept between builds."""

from __future__ import annotations

import glob
import io
import os
import re
import shutil
import zipfile
from pathlib import Path

from cloudarium.services.codebuild.buildspec import Artifact
from cloudarium.services.codebuild.errors import PhaseFailed

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


def unzip(data: bytes, folder: Path) -> None:
    """Unpack a zip file into `folder`. Raises PhaseFailed for one that is broken or climbs out."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                target = (folder / entry.filename).resolve()
                if not _is_inside(target, folder):
                    raise PhaseFailed("CLIENT_ERROR", f"{entry.filename} lies outside the source")
                archive.extract(entry, folder)
                mode = entry.external_attr >> 16 & 0o777
                if mode and not entry.is_dir():
                    target.chmod(mode | 0o600)
    except zipfile.BadZipFile:
        raise PhaseFailed("CLIENT_ERROR", "the source is not a zip file") from None


def expand(text: str, variables: dict[str, str]) -> str:
    """Return `text` with `$NAME` and `${NAME}` replaced."""
    return _VARIABLE.sub(lambda found: variables.get(found[1] or found[2], found[0]), text)


def pick(artifact: Artifact, source: Path, variables: dict[str, str]) -> list[tuple[str, Path]]:
    """Return the artifact's files with their names in it. Raises PhaseFailed if there are none."""
    base = _base(expand(artifact.base_directory, variables), source)
    excluded = _matching(base, [expand(each, variables) for each in artifact.exclude])
    chosen = _matching(base, [expand(each, variables) for each in artifact.files])
    found = [
        (path.name if artifact.discard_paths else path.relative_to(base).as_posix(), path)
        for path in sorted(chosen - excluded)
    ]
    if not found:
        raise PhaseFailed("CLIENT_ERROR", "no matching artifact paths found")
    return found


def _base(pattern: str, source: Path) -> Path:
    root = source.resolve()
    folders = [path for path in _glob(root, pattern) if path.is_dir()] if pattern != "." else [root]
    if not folders or not folders[0].resolve().is_relative_to(root):
        raise PhaseFailed("CLIENT_ERROR", "no matching base directory path found")
    return folders[0]


def _matching(base: Path, patterns: list[str]) -> set[Path]:
    return {
        path
        for pattern in patterns
        for path in _glob(base, pattern)
        if path.is_file() and path.resolve().is_relative_to(base)
    }


def _glob(base: Path, pattern: str) -> list[Path]:
    """Return what a pattern picks below `base`; `**` includes hidden files, as in CodeBuild."""
    found = glob.glob(pattern, root_dir=base, recursive=True, include_hidden=True)  # noqa: PTH207
    return [base / each for each in sorted(found)]


def zipped(files: list[tuple[str, Path]]) -> bytes:
    """Return a zip of the files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in files:
            archive.write(path, name)
    return buffer.getvalue()


def cache_folders(patterns: list[str]) -> list[str]:
    """Return the folders of the source that cache patterns like `.cache/pip/**/*` mean."""
    folders = []
    for pattern in patterns:
        folder = re.split(r"/?[*?\[]", pattern, maxsplit=1)[0].strip("/")
        if folder and not pattern.startswith("/") and ".." not in folder.split("/"):
            folders.append(folder)
    return folders


def restore(cache: Path, source: Path, folders: list[str]) -> int:
    """Copy cached folders the source does not have itself into it; return how many there were."""
    found = [
        folder
        for folder in folders
        if (cache / folder).is_dir()
        and _is_inside(cache / folder, cache)
        and not os.path.lexists(source / folder)
    ]
    kept = [folder for folder in found if _is_inside(source / folder, source)]
    for folder in kept:
        shutil.copytree(cache / folder, source / folder, symlinks=True)
    return len(kept)


def _is_inside(path: Path, folder: Path) -> bool:
    """Tell whether a path leads nowhere out of a folder, whatever links the source has in it."""
    return path.resolve().is_relative_to(folder.resolve())


def keep(cache: Path, source: Path, folders: list[str]) -> None:
    """Copy folders of the source into the cache, each as a whole.

    What is cached already may have links in it, as the source has: neither leads out.
    """
    for folder in folders:
        is_inside = _is_inside(source / folder, source) and _is_inside(
            (cache / folder).parent, cache
        )
        if (source / folder).is_dir() and is_inside:
            fresh = cache / f"{folder}.new"
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.copytree(source / folder, fresh, symlinks=True)
            shutil.rmtree(cache / folder, ignore_errors=True)
            fresh.replace(cache / folder)
