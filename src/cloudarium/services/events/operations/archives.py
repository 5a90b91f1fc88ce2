"""Archives of what goes over buses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.events import archives, buses, errors, limits, patterns
from cloudarium.services.events.archives import Archive

_FILTERS = ("NamePrefix", "EventSourceArn", "State")
_STATE = "ENABLED"


def create_archive(ctx: Context, request: Request) -> Response:
    """Keep what goes over a bus from now on, or what of it matches a pattern."""
    name = request["ArchiveName"]
    bus = buses.find(ctx, buses.name_of(request["EventSourceArn"])).name
    if archives.lookup(ctx, name):
        raise errors.ArchiveExists(name=name)
    archive = Archive(
        account=ctx.account,
        region=ctx.region,
        name=name,
        bus=bus,
        description=request.get("Description"),
        pattern=_pattern(request),
        retention_days=request.get("RetentionDays", 0),
        key_id=request.get("KmsKeyIdentifier"),
        created_at=ctx.now,
    )
    archives.put(ctx, archive)
    return _answer(archive)


def _pattern(request: Request) -> str | None:
    pattern: str | None = request.get("EventPattern")
    if pattern:
        patterns.compile_pattern(pattern)
    return pattern or None


def _answer(archive: Archive) -> Response:
    return {"ArchiveArn": archive.arn, "State": _STATE, "CreationTime": archive.created_at}


def _source(ctx: Context, archive: Archive) -> str:
    return ctx.arn(f"event-bus/{archive.bus}")


def _listed(ctx: Context, archive: Archive) -> dict[str, Any]:
    count, size = archives.held(ctx, archive)
    return {
        "ArchiveName": archive.name,
        "EventSourceArn": _source(ctx, archive),
        "State": _STATE,
        "RetentionDays": archive.retention_days,
        "SizeBytes": size,
        "EventCount": count,
        "CreationTime": archive.created_at,
    }


def describe_archive(ctx: Context, request: Request) -> Response:
    """Describe an archive and how much it holds."""
    archive = archives.find(ctx, request["ArchiveName"])
    return {
        **_listed(ctx, archive),
        "ArchiveArn": archive.arn,
        "Description": archive.description,
        "EventPattern": archive.pattern,
        "KmsKeyIdentifier": archive.key_id,
    }


def list_archives(ctx: Context, request: Request) -> Response:
    """List archives by name."""
    if sum(name in request for name in _FILTERS) > 1:
        raise errors.OneFilter(operation="ListArchives")
    bus = ""
    if "EventSourceArn" in request:
        bus = buses.find(ctx, buses.name_of(request["EventSourceArn"])).name
    found = archives.listed(ctx, prefix=request.get("NamePrefix", ""), bus=bus)
    if request.get("State", _STATE) != _STATE:
        found = []
    size = request.get("Limit", limits.MAX_LISTED)
    shown, token = pages.page(found, request.get("NextToken"), size, errors.InvalidNextToken())
    return {"Archives": [_listed(ctx, archive) for archive in shown], "NextToken": token}


def update_archive(ctx: Context, request: Request) -> Response:
    """Change what is kept from now on, and for how long."""
    archive = archives.find(ctx, request["ArchiveName"])
    if "EventPattern" in request:
        archive = replace(archive, pattern=_pattern(request))
    changed = replace(
        archive,
        description=request.get("Description", archive.description),
        retention_days=request.get("RetentionDays", archive.retention_days),
        key_id=request.get("KmsKeyIdentifier", archive.key_id),
    )
    archives.put(ctx, changed)
    return _answer(changed)


def delete_archive(ctx: Context, request: Request) -> Response:
    """Remove an archive and what it holds."""
    archives.delete(ctx, archives.find(ctx, request["ArchiveName"]))
    return {}
