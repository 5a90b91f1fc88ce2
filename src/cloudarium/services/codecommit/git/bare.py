"""A bare git repository on disk: making it, opening it, its references."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pygit2

BRANCHES = "refs/heads/"
TAGS = "refs/tags/"
NO_COMMIT = "0" * 40
_BRANCH_NAME = 256  # the length of a BranchName, CodeCommit API reference
_PART_BYTES = 250  # with git's `.lock` at its end, as long as a file's name may be

# Everything git writes is synced before a push is acknowledged; a push stays one pack (one sync
# instead of one per object); and no process is left behind to tidy up.
_CONFIG = """\
[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tfsync = all
\tfsyncMethod = fsync
[receive]
\tautogc = false
\tunpackLimit = 1
\tdenyDeleteCurrent = refuse
[gc]
\tauto = 0
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = false
"""


def create(folder: Path) -> None:
    """Make an empty bare repository; one that is there already stays as it is."""
    (folder / "objects").mkdir(parents=True, exist_ok=True)
    (folder / "refs").mkdir(exist_ok=True)
    head = folder / "HEAD"
    if not head.exists():
        (folder / "config").write_text(_CONFIG)
        head.write_text(f"ref: {BRANCHES}main\n")


def remove(folder: Path) -> None:
    """Delete a repository from disk; one that is gone already is fine."""
    shutil.rmtree(folder, ignore_errors=True)


def opened(folder: Path) -> pygit2.Repository:
    """Open the repository, making it again should its folder not have reached the disk."""
    import pygit2

    pygit2.option(pygit2.enums.Option.ENABLE_FSYNC_GITDIR, True)
    pygit2.option(pygit2.enums.Option.SET_OWNER_VALIDATION, False)
    create(folder)
    return pygit2.Repository(str(folder))


def references(repo: pygit2.Repository) -> dict[str, str]:
    """Return the commit (or annotated tag) each branch and tag points to."""
    names = [name for name in repo.references if name.startswith((BRANCHES, TAGS))]
    return {name: str(repo.references[name].target) for name in names}


def branches(repo: pygit2.Repository) -> list[str]:
    """Return the branches' short names in order."""
    return sorted(
        name.removeprefix(BRANCHES) for name in repo.references if name.startswith(BRANCHES)
    )


def set_head(repo: pygit2.Repository, branch: str) -> None:
    """Make `branch` the one a clone checks out."""
    repo.references.create("HEAD", BRANCHES + branch, force=True)


def is_branch_name(name: str) -> bool:
    """Whether a branch can have this name."""
    import pygit2

    fits = len(name) <= _BRANCH_NAME and all(
        len(part.encode()) <= _PART_BYTES for part in name.split("/")
    )
    return fits and pygit2.reference_is_valid_name(BRANCHES + name)
