"""A repository's policy, and its lifecycle policy."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.documents import json_object
from cloudarium.services.ecr import errors, repositories


def set_repository_policy(ctx: Context, request: Request) -> Response:
    """Set who else may use the repository."""
    text = request["policyText"]
    if "Statement" not in (json_object(text) or {}):
        raise errors.PolicyNotJson()
    kept = repositories.put(ctx, repositories.asked(ctx, request), policy=text)
    return {**kept.named(ctx), "policyText": text}


def get_repository_policy(ctx: Context, request: Request) -> Response:
    """Return the policy."""
    found = repositories.asked(ctx, request)
    if not found.policy:
        raise errors.RepositoryPolicyNotFound(name=found.name, registry=ctx.account)
    return {**found.named(ctx), "policyText": found.policy}


def delete_repository_policy(ctx: Context, request: Request) -> Response:
    """Remove the policy."""
    answer = get_repository_policy(ctx, request)
    repositories.put(ctx, repositories.asked(ctx, request), policy="")
    return answer


def put_lifecycle_policy(ctx: Context, request: Request) -> Response:
    """Set which images are to expire."""
    text = request["lifecyclePolicyText"]
    if "rules" not in (json_object(text) or {}):
        raise errors.LifecycleNotJson()
    kept = repositories.put(ctx, repositories.asked(ctx, request), lifecycle=text)
    return {**kept.named(ctx), "lifecyclePolicyText": text}


def get_lifecycle_policy(ctx: Context, request: Request) -> Response:
    """Return the lifecycle policy."""
    found = repositories.asked(ctx, request)
    if not found.lifecycle:
        raise errors.LifecyclePolicyNotFound(name=found.name, registry=ctx.account)
    return {**found.named(ctx), "lifecyclePolicyText": found.lifecycle}


def delete_lifecycle_policy(ctx: Context, request: Request) -> Response:
    """Remove the lifecycle policy."""
    answer = get_lifecycle_policy(ctx, request)
    repositories.put(ctx, repositories.asked(ctx, request), lifecycle="")
    return answer
