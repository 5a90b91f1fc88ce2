"""How API Gateway words what its model does not allow.

Members of a request's body stand below `{operation}Input`, and come before those of its path and
query. Enumerations are listed in the order of API Gateway's own answers, where they are known
(recorded in public test suites), else the model's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.violations import Violation, detected

_CODE = "ValidationException"
# Members that are in no body; one that is in one operation's, and one that is in all but one's.
_LOCATED = frozenset({"statusCode", "responseType", "mode", "locationStatus", "resourceOwner"})
_IN_BODY = ("PutGatewayResponse", "statusCode")
_LOCATED_TYPE = ("GetDocumentationParts", "type")
_ORDERS = {
    "Op": "add, remove, move, test, replace, copy",
    "IntegrationType": "HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS",
    "EndpointType": "PRIVATE, EDGE, REGIONAL",
    "DocumentationPartType": "RESPONSE_BODY, RESPONSE, METHOD, MODEL, AUTHORIZER, RESPONSE_HEADER, "
    "RESOURCE, PATH_PARAMETER, REQUEST_BODY, QUERY_PARAMETER, API, REQUEST_HEADER",
    "GatewayResponseType": "REQUEST_TOO_LARGE, RESOURCE_NOT_FOUND, AUTHORIZER_CONFIGURATION_ERROR, "
    "MISSING_AUTHENTICATION_TOKEN, BAD_REQUEST_BODY, INVALID_SIGNATURE, INVALID_API_KEY, "
    "BAD_REQUEST_PARAMETERS, AUTHORIZER_FAILURE, UNAUTHORIZED, INTEGRATION_TIMEOUT, ACCESS_DENIED, "
    "DEFAULT_4XX, DEFAULT_5XX, WAF_FILTERED, QUOTA_EXCEEDED, THROTTLED, API_CONFIGURATION_ERROR, "
    "UNSUPPORTED_MEDIA_TYPE, INTEGRATION_FAILURE, EXPIRED_TOKEN",
}
_ENUM = re.compile(r"(Member must satisfy enum value set: )\[[^]]*]")


def refusal(operation: str, params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    """Return the error for an input that is not as the model wants it."""
    worded = [_ordered(each) for each in violations]
    outside = [each for each in worded if _is_located(operation, each)]
    body = f"{operation[0].lower()}{operation[1:]}Input"
    inside = [replace(each, path=f"{body}.{each.path}") for each in worded if each not in outside]
    return detected(_CODE, list(dict.fromkeys(map(str, [*inside, *outside]))))


def _is_located(operation: str, violation: Violation) -> bool:
    name = violation.path.partition(".")[0]
    if (operation, name) == _IN_BODY:
        return False
    return name in _LOCATED or (operation, name) == _LOCATED_TYPE


def _ordered(violation: Violation) -> Violation:
    order = _ORDERS.get(violation.shape)
    if order is None:
        return violation
    constraint = _ENUM.sub(rf"\1[{order}]", violation.constraint)
    return replace(violation, constraint=constraint)
