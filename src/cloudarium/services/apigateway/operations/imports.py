"""Imports of OpenAPI and Swagger documents."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import api_settings, apis, errors
from cloudarium.services.apigateway.openapi import document, importing
from cloudarium.services.apigateway.openapi.definition import Definition, Reader


def import_rest_api(ctx: Context, request: Request) -> Response:
    """Create an API from a document; it has the document's models, and no default ones."""
    definition = _definition(request)
    api = apis.create(ctx, api_settings.new(importing.told(definition.settings)))
    api = importing.apply(ctx, api, definition, overwrite=False)
    return _answer(request, api, definition, with_tags=False)


def put_rest_api(ctx: Context, request: Request) -> Response:
    """Merge a document into an API, or make the API what the document says."""
    api = apis.find(ctx, request["restApiId"])
    definition = _definition(request)
    overwrite = request.get("mode") == "overwrite"
    api = importing.apply(ctx, api, definition, overwrite=overwrite)
    return _answer(request, api, definition, with_tags=True)


def _definition(request: Request) -> Definition:
    read = document.read(request["body"])
    return Reader(read, request.get("parameters") or {}).read()


def _answer(
    request: Request, api: apis.Api, definition: Definition, *, with_tags: bool
) -> Response:
    if definition.warnings and request.get("failOnWarnings"):
        raise errors.ImportWarnings(problems="\n\t".join(definition.warnings))
    answer = apis.answer(api, with_tags=with_tags)
    if definition.warnings:
        answer["warnings"] = definition.warnings
    return answer
