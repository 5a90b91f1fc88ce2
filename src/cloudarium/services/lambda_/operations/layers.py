"""Layers and who may use them."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.lambda_ import code, errors, limits
from cloudarium.services.lambda_.layers import versions
from cloudarium.services.lambda_.layers.versions import LayerVersion


async def publish_layer_version(ctx: Context, request: Request) -> Response:
    """PublishLayerVersion: makes the layer's next version."""
    _, _, name = versions.named(ctx, request["LayerName"])
    blob = await code.store(ctx, request["Content"])
    with ctx.transaction():
        layer = LayerVersion(
            ctx.account,
            ctx.region,
            name,
            versions.next_version(ctx, name),
            request.get("Description") or "",
            blob.digest,
            blob.size,
            request.get("CompatibleRuntimes"),
            request.get("CompatibleArchitectures"),
            request.get("LicenseInfo") or "",
            ctx.ids.uuid(),
            ctx.now,
        )
        versions.add(ctx, layer)
    return layer.described(await code.location(ctx, layer.digest))


async def get_layer_version(ctx: Context, request: Request) -> Response:
    """GetLayerVersion: with a URL of its archive."""
    with ctx.transaction():
        layer = versions.find(ctx, request["LayerName"], request["VersionNumber"])
    return layer.described(await code.location(ctx, layer.digest))


async def get_layer_version_by_arn(ctx: Context, request: Request) -> Response:
    """GetLayerVersionByArn: the same for an ARN."""
    with ctx.transaction():
        layer = versions.by_arn(ctx, request["Arn"])
    if layer is None or layer.deleted:
        raise errors.policy_not_found()
    return layer.described(await code.location(ctx, layer.digest))


def delete_layer_version(ctx: Context, request: Request) -> Response:
    """DeleteLayerVersion: functions that have it keep it; no error if there is none."""
    versions.check_number(request["VersionNumber"])
    account, region, name = versions.named(ctx, request["LayerName"])
    arn = f"arn:aws:lambda:{region}:{account}:layer:{name}:{request['VersionNumber']}"
    layer = versions.by_arn(ctx, arn)
    if layer:
        versions.delete(ctx, layer)
    return {}


def list_layers(ctx: Context, request: Request) -> Response:
    """ListLayers: each with its newest version that fits."""
    newest: dict[str, LayerVersion] = {}
    for layer in _fitting(versions.listed(ctx), request):
        newest.setdefault(layer.name, layer)
    page, marker = _page(list(newest.values()), request)
    shown = [
        {
            "LayerName": layer.name,
            "LayerArn": layer.layer_arn,
            "LatestMatchingVersion": layer.listed(),
        }
        for layer in page
    ]
    return {"Layers": shown, "NextMarker": marker}


def list_layer_versions(ctx: Context, request: Request) -> Response:
    """ListLayerVersions: newest first."""
    found = _fitting(versions.listed(ctx, request["LayerName"]), request)
    page, marker = _page(found, request)
    return {"LayerVersions": [layer.listed() for layer in page], "NextMarker": marker}


def _fitting(layers: list[LayerVersion], request: Request) -> list[LayerVersion]:
    runtime, architecture = request.get("CompatibleRuntime"), request.get("CompatibleArchitecture")
    return [
        layer
        for layer in layers
        if runtime in (None, *(layer.runtimes or ()))
        and architecture in (None, *(layer.architectures or ()))
    ]


def _page(found: list[LayerVersion], request: Request) -> tuple[list[LayerVersion], str | None]:
    marker = request.get("Marker") or "0"
    start = int(marker) if marker.isdigit() else 0
    end = start + (request.get("MaxItems") or limits.PAGE_ITEMS)
    return found[start:end], str(end) if end < len(found) else None


def add_layer_version_permission(ctx: Context, request: Request) -> Response:
    """AddLayerVersionPermission: for an account, everybody, or an organization."""
    layer = _checked(ctx, request)
    principal = request["Principal"]
    if request.get("OrganizationId") and principal != "*":
        raise errors.invalid(errors.ORGANIZATION_OF_ONE)
    statement: dict[str, Any] = {
        "Sid": request["StatementId"],
        "Effect": "Allow",
        "Principal": principal
        if principal == "*" or principal.startswith("arn:")
        else {"AWS": f"arn:aws:iam::{principal}:root"},
        "Action": request["Action"],
        "Resource": layer.arn,
    }
    if request.get("OrganizationId"):
        condition = {"aws:PrincipalOrgID": request["OrganizationId"]}
        statement["Condition"] = {"StringEquals": condition}
    if any(each["Sid"] == statement["Sid"] for each in layer.statements):
        raise errors.statement_exists(statement["Sid"])
    revision = versions.set_policy(ctx, layer, [*layer.statements, statement])
    return {"Statement": _compact(statement), "RevisionId": revision}


def _compact(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))


def _checked(ctx: Context, request: Request) -> LayerVersion:
    layer = versions.of_policy(ctx, request["LayerName"], request["VersionNumber"])
    if request.get("RevisionId") not in (None, layer.revision_id):
        raise errors.revision_differs("GetLayerPolicy")
    return layer


def remove_layer_version_permission(ctx: Context, request: Request) -> Response:
    """RemoveLayerVersionPermission."""
    layer = _checked(ctx, request)
    kept = [each for each in layer.statements if each["Sid"] != request["StatementId"]]
    if len(kept) == len(layer.statements):
        raise errors.statement_not_found(request["StatementId"])
    versions.set_policy(ctx, layer, kept)
    return {}


def get_layer_version_policy(ctx: Context, request: Request) -> Response:
    """GetLayerVersionPolicy."""
    layer = versions.of_policy(ctx, request["LayerName"], request["VersionNumber"])
    if layer.policy is None:
        raise errors.no_policy()
    return {"Policy": _compact(layer.policy), "RevisionId": layer.revision_id}
