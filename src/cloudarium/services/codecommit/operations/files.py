"""Reading files, folders, blobs and commits."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.codecommit import checks, errors, limits, repositories
from cloudarium.services.codecommit.git import bare, lookup
from cloudarium.services.codecommit.repositories import Repository


def get_file(ctx: Context, request: Request) -> Response:
    """Return a file of a commit with its content."""
    commit = _commit(ctx, request)
    found = lookup.file(commit.tree, request["filePath"])
    content = _content(found.object)
    return {
        "commitId": str(commit.id),
        "blobId": found.id,
        "filePath": found.path,
        "fileMode": lookup.MODE_NAMES[found.mode],
        "fileSize": len(content),
        "fileContent": content,
    }


def get_blob(ctx: Context, request: Request) -> Response:
    """Return the content of a blob by its id."""
    import pygit2

    _, repo = _opened(ctx, request)
    blob_id = request["blobId"]
    if not lookup.is_commit_id(blob_id):
        raise errors.InvalidBlobId(blob=blob_id)
    found = repo.get(blob_id)
    if not isinstance(found, pygit2.Blob):
        raise errors.BlobIdDoesNotExist(blob=blob_id)
    return {"content": _content(found)}


def get_folder(ctx: Context, request: Request) -> Response:
    """Return what a folder of a commit holds, one level deep."""
    commit = _commit(ctx, request)
    found = lookup.entry(commit.tree, request["folderPath"])
    if found is None or found.mode != lookup.TREE:
        raise errors.FolderDoesNotExist(path=request["folderPath"])
    answer: dict[str, Any] = {
        "commitId": str(commit.id),
        "folderPath": found.path,
        "treeId": found.id,
        "subFolders": [],
        "files": [],
        "symbolicLinks": [],
        "subModules": [],
    }
    for item in found.object:
        path = f"{found.path}/{item.name}" if found.path else item.name
        kind, described = _described(item, path)
        answer[kind].append(described)
    return answer


def _described(item: Any, path: str) -> tuple[str, dict[str, str]]:
    """Return under which member of GetFolder's answer `item` belongs, and how it looks there."""
    mode = int(item.filemode)
    paths = {"absolutePath": path, "relativePath": item.name}
    if mode == lookup.TREE:
        return "subFolders", {"treeId": str(item.id), **paths}
    if mode == lookup.SUBMODULE:
        return "subModules", {"commitId": str(item.id), **paths}
    name = lookup.MODE_NAMES.get(mode, "NORMAL")
    kind = "symbolicLinks" if name == "SYMLINK" else "files"
    return kind, {"blobId": str(item.id), **paths, "fileMode": name}


def get_commit(ctx: Context, request: Request) -> Response:
    """Describe a commit by its full id."""
    _, repo = _opened(ctx, request)
    commit_id = request["commitId"]
    if not lookup.is_commit_id(commit_id):
        raise errors.InvalidCommitId(commit=commit_id)
    found = lookup.commit_by_id(repo, commit_id)
    if found is None:
        raise errors.CommitIdDoesNotExist(commit=commit_id)
    return {"commit": _commit_described(found)}


def batch_get_commits(ctx: Context, request: Request) -> Response:
    """Describe several commits; those that do not exist are answered as errors."""
    _, repo = _opened(ctx, request)
    ids = request["commitIds"]
    if not ids:
        raise errors.CommitIdsListRequired()
    if len(ids) > limits.COMMITS_PER_BATCH:
        raise errors.CommitIdsLimitExceeded(limit=limits.COMMITS_PER_BATCH)
    found = {commit_id: lookup.commit_by_id(repo, commit_id) for commit_id in ids}
    return {
        "commits": [_commit_described(commit) for commit in found.values() if commit is not None],
        "errors": [_missing(commit_id) for commit_id, commit in found.items() if commit is None],
    }


def _missing(commit_id: str) -> dict[str, str]:
    error = errors.CommitDoesNotExist(commit=commit_id)
    return {"commitId": commit_id, "errorCode": error.code, "errorMessage": error.message}


def _commit_described(commit: Any) -> dict[str, Any]:
    return {
        "commitId": str(commit.id),
        "treeId": str(commit.tree_id),
        "parents": [str(parent) for parent in commit.parent_ids],
        "message": commit.message,
        "author": _person(commit.author),
        "committer": _person(commit.committer),
        "additionalData": "",
    }


def _person(signature: Any) -> dict[str, str]:
    """Return a person as the API does; the date is git's `<epoch seconds> <offset>`."""
    sign = "-" if signature.offset < 0 else "+"
    hours, minutes = divmod(abs(signature.offset), 60)
    date = f"{signature.time} {sign}{hours:02d}{minutes:02d}"
    return {"name": signature.name, "email": signature.email, "date": date}


def _opened(ctx: Context, request: Request) -> tuple[Repository, Any]:
    repository = repositories.find(ctx, checks.repository_name(request["repositoryName"]))
    return repository, bare.opened(repositories.folder(ctx, repository))


def _commit(ctx: Context, request: Request) -> Any:
    """Return the commit the request names, or the tip of the default branch."""
    repository, repo = _opened(ctx, request)
    specifier = request.get("commitSpecifier") or repository.default_branch
    if specifier is None:
        raise errors.NoDefaultBranch(repository=repository.name)
    return lookup.commit(repo, specifier)


def _content(blob: Any) -> bytes:
    if blob.size > limits.FILE_BYTES:
        raise errors.FileTooLarge()
    content: bytes = blob.data
    return content
