"""Finding things in a repository: commits by specifier, paths in trees, blobs by id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cloudarium.services.codecommit import errors
from cloudarium.services.codecommit.git import bare

if TYPE_CHECKING:
    import pygit2

_FULL_ID = re.compile(r"[0-9a-f]{40}")
MODE_NAMES = {0o100644: "NORMAL", 0o100755: "EXECUTABLE", 0o120000: "SYMLINK"}
MODES = {name: mode for mode, name in MODE_NAMES.items()}
TREE = 0o040000
SUBMODULE = 0o160000


@dataclass(frozen=True)
class Entry:
    """What a path leads to: its normalized path, git mode, object id and, for a file, its blob."""

    path: str
    mode: int
    id: str
    object: Any


def is_commit_id(text: str) -> bool:
    """Tell whether `text` is a full commit or blob id."""
    return _FULL_ID.fullmatch(text) is not None


def normalized(path: str) -> str:
    """Return `path` without slashes around it. Raises InvalidPathException for what git refuses."""
    parts = path.strip("/").split("/")
    if path.strip("/") and any(part in ("", ".", "..", ".git") for part in parts):
        raise errors.InvalidPath(path=path)
    return "/".join(parts)


def commit_by_id(repo: pygit2.Repository, commit_id: str) -> Any:
    """Return the commit with this full id, or None."""
    import pygit2

    if not is_commit_id(commit_id):
        return None
    found = repo.get(commit_id)
    return found if isinstance(found, pygit2.Commit) else None


def branch_tip(repo: pygit2.Repository, branch: str) -> Any:
    """Return the commit at the tip of `branch`, or None."""
    reference = _reference(repo, bare.BRANCHES + branch)
    return None if reference is None else reference.peel()


def _reference(repo: pygit2.Repository, name: str) -> Any:
    """Return a reference or None, also for a name that none can have: libgit2's ValueError."""
    try:
        return repo.references.get(name)
    except ValueError:
        return None


def commit(repo: pygit2.Repository, specifier: str) -> Any:
    """Return the commit of a branch, tag, full reference name or full commit id, or raise."""
    import pygit2

    for name in (specifier, bare.BRANCHES + specifier, bare.TAGS + specifier):
        reference = _reference(repo, name)
        if reference is not None:
            return reference.peel(pygit2.Commit)
    found = commit_by_id(repo, specifier)
    if found is None:
        raise errors.CommitDoesNotExist(commit=specifier)
    return found


def entry(tree: Any, path: str) -> Entry | None:
    """Return what `path` leads to in `tree`, or None. The empty path is the tree itself."""
    path = normalized(path)
    if not path:
        return Entry("", TREE, str(tree.id), tree)
    try:
        found = tree[path]
    except KeyError:
        return None
    return Entry(path, int(found.filemode), str(found.id), found)


def file(tree: Any, path: str) -> Entry:
    """Return the file `path` of `tree`. Raises FileDoesNotExistException."""
    found = entry(tree, path) if normalized(path) else None
    if found is None or found.mode not in MODE_NAMES:
        raise errors.FileDoesNotExist(path=path)
    return found
