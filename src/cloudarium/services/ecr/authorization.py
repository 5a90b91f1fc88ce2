"""What each operation needs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.ecr import repositories


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Return the action on each repository the request names, under its policy."""
    action = f"ecr:{operation}"
    if "resourceArn" in request:
        yield Access(action, request["resourceArn"])
        return
    if operation == "DescribeRepositories" and not request.get("repositoryNames"):
        yield Access(action, ctx.arn("repository/*", service="ecr"))
        return
    for name in request.get("repositoryNames") or [request["repositoryName"]]:
        found = repositories.lookup(ctx, name)
        policy = json.loads(found.policy) if found and found.policy else None
        yield Access(action, repositories.arn_of(ctx, name), policy=_located(ctx, name, policy))
    if operation == "CreateRepository" and request.get("tags"):
        yield Access("ecr:TagResource", repositories.arn_of(ctx, request["repositoryName"]))


def _located(ctx: Context, name: str, policy: dict[str, Any] | None) -> dict[str, Any] | None:
    """A repository's policy names no resource: it is about the repository it belongs to."""
    if policy is None:
        return None
    statements = policy["Statement"]
    listed = statements if isinstance(statements, list) else [statements]
    arn = repositories.arn_of(ctx, name)
    return {**policy, "Statement": [{"Resource": arn, **each} for each in listed]}
