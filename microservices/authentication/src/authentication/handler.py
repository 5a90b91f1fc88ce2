"""Where API Gateway's events come in: a route, an answer, a line in the log."""

import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from . import telemetry, validation
from .errors import Refused, Unauthenticated
from .http import Answer, Request, json_answer, refusal
from .logic import Accounts


def register(request: Request, accounts: Accounts) -> Answer:
    """Make a user."""
    new = validation.credentials(request.json())
    accounts.register(new)
    return json_answer(201, {"user": new.user})


def log_in(request: Request, accounts: Accounts) -> Answer:
    """Exchange a password for a token."""
    token, session = accounts.log_in(validation.credentials(request.json()))
    return json_answer(201, {"token": token, "user": session.user, "expires": session.expires})


def introspect(request: Request, accounts: Accounts) -> Answer:
    """Say whose token it is, and until when."""
    session = accounts.introspect(validation.token(request.json()))
    if session is None:
        return json_answer(200, {"active": False})
    return json_answer(200, {"active": True, "user": session.user, "expires": session.expires})


def log_out(request: Request, accounts: Accounts) -> Answer:
    """End the session of the bearer's token."""
    token = request.bearer_token()
    if not token:
        raise Unauthenticated("TokenMissing", "Send the token as Authorization: Bearer <token>.")
    accounts.log_out(token)
    return Answer(204)


ROUTES: Mapping[str, Callable[[Request, Accounts], Answer]] = {
    "POST /users": register,
    "POST /sessions": log_in,
    "DELETE /sessions": log_out,
    "POST /introspections": introspect,
}


def respond(event: Mapping[str, Any], accounts: Accounts) -> dict[str, Any]:
    """Answer one event. What is not a refusal is a bug: it is raised, and counted by Lambda."""
    started = time.perf_counter()
    request = Request.of(event)
    try:
        answer = ROUTES[request.route](request, accounts)
    except Refused as refused:
        answer = refusal(refused)
    elapsed = (time.perf_counter() - started) * 1000
    telemetry.record(request.route, answer.status, elapsed, request.correlation_id, answer.code)
    return answer.for_gateway(request.correlation_id)


@cache
def accounts() -> Accounts:
    """The service as its environment configures it, made once for each execution environment."""
    from .data import DynamoStore

    return Accounts(
        store=DynamoStore(os.environ["TABLE"]),
        clock=time.time,
        token_seconds=int(os.environ["TOKEN_SECONDS"]),
        login_limit=int(os.environ["LOGIN_LIMIT"]),
    )


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Lambda's entry point."""
    return respond(event, accounts())
