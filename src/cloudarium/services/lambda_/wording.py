"""How Lambda words what its model does not allow, as recorded from it by public test suites."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.violations import Violation, detected
from cloudarium.services.lambda_ import configuration_errors, errors

_CODE = "ValidationException"
# In its order, of September 2026 (badmintoncryer/cdk-preflight).
_RUNTIMES = (
    "nodejs20.x, python3.14, provided.al2023, python3.15, python3.12, python3.13, nodejs24.x, "
    "nodejs22.x, nodejs26.x, java25, python3.10, python3.11, java21, ruby3.3, ruby3.4, ruby4.0, "
    "ruby3.2, python3.8, python3.9, java17.al2023, java17, nodejs16.x, dotnet10, dotnet8, "
    "java8.al2023, java11, dotnet6, nodejs18.x, provided.al2, java8.al2, java11.al2023"
)
_ENUM = "Member must satisfy enum value set: "
# An element that is null is said not to be allowed, a key is not.
_OF_ELEMENTS = re.compile(r"(Member|Map value) must satisfy constraint: \[(.*)\]", re.DOTALL)
_NOT_NULL = ", Member must not be null"


def refusal(operation: str, params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    """Return the error for an input that is not as the model wants it."""
    if [each.path for each in violations] == ["runtime"]:
        return errors.invalid(
            configuration_errors.NO_SUCH_RUNTIME.format(runtime=params["Runtime"], known=_RUNTIMES)
        )
    listed = sorted(violations, key=lambda each: each.path == "compatibleArchitectures")
    return detected(_CODE, [str(_worded(each)) for each in listed])


def _worded(violation: Violation) -> Violation:
    if violation.path == "compatibleRuntimes":
        return replace(violation, constraint=f"{_ENUM}[{_RUNTIMES}]")
    constraint = _OF_ELEMENTS.sub(
        rf"\1 must satisfy constraint: [\2{_NOT_NULL}]", violation.constraint
    )
    return replace(violation, constraint=constraint)
