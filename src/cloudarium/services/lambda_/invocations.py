"""One invocation: its version, environment, limits, log and metrics."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

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
from cloudarium.functions.runtime_connection import Sink
from cloudarium.functions.runtimes import RuntimeMissing
from cloudarium.functions.sandbox import Sandbox, SandboxError
from cloudarium.services.lambda_ import (
    aliases,
    concurrency,
    errors,
    functions,
    hot,
    launches,
    limits,
    reports,
    traces,
)
from cloudarium.services.lambda_.functions import Version
from cloudarium.services.lambda_.names import LATEST, Reference
from cloudarium.services.lambda_.provisioned import configs
from cloudarium.services.lambda_.xray import invocation_traces
from cloudarium.services.lambda_.xray.invocation_traces import InvocationTrace


@dataclass(frozen=True)
class Event:
    """What a function is invoked with. client_context: JSON text. trace_id: an X-Ray header.

    attempt: of an asynchronous invocation, from 1, accepted then (epoch seconds); 0 if synchronous.
    """

    request_id: str
    payload: bytes
    client_context: str = ""
    trace_id: str = ""
    attempt: int = 0
    accepted: float = 0.0


@dataclass(frozen=True)
class Target:
    """What was invoked (`reference`, as asked for) and the version that serves it.

    provisioned: how many environments the version has ready. on_demand_limit: of the account.
    """

    reference: Reference
    version: Version
    reserved: int | None
    on_demand_limit: int
    provisioned: int


@dataclass(frozen=True)
class Result:
    """An invocation's outcome. `log` is the tail of its log, base64."""

    outcome: Outcome
    version: str
    log: str


@dataclass(frozen=True)
class Execution:
    """concurrency: how many of the function run, this one included.

    provisioned: whether it has a provisioned environment; busy: how many of those are at work.
    """

    concurrency: int
    provisioned: bool
    busy: int


