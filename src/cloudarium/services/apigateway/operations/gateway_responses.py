"""Gateway responses: what a caller is told when the gateway itself answers."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import apis, errors, parts
from cloudarium.services.apigateway.patches import Patches, Refusal, entry, text
from cloudarium.services.apigateway.serving import failures

_PATCHES = Patches(
    {
        "/statusCode": text("statusCode"),
        "/responseParameters/*": entry(
            "responseParameters", absent=errors.ParameterNotFound, filled=True
        ),
        "/responseTemplates/*": entry(
            "responseTemplates", absent=errors.ContentTypeNotFound, filled=True
        ),
    },
    Refusal.CLOSED,
)


def put_gateway_response(ctx: Context, request: Request) -> Response:
    """Define the API's own gateway response of a type."""
    api = apis.find(ctx, request["restApiId"])
    kind = request["responseType"]
    response = failures.defined(kind, request)
    parts.put(ctx, api.id, parts.GATEWAY_RESPONSE, kind, response)
    return response


def get_gateway_response(ctx: Context, request: Request) -> Response:
    """Return the API's gateway response of a type, its own or the default."""
    api = apis.find(ctx, request["restApiId"])
    own = parts.load(ctx, api.id, parts.GATEWAY_RESPONSE)
    return failures.effective(request["responseType"], own)


def get_gateway_responses(ctx: Context, request: Request) -> Response:
    """Return the gateway responses of all types."""
    api = apis.find(ctx, request["restApiId"])
    own = parts.load(ctx, api.id, parts.GATEWAY_RESPONSE)
    return {"items": [failures.effective(kind, own) for kind in failures.STATUSES]}


def update_gateway_response(ctx: Context, request: Request) -> Response:
    """Patch a gateway response; a default becomes the API's own by it."""
    api = apis.find(ctx, request["restApiId"])
    kind = request["responseType"]
    before = failures.effective(kind, parts.load(ctx, api.id, parts.GATEWAY_RESPONSE))
    response = _PATCHES.apply(before, request.get("patchOperations"))
    for member in ("responseParameters", "responseTemplates"):
        response.setdefault(member, {})
    response["defaultResponse"] = False
    parts.put(ctx, api.id, parts.GATEWAY_RESPONSE, kind, response)
    return response


def delete_gateway_response(ctx: Context, request: Request) -> None:
    """Go back to the default gateway response of a type."""
    api = apis.find(ctx, request["restApiId"])
    kind = request["responseType"]
    if parts.get(ctx, api.id, parts.GATEWAY_RESPONSE, kind) is None:
        raise errors.GatewayResponseNotFound()
    parts.delete(ctx, api.id, parts.GATEWAY_RESPONSE, kind)
