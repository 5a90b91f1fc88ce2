"""Versions and aliases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.lambda_ import aliases, errors, functions, limits
from cloudarium.services.lambda_.aliases import Alias
from cloudarium.services.lambda_.names import parse
from cloudarium.services.lambda_.provisioned import allocation, configs


def publish_version(ctx: Context, request: Request) -> Response:
    """PublishVersion: the same version again when nothing has changed since the last."""
    name = parse(ctx, request["FunctionName"])
    latest = functions.find_version(ctx, name)
    if request.get("RevisionId") not in (None, latest.revision_id):
        raise errors.revision_differs()
    given = request.get("CodeSha256")
    if given and given != latest.code_sha256:
        text = errors.CODE_DIFFERS.format(given=given, current=latest.code_sha256)
        raise errors.invalid(text)
    version = functions.publish(ctx, name, request.get("Description"))
    return version.described(**functions.settled())


def list_versions_by_function(ctx: Context, request: Request) -> Response:
    """ListVersionsByFunction: $LATEST first, then the published ones in order."""
    name = parse(ctx, request["FunctionName"])
    functions.find(ctx, name)
    found = functions.versions(ctx, name)
    page, marker = _page(found, request)
    return {"Versions": [version.listed() for version in page], "NextMarker": marker}


def create_alias(ctx: Context, request: Request) -> Response:
    """CreateAlias."""
    name = parse(ctx, request["FunctionName"])
    functions.find_version(ctx, name, request["FunctionVersion"])
    wanted = name.qualified(request["Name"])
    if aliases.get(ctx, wanted):
        raise errors.alias_exists(wanted.arn)
    alias = Alias(
        wanted, request["FunctionVersion"], request.get("Description", ""), {}, ctx.ids.uuid()
    )
    alias = _checked(ctx, alias, request.get("RoutingConfig"))
    aliases.put(ctx, alias)
    return alias.described()


def _checked(ctx: Context, alias: Alias, routing: dict[str, Any] | None) -> Alias:
    """The alias with the weights that are asked for, and otherwise with those it has."""
    if routing is None:
        routing = {"AdditionalVersionWeights": alias.weights}
    weights = aliases.checked_weights(routing, alias.version)
    plain = alias.reference.qualified("")
    for version in (alias.version, *weights):
        functions.find_version(ctx, plain, version)
    return replace(alias, weights=weights)


def get_alias(ctx: Context, request: Request) -> Response:
    """GetAlias."""
    name = parse(ctx, request["FunctionName"])
    return aliases.find(ctx, name.qualified(request["Name"])).described()


def update_alias(ctx: Context, request: Request) -> Response:
    """UpdateAlias."""
    name = parse(ctx, request["FunctionName"])
    alias = aliases.find(ctx, name.qualified(request["Name"]))
    if request.get("RevisionId") not in (None, alias.revision_id):
        raise errors.revision_differs()
    changed = replace(
        alias,
        version=request.get("FunctionVersion", alias.version),
        description=request.get("Description", alias.description),
        revision_id=ctx.ids.uuid(),
    )
    changed = _checked(ctx, changed, request.get("RoutingConfig"))
    changed = allocation.follow_alias(ctx, alias, changed)
    aliases.put(ctx, changed)
    return changed.described()


def delete_alias(ctx: Context, request: Request) -> Response:
    """DeleteAlias: no error if there is none."""
    name = parse(ctx, request["FunctionName"])
    functions.find(ctx, name)
    alias = aliases.get(ctx, name.qualified(request["Name"]))
    if alias:
        aliases.delete(ctx, alias.reference)
        configs.delete(ctx, alias.reference)
        for version in (alias.version, *alias.weights):
            allocation.schedule(ctx, name.qualified(version))
    return {}


def list_aliases(ctx: Context, request: Request) -> Response:
    """ListAliases, perhaps only those that point to FunctionVersion."""
    name = parse(ctx, request["FunctionName"])
    functions.find(ctx, name)
    wanted = request.get("FunctionVersion")
    found = [
        alias
        for alias in aliases.of_function(ctx, name)
        if wanted in (None, alias.version, *alias.weights)
    ]
    page, marker = _page(found, request)
    return {"Aliases": [alias.described() for alias in page], "NextMarker": marker}


def _page(found: list[Any], request: Request) -> tuple[list[Any], str | None]:
    marker = request.get("Marker") or "0"
    start = int(marker) if marker.isdigit() else 0
    end = start + min(request.get("MaxItems") or limits.PAGE_ITEMS, limits.PAGE_ITEMS)
    return found[start:end], str(end) if end < len(found) else None
