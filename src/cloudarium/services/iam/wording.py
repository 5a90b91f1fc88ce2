"""How IAM words what its model does not allow, where it has words of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.violations import Violation, detected

_CODE = "ValidationError"
_NAMES = ("groupName", "policyName", "roleName", "userName")
_PATTERN = "Member must satisfy regular expression pattern"


def refusal(operation: str, params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    """Return the error for an input that is not as the model wants it.

    The words about names were measured in September 2026 (badmintoncryer/cdk-preflight).
    """
    for each in violations:
        if each.path in _NAMES and each.value and each.constraint.startswith(_PATTERN):
            text = (
                f"The specified value for {each.path} is invalid. It must contain only "
                "alphanumeric characters and/or the following: +=,.@_-"
            )
            return AwsError(_CODE, text, 400)
    return detected(_CODE, [str(each) for each in violations])
