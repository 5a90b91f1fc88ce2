"""Request validators: what is checked before an integration is asked."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import apis, errors, paging, parts, tree
from cloudarium.services.apigateway.patches import Patches, Refusal, Rule, flag


def _name(document: Response, op: str, key: str, value: str | None) -> None:
    if not value:
        raise errors.ValidatorNameBlank()
    document["name"] = value


_PATCHES = Patches(
    {
        "/name": Rule(_name),
        "/validateRequestParameters": flag("validateRequestParameters"),
        "/validateRequestBody": flag("validateRequestBody"),
    },
    Refusal.LISTED,
)


def create_request_validator(ctx: Context, request: Request) -> Response:
    """Create a request validator."""
    api = apis.get(ctx, request["restApiId"])
    if api is None:
        raise errors.RestApiInvalid()
    return parts.put_validator(
        ctx,
        api.id,
        request.get("name") or "",
        bool(request.get("validateRequestBody")),
        bool(request.get("validateRequestParameters")),
    )


def get_request_validator(ctx: Context, request: Request) -> Response:
    """Return a request validator."""
    return _find(ctx, request)


def get_request_validators(ctx: Context, request: Request) -> Response:
    """Return a page of an API's request validators."""
    api = apis.find(ctx, request["restApiId"])
    validators = parts.load(ctx, api.id, parts.VALIDATOR).values()
    return paging.page(request, validators, lambda one: str(one["id"]), dict)


def update_request_validator(ctx: Context, request: Request) -> Response:
    """Patch a request validator."""
    validator = _PATCHES.apply(_find(ctx, request), request.get("patchOperations"))
    parts.put(ctx, request["restApiId"], parts.VALIDATOR, validator["id"], validator)
    return validator


def delete_request_validator(ctx: Context, request: Request) -> None:
    """Delete a request validator that no method uses."""
    validator = _find(ctx, request)
    for resource in tree.load(ctx, request["restApiId"]).values():
        for http_method, method in resource.methods.items():
            if method.get("requestValidatorId") == validator["id"]:
                raise errors.ValidatorInUse(
                    name=validator["name"], path=resource.path, method=http_method
                )
    parts.delete(ctx, request["restApiId"], parts.VALIDATOR, validator["id"])


def _find(ctx: Context, request: Request) -> Response:
    validator_id = request["requestValidatorId"]
    validator = parts.get(ctx, request["restApiId"], parts.VALIDATOR, validator_id)
    if validator is None:
        raise errors.ValidatorNotFound()
    return validator
