"""`cloudarium invoke --debug`: one invocation under a debugger, with no timeout.

A request of this cloud's own, signed like any other: the caller needs lambda:InvokeFunction. The
environment is a fresh one, listens for the debugger on loopback, and ends with the invocation.
"""

from __future__ import annotations

import base64
import importlib.util
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import orjson

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Access
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.functions.runtime_api import Invocation
from cloudarium.functions.runtimes import RuntimeMissing
from cloudarium.functions.sandbox import SandboxError
from cloudarium.services.lambda_ import errors, invocations, launches, policies, reports, traces
from cloudarium.services.lambda_.functions import Version
from cloudarium.services.lambda_.invocations import Executions
from cloudarium.services.lambda_.names import parse
from cloudarium.wire.http import HttpRequest, HttpResponse

_DAY_SECONDS = 86_400  # as good as no timeout


class _Order(NamedTuple):
    """What is asked for: a function's name, a payload, and where the debugger is to listen."""

    function: str
    event: bytes
    port: int


async def handle(runtime: ServiceRuntime, request: HttpRequest) -> HttpResponse:
    """POST {"function", "event", "port"}: answer {"payload", "error", "log"} when it has ended.

    `event` and `payload` are JSON text, `log` is base64, `error` tells whether the function failed.
    """
    try:
        caller = runtime.authenticate(request)
        ctx = runtime.context(caller.account, caller.region, caller.principal)
        return _json(200, await _debugged(ctx, _order(request.body.read())))
    except AwsError as error:
        return _json(error.status, {"message": error.message})
    except (RuntimeMissing, SandboxError) as error:
        return _json(400, {"message": str(error)})


def _order(body: bytes) -> _Order:
    """Return what is asked for. Raises the 400 AwsError."""
    with suppress(orjson.JSONDecodeError):
        match orjson.loads(body):
            case {"function": str(function), "event": str(event), "port": int(port)} if (
                0 < port < 1 << 16
            ):
                return _Order(function, event.encode(), port)
    raise errors.invalid(errors.DEBUG_ORDER)


async def _debugged(ctx: Context, order: _Order) -> dict[str, Any]:
    reference = parse(ctx, order.function)
    with ctx.transaction():
        policy = policies.get(ctx, reference)
        ctx.authorize(Access("lambda:InvokeFunction", reference.arn, policy=policy))
        version = invocations.resolve(ctx, reference).version
    executions = ctx.state(Executions)
    credentials = await executions.credentials.get(ctx, version)
    launch = await launches.launch(ctx, version, f"debug {ctx.request_id}", credentials, False)
    variables = {**launch.environment, **_debugger(version, order.port)}
    environment = executions.pool.add(
        replace(
            launch, environment=variables, init_seconds=_DAY_SECONDS, timeout_seconds=_DAY_SECONDS
        )
    )
    environment.retired = True
    log = launch.log
    assert isinstance(log, reports.Log)
    log.begin()
    invocation = Invocation(
        ctx.request_id,
        order.event,
        reference.arn,
        launches.deadline_ms(_DAY_SECONDS),
        traces.new_trace(ctx),
    )
    try:
        outcome = await environment.invoke(
            invocation, partial(log.start, invocation, version.version)
        )
    finally:
        executions.pool.release(environment)
    lines = log.end(invocation, outcome, version.configuration["MemorySize"], ctx.now)
    return {
        "payload": outcome.payload.decode(),
        "error": outcome.error_type is not None,
        "log": base64.b64encode(reports.tail(lines)).decode(),
    }


def _debugger(version: Version, port: int) -> dict[str, str]:
    """The variables that make a runtime wait for its debugger; raises InvalidParameterValue."""
    runtime = version.configuration["Runtime"]
    if runtime.startswith("nodejs"):
        return {"NODE_OPTIONS": f"--inspect-brk=127.0.0.1:{port}"}
    if not runtime.startswith("python"):
        raise errors.invalid(errors.NO_DEBUGGER.format(runtime=runtime))
    if importlib.util.find_spec("debugpy") is None:
        raise errors.invalid(errors.NO_DEBUGPY)
    return {"_CLOUDARIUM_DEBUGGER": str(port)}


def _json(status: int, value: object) -> HttpResponse:
    return HttpResponse(status, [("Content-Type", "application/json")], orjson.dumps(value))
