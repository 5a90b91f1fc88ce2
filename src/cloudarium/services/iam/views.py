"""How users, groups, roles and policies are answered."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.iam import (
    attachments,
    documents,
    entities,
    instance_profiles,
    policies,
    tags,
)
from cloudarium.services.iam.entities import Entity
from cloudarium.services.iam.instance_profiles import InstanceProfile
from cloudarium.services.iam.policies import Policy, Version


def _head(entity: Entity) -> dict[str, Any]:
    kind = entity.kind.capitalize()
    return {
        "Path": entity.path,
        f"{kind}Name": entity.name,
        f"{kind}Id": entity.id,
        "Arn": entity.arn,
        "CreateDate": entity.created_at,
    }


def _boundary(entity: Entity) -> dict[str, Any]:
    if entity.boundary is None:
        return {}
    return {
        "PermissionsBoundary": {
            "PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": entity.boundary,
        }
    }


def _tags(ctx: Context, owner: str) -> dict[str, Any]:
    found = tags.shown(ctx, owner)
    return {"Tags": found} if found else {}


def listed_user(user: Entity) -> dict[str, Any]:
    """Return a user as ListUsers shows it."""
    return _head(user)


def user(ctx: Context, user: Entity) -> dict[str, Any]:
    """Return a user as GetUser shows it."""
    return {**_head(user), **_boundary(user), **_tags(ctx, user.id)}


def group(group: Entity) -> dict[str, Any]:
    """Return a group."""
    return _head(group)


def listed_role(role: Entity) -> dict[str, Any]:
    """Return a role as ListRoles shows it."""
    shown = {
        **_head(role),
        "AssumeRolePolicyDocument": documents.encoded(role.trust_policy or ""),
        "MaxSessionDuration": role.max_session_duration,
    }
    return {**shown, "Description": role.description} if role.description else shown


def role(ctx: Context, role: Entity) -> dict[str, Any]:
    """Return a role as GetRole shows it."""
    last_used = {"LastUsedDate": role.last_used_at, "Region": role.last_used_region}
    return {
        **listed_role(role),
        **_boundary(role),
        **_tags(ctx, role.id),
        "RoleLastUsed": last_used if role.last_used_at else {},
    }


def listed_profile(ctx: Context, profile: InstanceProfile) -> dict[str, Any]:
    """Return an instance profile as ListInstanceProfiles shows it."""
    role = entities.by_id(ctx.db, profile.role_id or "")
    return {
        "Path": profile.path,
        "InstanceProfileName": profile.name,
        "InstanceProfileId": profile.id,
        "Arn": profile.arn,
        "CreateDate": profile.created_at,
        "Roles": [listed_role(role)] if role else [],
    }


def instance_profile(ctx: Context, profile: InstanceProfile) -> dict[str, Any]:
    """Return an instance profile as GetInstanceProfile shows it."""
    return {**listed_profile(ctx, profile), **_tags(ctx, profile.id)}


def policy(policy: Policy, attached: int, boundaries: int) -> dict[str, Any]:
    """Return a managed policy as ListPolicies shows it, with its counts of use."""
    return {
        "PolicyName": policy.name,
        "PolicyId": policy.id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": f"v{policy.default_version}",
        "AttachmentCount": attached,
        "PermissionsBoundaryUsageCount": boundaries,
        "IsAttachable": True,
        "CreateDate": policy.created_at,
        "UpdateDate": policy.updated_at,
    }


def full_policy(ctx: Context, found: Policy) -> dict[str, Any]:
    """Return a managed policy as GetPolicy shows it."""
    attached, boundaries = policies.usage(ctx)
    shown = policy(found, attached.get(found.arn, 0), boundaries.get(found.arn, 0))
    if found.description:
        shown["Description"] = found.description
    return {**shown, "Tags": tags.shown(ctx, found.id)}


def version(policy: Policy, version: Version, document: bool) -> dict[str, Any]:
    """Return a version of `policy`, with its document if asked for."""
    shown = {
        "VersionId": f"v{version.version}",
        "IsDefaultVersion": version.version == policy.default_version,
        "CreateDate": version.created_at,
    }
    return {"Document": documents.encoded(version.document), **shown} if document else shown


def attached(policies_of: list[Policy]) -> list[dict[str, str]]:
    """Return attached policies by name and ARN."""
    return [{"PolicyName": each.name, "PolicyArn": each.arn} for each in policies_of]


def _inline(ctx: Context, entity: Entity) -> list[dict[str, str]]:
    return [
        {"PolicyName": name, "PolicyDocument": documents.encoded(text)}
        for name, text in attachments.inline(ctx.db, entity.id).items()
    ]


def detail(ctx: Context, entity: Entity) -> dict[str, Any]:
    """Return a user, group or role as GetAccountAuthorizationDetails shows it."""
    kind = entity.kind.capitalize()
    shown: dict[str, Any] = {
        **_head(entity),
        f"{kind}PolicyList": _inline(ctx, entity),
        "AttachedManagedPolicies": attached(attachments.attached(ctx, entity)),
    }
    if entity.kind == "group":
        return shown
    shown |= {**_boundary(entity), "Tags": tags.shown(ctx, entity.id)}
    if entity.kind == "user":
        return {**shown, "GroupList": [each.name for each in entities.groups_of(ctx, entity)]}
    whole = role(ctx, entity)
    for member in ("AssumeRolePolicyDocument", "RoleLastUsed"):
        shown[member] = whole[member]
    profiles = instance_profiles.of_role(ctx, entity)
    return {**shown, "InstanceProfileList": [listed_profile(ctx, each) for each in profiles]}
