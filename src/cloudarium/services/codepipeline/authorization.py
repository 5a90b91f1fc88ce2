"""Which IAM action each operation needs (Service Authorization Reference, AWS CodePipeline)."""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core import tags
from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.codepipeline import pipelines

_ON_EVERYTHING = frozenset(
    {
        "GetJobDetails",
        "ListPipelines",
        "PutJobFailureResult",
        "PutJobSuccessResult",
    }
)


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Yield what the operation needs, on the pipeline's, stage's or action's ARN."""
    action = f"codepipeline:{operation}"
    if operation in _ON_EVERYTHING:
        yield Access(action, "*")
        return
    if "resourceArn" in request:
        yield Access(action, request["resourceArn"], _tags(ctx, request))
        return
    name = _name(request)
    # Approvals are of actions, retries and transitions of stages.
    parts = [name, *(request[key] for key in ("stageName", "actionName") if key in request)]
    resource = pipelines.arn(ctx.account, ctx.region, "/".join(parts))
    yield Access(action, resource, _tags(ctx, request))
    if "pipeline" in request:
        passed: dict[str, str | list[str]] = {"iam:PassedToService": ctx.runtime.service.principal}
        yield Access("iam:PassRole", request["pipeline"]["roleArn"], passed)


def _name(request: Request) -> str:
    if "pipeline" in request:
        return str(request["pipeline"]["name"])
    if "resourceArn" in request:
        return str(request["resourceArn"]).rpartition(":")[2]
    return str(request.get("pipelineName") or request["name"])


def _tags(ctx: Context, request: Request) -> dict[str, str | list[str]]:
    """Return the condition keys of the pipeline's tags and of those the request carries."""
    pipeline = pipelines.lookup(ctx, _name(request))
    found: dict[str, str | list[str]] = {}
    for key, value in (pipeline.tags if pipeline else {}).items():
        found[f"aws:ResourceTag/{key}"] = value
    given = tags.from_list(request.get("tags"), tags.SMALL)
    for key, value in given.items():
        found[f"aws:RequestTag/{key}"] = value
    if given:
        found["aws:TagKeys"] = list(given)
    return found
