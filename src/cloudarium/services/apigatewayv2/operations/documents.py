"""Imports and exports of HTTP APIs as OpenAPI documents."""

from __future__ import annotations

from datetime import UTC, datetime

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import documents
from cloudarium.services.apigatewayv2 import apis, deployments, errors, stages
from cloudarium.services.apigatewayv2.openapi import definition, export, importing

_BASE_PATHS = ("ignore", "prepend", "split")


def import_api(ctx: Context, request: Request) -> Response:
    """Create an API from a document."""
    found = _definition(ctx, request)
    api = apis.create(ctx, apis.settings(found.settings))
    importing.apply(ctx, api, found)
    return _answer(request, api, found)


def reimport_api(ctx: Context, request: Request) -> Response:
    """Make an API what a document defines; its stages stay."""
    api = apis.find(ctx, request["ApiId"])
    if not api.is_http:
        raise errors.NotForWebSocket(member="ReimportApi")
    found = _definition(ctx, request)
    settings = {"Tags": {**api.document["Tags"], **found.settings.pop("Tags")}}
    api = apis.update(ctx, api, apis.settings({**found.settings, **settings}))
    importing.apply(ctx, api, found)
    return _answer(request, api, found)


def export_api(ctx: Context, request: Request) -> Response:
    """Return an API, or what one of its stages serves, as an OpenAPI 3.0 document."""
    api = apis.find(ctx, request["ApiId"])
    if not api.is_http:
        raise errors.NotForWebSocket(member="ExportApi")
    if request["Specification"] != "OAS30":
        raise errors.BadRequest(message=f"Invalid specification: {request['Specification']}")
    if request["OutputType"] not in ("JSON", "YAML"):
        raise errors.BadRequest(message=f"Invalid output type: {request['OutputType']}")
    snapshot, name = deployments.snapshot(ctx, api), ""
    if request.get("StageName"):
        stage = stages.find(ctx, api.id, request["StageName"])
        if stage.deployment_id is None:
            raise errors.StageDeploymentInvalid()
        snapshot = deployments.load_snapshot(ctx, api.id, stage.deployment_id)
        name = "" if stage.name == stages.DEFAULT else stage.name
    document = export.write(
        snapshot,
        f"{api.id}.execute-api.{ctx.region}.amazonaws.com",
        name,
        datetime.fromtimestamp(int(api.created_at), UTC).strftime("%Y-%m-%d %H:%M:%SUTC"),
        extensions=request.get("IncludeExtensions") is not False,
    )
    return {"body": _body(document, request["OutputType"])}


def _definition(ctx: Context, request: Request) -> definition.Definition:
    base_path = request.get("Basepath") or "ignore"
    if base_path not in _BASE_PATHS:
        raise errors.BadRequest(message=f"Invalid basepath: {base_path}")
    found = definition.read(request["Body"], base_path)
    importing.validate(ctx, "CreateApi", found.settings)
    return found


def _answer(request: Request, api: apis.Api, found: definition.Definition) -> Response:
    if found.warnings and request.get("FailOnWarnings"):
        raise errors.ImportWarnings(problems="\n\t".join(found.warnings))
    answer = apis.answer(api)
    if found.ignored:
        answer["ImportInfo"] = found.ignored
    if found.warnings:
        answer["Warnings"] = found.warnings
    return answer


def _body(document: Response, kind: str) -> bytes:
    if kind == "JSON":
        return documents.written(document).encode()
    import yaml

    return yaml.safe_dump(document, sort_keys=False).encode()
