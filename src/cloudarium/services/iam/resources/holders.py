"""What the resource types of users, groups and roles share: policies, boundary and tags."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from cloudarium.core import tags
from cloudarium.core.errors import AwsError
from cloudarium.core.resources import ResourceRequest
from cloudarium.services.iam.errors import NoSuchNamedEntity

Kind = Literal["User", "Group", "Role"]


def text(document: Any) -> str:
    """Return a policy document of a template as JSON text."""
    return document if isinstance(document, str) else json.dumps(document)


def picked(properties: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return those of the named properties that are given."""
    return {name: properties[name] for name in names if name in properties}


async def call_unless_missing(
    resource: ResourceRequest, operation: str, params: dict[str, Any]
) -> None:
    """Call an operation that takes something away; what is gone already is well."""
    try:
        await resource.call("iam", operation, params)
    except AwsError as error:
        if not NoSuchNamedEntity.matches(error):
            raise


async def create(
    resource: ResourceRequest, kind: Kind, name: str, params: dict[str, Any]
) -> dict[str, Any]:
    """Make the entity with its policies and tags; if that fails, nothing is left behind."""
    answer = await resource.call("iam", f"Create{kind}", {f"{kind}Name": name, **params})
    try:
        await put_policies(resource, kind, name)
    except AwsError:
        await remove(resource, kind, name)
        raise
    entity: dict[str, Any] = answer[kind]
    return entity


async def update(resource: ResourceRequest, kind: Kind, name: str) -> None:
    """Bring policies, boundary and tags of the entity from the old to the new properties."""
    await put_policies(resource, kind, name)
    if kind != "Group":
        await _put_boundary(resource, kind, name)
        await _put_tags(resource, kind, name)


async def put_policies(resource: ResourceRequest, kind: Kind, name: str) -> None:
    """Bring inline and attached policies from the old to the new properties."""
    holder = {f"{kind}Name": name}
    old, new = _inline(resource.previous), _inline(resource.properties)
    for policy in new:
        if old.get(policy) != new[policy]:
            params = {"PolicyName": policy, "PolicyDocument": new[policy]}
            await resource.call("iam", f"Put{kind}Policy", {**holder, **params})
    for policy in old.keys() - new.keys():
        params = {**holder, "PolicyName": policy}
        await call_unless_missing(resource, f"Delete{kind}Policy", params)
    before = resource.previous.get("ManagedPolicyArns") or []
    after = resource.properties.get("ManagedPolicyArns") or []
    for arn in after:
        if arn not in before:
            await resource.call("iam", f"Attach{kind}Policy", {**holder, "PolicyArn": arn})
    for arn in before:
        if arn not in after:
            params = {**holder, "PolicyArn": arn}
            await call_unless_missing(resource, f"Detach{kind}Policy", params)


def _inline(properties: Mapping[str, Any]) -> dict[str, str]:
    policies = properties.get("Policies") or []
    return {policy["PolicyName"]: text(policy["PolicyDocument"]) for policy in policies}


async def _put_boundary(resource: ResourceRequest, kind: Kind, name: str) -> None:
    old = resource.previous.get("PermissionsBoundary")
    new = resource.properties.get("PermissionsBoundary")
    if new and new != old:
        params = {f"{kind}Name": name, "PermissionsBoundary": new}
        await resource.call("iam", f"Put{kind}PermissionsBoundary", params)
    elif old and not new:
        params = {f"{kind}Name": name}
        await call_unless_missing(resource, f"Delete{kind}PermissionsBoundary", params)


def tagging(resource: ResourceRequest) -> dict[str, Any]:
    """Return `Tags` for a create call: the stack's (but AWS's own) and the resource's."""
    wanted = tags.of_resource(resource, system=False)
    return {"Tags": tags.to_list(wanted)} if wanted else {}


async def _put_tags(resource: ResourceRequest, kind: Kind, name: str) -> None:
    gone, changed = tags.changes(resource, system=False)
    if gone:
        await resource.call("iam", f"Untag{kind}", {f"{kind}Name": name, "TagKeys": gone})
    if changed:
        params = {f"{kind}Name": name, "Tags": tags.to_list(changed)}
        await resource.call("iam", f"Tag{kind}", params)


async def remove(resource: ResourceRequest, kind: Kind, name: str) -> None:
    """Delete the entity with the policies its properties gave it."""
    holder = {f"{kind}Name": name}
    for policy in _inline(resource.properties):
        params = {**holder, "PolicyName": policy}
        await call_unless_missing(resource, f"Delete{kind}Policy", params)
    for arn in resource.properties.get("ManagedPolicyArns") or []:
        params = {**holder, "PolicyArn": arn}
        await call_unless_missing(resource, f"Detach{kind}Policy", params)
    await call_unless_missing(resource, f"Delete{kind}", holder)