class Executions:
    """This cloud's environments, and how many invocations run at present."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        folder = runtime.kernel.info.folder / "run" / "functions"
        self.pool = Pool(Sandbox(folder, PYTHON))
        self.credentials = launches.Credentials()
        self.meters = reports.Meters(runtime.kernel.clock)
        self.running: Counter[str] = Counter()
        self.provisioned: Counter[str] = Counter()
        self.on_demand: Counter[tuple[str, str]] = Counter()

    async def close(self) -> None:
        """End every environment."""
        await self.pool.close()

    @contextmanager
    def execution(self, target: Target) -> Iterator[Execution]:
        """Count an execution while it runs. Raises TooManyRequestsException."""
        arn, version = target.reference.function_arn, target.version.arn
        if target.reserved is not None and self.running[arn] >= target.reserved:
            raise errors.throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
        provisioned = self.provisioned[version] < target.provisioned
        counted: list[tuple[Counter[Any], Any]] = [(self.running, arn)]
        if provisioned:
            counted.append((self.provisioned, version))
        elif target.reserved is None:
            place = (target.reference.account, target.reference.region)
            if self.on_demand[place] >= target.on_demand_limit:
                raise errors.throttled("ConcurrentInvocationLimitExceeded")
            counted.append((self.on_demand, place))
        for counter, key in counted:
            counter[key] += 1
        try:
            yield Execution(self.running[arn], provisioned, self.provisioned[version])
        finally:
            for counter, key in counted:
                counter[key] -= 1


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
    share = concurrency.share(ctx, reference.account, reference.region)
    provisioned = configs.requested(ctx, reference, number) if share.has_provisioned else 0
    return Target(reference, version, function.reserved, share.on_demand, provisioned)


async def run(ctx: Context, target: Target, event: Event, sink: Sink | None = None) -> Result:
    """Invoke a function and wait for its outcome; a streamed response goes to `sink`.

    Raises TooManyRequestsException, and AccessDeniedException if its role cannot be assumed.
    """
    executions = ctx.state(Executions)
    owner = _owner(ctx, target.reference)
    metrics = executions.meters.of(owner.telemetry, target.reference, target.version.version)
    trace = (
        await _trace(owner, target, event) if invocation_traces.is_active(target.version) else None
    )
    header = trace.header if trace else traces.untraced(owner, event.trace_id)
    event = replace(event, trace_id=header)
    try:
        with executions.execution(target) as execution:
            metrics.started(execution.concurrency)
            if target.provisioned:
                metrics.provisioned(execution.provisioned, execution.busy, target.provisioned)
            take = partial(_environment, owner, target.version, execution.provisioned)
            result = await _run(owner, take, target, event, sink)
    except AwsError as error:
        if errors.is_throttled(error):
            metrics.throttled()
            if trace:
                trace.throttled()
        raise
    metrics.ended(result.outcome)
    if trace:
        trace.ended(result.outcome)
    return result


async def _trace(ctx: Context, target: Target, event: Event) -> InvocationTrace | None:
    version, invoked = target.version, target.reference
    header = await invocation_traces.decided(ctx, version, event.trace_id)
    if header is None:
        return None
    return InvocationTrace(
        ctx, header, version, invoked, event.request_id, event.attempt, event.accepted
    )


def _owner(ctx: Context, reference: Reference) -> Context:
    if (reference.account, reference.region) == (ctx.account, ctx.region):
        return ctx
    principal = service_principal(ctx.runtime.service.principal, reference.account)
    return ctx.runtime.context(reference.account, reference.region, principal, ctx.request_id)


async def _run(
    ctx: Context,
    take: Callable[[], Awaitable[Environment]],
    target: Target,
    event: Event,
    sink: Sink | None,
) -> Result:
    while True:
        environment = await take()
        log = environment.launch.log
        assert isinstance(log, reports.Log)
        log.begin()
        try:
            outcome = await environment.invoke(
                _invocation(target, event),
                partial(log.start, event.request_id, target.version.version),
                sink,
            )
        except EnvironmentGone:
            continue
        except (RuntimeMissing, SandboxError) as error:
            message = f"RequestId: {event.request_id} Error: {error}"
            kind = "Runtime.InvalidEntrypoint"
            outcome = Outcome(error_payload(kind, message), 0.0, kind, "error")
        finally:
            ctx.state(Executions).pool.release(environment)
        memory_size = target.version.configuration["MemorySize"]
        tail = log.end(event.request_id, outcome, memory_size, ctx.now)
        encoded = base64.b64encode(tail[-limits.LOG_TAIL_BYTES :]).decode()
        return Result(outcome, target.version.version, encoded)


async def _environment(ctx: Context, version: Version, provisioned: bool) -> Environment:
    executions = ctx.state(Executions)
    state, is_changed = hot.changed(ctx, version.digest)
    if is_changed:
        executions.pool.retire(version.reference.function_arn)
    key = _key(version, state, provisioned)
    return executions.pool.take(key, ctx.now) or await started(ctx, version, key, provisioned)


def _key(version: Version, state: str, provisioned: bool) -> str:
    return f"{version.arn} {version.revision_id} {state}{' provisioned' * provisioned}"


def provisioned_key(ctx: Context, version: Version) -> str:
    """The key of a version's provisioned environments."""
    return _key(version, hot.changed(ctx, version.digest)[0], True)


async def started(ctx: Context, version: Version, key: str, provisioned: bool) -> Environment:
    """A new environment, which is busy; raises AccessDeniedException for its role."""
    executions = ctx.state(Executions)
    credentials = await executions.credentials.get(ctx, version)
    launch = await launches.launch(ctx, version, key, credentials, provisioned)
    return executions.pool.add(launch)


def _invocation(target: Target, event: Event) -> Invocation:
    return Invocation(
        event.request_id,
        event.payload or b"{}",
        target.reference.arn,
        launches.deadline_ms(target.version.configuration["Timeout"]),
        event.trace_id,
        event.client_context,
    )
