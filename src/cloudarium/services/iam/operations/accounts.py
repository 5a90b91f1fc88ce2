"""The account: its alias and what it holds."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import entities, instance_profiles, limits, pages, policies, views
from cloudarium.services.iam.errors import AliasExists, NoSuchAlias


def create_account_alias(ctx: Context, request: Request) -> None:
    """Give the account an alias in place of the one it has."""
    alias = request["AccountAlias"]
    row = ctx.db.execute("SELECT account FROM account_aliases WHERE alias = ?", (alias,)).fetchone()
    if row:
        raise AliasExists(alias=alias)
    ctx.db.execute("DELETE FROM account_aliases WHERE account = ?", (ctx.account,))
    ctx.db.execute("INSERT INTO account_aliases VALUES (?, ?)", (alias, ctx.account))


def list_account_aliases(ctx: Context, request: Request) -> Response:
    """List the account's alias, if it has one."""
    rows = ctx.db.execute("SELECT alias FROM account_aliases WHERE account = ?", (ctx.account,))
    shown, rest = pages.page(request, [row["alias"] for row in rows], str)
    return {"AccountAliases": shown, **rest}


def delete_account_alias(ctx: Context, request: Request) -> None:
    """Take the account's alias away."""
    alias = request["AccountAlias"]
    deleted = ctx.db.execute(
        "DELETE FROM account_aliases WHERE alias = ? AND account = ?", (alias, ctx.account)
    )
    if not deleted.rowcount:
        raise NoSuchAlias(alias=alias)


def get_account_summary(ctx: Context, request: Request) -> Response:
    """Tell how many entities the account has, and the quotas."""
    own = policies.listed(ctx, "Local", "/")
    in_use = sum(len(policies.versions(ctx.db, policy)) for policy in own)
    return {
        "SummaryMap": {
            "Users": entities.count(ctx, "user"),
            "UsersQuota": limits.USERS,
            "Groups": entities.count(ctx, "group"),
            "GroupsQuota": limits.GROUPS,
            "Roles": entities.count(ctx, "role"),
            "RolesQuota": limits.ROLES,
            "Policies": len(own),
            "PoliciesQuota": limits.POLICIES,
            "PolicyVersionsInUse": in_use,
            "PolicyVersionsInUseQuota": limits.POLICY_VERSIONS_IN_USE,
            "InstanceProfiles": len(instance_profiles.listed(ctx)),
            "InstanceProfilesQuota": limits.INSTANCE_PROFILES,
            "AccessKeysPerUserQuota": limits.ACCESS_KEYS_PER_USER,
            "GroupsPerUserQuota": limits.GROUPS_PER_USER,
            "AttachedPoliciesPerUserQuota": limits.ATTACHED_POLICIES["user"],
            "AttachedPoliciesPerGroupQuota": limits.ATTACHED_POLICIES["group"],
            "AttachedPoliciesPerRoleQuota": limits.ATTACHED_POLICIES["role"],
            "VersionsPerPolicyQuota": limits.VERSIONS_PER_POLICY,
            "PolicySizeQuota": limits.MANAGED_POLICY_SIZE,
            "UserPolicySizeQuota": limits.INLINE_POLICY_SIZE["user"],
            "GroupPolicySizeQuota": limits.INLINE_POLICY_SIZE["group"],
            "RolePolicySizeQuota": limits.INLINE_POLICY_SIZE["role"],
            "AssumeRolePolicySizeQuota": limits.TRUST_POLICY_SIZE,
            **_OF_EVERY_ACCOUNT,
        }
    }


# The root user has an access key, and nobody an MFA device, a certificate or a provider.
_OF_EVERY_ACCOUNT = {
    "AccountAccessKeysPresent": 1,
    "AccountMFAEnabled": 0,
    "AccountSigningCertificatesPresent": 0,
    "GlobalEndpointTokenVersion": 1,
    "MFADevices": 0,
    "MFADevicesInUse": 0,
    "Providers": 0,
    "ServerCertificates": 0,
    "ServerCertificatesQuota": limits.SERVER_CERTIFICATES,
    "SigningCertificatesPerUserQuota": limits.SIGNING_CERTIFICATES_PER_USER,
}


_DETAILS: tuple[tuple[str, entities.Kind, str], ...] = (
    ("GroupDetailList", "group", "Group"),
    ("RoleDetailList", "role", "Role"),
    ("UserDetailList", "user", "User"),
)


def get_account_authorization_details(ctx: Context, request: Request) -> Response:
    """Tell every user, group, role and policy with all its permissions."""
    wanted = request.get("Filter")
    found: list[tuple[str, str, Any]] = [
        (answer, each.name, each)
        for answer, kind, name in _DETAILS
        if not wanted or name in wanted
        for each in entities.listed(ctx, kind)
    ]
    found += [("Policies", policy.arn, policy) for policy in _policies(ctx, wanted)]
    found.sort(key=_place)
    shown, rest = pages.page(request, found, _place)
    lists: dict[str, list[Any]] = {"Policies": [], **{answer: [] for answer, _, _ in _DETAILS}}
    for answer, _, each in shown:
        detail = _policy(ctx, each) if answer == "Policies" else views.detail(ctx, each)
        lists[answer].append(detail)
    return {**lists, **rest}


def _place(found: tuple[str, str, Any]) -> str:
    return f"{found[0]}/{found[1]}"


def _policies(ctx: Context, wanted: list[str] | None) -> list[policies.Policy]:
    """Return the account's policies and those of AWS's that are attached."""
    attached, _ = policies.usage(ctx)
    everything = not wanted
    local = everything or "LocalManagedPolicy" in (wanted or ())
    found = policies.listed(ctx, "Local", "/") if local else []
    if everything or "AWSManagedPolicy" in (wanted or ()):
        aws = policies.listed(ctx, "AWS", "/")
        found += [policy for policy in aws if policy.arn in attached]
    return found


def _policy(ctx: Context, policy: policies.Policy) -> dict[str, Any]:
    versions = policies.versions(ctx.db, policy)
    shown = views.full_policy(ctx, policy)
    del shown["Tags"]
    shown["PolicyVersionList"] = [views.version(policy, each, document=True) for each in versions]
    return shown
