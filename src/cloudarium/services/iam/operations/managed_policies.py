"""Managed policies and their versions."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import documents, pages, policies, tags, views


def _newest_first(version: policies.Version) -> str:
    return f"{10**9 - version.version:010d}"


def create_policy(ctx: Context, request: Request) -> Response:
    """Make a managed policy."""
    documents.check_managed(request["PolicyDocument"])
    policy = policies.create(
        ctx,
        request["PolicyName"],
        request.get("Path") or "/",
        request.get("Description"),
        request["PolicyDocument"],
    )
    tags.put(ctx, policy.id, request.get("Tags"))
    shown = views.policy(policy, 0, 0)
    found = tags.shown(ctx, policy.id)
    return {"Policy": {**shown, "Tags": found} if found else shown}


def get_policy(ctx: Context, request: Request) -> Response:
    """Tell about a managed policy."""
    return {"Policy": views.full_policy(ctx, policies.find(ctx, request["PolicyArn"]))}


def list_policies(ctx: Context, request: Request) -> Response:
    """List AWS's and the account's managed policies."""
    attached, boundaries = policies.usage(ctx)
    used = boundaries if request.get("PolicyUsageFilter") == "PermissionsBoundary" else attached
    found = policies.listed(ctx, request.get("Scope", "All"), request.get("PathPrefix") or "/")
    if request.get("OnlyAttached"):
        found = [policy for policy in found if used.get(policy.arn)]
    shown, rest = pages.page(request, found, lambda policy: policy.arn)
    return {
        "Policies": [
            views.policy(policy, attached.get(policy.arn, 0), boundaries.get(policy.arn, 0))
            for policy in shown
        ],
        **rest,
    }


def delete_policy(ctx: Context, request: Request) -> None:
    """Delete a managed policy that is not used."""
    policies.remove(ctx, policies.own(ctx, request["PolicyArn"]))


def create_policy_version(ctx: Context, request: Request) -> Response:
    """Add a version to a managed policy."""
    policy = policies.own(ctx, request["PolicyArn"])
    documents.check_managed(request["PolicyDocument"])
    default = bool(request.get("SetAsDefault"))
    version = policies.add_version(ctx, policy, request["PolicyDocument"], default)
    policy = policies.find(ctx, policy.arn)
    return {"PolicyVersion": views.version(policy, version, document=False)}


def get_policy_version(ctx: Context, request: Request) -> Response:
    """Tell a version of a managed policy with its document."""
    policy = policies.find(ctx, request["PolicyArn"])
    version = policies.version(ctx, policy, request["VersionId"])
    return {"PolicyVersion": views.version(policy, version, document=True)}


def list_policy_versions(ctx: Context, request: Request) -> Response:
    """List the versions of a managed policy, the newest first."""
    policy = policies.find(ctx, request["PolicyArn"])
    found = policies.versions(ctx.db, policy)
    shown, rest = pages.page(request, found, _newest_first)
    return {"Versions": [views.version(policy, each, document=False) for each in shown], **rest}


def set_default_policy_version(ctx: Context, request: Request) -> None:
    """Put a version of a managed policy in force."""
    policy = policies.own(ctx, request["PolicyArn"])
    version = policies.version(ctx, policy, request["VersionId"])
    policies.set_default(ctx, policy, version.version)


def delete_policy_version(ctx: Context, request: Request) -> None:
    """Delete a version of a managed policy that is not in force."""
    policy = policies.own(ctx, request["PolicyArn"])
    version = policies.version(ctx, policy, request["VersionId"])
    policies.remove_version(ctx, policy, version.version)


def tag_policy(ctx: Context, request: Request) -> None:
    """Add tags to a managed policy."""
    tags.put(ctx, policies.own(ctx, request["PolicyArn"]).id, request["Tags"])


def untag_policy(ctx: Context, request: Request) -> None:
    """Remove tags from a managed policy."""
    tags.remove(ctx, policies.own(ctx, request["PolicyArn"]).id, request["TagKeys"])


def list_policy_tags(ctx: Context, request: Request) -> Response:
    """List the tags of a managed policy."""
    policy = policies.find(ctx, request["PolicyArn"])
    shown, rest = pages.page(request, tags.shown(ctx, policy.id), lambda tag: tag["Key"])
    return {"Tags": shown, **rest}
