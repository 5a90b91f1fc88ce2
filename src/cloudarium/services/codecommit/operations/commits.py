"""Commits made by API."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.codecommit import checks, errors, limits, references, repositories
from cloudarium.services.codecommit.git import bare, lookup
from cloudarium.services.codecommit.git.editing import Draft, Person
from cloudarium.services.codecommit.repositories import Repository


def put_file(ctx: Context, request: Request) -> Response:
    """Add or change one file in a commit of its own."""
    repository, draft = _draft(ctx, request)
    content, path = request["fileContent"], request["filePath"]
    if not content:
        raise errors.FileContentRequired()
    _check_size([content])
    blob_id = draft.put(path, content, request.get("fileMode"))
    if not draft.added and not draft.updated:
        raise errors.SameFileContent()
    verb = "Added" if draft.added else "Edited"
    commit = _commit(ctx, request, repository, draft, f"{verb} {lookup.normalized(path)}")
    return {"commitId": str(commit.id), "blobId": blob_id, "treeId": str(commit.tree_id)}


def delete_file(ctx: Context, request: Request) -> Response:
    """Delete one file in a commit of its own."""
    repository, draft = _draft(ctx, request)
    found = draft.delete(request["filePath"], request.get("keepEmptyFolders", False))
    commit = _commit(ctx, request, repository, draft, f"Deleted {found.path}")
    return {
        "commitId": str(commit.id),
        "blobId": found.id,
        "treeId": str(commit.tree_id),
        "filePath": found.path,
    }


def create_commit(ctx: Context, request: Request) -> Response:
    """Put, delete and change the mode of several files in one commit."""
    puts = request.get("putFiles", [])
    deletes = request.get("deleteFiles", [])
    modes = request.get("setFileModes", [])
    _check_entries(puts, [*puts, *deletes, *modes])
    repository, draft = _draft(ctx, request)
    keep = request.get("keepEmptyFolders", False)
    for entry in puts:
        _put(draft, entry, keep)
    for entry in deletes:
        draft.delete(entry["filePath"], keep)
    for entry in modes:
        found = draft.existing(entry["filePath"])
        draft.put_blob(found.path, found.id, entry["fileMode"])
    if not (draft.added or draft.updated or draft.deleted):
        raise errors.NoChange()
    commit = _commit(ctx, request, repository, draft, f"Commit to {request['branchName']}")
    return {
        "commitId": str(commit.id),
        "treeId": str(commit.tree_id),
        "filesAdded": list(draft.added.values()),
        "filesUpdated": list(draft.updated.values()),
        "filesDeleted": list(draft.deleted.values()),
    }


def _put(draft: Draft, entry: dict[str, Any], keep_empty_folders: bool) -> None:
    source = entry.get("sourceFile")
    if source is None:
        draft.put(entry["filePath"], entry["fileContent"], entry.get("fileMode"))
        return
    found = draft.existing(source["filePath"])
    mode = entry.get("fileMode", lookup.MODE_NAMES[found.mode])
    draft.put_blob(entry["filePath"], found.id, mode)
    if source.get("isMove"):
        draft.delete(found.path, keep_empty_folders)


def _check_entries(puts: list[dict[str, Any]], entries: list[dict[str, Any]]) -> None:
    if not entries:
        raise errors.FileEntryRequired()
    if len(entries) > limits.FILE_ENTRIES_PER_COMMIT:
        raise errors.MaximumFileEntriesExceeded()
    seen: set[str] = set()
    for entry in entries:
        path = lookup.normalized(entry["filePath"])
        if path in seen:
            raise errors.SamePathRequest(path=path)
        seen.add(path)
    for path in seen:
        if any(other.startswith(f"{path}/") for other in seen):
            raise errors.PutFileEntryConflict(path=path)
    for entry in puts:
        given = ("fileContent" in entry, "sourceFile" in entry)
        if given == (False, False):
            raise errors.SourceFileOrContentRequired()
        if given == (True, True):
            raise errors.FileContentAndSourceFileSpecified()
    _check_size([entry["fileContent"] for entry in puts if "fileContent" in entry])


def _check_size(contents: list[bytes]) -> None:
    sizes = [len(content) for content in contents]
    if max(sizes, default=0) > limits.FILE_BYTES or sum(sizes) > limits.COMMIT_BYTES:
        raise errors.FileContentSizeLimitExceeded()


def _draft(ctx: Context, request: Request) -> tuple[Repository, Draft]:
    """Return the repository and a draft upon the tip the request says it knows."""
    repository = repositories.find(ctx, checks.repository_name(request["repositoryName"]))
    repo = bare.opened(repositories.folder(ctx, repository))
    return repository, Draft(repo, _parent(repository, repo, request))


def _parent(repository: Repository, repo: Any, request: Request) -> Any:
    """Return the commit to build upon: None in an empty repository, else the branch's tip."""
    branch, parent = request["branchName"], request.get("parentCommitId")
    if not bare.is_branch_name(branch):
        raise errors.InvalidBranchName(name=branch)
    tip = lookup.branch_tip(repo, branch)
    if tip is None:
        if bare.TAGS + branch in repo.references:
            raise errors.BranchNameIsTagName(name=branch)
        if bare.branches(repo):
            raise errors.BranchDoesNotExist(name=branch, repository=repository.name)
        if parent:
            raise errors.ParentCommitDoesNotExist(commit=parent, branch=branch)
        return None
    if not parent:
        raise errors.ParentCommitIdRequired(branch=branch)
    if not lookup.is_commit_id(parent):
        raise errors.InvalidParentCommitId(commit=parent)
    if lookup.commit_by_id(repo, parent) is None:
        raise errors.ParentCommitDoesNotExist(commit=parent, branch=branch)
    if parent != str(tip.id):
        raise errors.ParentCommitIdOutdated(branch=branch, tip=tip.id)
    return tip


def _commit(
    ctx: Context, request: Request, repository: Repository, draft: Draft, message: str
) -> Any:
    """Write the draft as a commit and announce the branch's change."""
    name = request.get("name") or request.get("authorName") or ctx.principal.name or "root"
    email = request.get("email", "")
    message = request.get("commitMessage") or message
    if len(name) > limits.NAME_CHARACTERS:
        raise errors.NameLengthExceeded()
    if len(email) > limits.EMAIL_CHARACTERS or any(character in email for character in "<>\n"):
        raise errors.InvalidEmail()
    if len(message.encode()) > limits.COMMIT_MESSAGE_BYTES:
        raise errors.CommitMessageLengthExceeded()
    branch = request["branchName"]
    commit = draft.commit(branch, Person(name, email, int(ctx.now)), message)
    references.announce(ctx, repository, ctx.principal.arn, [bare.BRANCHES + branch])
    return commit
