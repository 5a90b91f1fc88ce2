"""Validation of messages by the models of their route (JSON Schema draft 4).

Source: Developer Guide, "Request validation for WebSocket APIs": a message that does not fit is
answered with `Invalid request body`.
"""

from __future__ import annotations

from cloudarium.core.documents import json_value
from cloudarium.gateway import json_schema
from cloudarium.services.apigatewayv2.serving.compiled import Compiled, Route
from cloudarium.services.apigatewayv2.serving.failures import Failure
from cloudarium.services.apigatewayv2.serving.websocket import selection


def check(api: Compiled, route: Route, text: str) -> None:
    """Raise the 400 Failure for a message that does not fit the model chosen for it."""
    wanted = route.document.get("RequestModels", {})
    if not wanted or api.document.get("DisableSchemaValidation"):
        return
    expression = route.document.get("ModelSelectionExpression", "")
    key = selection.value(expression, text, {}) if expression else ""
    validator = api.validator(wanted.get(key) or wanted.get("$default", ""))
    if validator is not None and not _fits(validator, text):
        raise Failure(400, "Invalid request body")


def _fits(validator: json_schema.Validator, text: str) -> bool:
    from referencing.exceptions import Unresolvable

    try:
        return not validator.problems(json_value(text), len(text))
    except (ValueError, RecursionError, Unresolvable, json_schema.TooLong):
        return False
