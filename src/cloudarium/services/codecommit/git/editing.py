"""Making commits without a working tree: edits are applied to an index in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cloudarium.services.codecommit import errors
from cloudarium.services.codecommit.git import bare, lookup

if TYPE_CHECKING:
    import pygit2


@dataclass(frozen=True)
class Person:
    """Author and committer of a commit; `seconds` is epoch time."""

    name: str
    email: str
    seconds: int

    def line(self) -> str:
        """Return the person as git writes one."""
        clean = {ord(character): None for character in "<>\n\0"}
        return f"{self.name.translate(clean)} <{self.email.translate(clean)}> {self.seconds} +0000"


@dataclass
class Draft:
    """The next tree of a branch, edited path by path.

    `added`, `updated` and `deleted` map each touched path to its FileMetadata.
    """

    repo: pygit2.Repository
    parent: Any
    index: Any = None
    added: dict[str, dict[str, str]] = field(default_factory=dict)
    updated: dict[str, dict[str, str]] = field(default_factory=dict)
    deleted: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        import pygit2

        self.index = pygit2.Index()
        if self.parent is not None:
            self.index.read_tree(self.parent.tree)

    def existing(self, path: str) -> lookup.Entry:
        """Return the file `path` of the parent commit. Raises FileDoesNotExistException."""
        if self.parent is None:
            raise errors.FileDoesNotExist(path=path)
        return lookup.file(self.parent.tree, path)

    def put(self, path: str, content: bytes, mode: str | None) -> str:
        """Add or replace a file and return its blob id; without `mode` a file keeps its own."""
        return self.put_blob(path, str(self.repo.create_blob(content)), mode)

    def put_blob(self, path: str, blob_id: str, mode: str | None) -> str:
        """Add or replace a file by a blob the repository has."""
        import pygit2

        name = lookup.normalized(path)
        if not name:
            raise errors.InvalidPath(path=path)
        self._check_conflicts(name)
        before = self._entry(name)
        kept = lookup.MODE_NAMES.get(before.mode) if before else None
        mode = mode or kept or "NORMAL"
        if mode not in lookup.MODES:
            raise errors.InvalidFileMode(mode=mode)
        git_mode = lookup.MODES[mode]
        self.index.add(
            pygit2.IndexEntry(name, pygit2.Oid(hex=blob_id), pygit2.enums.FileMode(git_mode))
        )
        if before is None:
            self.added[name] = _metadata(name, blob_id, mode)
        elif (before.id, before.mode) != (blob_id, git_mode):
            self.updated[name] = _metadata(name, blob_id, mode)
        return blob_id

    def delete(self, path: str, keep_empty_folders: bool) -> lookup.Entry:
        """Remove a file of the parent commit and return what it was."""
        found = self.existing(path)
        self.index.remove(found.path)
        self.deleted[found.path] = _metadata(found.path, found.id, lookup.MODE_NAMES[found.mode])
        folder = found.path.rpartition("/")[0]
        if keep_empty_folders and folder and not self._has_files(folder):
            self.put(f"{folder}/.gitkeep", b"", "NORMAL")
        return found

    def commit(self, branch: str, person: Person, message: str) -> Any:
        """Write tree, commit and branch; return the commit."""
        import pygit2

        tree = self.index.write_tree(self.repo)
        lines = [f"tree {tree}"]
        if self.parent is not None:
            lines.append(f"parent {self.parent.id}")
        lines += [f"author {person.line()}", f"committer {person.line()}", "", message]
        body = "\n".join(lines).encode()
        commit_id = self.repo.write(pygit2.enums.ObjectType.COMMIT, body)
        self.repo.references.create(bare.BRANCHES + branch, commit_id, force=True)
        return self.repo[commit_id]

    def _entry(self, path: str) -> lookup.Entry | None:
        return None if self.parent is None else lookup.entry(self.parent.tree, path)

    def _has_files(self, folder: str) -> bool:
        return any(item.path.startswith(f"{folder}/") for item in self.index)

    def _check_conflicts(self, path: str) -> None:
        """Raise if `path` is a folder, or a part of it is a file or a submodule."""
        if self._has_files(path):
            raise errors.FileNameConflict(path=path)
        parts = path.split("/")
        for count in range(1, len(parts) + 1):
            head = "/".join(parts[:count])
            if head not in self.index:
                continue
            if self.index[head].mode == lookup.SUBMODULE:
                raise errors.SubmoduleConflict(path=path)
            if count < len(parts):
                raise errors.DirectoryNameConflict(path=path)


def _metadata(path: str, blob_id: str, mode: str) -> dict[str, str]:
    return {"absolutePath": path, "blobId": blob_id, "fileMode": mode}
