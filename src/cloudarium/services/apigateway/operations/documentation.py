"""Documentation parts of an API, and versions of them."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.documents import json_value
from cloudarium.core.errors import AwsError
from cloudarium.services.apigateway import (
    apis,
    deployments,
    documentation,
    errors,
    paging,
    parts,
)
from cloudarium.services.apigateway.openapi import document
from cloudarium.services.apigateway.patches import Patches, Refusal, text

_PART = Patches({"/properties": text("properties")}, Refusal.LISTED)
_PLACES = ("path", "method", "statusCode", "name")
_VERSION = Patches({"/description": text("description", ("add", "replace", "remove"))})


def create_documentation_part(ctx: Context, request: Request) -> Response:
    """Document one entity of an API (`location`)."""
    api = apis.find(ctx, request["restApiId"])
    location = request["location"]
    if location["type"] == "API" and any(location.get(name) for name in _PLACES):
        raise errors.DocumentationLocationInvalid()
    known = parts.load(ctx, api.id, parts.DOCUMENTATION_PART).values()
    if any(one["location"] == location for one in known):
        raise errors.DocumentationPartExists()
    part = {"id": apis.new_id(ctx), "location": location, "properties": request["properties"]}
    return _put_part(ctx, api.id, part)


def get_documentation_part(ctx: Context, request: Request) -> Response:
    """Return a documentation part."""
    key = request["documentationPartId"]
    part = parts.get(ctx, request["restApiId"], parts.DOCUMENTATION_PART, key)
    if part is None:
        raise errors.DocumentationPartNotFound()
    return part


def get_documentation_parts(ctx: Context, request: Request) -> Response:
    """Return a page of an API's parts: of a `type`, at a `path`, named like `nameQuery`."""
    api = apis.find(ctx, request["restApiId"])
    found = [
        part
        for part in parts.load(ctx, api.id, parts.DOCUMENTATION_PART).values()
        if request.get("type") in (None, part["location"]["type"])
        and request.get("path") in (None, part["location"].get("path"))
        and (request.get("nameQuery") or "") in part["location"].get("name", "")
    ]
    return paging.page(request, found, lambda part: str(part["id"]), lambda part: part)


def update_documentation_part(ctx: Context, request: Request) -> Response:
    """Patch a part's properties."""
    part = _PART.apply(get_documentation_part(ctx, request), request.get("patchOperations"))
    return _put_part(ctx, request["restApiId"], part)


def delete_documentation_part(ctx: Context, request: Request) -> None:
    """Delete a documentation part."""
    apis.find(ctx, request["restApiId"])
    part = get_documentation_part(ctx, request)
    parts.delete(ctx, request["restApiId"], parts.DOCUMENTATION_PART, part["id"])


def import_documentation_parts(ctx: Context, request: Request) -> Response:
    """Take a document's documentation parts, and nothing else of it."""
    api = apis.find(ctx, request["restApiId"])
    try:
        root = document.read(request["body"]).root
    except AwsError as error:
        raise errors.DocumentationUnreadable() from error
    overwrite = request.get("mode") == "overwrite"
    given = documentation.given(root)
    return {"ids": documentation.put(ctx, api.id, given, overwrite=overwrite)}


def _put_part(ctx: Context, api_id: str, part: Response) -> Response:
    try:
        json_value(part.get("properties", ""))
    except ValueError:
        raise errors.DocumentationInvalid() from None
    parts.put(ctx, api_id, parts.DOCUMENTATION_PART, part["id"], part)
    return part


def create_documentation_version(ctx: Context, request: Request) -> Response:
    """Take a snapshot of an API's documentation; with a `stageName`, give it to that stage."""
    api = apis.find(ctx, request["restApiId"])
    name = request["documentationVersion"]
    if parts.get(ctx, api.id, parts.DOCUMENTATION_VERSION, name) is not None:
        raise errors.DocumentationVersionExists()
    version: dict[str, Any] = {"version": name, "createdDate": int(ctx.now)}
    if request.get("description"):
        version["description"] = request["description"]
    taken = parts.load(ctx, api.id, parts.DOCUMENTATION_PART)
    kept = {**version, documentation.SNAPSHOT: taken}
    parts.put(ctx, api.id, parts.DOCUMENTATION_VERSION, name, kept)
    if request.get("stageName"):
        stage = deployments.find_stage(ctx, api.id, request["stageName"])
        stage.document["documentationVersion"] = name
        deployments.put_stage(ctx, stage)
    return version


def get_documentation_version(ctx: Context, request: Request) -> Response:
    """Return a documentation version."""
    return _shown(_version(ctx, request))


def get_documentation_versions(ctx: Context, request: Request) -> Response:
    """Return a page of an API's documentation versions."""
    api = apis.find(ctx, request["restApiId"])
    found = parts.load(ctx, api.id, parts.DOCUMENTATION_VERSION).values()
    return paging.page(request, found, lambda one: str(one["version"]), _shown)


def update_documentation_version(ctx: Context, request: Request) -> Response:
    """Patch a version's description."""
    version = _VERSION.apply(_version(ctx, request), request.get("patchOperations"))
    parts.put(ctx, request["restApiId"], parts.DOCUMENTATION_VERSION, version["version"], version)
    return _shown(version)


def delete_documentation_version(ctx: Context, request: Request) -> None:
    """Delete a documentation version."""
    version = _version(ctx, request)
    parts.delete(ctx, request["restApiId"], parts.DOCUMENTATION_VERSION, version["version"])


def _version(ctx: Context, request: Request) -> Response:
    name = request["documentationVersion"]
    version = parts.get(ctx, request["restApiId"], parts.DOCUMENTATION_VERSION, name)
    if version is None:
        raise errors.DocumentationVersionNotFound()
    return version


def _shown(version: Response) -> Response:
    return {name: one for name, one in version.items() if name != documentation.SNAPSHOT}
