"""How API Gateway v2 words what its model does not allow.

What numbers may be it says by itself (recorded, see `errors`), by the name of their shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.violations import Violation, detected
from cloudarium.services.apigatewayv2 import errors

_CODE = "BadRequestException"
_TEXTS = {
    "IntegerWithLengthBetween50And30000": "Timeout should be between 50 ms and 30000 ms",
    "IntegerWithLengthBetween0And3600": "Authorizer result TTL outside allowable range. TTL must "
    "be between 0 and 3600 seconds.",
}


def refusal(operation: str, params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    """Return the error for an input that is not as the model wants it."""
    for violation in violations:
        if violation.shape in _TEXTS:
            return errors.BadRequest(message=_TEXTS[violation.shape])
    return detected(_CODE, [str(one) for one in violations])
