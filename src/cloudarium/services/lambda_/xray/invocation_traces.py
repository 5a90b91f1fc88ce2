"""Which invocations are traced, and the segments Lambda makes of them.

A function with active tracing follows what was decided upstream; if nothing was, one invocation a
second is traced, and of the others five in a hundred. Its role must be allowed to send segments.
Source: Developer Guide, "Visualize Lambda function invocations using AWS X-Ray".
"""

from __future__ import annotations

from cloudarium.core import tracing
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Access, Principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.core.tracing import Reservoir, TraceHeader
from cloudarium.functions.outcomes import Outcome
from cloudarium.services.lambda_ import limits
from cloudarium.services.lambda_.functions import Version
from cloudarium.services.lambda_.names import Reference
from cloudarium.services.lambda_.xray import segments
from cloudarium.services.lambda_.xray.segments import Span

_SENDING = ("xray:PutTraceSegments", "*")
_MOST_RESERVOIRS = 10_000


class Reservoirs:
    """How many invocations of each function were traced in the present second."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._of: dict[str, Reservoir] = {}

    def takes(self, ctx: Context, function_arn: str) -> bool:
        """Whether the function's next invocation is traced."""
        if len(self._of) >= _MOST_RESERVOIRS:
            self._of.clear()
        reservoir = self._of.setdefault(function_arn, Reservoir())
        return reservoir.takes(limits.TRACED_A_SECOND, limits.TRACED_RATE, ctx.now, ctx.ids)


def is_active(version: Version) -> bool:
    """Whether the version has active tracing."""
    return bool(version.configuration["TracingConfig"]["Mode"] == "Active")


def may_send(ctx: Context, role: Principal) -> bool:
    """Whether a session of an execution role may send segments."""
    return ctx.allowed(Access(*_SENDING), role)


async def decided(ctx: Context, version: Version, header: str) -> TraceHeader | None:
    """The header of an invocation that is traced, None for one that is not."""
    trace = tracing.read(header)
    if trace is None or trace.sampled == "0":
        return None
    if not trace.sampled and not ctx.state(Reservoirs).takes(ctx, version.reference.function_arn):
        return None
    try:
        role = await ctx.assume_role(version.configuration["Role"], version.reference.session_name)
    except AwsError:
        return None
    if not may_send(ctx, role):
        return None
    return trace._replace(sampled="1")


async def accepted(ctx: Context, version: Version, request_id: str, header: str) -> str:
    """The header that an asynchronous invocation is queued with; Lambda's own segment is sent."""
    if not is_active(version):
        return header
    trace = await decided(ctx, version, header)
    if trace is None:
        root = tracing.read(header)
        return str(root._replace(sampled="0")) if root else header
    service = segments.service(
        trace, segments.service_id(request_id), version.reference, request_id
    )
    service |= {"start_time": ctx.now, "end_time": ctx.now, **segments.answered(202)}
    ctx.telemetry.segment(segments.text(service))
    return str(trace)


class InvocationTrace:
    """One traced invocation: made when it begins. `header` is what its function sees.

    span: the id of the function's segment, and the header that it is under.
    `attempt` counts those of an asynchronous invocation from 1, which was `accepted` then (epoch
    seconds); 0 is a synchronous one.
    """

    def __init__(
        self,
        ctx: Context,
        trace: TraceHeader,
        version: Version,
        invoked: Reference,
        request_id: str,
        attempt: int = 0,
        accepted_at: float = 0.0,
    ) -> None:
        self._ctx = ctx
        self._trace = trace
        self._version = version
        self._invoked = invoked
        self._request_id = request_id
        self._attempt = attempt
        self._accepted_at = accepted_at
        self._caller = tracing.new_id(ctx.ids)
        self._invocation = tracing.new_id(ctx.ids)
        self._function = tracing.new_id(ctx.ids)
        self._began, self._wall = ctx.now, ctx.clock.wall()
        self.header = str(trace.below(self._invocation))
        self.span = (self._function, str(trace.below(self._caller)))

    def _so_far(self) -> Span:
        return Span(self._began, self._began + max(self._ctx.clock.wall() - self._wall, 0.0))

    def throttled(self) -> None:
        """The invocation was refused."""
        self._send_caller(self._so_far(), {**segments.answered(429), **segments.THROTTLED})

    def ended(self, outcome: Outcome) -> None:
        """The invocation has run."""
        span = self._so_far()
        failed = segments.FAULT if outcome.error_type else {}
        self._send_caller(span, {**segments.answered(200), **failed})
        function = segments.function(self._version, span, outcome, self._invocation, self._ctx.ids)
        function |= {
            "id": self._function,
            "trace_id": self._trace.root,
            "parent_id": self._caller,
        }
        self._ctx.telemetry.segment(segments.text(function))

    def _send_caller(self, span: Span, outcome: dict[str, object]) -> None:
        """Lambda's own segment; of an asynchronous invocation, which has one, an attempt in it."""
        if not self._attempt:
            service = segments.service(self._trace, self._caller, self._invoked, self._request_id)
            self._ctx.telemetry.segment(segments.text({**service, **span.times(), **outcome}))
            return
        parent = segments.service_id(self._request_id)
        parts = {f"Attempt #{self._attempt}": (self._caller, span, outcome)}
        if self._attempt == 1:
            waited = Span(self._accepted_at, max(span.start, self._accepted_at))
            parts["Dwell Time"] = (tracing.new_id(self._ctx.ids), waited, {})
        for name, (identity, times, more) in parts.items():
            part = {
                "id": identity,
                "name": name,
                "type": "subsegment",
                "trace_id": self._trace.root,
                "parent_id": parent,
                **times.times(),
                **more,
            }
            self._ctx.telemetry.segment(segments.text(part))
