"""How CodeBuild words what its model does not allow, where it has words of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.violations import Violation, detected
from cloudarium.services.codebuild import errors, limits

# Measured in September 2026 (badmintoncryer/cdk-preflight).
_TOO_LONG = {
    "name": (limits.NAME, f"Project name length cannot be greater than {limits.NAME} characters"),
    "description": (limits.DESCRIPTION, f"Max description length is {limits.DESCRIPTION}"),
    "secondarySources": (
        limits.SECONDARY,
        f"Invalid input: the maximum number of secondary sources is {limits.SECONDARY}",
    ),
    "secondaryArtifacts": (
        limits.SECONDARY,
        "Invalid input: the maximum number of artifact definitions in secondaryArtifacts is "
        f"{limits.SECONDARY}",
    ),
}


def refusal(operation: str, params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    """Return the error for an input that is not as the model wants it."""
    limit, text = _TOO_LONG.get(violations[0].path, (0, ""))
    value = violations[0].value
    if limit and isinstance(value, str | list) and len(value) > limit:
        return errors.Invalid(message=text)
    return detected("InvalidInputException", [str(each) for each in violations])
