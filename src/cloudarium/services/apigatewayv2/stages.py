"""Stages: the names under which deployments are served.

Sources: CreateStage; Developer Guide, "Stages for HTTP APIs in API Gateway".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cloudarium.core.context import Context
from cloudarium.gateway import access_log, siblings
from cloudarium.services.apigatewayv2 import apis, errors, limits, parts
from cloudarium.services.apigatewayv2.apis import Api

Document = dict[str, Any]

DEFAULT = "$default"
MEMBERS = (
    "AccessLogSettings",
    "AutoDeploy",
    "ClientCertificateId",
    "DefaultRouteSettings",
    "Description",
    "RouteSettings",
    "StageVariables",
)
MAPS = ("RouteSettings", "StageVariables")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
_VARIABLE = re.compile(r"\w+", re.ASCII)
_VALUE = re.compile(r"[A-Za-z0-9\-._~:/?#&=,]+")
_LOGGING = ("LoggingLevel", "DataTraceEnabled")


@dataclass(frozen=True)
class Stage:
    """One stage. `document` is the reference's Stage without its name and deployment."""

    api_id: str
    name: str
    deployment_id: str | None
    document: Document


def new(ctx: Context, api: Api, given: Mapping[str, Any]) -> Stage:
    """Return a stage for what CreateStage is given, checked; it is not stored."""
    name = given["StageName"]
    if name == DEFAULT and not api.is_http:
        raise errors.StageNameInvalid()
    if name != DEFAULT and not _NAME.fullmatch(name):
        raise errors.StageNameInvalid()
    if any(one.name == name for one in load(ctx, api.id)):
        raise errors.StageExists()
    if len(load(ctx, api.id)) >= limits.STAGES_PER_API:
        raise errors.TooMany(noun="Stages")
    document: Document = {
        "CreatedDate": int(ctx.now),
        "LastUpdatedDate": int(ctx.now),
        "DefaultRouteSettings": _default_settings(api),
        "RouteSettings": {},
        "StageVariables": {},
        "Tags": given.get("Tags") or {},
    }
    return changed(ctx, api, Stage(api.id, name, None, document), given)


def changed(ctx: Context, api: Api, stage: Stage, given: Mapping[str, Any]) -> Stage:
    """Return a stage with what an update gives it, checked."""
    told = parts.of_members(given, MEMBERS)
    if certificate := told.get("ClientCertificateId"):
        if api.is_http:
            raise errors.NotForHttp(member="Client certificate")
        siblings.run(ctx, siblings.REST, "certificates:check", certificate)
    routes = {one["RouteKey"] for one in parts.load(ctx, api.id, parts.ROUTE).values()}
    for key in told.get("RouteSettings", {}):
        if key not in routes:
            raise errors.SettingsOfUnknownRoute(route_key=key)
    settings = {
        **stage.document["DefaultRouteSettings"],
        **told.pop("DefaultRouteSettings", {}),
    }
    document = parts.merged(stage.document, told, *MAPS)
    document = {
        **document,
        "DefaultRouteSettings": settings,
        "RouteSettings": document.get("RouteSettings", {}),
        "StageVariables": document.get("StageVariables", {}),
        "Tags": document.get("Tags", {}),
    }
    if document.get("AutoDeploy") is False:
        document.pop("AutoDeploy")
        document.pop("LastDeploymentStatusMessage", None)
    _check(api, document)
    return replace(stage, document=document)


def with_members(stage: Stage, members: Mapping[str, Any]) -> Stage:
    """Return a stage with further members."""
    return replace(stage, document={**stage.document, **members})


def deployed(ctx: Context, stage: Stage, deployment_id: str) -> Stage:
    """Return the stage as it is once the deployment is deployed to it."""
    document = {**stage.document, "LastUpdatedDate": int(ctx.now)}
    if document.get("AutoDeploy"):
        document["LastDeploymentStatusMessage"] = (
            f"Successfully deployed stage with deployment ID '{deployment_id}'"
        )
    return replace(stage, deployment_id=deployment_id, document=document)


def _default_settings(api: Api) -> Document:
    settings: Document = {"DetailedMetricsEnabled": False}
    if not api.is_http:
        settings |= {"DataTraceEnabled": False, "LoggingLevel": "OFF"}
    return settings


def _check(api: Api, document: Document) -> None:
    for name, value in document["StageVariables"].items():
        if not _VARIABLE.fullmatch(name) or not _VALUE.fullmatch(value):
            raise errors.VariablesInvalid()
    log = document.get("AccessLogSettings") or {}
    if log:
        text = log.get("Format", "")
        if "$context." not in text or "\n" in text.strip():
            raise errors.AccessLogFormatInvalid()
        if not access_log.has_request_id(text):
            raise errors.AccessLogIdMissing(format=text)
        if access_log.group_of(log.get("DestinationArn", "")) is None:
            raise errors.AccessLogDestinationInvalid()
    if api.is_http:
        for settings in (document["DefaultRouteSettings"], *document["RouteSettings"].values()):
            if any(settings.get(member) not in (None, False, "OFF") for member in _LOGGING):
                raise errors.ExecutionLogsUnsupported()


def load(ctx: Context, api_id: str) -> list[Stage]:
    """Return an API's stages by name."""
    rows = ctx.db.execute("SELECT * FROM stages WHERE api_id = ? ORDER BY name", (api_id,))
    return [
        Stage(row["api_id"], row["name"], row["deployment_id"], json.loads(row["document"]))
        for row in rows
    ]


def find(ctx: Context, api_id: str, name: str) -> Stage:
    """Return the stage of one of the caller's APIs. Raises ApiNotFound, StageNotFound."""
    apis.find(ctx, api_id)
    stage = lookup(ctx, api_id, name)
    if stage is None:
        raise errors.StageNotFound()
    return stage


def lookup(ctx: Context, api_id: str, name: str) -> Stage | None:
    """Return an API's stage, if it is there."""
    return next((stage for stage in load(ctx, api_id) if stage.name == name), None)


def protocol(ctx: Context, api_id: str, name: str) -> str:
    """Return the protocol type of the caller's API that has a stage, or nothing."""
    api = apis.lookup(ctx, api_id)
    if api is None or all(stage.name != name for stage in load(ctx, api_id)):
        return ""
    return str(api.document["ProtocolType"])


def showing(ctx: Context, certificate_id: str) -> str | None:
    """Return the stage that shows a client certificate, if there is one."""
    row = ctx.db.execute(
        "SELECT api_id, name FROM stages WHERE document ->> '$.ClientCertificateId' = ?",
        (certificate_id,),
    ).fetchone()
    return f"{row['api_id']}:{row['name']}" if row else None


def put(ctx: Context, stage: Stage) -> None:
    """Store a stage, replacing one of the same name."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO stages VALUES (?, ?, ?, ?)",
        (stage.api_id, stage.name, stage.deployment_id, json.dumps(stage.document)),
    )


def delete(ctx: Context, stage: Stage) -> None:
    """Delete a stage."""
    ctx.db.execute("DELETE FROM stages WHERE api_id = ? AND name = ?", (stage.api_id, stage.name))


def answer(stage: Stage) -> Document:
    """Return the reference's Stage."""
    shown: Document = {"StageName": stage.name, **stage.document}
    if stage.deployment_id is not None:
        shown["DeploymentId"] = stage.deployment_id
    return shown
