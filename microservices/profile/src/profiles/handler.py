"""Where API Gateway's events come in: a route, an answer, a line in the log."""

import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from . import telemetry, validation
from .errors import Refused
from .http import Answer, Request, json_answer, refusal
from .logic import Profile, Profiles
from .page import CONTENT_SECURITY_POLICY, profile_page, refusal_page

VARIES = {"Vary": "Accept"}


def read(request: Request, profiles: Profiles) -> Answer:
    """A profile, as a page or as JSON."""
    user = validation.user(request.path["user"])
    profile, location = profiles.find(user, request.correlation_id)
    if request.wants_page():
        return _page(200, profile_page(profile, location))
    return json_answer(
        200, {**_value(profile), "location": vars(location) if location else None}, VARIES
    )


def write(request: Request, profiles: Profiles) -> Answer:
    """A user's new profile."""
    user = validation.user(request.path["user"])
    introduction = validation.introduction(request.json())
    token = request.bearer_token()
    profile = profiles.write(user, introduction, token, request.correlation_id)
    return json_answer(200, _value(profile))


ROUTES: Mapping[str, Callable[[Request, Profiles], Answer]] = {
    "GET /profiles/{user}": read,
    "PUT /profiles/{user}": write,
}


def respond(event: Mapping[str, Any], profiles: Profiles) -> dict[str, Any]:
    """Answer one event. What is not a refusal is a bug: it is raised, and counted by Lambda."""
    started = time.perf_counter()
    request = Request.of(event)
    try:
        answer = ROUTES[request.route](request, profiles)
    except Refused as refused:
        answer = _refusal(request, refused)
    elapsed = (time.perf_counter() - started) * 1000
    telemetry.record(request.route, answer.status, elapsed, request.correlation_id, answer.code)
    return answer.for_gateway(request.correlation_id)


def _value(profile: Profile) -> dict[str, Any]:
    return {
        "user": profile.user,
        "name": profile.introduction.name,
        "about": profile.introduction.about,
        "updated": profile.updated,
    }


def _refusal(request: Request, refused: Refused) -> Answer:
    if request.route.startswith("GET") and request.wants_page():
        return _page(refused.status, refusal_page(refused.message), refused.code)
    return refusal(refused)


def _page(status: int, page: str, code: str | None = None) -> Answer:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Referrer-Policy": "no-referrer",
        **VARIES,
    }
    return Answer(status, page, headers, code)


@cache
def profiles() -> Profiles:
    """The service as its environment configures it, made once for each execution environment."""
    import botocore.session

    from .authentication import Authentication
    from .data import DynamoStore
    from .location import SignedLocations

    return Profiles(
        store=DynamoStore(os.environ["TABLE"]),
        authentication=Authentication(os.environ["AUTHENTICATION_URL"]),
        locations=SignedLocations(
            url=os.environ["LOCATION_URL"],
            region=os.environ["AWS_REGION"],
            credentials=botocore.session.get_session().get_credentials(),
        ),
        clock=time.time,
    )


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Lambda's entry point."""
    return respond(event, profiles())
