"""What each operation needs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodebuild.html
"""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.codebuild import projects

_NAMED = {
    "CreateProject": "name",
    "UpdateProject": "name",
    "DeleteProject": "name",
    "StartBuild": "projectName",
    "ListBuildsForProject": "projectName",
    "InvalidateProjectCache": "projectName",
}


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Return the action on the projects a request is about, and the passing of the role."""
    action = f"codebuild:{operation}"
    names: list[str] = []
    if operation in _NAMED:
        names = [request[_NAMED[operation]]]
    elif operation == "BatchGetProjects":
        names = request["names"]
    elif operation in ("BatchGetBuilds", "BatchDeleteBuilds"):
        names = sorted({_project(identifier) for identifier in request["ids"]})
    elif operation in ("StopBuild", "RetryBuild"):
        names = [_project(request.get("id", ""))]
    if not names:
        yield Access(action, "*")
    for name in names:
        yield Access(action, projects.arn(ctx, name.rpartition("/")[2]))
    role = request.get("serviceRole") or request.get("serviceRoleOverride")
    if role:
        yield Access("iam:PassRole", role, {"iam:PassedToService": "codebuild.amazonaws.com"})


def _project(build_id: str) -> str:
    return build_id.rpartition("build/")[2].partition(":")[0]
