"""Event source mappings: create, read, update, delete, list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.services.lambda_ import (
    destinations,
    errors,
    functions,
    invocations,
    limits,
    source_errors,
)
from cloudarium.services.lambda_.names import Reference, parse
from cloudarium.services.lambda_.sources import (
    access,
    mappings,
    queues,
    settings,
    shards,
    streams,
    windows,
)
from cloudarium.services.lambda_.sources.mappings import Mapping


async def create_event_source_mapping(ctx: Context, request: Request) -> Response:
    """CreateEventSourceMapping: answers Creating (or Disabled); it polls right after."""
    source = request.get("EventSourceArn") or ""
    _check_source(ctx, source)
    configuration = settings.created(source, request)
    reference = parse(ctx, request["FunctionName"])
    role = await _role(ctx, reference, source)
    _check(ctx, reference, configuration, role)
    places = {}
    if source.split(":")[2] == "dynamodb":
        places = await access.stream_places(ctx, source, role, configuration["StartingPosition"])
    enabled = request.get("Enabled", True)
    with ctx.transaction():
        for other in mappings.listed(ctx, source, reference):
            raise source_errors.mapping_exists(source, reference.name, other.uuid)
        tags = request.get("Tags") or {}
        uuid = ctx.ids.uuid()
        mapping = Mapping(uuid, reference, source, configuration, enabled, ctx.now, tags)
        mappings.put(ctx, mapping)
        for shard, iterator in places.items():
            shards.add(ctx, uuid, shard, iterator)
        _start(ctx, mapping)
    return mapping.described("Creating" if enabled else "Disabled")


def _check_source(ctx: Context, source: str) -> None:
    if not source:
        raise errors.invalid(source_errors.NO_SOURCE)
    if source.split(":")[2] not in ("sqs", "dynamodb"):
        raise errors.invalid(source_errors.UNKNOWN_SOURCE.format(arn=source))
    if source.split(":")[3] != ctx.region:
        raise errors.invalid(source_errors.OTHER_REGION.format(region=ctx.region))


def _check(ctx: Context, name: Reference, configuration: dict[str, Any], role: Principal) -> None:
    """Refuse a configuration that the function, or its role, is not made for."""
    if failed := settings.failure_destination(configuration):
        destinations.check_of_mapping(ctx, failed, role)
    with ctx.transaction():
        reserved = functions.find(ctx, name).reserved
    wanted = (configuration.get("ScalingConfig") or {}).get("MaximumConcurrency", 0)
    if reserved is not None and wanted > reserved:
        text = source_errors.OVER_RESERVED.format(wanted=wanted, reserved=reserved)
        raise errors.invalid(text)


async def _role(ctx: Context, reference: Reference, source: str) -> Principal:
    """The function's role, which can read the source; raises InvalidParameterValueException."""
    with ctx.transaction():
        try:
            target = invocations.resolve(ctx, reference)
        except AwsError:
            raise errors.invalid(errors.NO_SUCH_FUNCTION) from None
    role = await mappings.poller(ctx, reference)
    if source.split(":")[2] == "sqs":
        timeout = target.version.configuration["Timeout"]
        await access.check_queue(ctx, source, role, timeout)
    return role


def _start(ctx: Context, mapping: Mapping) -> None:
    if mapping.enabled:
        (queues if mapping.is_queue else streams).start(ctx, mapping)


def get_event_source_mapping(ctx: Context, request: Request) -> Response:
    """GetEventSourceMapping."""
    return mappings.find(ctx, request["UUID"]).described()


async def update_event_source_mapping(ctx: Context, request: Request) -> Response:
    """UpdateEventSourceMapping: answers Updating, Enabling or Disabling; it is done right after."""
    with ctx.transaction():
        mapping = mappings.find(ctx, request["UUID"])
    reference = mapping.reference
    if request.get("FunctionName"):
        reference = parse(ctx, request["FunctionName"])
        await _role(ctx, reference, mapping.source_arn)
    configuration = settings.updated(mapping.source_arn, mapping.configuration, request)
    if configuration != mapping.configuration:
        _check(ctx, reference, configuration, await mappings.poller(ctx, reference))
    with ctx.transaction():
        mapping = mappings.find(ctx, request["UUID"])
        enabled = request.get("Enabled", mapping.enabled)
        changed = replace(
            mapping,
            reference=reference,
            configuration=settings.updated(mapping.source_arn, mapping.configuration, request),
            enabled=enabled,
            modified=ctx.now,
        )
        mappings.put(ctx, changed)
        if mapping.tumbling != changed.tumbling:
            windows.forget(ctx, mapping.uuid)
        if mapping.is_queue and not enabled:
            queues.let_go(ctx, changed)
        _start(ctx, changed)
    state = "Updating"
    if enabled != mapping.enabled:
        state = "Enabling" if enabled else "Disabling"
    return changed.described(state)


def delete_event_source_mapping(ctx: Context, request: Request) -> Response:
    """DeleteEventSourceMapping: answers Deleting; it is gone right after."""
    mapping = mappings.find(ctx, request["UUID"])
    mappings.delete(ctx, mapping)
    return mapping.described("Deleting")


def list_event_source_mappings(ctx: Context, request: Request) -> Response:
    """ListEventSourceMappings, perhaps only those of one source or one function."""
    function = parse(ctx, request["FunctionName"]) if request.get("FunctionName") else None
    found = mappings.listed(ctx, request.get("EventSourceArn"), function)
    after = request.get("Marker") or ""
    size = request.get("MaxItems") or limits.MAPPING_PAGE_ITEMS
    page = [mapping for mapping in found if mapping.uuid > after]
    answer: dict[str, Any] = {"EventSourceMappings": [each.described() for each in page[:size]]}
    if len(page) > size:
        answer["NextMarker"] = page[size - 1].uuid
    return answer
