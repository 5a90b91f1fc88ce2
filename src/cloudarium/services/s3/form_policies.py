"""POST policies: what a signed form may upload.

API reference, "Creating a POST Policy"; the words of the refusals as AWS was seen to say them.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cloudarium.core.documents import json_object
from cloudarium.core.errors import AwsError
from cloudarium.services.s3 import errors

_EXEMPT = ("policy", "x-amz-signature", "signature", "awsaccesskeyid", "file")
_IGNORED = "x-ignore-"
_RANGE = "content-length-range"


def check(text: str, fields: Mapping[str, str], size: int, now: float) -> None:
    """Raise AccessDenied, EntityTooLarge or EntityTooSmall unless the form meets its policy.

    `fields` are the form's with its `bucket` and whole `key`, `size` the file's. Raises
    InvalidPolicyDocument.
    """
    policy = _read(text)
    if _expiration(policy) < now:
        raise _violation("Policy expired.")
    named = set()
    for condition in _conditions(policy):
        operator, name, value = condition
        if operator == _RANGE:
            _check_size(size, int(name), int(value))
            continue
        field = str(name).removeprefix("$").lower()
        named.add(field)
        given, wanted = fields.get(field, ""), str(value)
        if not (given == wanted if operator == "eq" else given.startswith(wanted)):
            told = json.dumps([operator, f"${field}", value])
            raise _violation(f"Policy Condition failed: {told}")
    extra = sorted(
        field
        for field in fields.keys() - named - {"bucket"}
        if field not in _EXEMPT and not field.startswith(_IGNORED)
    )
    if extra:
        raise _violation(f"Extra input fields: {', '.join(extra)}")


def _read(text: str) -> dict[str, Any]:
    try:
        found = json_object(base64.b64decode(text).decode())
    except (binascii.Error, ValueError):
        found = None
    if found is None:
        raise errors.InvalidPolicyDocument(problem="Invalid JSON.")
    return found


def _expiration(policy: Mapping[str, Any]) -> float:
    if "expiration" not in policy:
        raise errors.InvalidPolicyDocument(problem="Missing expiration.")
    try:
        moment = datetime.fromisoformat(str(policy["expiration"]))
    except ValueError:
        raise errors.InvalidPolicyDocument(problem="Invalid expiration.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _conditions(policy: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return operator, name and value of each condition; of a range, its two ends."""
    given = policy.get("conditions")
    if not isinstance(given, list):
        raise errors.InvalidPolicyDocument(problem="Missing conditions.")
    return [_condition(each) for each in given]


def _condition(given: Any) -> tuple[str, Any, Any]:
    if isinstance(given, dict):
        if len(given) != 1:
            raise errors.InvalidPolicyDocument(
                problem="Invalid Simple-Condition: Simple-Conditions must have exactly one "
                "property specified."
            )
        ((name, value),) = given.items()
        return "eq", name, value
    if isinstance(given, list) and len(given) == 3:
        operator, name, value = str(given[0]).lower(), given[1], given[2]
        if operator in ("eq", "starts-with"):
            return operator, name, value
        if operator == _RANGE and str(name).isdecimal() and str(value).isdecimal():
            return operator, name, value
    raise errors.InvalidPolicyDocument(problem="Invalid Condition.")


def _check_size(size: int, least: int, most: int) -> None:
    if size < least:
        raise errors.EntityTooSmall(
            members={"ProposedSize": str(size), "MinSizeAllowed": str(least)}
        )
    if size > most:
        raise errors.EntityTooLarge(
            members={"ProposedSize": str(size), "MaxSizeAllowed": str(most)}
        )


def _violation(problem: str) -> AwsError:
    return errors.PolicyViolated(problem=problem)
