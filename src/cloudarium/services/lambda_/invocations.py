"""One invocation: its version, environment, limits, log and metrics."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import service_principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.functions.bootstraps import PYTHON
from cloudarium.functions.environments import (
    Environment,
    EnvironmentGone,
    Outcome,
    Pool,
    error_payload,
)
from cloudarium.functions.runtime_api import Invocation
from cloudarium.functions.runtimes import RuntimeMissing
from cloudarium.functions.sandbox import Sandbox, SandboxError
from cloudarium.services.lambda_ import aliases, errors, functions, hot, launches, limits, reports
from cloudarium.services.lambda_.functions import Version
from cloudarium.services.lambda_.names import LATEST, Reference


@dataclass(frozen=True)
class Event:
    """What a function is invoked with. client_context: JSON text. trace_id: an X-Ray header."""

    request_id: str
    payload: bytes
    client_context: str = ""
    trace_id: str = ""


@dataclass(frozen=True)
class Target:
    """What was invoked (`reference`, as asked for) and the version that serves it."""

    reference: Reference
    version: Version
    reserved: int | None
    unreserved_limit: int


@dataclass(frozen=True)
class Result:
    """An invocation's outcome. `log` is the tail of its log, base64."""

    outcome: Outcome
    version: str
    log: str


class Executions:
    """This cloud's environments, and how many invocations run at present."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        folder = runtime.kernel.info.folder / "run" / "functions"
        self.pool = Pool(Sandbox(folder, PYTHON))
        self.credentials = launches.Credentials()
        self.running: Counter[str] = Counter()
        self.unreserved: Counter[tuple[str, str]] = Counter()

    async def close(self) -> None:
        """End every environment."""
        await self.pool.close()

    @contextmanager
    def execution(self, target: Target) -> Iterator[int]:
        """Count an execution: how many of the function there are now.

        Raises TooManyRequestsException.
        """
        arn, place = target.reference.function_arn, _place(target)
        if target.reserved is None:
            if self.unreserved[place] >= target.unreserved_limit:
                raise errors.throttled("ConcurrentInvocationLimitExceeded")
            self.unreserved[place] += 1
        elif self.running[arn] >= target.reserved:
            raise errors.throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
        self.running[arn] += 1
        try:
            yield self.running[arn]
        finally:
            self.running[arn] -= 1
            if target.reserved is None:
                self.unreserved[place] -= 1


def _place(target: Target) -> tuple[str, str]:
    return target.reference.account, target.reference.region


def resolve(ctx: Context, reference: Reference) -> Target:
    """What an invocation of `reference` runs; raises ResourceNotFoundException."""
    function = functions.find(ctx, reference)
    number = reference.qualifier or LATEST
    if aliases.is_alias(number):
        alias = aliases.get(ctx, reference)
        if alias is None:
            raise errors.function_not_found(reference.arn)
        number = aliases.chosen_version(ctx, alias)
    version = functions.find_version(ctx, reference, number)
    reserved = functions.reserved(ctx) if function.reserved is None else 0
    return Target(reference, version, function.reserved, limits.CONCURRENT_EXECUTIONS - reserved)


async def run(ctx: Context, target: Target, event: Event) -> Result:
    """Invoke a function and wait for its outcome.

    Raises TooManyRequestsException, and AccessDeniedException if its role cannot be assumed.
    """
    executions = ctx.state(Executions)
    owner = _owner(ctx, target.reference)
    metrics = reports.Metrics(owner.telemetry, target.reference, target.version.version)
    try:
        with executions.execution(target) as concurrency:
            metrics.started(concurrency)
            result = await _run(owner, executions, target, event)
    except AwsError as error:
        if errors.is_throttled(error):
            metrics.throttled()
        raise
    metrics.ended(result.outcome)
    return result


def _owner(ctx: Context, reference: Reference) -> Context:
    if (reference.account, reference.region) == (ctx.account, ctx.region):
        return ctx
    principal = service_principal(ctx.runtime.service.principal, reference.account)
    return ctx.runtime.context(reference.account, reference.region, principal, ctx.request_id)


async def _run(ctx: Context, executions: Executions, target: Target, event: Event) -> Result:
    while True:
        environment = await _environment(ctx, executions, target)
        log = environment.launch.log
        assert isinstance(log, reports.Log)
        log.begin()
        try:
            outcome = await environment.invoke(
                _invocation(target, event),
                partial(log.start, event.request_id, target.version.version),
            )
        except EnvironmentGone:
            continue
        except (RuntimeMissing, SandboxError) as error:
            message = f"RequestId: {event.request_id} Error: {error}"
            kind = "Runtime.InvalidEntrypoint"
            outcome = Outcome(error_payload(kind, message), 0.0, kind, "error")
        finally:
            executions.pool.release(environment)
        memory_size = target.version.configuration["MemorySize"]
        tail = log.end(event.request_id, outcome, memory_size, ctx.now)
        encoded = base64.b64encode(tail[-limits.LOG_TAIL_BYTES :]).decode()
        return Result(outcome, target.version.version, encoded)


async def _environment(ctx: Context, executions: Executions, target: Target) -> Environment:
    version = target.version
    state, is_changed = hot.changed(ctx, version.digest)
    if is_changed:
        executions.pool.retire(target.reference.function_arn)
    key = f"{version.arn} {version.revision_id} {state}"
    warm = executions.pool.take(key, ctx.now)
    if warm:
        return warm
    credentials = await executions.credentials.get(ctx, version)
    return executions.pool.add(await launches.launch(ctx, version, key, credentials))


def _invocation(target: Target, event: Event) -> Invocation:
    return Invocation(
        event.request_id,
        event.payload or b"{}",
        target.reference.arn,
        launches.deadline_ms(target.version.configuration["Timeout"]),
        event.trace_id,
        event.client_context,
    )
