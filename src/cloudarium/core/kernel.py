"""The cloud without its names: services joined by dispatch, outbox, scheduler and telemetry."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from cloudarium.core.clock import Clock
from cloudarium.core.dispatch import Dispatcher
from cloudarium.core.identity import (
    Access,
    ConditionContext,
    Identity,
    Principal,
    service_principal,
)
from cloudarium.core.ids import Ids
from cloudarium.core.outbox import Outbox
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.core.scheduler import Scheduler
from cloudarium.core.service import Endpoint, Service
from cloudarium.core.telemetry import TelemetryHub
from cloudarium.wire.authentication import Authenticator
from cloudarium.wire.model import Models

if TYPE_CHECKING:
    from cloudarium.core.resources import ResourceType

T = TypeVar("T")

_WORKERS = 8


@dataclass
class CloudInfo:
    """Where the cloud keeps its state and which ports it has (`http`, `ssh`, ...)."""

    folder: Path
    ports: dict[str, int] = field(default_factory=dict)


class Kernel:
    """All services of one cloud, and what they share."""

    def __init__(
        self,
        info: CloudInfo,
        services: Sequence[Service],
        *,
        identity: Callable[[Kernel], Identity],
        endpoint: Callable[[], Awaitable[str]],
        clock: Clock | None = None,
        ids: Ids | None = None,
        durable: bool = True,
        root_key: tuple[str, str] | None = None,
    ) -> None:
        self.info = info
        self.services = services
        self.clock = clock or Clock()
        self.ids = ids or Ids()
        self.is_durable = durable
        self.closing = False
        self.endpoint = endpoint
        self.models = Models()
        self.executor = ThreadPoolExecutor(_WORKERS, thread_name_prefix="cloudarium")
        self._make_identity = identity
        self._states: dict[type, Any] = {}
        self._runtimes = {service.name: ServiceRuntime(self, service) for service in services}
        self._by_model = {
            endpoint.model: self._runtimes[service.name]
            for service in services
            for endpoint in service.endpoints
        }
        self.dispatch = Dispatcher(self)
        self.outbox = Outbox(self)
        self.scheduler = Scheduler(self)
        self.telemetry = TelemetryHub(self.clock)
        self.authenticator = Authenticator(
            lambda key_id, token: self.identity.credential(key_id, token), self.clock, root_key
        )

    def runtime(self, name: str) -> ServiceRuntime:
        """Return the service called `name`."""
        return self._runtimes[name]

    def runtime_of(self, model: str) -> ServiceRuntime:
        """Return the service that answers for the botocore model `model`."""
        return self._by_model[model]

    def state(self, cls: type[T]) -> T:
        """Return the cloud's one instance of `cls`, built as `cls(kernel)` on first use.

        It is what services share in memory; what one has for itself is its runtime's `state`.
        """
        found: T | None = self._states.get(cls)
        if found is None:
            found = self._states[cls] = cast(Callable[[Kernel], T], cls)(self)
        return found

    @cached_property
    def endpoints(self) -> list[Endpoint]:
        """Every endpoint of every service."""
        return [endpoint for service in self.services for endpoint in service.endpoints]

    @cached_property
    def identity(self) -> Identity:
        """IAM, as the core knows it; loaded on first use."""
        return self._make_identity(self)

    def authorize(self, principal: Principal, access: Access, context: ConditionContext) -> None:
        """Raise AccessDenied unless `principal` may do `access`."""
        if not self.is_owner(principal, access):
            self.identity.authorize(principal, access, {**context, **access.conditions})

    def is_owner(self, principal: Principal, access: Access) -> bool:
        """Tell whether nobody needs to ask IAM.

        An account's root may do everything in its own account unless a resource's policy denies it.
        """
        return principal.kind == "root" and access.policy is None and _owns(principal, access)

    def resource_type(self, name: str) -> ResourceType | None:
        """Return the CloudFormation resource type `name`, or None if no service has it."""
        for service in self.services:
            if name in service.resource_types:
                return cast(
                    "ResourceType",
                    self._runtimes[service.name].load(service.resource_types[name]),
                )
        return None

    async def start(self) -> None:
        """Take up whatever an earlier run left, and begin to run jobs."""
        (self.info.folder / "services").mkdir(parents=True, exist_ok=True)
        self._connect_sinks()
        self.scheduler.start()
        for runtime in self._runtimes.values():
            if runtime.database.exists():
                self.scheduler.adopt(runtime)
                self.outbox.adopt(runtime)
                if runtime.service.startup:
                    await runtime.load(runtime.service.startup)(runtime)

    def _connect_sinks(self) -> None:
        for runtime in self._runtimes.values():
            service = runtime.service
            if service.metric_sink:
                self.telemetry.metric_sink = _sink(runtime, service.metric_sink)
            if service.log_sink:
                self.telemetry.log_sink = _sink(runtime, service.log_sink)
            if service.segment_sink:
                self.telemetry.segment_sink = _sink(runtime, service.segment_sink)

    async def settle(self) -> None:
        """Return when no fact waits for delivery, no job is due or running, no figure unflushed."""
        while True:
            while not self._idle:
                await asyncio.sleep(0.001)
            # Only now: each flush waits for the disk, and jobs may have more to tell.
            if not await self.telemetry.flush() and self._idle:
                return

    @property
    def _idle(self) -> bool:
        return self.outbox.idle and self.scheduler.idle

    async def advance(self, seconds: float) -> None:
        """Move the clock, running everything that falls due on the way, in its order."""
        target = self.clock.now() + seconds
        await self.settle()
        while (due := self.scheduler.next_due) is not None and due <= target:
            self.clock.advance(max(0.0, due - self.clock.now()))
            await self.settle()
        self.clock.advance(max(0.0, target - self.clock.now()))
        await self.settle()

    async def close(self) -> None:
        """Stop everything in order: jobs, deliveries, telemetry, services, workers."""
        self.closing = True
        await self.scheduler.stop()
        await self.outbox.stop()
        await self.telemetry.close()
        for runtime in reversed(list(self._runtimes.values())):
            await runtime.close()
        self.executor.shutdown()


def _owns(principal: Principal, access: Access) -> bool:
    owner = access.conditions.get("aws:ResourceAccount")
    if owner is None:
        owner = _account_of(access.resource)
    return owner in ("", principal.account)


@lru_cache(1024)
def _account_of(resource: str) -> str:
    """Return the account in an ARN, "" if there is none."""
    parts = resource.split(":", 5)
    return parts[4] if len(parts) == 6 else ""


def _sink(
    runtime: ServiceRuntime, path: str
) -> Callable[[str, str, Sequence[object]], Awaitable[None]]:
    """Return what hands a batch of telemetry to the service's function at `path`.

    What that returns is done when the batch is on disk.
    """

    def sink(account: str, region: str, batch: Sequence[object]) -> Awaitable[None]:
        principal = service_principal(runtime.service.principal, account)
        ctx = runtime.context(account, region, principal)
        with ctx.transaction():
            runtime.load(path)(ctx, batch)
        return runtime.store.durable()

    return sink
