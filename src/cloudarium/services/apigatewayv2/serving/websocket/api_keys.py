"""API keys on routes of WebSocket APIs, by the usage plans of the service for REST APIs.

Source: Developer Guide, "WebSocket selection expressions in API Gateway", API key selection
expressions: the key is the handshake's `x-api-key` header or what its authorizer said.
"""

from __future__ import annotations

from cloudarium.core.context import Context
from cloudarium.gateway import siblings
from cloudarium.services.apigatewayv2.serving.failures import Failure, forbidden, throttled
from cloudarium.services.apigatewayv2.serving.websocket.passage import Passage

_BY_AUTHORIZER = "$context.authorizer.usageIdentifierKey"
_HEADER = "x-api-key"


def admit(ctx: Context, event: Passage) -> None:
    """Count an event of a route that requires an API key. Raises the 403 and 429 Failures."""
    if not event.route.document.get("ApiKeyRequired"):
        return
    stage, session = event.stage, event.session
    value = session.request.headers.get(_HEADER, "")
    if stage.api.document["ApiKeySelectionExpression"] == _BY_AUTHORIZER:
        value = session.usage_key
    place = (stage.api_id, stage.name)
    problem, key = siblings.run(
        ctx, siblings.REST, "serving.usage:admitted", value, place, event.route.key
    )
    if key is not None:
        event.context["identity"] |= {"apiKey": key["value"], "apiKeyId": key["id"]}
    if problem == "throttled":
        raise throttled()
    if problem == "exceeded":
        raise Failure(429, "Limit Exceeded")
    if problem:
        raise forbidden("Invalid API Key identifier specified")
