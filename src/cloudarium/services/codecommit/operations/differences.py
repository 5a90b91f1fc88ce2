"""What changed between two commits."""

from __future__ import annotations

from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.codecommit import checks, errors, limits, repositories
from cloudarium.services.codecommit.git import bare, lookup


def get_differences(ctx: Context, request: Request) -> Response:
    """List the files that differ between two commits, or all of one, a page at a time."""
    repository = repositories.find(ctx, checks.repository_name(request["repositoryName"]))
    repo = bare.opened(repositories.folder(ctx, repository))
    after = lookup.commit(repo, request["afterCommitSpecifier"])
    specifier = request.get("beforeCommitSpecifier")
    before = lookup.commit(repo, specifier) if specifier else None
    paths = [
        _checked_path(commit, request.get(name))
        for commit, name in ((before, "beforePath"), (after, "afterPath"))
    ]
    differences = [_described(delta) for delta in _deltas(before, after) if _within(delta, *paths)]
    size = request.get("MaxResults", limits.DIFFERENCES_PER_PAGE)
    if size < 1:
        raise errors.InvalidMaxResults()
    page, token = pages.page(
        differences, request.get("NextToken"), size, errors.InvalidContinuationToken()
    )
    return {"differences": page, "NextToken": token}


def _checked_path(commit: Any, path: str | None) -> str:
    if not path or commit is None:
        return ""
    if lookup.entry(commit.tree, path) is None:
        raise errors.PathDoesNotExist(path=path)
    return lookup.normalized(path)


def _deltas(before: Any, after: Any) -> Any:
    if before is None:
        return after.tree.diff_to_tree(swap=True).deltas
    return before.tree.diff_to_tree(after.tree).deltas


def _within(delta: Any, before_path: str, after_path: str) -> bool:
    return _under(delta.old_file.path, before_path) and _under(delta.new_file.path, after_path)


def _under(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def _described(delta: Any) -> dict[str, Any]:
    kind = delta.status_char()
    change = {"changeType": kind if kind in "AD" else "M"}
    if kind != "A":
        change["beforeBlob"] = _blob(delta.old_file)
    if kind != "D":
        change["afterBlob"] = _blob(delta.new_file)
    return change


def _blob(file: Any) -> dict[str, str]:
    return {"blobId": str(file.id), "path": file.path, "mode": f"{int(file.mode):06o}"}
