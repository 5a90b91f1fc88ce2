"""Bucket policies: what makes one acceptable, and what makes one public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core.documents import json_object
from cloudarium.services.s3 import errors, limits

# User guide, "The meaning of public": a wildcard principal is not public when the statement fixes
# one of these keys to values without wildcards.
_NARROWING_KEYS = frozenset(
    {
        "aws:sourceip",
        "aws:sourcearn",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourceowner",
        "aws:sourceaccount",
        "aws:userid",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalarn",
        "aws:principalaccount",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount",
    }
)


# Actions that concern objects only; those of buckets only begin with these words.
_OF_OBJECTS = frozenset(
    {
        "s3:abortmultipartupload",
        "s3:deleteobject",
        "s3:deleteobjecttagging",
        "s3:deleteobjectversion",
        "s3:deleteobjectversiontagging",
        "s3:getobject",
        "s3:getobjectacl",
        "s3:getobjectattributes",
        "s3:getobjecttagging",
        "s3:getobjectversion",
        "s3:getobjectversionacl",
        "s3:getobjectversiontagging",
        "s3:listmultipartuploadparts",
        "s3:putobject",
        "s3:putobjectacl",
        "s3:putobjecttagging",
        "s3:putobjectversionacl",
        "s3:putobjectversiontagging",
        "s3:restoreobject",
    }
)
_OF_BUCKETS = ("s3:listbucket", "s3:getbucket", "s3:putbucket", "s3:deletebucket")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def parsed(text: str, bucket: str) -> dict[str, Any]:
    """Return the policy document in `text`. Raises MalformedPolicy as PutBucketPolicy does."""
    if len(text.encode()) > limits.POLICY_BYTES:
        raise errors.MalformedPolicy(message="Policy has too large a size")
    document = json_object(text)
    if document is None:
        raise errors.MalformedPolicy(
            message="Policies must be valid JSON and the first byte must be '{'"
        )
    if document.get("Version", "2008-10-17") not in ("2012-10-17", "2008-10-17"):
        raise errors.MalformedPolicy(message="The policy must contain a valid version string")
    statements = _listed(document.get("Statement", []))
    if not statements:
        raise errors.MalformedPolicy(message="Missing required field Statement")
    for statement in statements:
        _check_statement(statement, f"arn:aws:s3:::{bucket}")
    return document


def _check_statement(statement: Any, arn: str) -> None:
    if not isinstance(statement, dict):
        raise errors.MalformedPolicy(message="Policy syntax is invalid")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise errors.MalformedPolicy(message=f"Invalid effect: {statement.get('Effect')}")
    for field in ("Principal", "Action", "Resource"):
        if field not in statement and f"Not{field}" not in statement:
            raise errors.MalformedPolicy(message=f"Missing required field {field}")
    for action in _listed(statement.get("Action", statement.get("NotAction"))):
        if action != "*" and not str(action).lower().startswith("s3:"):
            raise errors.MalformedPolicy(message="Policy has invalid action")
    for resource in _listed(statement.get("Resource", statement.get("NotResource"))):
        named = str(resource).split("/")[0]
        if resource != "*" and "*" not in named and "?" not in named and named != arn:
            raise errors.MalformedPolicy(message="Policy has invalid resource")
    actions, resources = (_listed(statement.get(name, [])) for name in ("Action", "Resource"))
    if resources and not all(_concerns_any(str(action), resources) for action in actions):
        raise errors.MalformedPolicy(
            message="Action does not apply to any resource(s) in statement"
        )


def _concerns_any(action: str, resources: list[Any]) -> bool:
    """Tell whether an action may be done with one of the resources: objects, or the bucket."""
    action = action.lower()
    if "*" in action or "?" in action:
        return True
    if action in _OF_OBJECTS:
        return any("/" in each or "*" in each for each in map(str, resources))
    return not action.startswith(_OF_BUCKETS) or any("/" not in str(each) for each in resources)


def is_public(document: Mapping[str, Any]) -> bool:
    """Tell whether a statement allows anyone, by the user guide's "The meaning of public"."""
    return any(
        statement.get("Effect") == "Allow"
        and _names_anyone(statement)
        and not _is_narrowed(statement.get("Condition", {}))
        for statement in _listed(document.get("Statement", []))
    )


def _names_anyone(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    if principal is None:
        return "NotPrincipal" in statement
    if isinstance(principal, Mapping):
        return "*" in _listed(principal.get("AWS", []))
    return bool(principal == "*")


def _is_narrowed(conditions: Mapping[str, Mapping[str, Any]]) -> bool:
    return any(
        key.lower() in _NARROWING_KEYS
        and not any("*" in str(value) or "?" in str(value) for value in _listed(values))
        for operator, keys in conditions.items()
        if "Not" not in operator and not operator.endswith("IfExists")
        for key, values in keys.items()
    )
