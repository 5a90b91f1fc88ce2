"""Exports of deployed APIs."""

from __future__ import annotations

from datetime import UTC, datetime

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import documents
from cloudarium.services.apigateway import apis, deployments, documentation, errors, parts
from cloudarium.services.apigateway.openapi.documented import Weaver
from cloudarium.services.apigateway.openapi.export import Writer

_KINDS = ("oas30", "swagger")
_TYPES = {"application/json": "json", "application/yaml": "yaml"}


def get_export(ctx: Context, request: Request) -> Response:
    """Return a stage's deployment as an OpenAPI 3.0 or Swagger 2.0 document."""
    api = apis.find(ctx, request["restApiId"])
    stage = deployments.find_stage(ctx, api.id, request["stageName"])
    kind, accepted = request["exportType"], request.get("accepts") or "application/json"
    if kind not in _KINDS:
        raise errors.ExporterUnknown(kind=kind)
    if accepted not in _TYPES:
        raise errors.ExportTypeInvalid(kind=accepted)
    extensions = (request.get("parameters") or {}).get("extensions", "")
    wanted = [one.strip() for one in extensions.split(",")]
    made = datetime.fromtimestamp(int(api.created_at), UTC)
    told = api.settings.get("version") or made.strftime("%Y-%m-%dT%H:%M:%SZ")
    document = Writer(
        deployments.load_snapshot(ctx, api.id, stage.deployment_id),
        is_v3=kind == "oas30",
        extensions=wanted,
    ).write(
        f"{api.id}.execute-api.{ctx.region}.amazonaws.com",
        stage.name,
        told,
    )
    version = stage.document.get("documentationVersion")
    if version and ("documentation" in wanted or not extensions):
        taken = parts.get(ctx, api.id, parts.DOCUMENTATION_VERSION, version)
        if taken is not None:
            Weaver(taken[documentation.SNAPSHOT].values()).weave(document)
            document[documentation.EXTENSION] = documentation.written(taken)
    name = f"{kind}_{told}.{_TYPES[accepted]}"
    return {
        "contentType": "application/octet-stream",
        "contentDisposition": f'attachment; filename="{name}"',
        "body": _body(document, accepted),
    }


def _body(document: Response, accepted: str) -> bytes:
    if accepted == "application/json":
        return documents.written(document).encode()
    import yaml

    return yaml.safe_dump(document, sort_keys=False).encode()
