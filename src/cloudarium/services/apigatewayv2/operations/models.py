"""Models: the JSON schemas of WebSocket messages."""

from __future__ import annotations

import re

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.documents import json_object
from cloudarium.gateway import samples
from cloudarium.services.apigatewayv2 import apis, deployments, errors, paging, parts

_MEMBERS = ("ContentType", "Description", "Name", "Schema")
_NAME = re.compile(r"[A-Za-z0-9]+")


def create_model(ctx: Context, request: Request) -> Response:
    """Create a model."""
    api = apis.find(ctx, request["ApiId"])
    model = parts.merged({"ContentType": "application/json"}, parts.of_members(request, _MEMBERS))
    _check(ctx, api, model)
    model_id = parts.add(ctx, api.id, parts.MODEL, model)
    deployments.changed(ctx, api)
    return parts.answer(parts.MODEL, model_id, model)


def get_model(ctx: Context, request: Request) -> Response:
    """Return a model."""
    api = apis.find(ctx, request["ApiId"])
    found = parts.find(ctx, api.id, parts.MODEL, request["ModelId"])
    return parts.answer(parts.MODEL, request["ModelId"], found)


def get_model_template(ctx: Context, request: Request) -> Response:
    """Return a sample mapping template into a model's structure."""
    api = apis.find(ctx, request["ApiId"])
    name = parts.find(ctx, api.id, parts.MODEL, request["ModelId"])["Name"]
    models = parts.load(ctx, api.id, parts.MODEL).values()
    return {"Value": samples.of_model(name, {one["Name"]: one["Schema"] for one in models})}


def get_models(ctx: Context, request: Request) -> Response:
    """Return an API's models."""
    api = apis.find(ctx, request["ApiId"])
    found = parts.load(ctx, api.id, parts.MODEL)
    return paging.page(request, list(found.items()), lambda one: parts.answer(parts.MODEL, *one))


def update_model(ctx: Context, request: Request) -> Response:
    """Change a model."""
    api = apis.find(ctx, request["ApiId"])
    model_id = request["ModelId"]
    before = parts.find(ctx, api.id, parts.MODEL, model_id)
    model = parts.merged(before, parts.of_members(request, _MEMBERS))
    _check(ctx, api, model, model_id)
    parts.put(ctx, api.id, parts.MODEL, model_id, model)
    deployments.changed(ctx, api)
    return parts.answer(parts.MODEL, model_id, model)


def delete_model(ctx: Context, request: Request) -> None:
    """Delete a model."""
    api = apis.find(ctx, request["ApiId"])
    parts.find(ctx, api.id, parts.MODEL, request["ModelId"])
    parts.delete(ctx, api.id, parts.MODEL, request["ModelId"])
    deployments.changed(ctx, api)


def _check(ctx: Context, api: apis.Api, model: Response, model_id: str = "") -> None:
    if api.is_http:
        raise errors.ModelsUnsupported()
    if not _NAME.fullmatch(model["Name"]):
        raise errors.ModelNameInvalid(name=model["Name"])
    for other_id, other in parts.load(ctx, api.id, parts.MODEL).items():
        if other["Name"] == model["Name"] and other_id != model_id:
            raise errors.ModelExists(name=model["Name"])
    if json_object(model.get("Schema", "")) is None:
        raise errors.ModelSchemaInvalid(reason="Unsupported model schema: not a JSON object")
