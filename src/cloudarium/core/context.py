"""What an operation is given: who asks, where, the time, the database, the other services."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from cloudarium.core import outbox, scheduler
from cloudarium.core.blobs import Blobs
from cloudarium.core.clock import Clock
from cloudarium.core.identity import Access, Principal, service_principal
from cloudarium.core.ids import Ids
from cloudarium.core.store import Transaction
from cloudarium.core.telemetry import Telemetry

if TYPE_CHECKING:
    from cloudarium.core.kernel import CloudInfo
    from cloudarium.core.resources import ResourceType
    from cloudarium.core.runtime import ServiceRuntime

Request = dict[str, Any]
Response = dict[str, Any]
T = TypeVar("T")


class Context:
    """One request's (or job's, or delivery's) view of its service."""

    __slots__ = ("_conditions", "account", "principal", "region", "request_id", "runtime", "trace")

    def __init__(
        self,
        runtime: ServiceRuntime,
        account: str,
        region: str,
        principal: Principal,
        request_id: str,
        conditions: Mapping[str, str | list[str]],
    ) -> None:
        self.runtime = runtime
        self.account = account
        self.region = region
        self.principal = principal
        self.request_id = request_id
        self.trace = ""  # the tracing header (X-Amzn-Trace-Id) the request came with
        self._conditions = conditions

    @property
    def clock(self) -> Clock:
        """The cloud's clock."""
        return self.runtime.kernel.clock

    @property
    def now(self) -> float:
        """The cloud's time, epoch seconds."""
        return self.runtime.kernel.clock.now()

    @property
    def ids(self) -> Ids:
        """The source of randomness."""
        return self.runtime.kernel.ids

    @property
    def cloud(self) -> CloudInfo:
        """Where the cloud keeps its state and which ports it has."""
        return self.runtime.kernel.info

    @property
    def blobs(self) -> Blobs:
        """The service's blobs."""
        return self.runtime.blobs

    @property
    def telemetry(self) -> Telemetry:
        """Metrics and log lines of this account and region."""
        return self.runtime.kernel.telemetry.part(self.account, self.region)

    @property
    def db(self) -> sqlite3.Connection:
        """The service's database. Raises RuntimeError outside a transaction."""
        store = self.runtime.store
        if not store.in_transaction:
            raise RuntimeError("the database is used inside a transaction only")
        return store.connection

    def transaction(self) -> Transaction:
        """Open a transaction, for async code; no `await` inside."""
        return Transaction(self.runtime.store)

    def arn(self, resource: str, service: str | None = None) -> str:
        """Return the ARN of `resource` in this account and region."""
        name = service or self.runtime.service.action_prefix
        return f"arn:aws:{name}:{self.region}:{self.account}:{resource}"

    def emit(self, fact: object) -> None:
        """Tell the subscribers of `fact` once this transaction has committed."""
        outbox.append(self, fact)

    def schedule(
        self, job: str, payload: dict[str, Any], at: float | None = None, key: str | None = None
    ) -> None:
        """Have the manifest's `job` run at `at` (epoch seconds; now if None). A `key` replaces."""
        scheduler.add(self, job, payload, at, key)

    def cancel(self, job: str, key: str) -> None:
        """Forget the scheduled `job` with `key`, if there is one."""
        scheduler.remove(self, job, key)

    async def call(
        self,
        model: str,
        operation: str,
        params: dict[str, Any],
        *,
        principal: Principal | None = None,
        account: str | None = None,
        region: str | None = None,
        source_arn: str | None = None,
        idempotency_key: str | None = None,
        request_id: str | None = None,
        trace: str = "",
    ) -> Response:
        """Ask another service, through validation, authorization and transaction.

        Without a `principal` the call is this service's own (`<service>.amazonaws.com`), and
        `source_arn` is the `aws:SourceArn` its resource policy may ask for. With an
        `idempotency_key` a repeated call gives the first call's answer. `trace` is the tracing
        header that goes with the call, `request_id` the id of the request if the caller wants to
        know it. Members that are None are left out, as they are of an answer over HTTP. Raises
        AwsError.
        """
        kernel = self.runtime.kernel
        caller = principal or service_principal(self.runtime.service.principal, self.account)
        conditions = dict(self._conditions) if principal is self.principal else {}
        if principal is None:
            conditions["aws:SourceAccount"] = self.account
            conditions["aws:SourceOwner"] = self.account
        if source_arn:
            conditions["aws:SourceArn"] = source_arn
        return await kernel.dispatch(
            model,
            operation,
            params,
            principal=caller,
            account=account or self.account,
            region=region or self.region,
            conditions=conditions,
            idempotency_key=idempotency_key,
            request_id=request_id,
            trace=trace,
        )

    async def assume_role(
        self, role_arn: str, session_name: str, policy: str | None = None, source_arn: str = ""
    ) -> Principal:
        """Return a session of the role for this service; its trust policy must allow that.

        `source_arn` is the `aws:SourceArn` the trust policy may ask for. Raises AccessDenied.
        """
        return self.role_session(role_arn, session_name, policy, source_arn)

    def role_session(
        self,
        role_arn: str,
        session_name: str,
        policy: str | None = None,
        source_arn: str = "",
        service_name: str = "",
    ) -> Principal:
        """Return what `assume_role` does, in an operation that does not wait.

        `service_name` is the principal of a service that has several.
        """
        name = service_name or self.runtime.service.principal
        service = service_principal(name, self.account)
        conditions = {"aws:SourceAccount": self.account}
        if source_arn:
            conditions["aws:SourceArn"] = source_arn
        return self.runtime.kernel.identity.assume_role(
            service, role_arn, session_name, policy, conditions
        )

    def authorize(self, access: Access, principal: Principal | None = None) -> None:
        """Raise AccessDenied unless `principal` (the caller if None) may do `access`."""
        caller, kernel = principal or self.principal, self.runtime.kernel
        if caller.kind != "root" or not kernel.is_owner(caller, access):
            kernel.authorize(caller, access, self.conditions)

    def allowed(self, access: Access, principal: Principal | None = None) -> bool:
        """Tell whether `principal` (the caller if None) may do `access`."""
        identity = self.runtime.kernel.identity
        return identity.allowed(principal or self.principal, access, self.conditions)

    def is_missing(self, arn: str) -> bool:
        """Tell whether a policy's principal `arn` is a user or role of this account not there."""
        return self.runtime.kernel.identity.is_missing(self.account, arn)

    @property
    def conditions(self) -> dict[str, str | list[str]]:
        """The global condition keys of this request."""
        return {"aws:RequestedRegion": self.region, **self._conditions}

    def state(self, cls: type[T]) -> T:
        """Return this cloud's one instance of `cls` for this service."""
        found: T | None = self.runtime.states.get(cls)
        return self.runtime.state(cls) if found is None else found

    def signal(self, key: Hashable) -> None:
        """Wake those who wait for `key`, once this transaction has committed."""
        runtime = self.runtime
        if runtime.store.in_transaction:
            runtime.store.after_commit(lambda: runtime.signal(key))
        else:
            runtime.signal(key)

    async def wait(self, key: Hashable, until: float) -> bool:
        """Wait for `signal(key)`, at most until the clock shows `until`; tell whether it came."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        timer = asyncio.ensure_future(self.clock.wait_until(until))
        waiters = self.runtime.waiters.setdefault(key, set())
        waiters.add(future)
        try:
            await asyncio.wait({future, timer}, return_when=asyncio.FIRST_COMPLETED)
            return future.done()
        finally:
            timer.cancel()
            waiters.discard(future)
            if not waiters:
                self.runtime.waiters.pop(key, None)

    async def endpoint(self) -> str:
        """Return `http://127.0.0.1:<port>` where the cloud answers, listening from now on."""
        return await self.runtime.kernel.endpoint()

    def resource_type(self, name: str) -> ResourceType | None:
        """Return the CloudFormation resource type `name`, or None if no service has it."""
        return self.runtime.kernel.resource_type(name)
