"""Configuration sets, their options and event destinations."""

from __future__ import annotations

from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.ses import configuration_sets, errors, event_destinations, limits

_PAGE = 1000
_SHOWN = "ConfigurationSetAttributeNames"


def create_configuration_set(ctx: Context, request: Request) -> Response:
    """Make a configuration set."""
    configuration_sets.create(ctx, request["ConfigurationSet"]["Name"])
    return {}


def delete_configuration_set(ctx: Context, request: Request) -> Response:
    """Remove a configuration set."""
    found = configuration_sets.find(ctx, request["ConfigurationSetName"])
    configuration_sets.delete(ctx, found.name)
    return {}


def list_configuration_sets(ctx: Context, request: Request) -> Response:
    """Return the configuration sets' names."""
    invalid = errors.InvalidParameterValue(message="Invalid NextToken.")
    size = min(request.get("MaxItems") or _PAGE, _PAGE)
    page, token = pages.page(configuration_sets.names(ctx), request.get("NextToken"), size, invalid)
    return {"ConfigurationSets": [{"Name": name} for name in page], "NextToken": token}


def describe_configuration_set(ctx: Context, request: Request) -> Response:
    """Return a configuration set with what is asked for."""
    found = configuration_sets.find(ctx, request["ConfigurationSetName"])
    wanted = request.get(_SHOWN) or []
    answer: dict[str, Any] = {"ConfigurationSet": {"Name": found.name}}
    if "eventDestinations" in wanted:
        answer["EventDestinations"] = found.destinations
    if "deliveryOptions" in wanted:
        policy = found.settings.get("TlsPolicy", "Optional")
        answer["DeliveryOptions"] = {"TlsPolicy": policy}
    if "reputationOptions" in wanted:
        measured = found.settings.get("ReputationMetricsEnabled", False)
        answer["ReputationOptions"] = {
            "SendingEnabled": found.sends,
            "ReputationMetricsEnabled": measured,
        }
    return answer


def put_configuration_set_delivery_options(ctx: Context, request: Request) -> Response:
    """Keep whether mail may only go over TLS."""
    policy = (request.get("DeliveryOptions") or {}).get("TlsPolicy") or "Optional"
    configuration_sets.set_settings(ctx, request["ConfigurationSetName"], TlsPolicy=policy)
    return {}


def update_configuration_set_sending_enabled(ctx: Context, request: Request) -> Response:
    """Let mail be sent with a configuration set, or stop it."""
    configuration_sets.set_settings(
        ctx, request["ConfigurationSetName"], SendingEnabled=request["Enabled"]
    )
    return {}


def update_configuration_set_reputation_metrics_enabled(ctx: Context, request: Request) -> Response:
    """Keep whether reputation is to be measured."""
    configuration_sets.set_settings(
        ctx, request["ConfigurationSetName"], ReputationMetricsEnabled=request["Enabled"]
    )
    return {}


async def create_configuration_set_event_destination(ctx: Context, request: Request) -> Response:
    """Add an event destination; its topic is tried out first."""
    set_name, given = request["ConfigurationSetName"], request["EventDestination"]
    with ctx.transaction():
        found = configuration_sets.find(ctx, set_name)
    members = {"ConfigurationSetName": set_name, "EventDestinationName": given["Name"]}
    if found.destination(given["Name"]):
        raise errors.EventDestinationAlreadyExists(members=members, name=given["Name"])
    if len(found.destinations) >= limits.EVENT_DESTINATIONS:
        raise errors.LimitExceeded(what="event destinations", limit=limits.EVENT_DESTINATIONS)
    await event_destinations.check(ctx, set_name, given)
    with ctx.transaction():
        present = configuration_sets.find(ctx, set_name).destinations
        configuration_sets.set_destinations(
            ctx, set_name, [*present, event_destinations.completed(given)]
        )
    return {}


async def update_configuration_set_event_destination(ctx: Context, request: Request) -> Response:
    """Replace an event destination; its topic is tried out first."""
    set_name, given = request["ConfigurationSetName"], request["EventDestination"]
    with ctx.transaction():
        event_destinations.find(ctx, set_name, given["Name"])
    await event_destinations.check(ctx, set_name, given)
    with ctx.transaction():
        present = configuration_sets.find(ctx, set_name).destinations
        made = event_destinations.completed(given)
        changed = [made if each["Name"] == made["Name"] else each for each in present]
        configuration_sets.set_destinations(ctx, set_name, changed)
    return {}


def delete_configuration_set_event_destination(ctx: Context, request: Request) -> Response:
    """Remove an event destination."""
    set_name, name = request["ConfigurationSetName"], request["EventDestinationName"]
    event_destinations.find(ctx, set_name, name)
    present = configuration_sets.find(ctx, set_name).destinations
    kept = [each for each in present if each["Name"] != name]
    configuration_sets.set_destinations(ctx, set_name, kept)
    return {}
