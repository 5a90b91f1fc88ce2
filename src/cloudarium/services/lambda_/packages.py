"""Deployment packages as archives: looked at when they come, unpacked to where they belong.

Archives are not to be trusted: names may be absolute or climb, links may lead anywhere and others
be named below them, and what is said of sizes may be wrong.
"""

from __future__ import annotations

import errno
import io
import os
import shutil
import stat
import zipfile
import zlib
from pathlib import Path

from cloudarium.services.lambda_ import errors, limits

_EXECUTABLE = 0o111
_LONGEST_NAME, _MOST_FOLDERS = 1_024, 100  # bytes of a path, and how deep it goes
_ENCRYPTED = 1
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Broken(Exception):
    """An archive that cannot be unpacked."""


def check(data: bytes) -> None:
    """Look at a package that was uploaded; raises InvalidParameterValueException."""
    if not data:
        raise errors.invalid(errors.EMPTY_ZIP)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, RuntimeError, ValueError):
        raise errors.invalid(errors.BAD_ZIP) from None
    if not entries:
        raise errors.invalid(errors.EMPTY_ZIP)
    if sum(entry.file_size for entry in entries) > limits.UNZIPPED_BYTES:
        raise errors.invalid(errors.UNZIPPED_TOO_LARGE.format(limit=limits.UNZIPPED_BYTES))
    if not all(_can_be_unpacked(entry) for entry in entries):
        raise errors.invalid(errors.BAD_ZIP)


def _can_be_unpacked(entry: zipfile.ZipInfo) -> bool:
    parts, size = _parts(entry.filename), len(os.fsencode(entry.filename))
    is_short = size <= _LONGEST_NAME and all(len(os.fsencode(part)) < 256 for part in parts)
    return is_short and len(parts) <= _MOST_FOLDERS and not entry.flag_bits & _ENCRYPTED


def _parts(name: str) -> list[str]:
    """The folders and the name of an entry below the package's folder, wherever it would lead."""
    return [part for part in name.split("/") if part not in ("", ".", "..")]


def unpack(package: Path, folder: Path) -> None:
    """Unpack a package into a new folder. Raises Broken, and OSError when the disk is full."""
    folder.mkdir(parents=True)
    try:
        _extract(package, folder.resolve())
    except OSError as error:
        if error.errno in _FULL:
            raise
        raise Broken from None
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError):
        raise Broken from None


def _extract(package: Path, folder: Path) -> None:
    links = []
    with zipfile.ZipFile(package) as source:
        for entry in source.infolist():
            parts, mode = _parts(entry.filename), entry.external_attr >> 16
            if not parts:
                continue
            place = folder.joinpath(*parts)
            if stat.S_ISLNK(mode):
                links.append((place, os.fsdecode(source.read(entry))))
            elif entry.is_dir():
                place.mkdir(parents=True, exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.unlink(missing_ok=True)
                with source.open(entry) as data, place.open("wb") as file:
                    shutil.copyfileobj(data, file)
                # AWS's files are read-only, and readable by all whatever the archive says.
                place.chmod(0o444 | (mode & _EXECUTABLE))
    # Links come last: no file can be written through one, to somewhere else; nor can a link.
    for place, target in links:
        if place.parent.resolve().is_relative_to(folder) and not os.path.lexists(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(target)


def lay_over(folder: Path, target: Path) -> None:
    """Put a folder's files into another one, by hard links, in place of what is there.

    A link of either is taken as it is, never as what it leads to.
    """
    target.mkdir(parents=True, exist_ok=True)
    for entry in os.scandir(folder):
        place = target / entry.name
        is_folder = entry.is_dir(follow_symlinks=False)
        if place.is_symlink() or (place.exists() and not (is_folder and place.is_dir())):
            shutil.rmtree(place) if _is_folder(place) else place.unlink()
        if is_folder:
            lay_over(Path(entry.path), place)
        else:
            os.link(entry.path, place, follow_symlinks=False)


def _is_folder(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink()
