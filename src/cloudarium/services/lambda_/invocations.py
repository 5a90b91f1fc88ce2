"""One invocation: its version, environment, limits, log and metrics."""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import service_principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.functions.bootstraps import PYTHON
from cloudarium.functions.environments import (
    Environment,
    EnvironmentGone,
)
from cloudarium.functions.outcomes import Outcome, error_payload
from cloudarium.functions.pool import Pool
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
    memory,
    recursion,
    reports,
    traces,
)
from cloudarium.services.lambda_.functions import Version
from cloudarium.services.lambda_.names import LATEST, Reference
from cloudarium.services.lambda_.provisioned import configs
from cloudarium.services.lambda_.xray import invocation_traces
from cloudarium.services.lambda_.xray.invocation_traces import InvocationTrace


class Event(NamedTuple):
    """What a function is invoked with. client_context: JSON text. trace_id: an X-Ray header.

    span: of a traced invocation, as `InvocationTrace.span`.
    attempt: of an asynchronous invocation, from 1, accepted then (epoch seconds); 0 if synchronous.
    """

    request_id: str
    payload: bytes
    client_context: str = ""
    trace_id: str = ""
    attempt: int = 0
    accepted: float = 0.0
    span: tuple[str, str] | None = None


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

    @cached_property
    def arn(self) -> str:
        """The ARN of what was invoked."""
        return self.reference.arn

    @cached_property
    def function_arn(self) -> str:
        """The function's ARN, without a qualifier."""
        return self.reference.function_arn

    @cached_property
    def in_lineages(self) -> str:
        """What the function is called in lineages (`recursion`)."""
        return recursion.name(self.function_arn)


class Result(NamedTuple):
    """An invocation's outcome, the number of the version that served it and its log's end."""

    outcome: Outcome
    version: str
    lines: reports.Lines

    @property
    def log(self) -> str:
        """The tail of its log, base64."""
        return base64.b64encode(reports.tail(self.lines)).decode()


class Execution(NamedTuple):
    """concurrency: how many of the function run, this one included; account: of all functions.

    provisioned: whether it has a provisioned environment; busy: how many of those are at work.
    """

    concurrency: int
    account: int
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
        self.accounts: Counter[tuple[str, str]] = Counter()

    async def close(self) -> None:
        """End every environment."""
        await self.pool.close()

    def begin(self, target: Target) -> Execution:
        """Count an execution until its `end`. Raises TooManyRequestsException."""
        arn, version, place = target.function_arn, target.version.arn, target.reference[:2]
        if target.reserved is not None and self.running[arn] >= target.reserved:
            raise errors.throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
        provisioned = self.provisioned[version] < target.provisioned
        if provisioned:
            self.provisioned[version] += 1
        elif target.reserved is None:
            if self.on_demand[place] >= target.on_demand_limit:
                raise errors.throttled("ConcurrentInvocationLimitExceeded")
            self.on_demand[place] += 1
        self.running[arn] += 1
        self.accounts[place] += 1
        running, everywhere = self.running[arn], self.accounts[place]
        return Execution(running, everywhere, provisioned, self.provisioned[version])

    def end(self, target: Target, execution: Execution) -> None:
        """The execution is over."""
        self.running[target.function_arn] -= 1
        self.accounts[target.reference[:2]] -= 1
        if execution.provisioned:
            self.provisioned[target.version.arn] -= 1
        elif target.reserved is None:
            self.on_demand[target.reference[:2]] -= 1


def resolve(ctx: Context, reference: Reference) -> Target:
    """What an invocation of `reference` runs; raises ResourceNotFoundException.

    Within a transaction that has written nothing.
    """
    number = reference.qualifier or LATEST
    if aliases.is_alias(number):
        alias = memory.ask(aliases.get, ctx, reference)
        if alias is None:
            raise errors.function_not_found(reference.arn)
        number = aliases.chosen_version(ctx, alias)
    return memory.ask(_target, ctx, reference, number)


