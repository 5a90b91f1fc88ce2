"""Where API Gateway's events come in: a route, an answer, a line in the log."""

import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from . import telemetry, validation
from .errors import Refused
from .http import Answer, Request, json_answer, refusal
from .logic import Location, Locations


def read(request: Request, locations: Locations) -> Answer:
    """Where a user is."""
    return _answer(locations.find(validation.user(request.path["user"])))


def write(request: Request, locations: Locations) -> Answer:
    """Where a user is now, told by the user."""
    user = validation.user(request.path["user"])
    position = validation.position(request.json())
    token = request.headers.get("x-user-token", "")
    return _answer(locations.move(user, position, token, request.correlation_id))


def _answer(location: Location) -> Answer:
    position = location.position
    value = {
        "user": location.user,
        "latitude": position.latitude,
        "longitude": position.longitude,
        "updated": location.updated,
    }
    if position.place is not None:
        value["place"] = position.place
    return json_answer(200, value)


ROUTES: Mapping[str, Callable[[Request, Locations], Answer]] = {
    "GET /locations/{user}": read,
    "PUT /locations/{user}": write,
}


def respond(event: Mapping[str, Any], locations: Locations) -> dict[str, Any]:
    """Answer one event. What is not a refusal is a bug: it is raised, and counted by Lambda."""
    started = time.perf_counter()
    request = Request.of(event)
    try:
        answer = ROUTES[request.route](request, locations)
    except Refused as refused:
        answer = refusal(refused)
    elapsed = (time.perf_counter() - started) * 1000
    telemetry.record(request.route, answer.status, elapsed, request.correlation_id, answer.code)
    return answer.for_gateway(request.correlation_id)


@cache
def locations() -> Locations:
    """The service as its environment configures it, made once for each execution environment."""
    from .authentication import Authentication
    from .data import DynamoStore

    return Locations(
        store=DynamoStore(os.environ["TABLE"]),
        authentication=Authentication(os.environ["AUTHENTICATION_URL"]),
        clock=time.time,
    )


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Lambda's entry point."""
    return respond(event, locations())
