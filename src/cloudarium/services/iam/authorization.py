"""Which IAM action on which resource each operation of IAM and STS needs.

Source: "Actions, resources, and condition keys for AWS Identity and Access Management" and "... for
AWS Security Token Service", Service Authorization Reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cloudarium.core.context import Context, Request
from cloudarium.core.errors import InvalidClientTokenId, MissingAuthenticationToken
from cloudarium.core.identity import Access
from cloudarium.services.iam import (
    callers,
    entities,
    instance_profiles,
    policies,
    service_linked,
    tags,
)
from cloudarium.services.iam.entities import Kind, arn_of
from cloudarium.services.iam.identity import SessionHolder

_LISTS = {
    "ListUsers": "user",
    "ListGroups": "group",
    "ListRoles": "role",
    "ListInstanceProfiles": "instance-profile",
}
_WITHOUT_RESOURCE = frozenset(
    {
        "CreateAccountAlias",
        "DeleteAccountAlias",
        "DeleteAccountPasswordPolicy",
        "GetAccountAuthorizationDetails",
        "GetAccountPasswordPolicy",
        "GetAccountSummary",
        "GetContextKeysForCustomPolicy",
        "ListAccountAliases",
        "ListOpenIDConnectProviders",
        "ListPolicies",
        "ListSAMLProviders",
        "ListServerCertificates",
        "ListVirtualMFADevices",
        "SimulateCustomPolicy",
        "UpdateAccountPasswordPolicy",
    }
)
_MEMBERS: tuple[tuple[str, Kind], ...] = (
    ("GroupName", "group"),
    ("RoleName", "role"),
    ("UserName", "user"),
)
_STS = frozenset(
    {
        "AssumeRole",
        "GetAccessKeyInfo",
        "GetCallerIdentity",
        "GetFederationToken",
        "GetSessionToken",
    }
)
Conditions = dict[str, str | list[str]]


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Return the accesses `operation` needs.

    Raises MissingAuthenticationToken for unsigned requests, and InvalidClientTokenId for IAM's
    operations with the credentials of GetSessionToken and GetFederationToken: without MFA these
    may not call IAM ("Request temporary security credentials", IAM User Guide).
    """
    if ctx.principal.kind == "anonymous":
        raise MissingAuthenticationToken()
    if operation in _STS:
        return _sts(ctx, operation, request)
    if isinstance(ctx.principal, SessionHolder) and ctx.principal.kind != "role":
        raise InvalidClientTokenId()
    resource = _resource(ctx, operation, request)
    conditions = {**_resource_tags(ctx, resource), **_conditions(request)}
    access = Access(f"iam:{operation}", resource, conditions)
    if operation.startswith("Create") and request.get("Tags"):
        tagging = operation.replace("Create", "iam:Tag")
        return (access, Access(tagging, resource, conditions))
    if operation == "AddRoleToInstanceProfile":
        role = _named(ctx, "role", request["RoleName"], "/")
        passed = {"iam:PassedToService": "ec2.amazonaws.com"}
        return (access, Access("iam:PassRole", role, passed))
    return (access,)


def _resource(ctx: Context, operation: str, request: Request) -> str:
    if operation in _WITHOUT_RESOURCE:
        return "*"
    if operation in _LISTS:
        return arn_of(ctx.account, _LISTS[operation], request.get("PathPrefix") or "/", "")
    if "PolicySourceArn" in request:
        return str(request["PolicySourceArn"])
    if operation == "CreatePolicy":
        path = request.get("Path") or "/"
        return arn_of(ctx.account, "policy", path, request["PolicyName"])
    if operation == "CreateServiceLinkedRole":
        return service_linked.arn(ctx.account, request["AWSServiceName"])
    if operation == "GetAccessKeyLastUsed":
        return f"arn:aws:iam::{ctx.account}:user/*"
    if "InstanceProfileName" in request:
        return _instance_profile(ctx, request["InstanceProfileName"], request.get("Path") or "/")
    for member, kind in _MEMBERS:
        if member in request:
            return _named(ctx, kind, request[member], request.get("Path") or "/")
    if "PolicyArn" in request:
        return str(request["PolicyArn"])
    return _named(ctx, "user", callers.user_name(ctx, request), "/")


def _named(ctx: Context, kind: Kind, name: str, path: str) -> str:
    entity = entities.lookup(ctx.db, ctx.account, kind, name)
    return entity.arn if entity else arn_of(ctx.account, kind, path, name)


def _instance_profile(ctx: Context, name: str, path: str) -> str:
    profile = instance_profiles.lookup(ctx.db, ctx.account, name)
    return profile.arn if profile else arn_of(ctx.account, "instance-profile", path, name)


def _resource_tags(ctx: Context, resource: str) -> Conditions:
    owner = (
        entities.by_arn(ctx.db, resource)
        or policies.lookup(ctx.db, resource)
        or instance_profiles.by_arn(ctx.db, resource)
    )
    found: Conditions = {}
    for key, value in tags.of(ctx.db, owner.id if owner else "").items():
        found[f"aws:ResourceTag/{key}"] = value
        found[f"iam:ResourceTag/{key}"] = value
    return found


def _conditions(request: Request) -> Conditions:
    found = _tag_conditions(request)
    if request.get("PermissionsBoundary"):
        found["iam:PermissionsBoundary"] = request["PermissionsBoundary"]
    if request.get("AWSServiceName"):
        found["iam:AWSServiceName"] = request["AWSServiceName"]
    if request.get("PolicyArn"):
        found["iam:PolicyARN"] = request["PolicyArn"]
    return found


def _tag_conditions(request: Request) -> Conditions:
    wanted = request.get("Tags") or []
    keys = [tag["Key"] for tag in wanted] + list(request.get("TagKeys") or [])
    found: Conditions = {f"aws:RequestTag/{tag['Key']}": tag["Value"] for tag in wanted}
    return {**found, "aws:TagKeys": keys} if keys else found


def _sts(ctx: Context, operation: str, request: Request) -> Iterator[Access]:
    if operation == "AssumeRole":
        yield from _assume_role(ctx, request)
    elif operation == "GetFederationToken":
        arn = f"arn:aws:sts::{ctx.account}:federated-user/{request['Name']}"
        yield Access("sts:GetFederationToken", arn, _tag_conditions(request))
    elif operation == "GetAccessKeyInfo":
        yield Access("sts:GetAccessKeyInfo", "*")


def _assume_role(ctx: Context, request: Request) -> Iterator[Access]:
    arn = request["RoleArn"]
    role = entities.by_arn(ctx.db, arn)
    if role is None or role.kind != "role":
        return
    conditions = _tag_conditions(request)
    conditions["sts:RoleSessionName"] = request["RoleSessionName"]
    if request.get("ExternalId"):
        conditions["sts:ExternalId"] = request["ExternalId"]
    conditions |= _resource_tags(ctx, arn)
    yield Access("sts:AssumeRole", arn, conditions, policy=role.trust)
    if request.get("Tags"):
        yield Access("sts:TagSession", arn, conditions, policy=role.trust)
