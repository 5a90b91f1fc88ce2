"""Models: the JSON Schemas of an API's payloads."""

from __future__ import annotations

import json

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import samples, schemas
from cloudarium.services.apigateway import (
    apis,
    definitions,
    errors,
    paging,
    parts,
    tree,
)
from cloudarium.services.apigateway.patches import Patches, Refusal, text

_PATCHES = Patches({"/description": text("description"), "/schema": text("schema")}, Refusal.LISTED)


def create_model(ctx: Context, request: Request) -> Response:
    """Create a model."""
    api = apis.find(ctx, request["restApiId"])
    name = definitions.model_name(request["name"])
    definitions.check_content_type(request["contentType"])
    schema = definitions.model_schema(request.get("schema"))
    if parts.get(ctx, api.id, parts.MODEL, name):
        raise errors.ModelExists()
    return parts.put_model(
        ctx, api.id, name, schema, request.get("description"), request["contentType"]
    )


def get_model(ctx: Context, request: Request) -> Response:
    """Return a model; with `flatten`, the models it refers to stand among its definitions."""
    model = _find(ctx, request)
    if request.get("flatten"):
        models = parts.load(ctx, request["restApiId"], parts.MODEL)
        texts = {name: one["schema"] for name, one in models.items()}
        schema = json.dumps(schemas.with_definitions(model["name"], texts))
        return {**model, "schema": schema}
    return model


def get_model_template(ctx: Context, request: Request) -> Response:
    """Return a sample mapping template into a model's structure."""
    name = _find(ctx, request)["name"]
    models = parts.load(ctx, request["restApiId"], parts.MODEL)
    return {"value": samples.of_model(name, {key: one["schema"] for key, one in models.items()})}


def get_models(ctx: Context, request: Request) -> Response:
    """Return a page of an API's models, by name."""
    api = apis.find(ctx, request["restApiId"])
    models = parts.load(ctx, api.id, parts.MODEL).values()
    return paging.page(request, models, lambda one: str(one["name"]), dict)


def update_model(ctx: Context, request: Request) -> Response:
    """Patch a model."""
    model = _PATCHES.apply(_find(ctx, request), request.get("patchOperations"))
    definitions.model_schema(model.get("schema"))
    parts.put(ctx, request["restApiId"], parts.MODEL, model["name"], model)
    return model


def delete_model(ctx: Context, request: Request) -> None:
    """Delete a model that no method and no other model refers to."""
    name = _find(ctx, request)["name"]
    for resource in reversed(tree.load(ctx, request["restApiId"]).values()):
        for http_method, method in resource.methods.items():
            place = {"name": name, "path": resource.path, "method": http_method}
            if name in method.get("requestModels", {}).values():
                raise errors.ModelInUse(direction="request", **place)
            for response in method.get("methodResponses", {}).values():
                if name in response.get("responseModels", {}).values():
                    raise errors.ModelInUse(direction="response", **place)
    for other in parts.load(ctx, request["restApiId"], parts.MODEL).values():
        if other["name"] != name and f'/models/{name}"' in other["schema"]:
            raise errors.ModelReferenced(name=name, other=other["name"])
    parts.delete(ctx, request["restApiId"], parts.MODEL, name)


def _find(ctx: Context, request: Request) -> Response:
    model = parts.get(ctx, request["restApiId"], parts.MODEL, request["modelName"])
    if model is None:
        raise errors.ModelNotFound(name=request["modelName"])
    return model
