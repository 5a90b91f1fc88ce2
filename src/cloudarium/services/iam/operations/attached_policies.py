"""Managed policies attached to users, groups and roles."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import attachments, entities, pages, policies, views
from cloudarium.services.iam.entities import Entity, Kind


def _holder(ctx: Context, kind: Kind, request: Request) -> Entity:
    return entities.find(ctx, kind, request[f"{kind.capitalize()}Name"])


def _attach(ctx: Context, kind: Kind, request: Request) -> None:
    attachments.attach(ctx, _holder(ctx, kind, request), request["PolicyArn"])


def _detach(ctx: Context, kind: Kind, request: Request) -> None:
    attachments.detach(ctx, _holder(ctx, kind, request), request["PolicyArn"])


def _list(ctx: Context, kind: Kind, request: Request) -> Response:
    holder = _holder(ctx, kind, request)
    prefix = request.get("PathPrefix") or "/"
    found = [each for each in attachments.attached(ctx, holder) if each.path.startswith(prefix)]
    shown, rest = pages.page(request, found, lambda policy: policy.name)
    return {"AttachedPolicies": views.attached(shown), **rest}


def attach_user_policy(ctx: Context, request: Request) -> None:
    """Attach a managed policy to a user."""
    _attach(ctx, "user", request)


def detach_user_policy(ctx: Context, request: Request) -> None:
    """Detach a managed policy from a user."""
    _detach(ctx, "user", request)


def list_attached_user_policies(ctx: Context, request: Request) -> Response:
    """List the managed policies attached to a user."""
    return _list(ctx, "user", request)


def attach_group_policy(ctx: Context, request: Request) -> None:
    """Attach a managed policy to a group."""
    _attach(ctx, "group", request)


def detach_group_policy(ctx: Context, request: Request) -> None:
    """Detach a managed policy from a group."""
    _detach(ctx, "group", request)


def list_attached_group_policies(ctx: Context, request: Request) -> Response:
    """List the managed policies attached to a group."""
    return _list(ctx, "group", request)


def attach_role_policy(ctx: Context, request: Request) -> None:
    """Attach a managed policy to a role."""
    _attach(ctx, "role", request)


def detach_role_policy(ctx: Context, request: Request) -> None:
    """Detach a managed policy from a role."""
    _detach(ctx, "role", request)


def list_attached_role_policies(ctx: Context, request: Request) -> Response:
    """List the managed policies attached to a role."""
    return _list(ctx, "role", request)


def list_entities_for_policy(ctx: Context, request: Request) -> Response:
    """List the users, groups and roles a managed policy is attached to, or the boundary of."""
    policy = policies.find(ctx, request["PolicyArn"])
    usages = ("PermissionsPolicy", "PermissionsBoundary")
    wanted = request.get("PolicyUsageFilter")
    found: dict[str, Entity] = {}
    for usage in usages:
        if wanted in (None, usage):
            boundary = usage == "PermissionsBoundary"
            for entity in attachments.entities_with(ctx, policy.arn, boundary):
                found[f"{entity.kind}/{entity.name}"] = entity
    kept = sorted(key for key, entity in found.items() if _wanted(entity, request))
    shown, rest = pages.page(request, kept, str)
    listed = [found[key] for key in shown]
    return {
        "PolicyGroups": [_named(entity) for entity in listed if entity.kind == "group"],
        "PolicyUsers": [_named(entity) for entity in listed if entity.kind == "user"],
        "PolicyRoles": [_named(entity) for entity in listed if entity.kind == "role"],
        **rest,
    }


def _wanted(entity: Entity, request: Request) -> bool:
    kinds = {"User": ("user",), "Group": ("group",), "Role": ("role",)}
    kind = kinds.get(request.get("EntityFilter", ""), ("user", "group", "role"))
    return entity.kind in kind and entity.path.startswith(request.get("PathPrefix") or "/")


def _named(entity: Entity) -> dict[str, str]:
    kind = entity.kind.capitalize()
    return {f"{kind}Name": entity.name, f"{kind}Id": entity.id}