def _target(ctx: Context, reference: Reference, number: str) -> Target:
    function = functions.find(ctx, reference.qualified(reference.qualifier or LATEST))
    version = functions.find_version(ctx, reference, number)
    share = concurrency.share(ctx, reference.account, reference.region)
    provisioned = configs.requested(ctx, reference, number) if share.has_provisioned else 0
    return Target(reference, version, function.reserved, share.on_demand, provisioned)


async def run(ctx: Context, target: Target, event: Event, sink: Sink | None = None) -> Result:
    """Invoke a function and wait for its outcome; a streamed response goes to `sink`.

    Raises TooManyRequestsException, RecursiveInvocationException, and AccessDeniedException if its
    role cannot be assumed.
    """
    executions = ctx.state(Executions)
    owner = _owner(ctx, target.reference)
    metrics = executions.meters.of(owner.telemetry, target.reference, target.version.version)
    plain, lineage = recursion.split(event.trace_id)
    if lineage and recursion.stops(owner, lineage, target.reference):
        metrics.dropped()
        raise errors.recursive()
    trace = None
    if invocation_traces.is_active(target.version):
        trace = await _trace(owner, target, event._replace(trace_id=plain))
    header = trace.header if trace else traces.untraced(owner, plain)
    lineage = recursion.onward(lineage, target.in_lineages)
    span = trace.span if trace else None
    event = event._replace(trace_id=recursion.joined(header, lineage), span=span)
    try:
        execution = executions.begin(target)
    except AwsError:
        metrics.throttled()
        if trace:
            trace.throttled()
        raise
    try:
        metrics.started(execution.concurrency, execution.account)
        if target.provisioned:
            metrics.provisioned(execution.provisioned, execution.busy, target.provisioned)
        result = await _run(owner, execution, target, event, sink)
    finally:
        executions.end(target, execution)
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
    if reference.account == ctx.account and reference.region == ctx.region:
        return ctx
    principal = service_principal(ctx.runtime.service.principal, reference.account)
    return ctx.runtime.context(reference.account, reference.region, principal, ctx.request_id)


async def _run(
    ctx: Context, execution: Execution, target: Target, event: Event, sink: Sink | None
) -> Result:
    executions, version = ctx.state(Executions), target.version
    while True:
        key = _current_key(ctx, version, execution.provisioned)
        environment = executions.pool.take(key, ctx.now) or await started(
            ctx, version, key, execution.provisioned
        )
        log = environment.launch.log
        assert isinstance(log, reports.Log)
        log.begin()
        invocation = _invocation(target, event)
        start = partial(log.start, invocation, version.version)
        try:
            outcome = await environment.invoke(invocation, start, sink)
        except EnvironmentGone:
            continue
        except (RuntimeMissing, SandboxError) as error:
            message = f"RequestId: {event.request_id} Error: {error}"
            kind = "Runtime.InvalidEntrypoint"
            outcome = Outcome(error_payload(kind, message), 0.0, kind, "error")
        finally:
            executions.pool.release(environment)
        memory_size = version.configuration["MemorySize"]
        lines = log.end(invocation, outcome, memory_size, ctx.now)
        return Result(outcome, version.version, lines)


def _current_key(ctx: Context, version: Version, provisioned: bool) -> str:
    """The key of the version's environments; those of code that has changed are ended."""
    state, is_changed = hot.changed(ctx, version.digest)
    if is_changed:
        ctx.state(Executions).pool.retire(version.reference.function_arn)
    return _key(version, state, provisioned)


def _key(version: Version, state: str, provisioned: bool) -> str:
    return f"{version.arn} {version.content} {state}{' provisioned' * provisioned}"


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
        target.arn,
        launches.deadline_ms(target.version.configuration["Timeout"]),
        event.trace_id,
        event.client_context,
        span=event.span,
    )
