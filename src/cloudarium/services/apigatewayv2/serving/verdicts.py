"""What Lambda authorizers say: simple answers and policies.

Source: Developer Guide, "Control access to HTTP APIs with AWS Lambda authorizers".
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.documents import json_value
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import ANONYMOUS, Access
from cloudarium.services.apigatewayv2.serving.failures import failed, forbidden, unauthorized

Document = dict[str, Any]


def read(payload: bytes, error: str, *, simple: bool) -> Document:
    """Return a function's verdict. Raises Failure: an error `Unauthorized` is the caller's."""
    try:
        answer = json_value(payload)
    except ValueError:
        raise failed("The authorizer's answer is not JSON") from None
    if not isinstance(answer, dict):
        raise failed("The authorizer's answer is not an object")
    if error:
        if answer.get("errorMessage") == "Unauthorized":
            raise unauthorized("The authorizer said so")
        raise failed("The authorizer failed")
    if simple and not isinstance(answer.get("isAuthorized"), bool):
        raise failed("The authorizer's answer has no isAuthorized")
    if not simple and not isinstance(answer.get("policyDocument"), dict):
        raise failed("The authorizer's answer has no policyDocument")
    if not isinstance(answer.get("context") or {}, dict):
        raise failed("The authorizer's context is not an object")
    return answer


def check(ctx: Context, verdict: Document, arn: str, client: str, *, simple: bool) -> None:
    """Raise the 403 Failure unless the verdict allows a request to `arn` by `client`."""
    if simple:
        if not verdict["isAuthorized"]:
            raise forbidden("The authorizer said so")
        return
    statements = verdict["policyDocument"].get("Statement") or []
    whole = statements if isinstance(statements, list) else [statements]
    if not all(isinstance(one, dict) for one in whole):
        raise failed("The authorizer's policy has statements that are none")
    policy = {
        **verdict["policyDocument"],
        "Statement": [{"Principal": "*", **one} for one in whole],
    }
    access = Access("execute-api:Invoke", arn, policy=policy)
    conditions: dict[str, str | list[str]] = {"aws:SourceIp": client}
    try:
        ctx.runtime.kernel.authorize(ANONYMOUS, access, conditions)
    except AwsError as error:
        raise forbidden(error.message) from error
