"""A service at run time: its code, loaded on first use, its database, blobs and in-memory state."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from botocore import xform_name

from cloudarium.core.blobs import Blobs
from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access, Credential, Principal
from cloudarium.core.service import Endpoint, Service
from cloudarium.core.store import Store
from cloudarium.core.syncer import NotOnDisk
from cloudarium.wire import sigv4
from cloudarium.wire.authentication import Caller
from cloudarium.wire.http import HttpRequest
from cloudarium.wire.model import OperationModel, ServiceModel
from cloudarium.wire.validation import Validator, compile_validator

if TYPE_CHECKING:
    from cloudarium.core.kernel import Kernel

T = TypeVar("T")
Authorization = Callable[[Context, str, Request], Iterable[Access]]


@dataclass(frozen=True)
class Operation:
    """An operation a service offers: its model, its function, its input's validator."""

    model: OperationModel
    function: Callable[[Context, Request], Any]
    waits: bool
    validate: Validator


class ServiceRuntime:
    """One service of one cloud."""

    def __init__(self, kernel: Kernel, service: Service) -> None:
        self.kernel = kernel
        self.service = service
        self.waiters: dict[Hashable, set[asyncio.Future[None]]] = {}
        self.states: dict[type, Any] = {}
        self._loaded: dict[str, Callable[..., Any]] = {}
        self._operations: dict[tuple[str, str], Operation | None] = {}
        self._opened: Store | None = None

    def __repr__(self) -> str:
        return f"<{self.service.name}>"

    @property
    def database(self) -> Path:
        """Where the service's database lies."""
        return self.kernel.info.folder / "services" / f"{self.service.name}.db"

    @property
    def store(self) -> Store:
        """The service's database, opened on first use."""
        if self._opened is None:
            package = importlib.util.find_spec(self.service.package)
            folder = Path(str(package.origin)).parent if package else Path()
            schema = folder / "schema.sql"
            self._opened = Store(
                self.database,
                schema.read_text() if schema.exists() else "",
                self.kernel.executor,
                self.kernel.is_durable,
            )
        return self._opened

    @cached_property
    def blobs(self) -> Blobs:
        """The service's blobs."""
        folder = self.kernel.info.folder / "blobs" / self.service.name
        return Blobs(folder, self.kernel.executor, self.kernel.ids, self.kernel.is_durable)

    @cached_property
    def _functions(self) -> dict[str, Callable[..., Any]]:
        package = importlib.import_module(f"{self.service.package}.operations")
        found: dict[str, Callable[..., Any]] = {}
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(info.name)
            for name, function in vars(module).items():
                if inspect.isfunction(function) and function.__module__ == module.__name__:
                    found[name] = function
        return {name: function for name, function in found.items() if name[0] != "_"}

    @cached_property
    def required_access(self) -> Authorization:
        """The service's own `authorization.required`, or the default one."""
        name = f"{self.service.package}.authorization"
        if importlib.util.find_spec(name) is None:
            return self._default_access
        return cast(Authorization, importlib.import_module(name).required)

    def _default_access(self, ctx: Context, operation: str, request: Request) -> Iterable[Access]:
        return (Access(f"{self.service.action_prefix}:{operation}", "*"),)

    def model(self, endpoint: Endpoint) -> ServiceModel:
        """Return the botocore model behind an endpoint."""
        return self.kernel.models.load(endpoint.model)

    def operation(self, model: str, name: str) -> Operation | None:
        """Return the operation `name` of `model`, or None if this service does not offer it."""
        key = (model, name)
        if key not in self._operations:
            self._operations[key] = self._build(model, name)
        return self._operations[key]

    def _build(self, model: str, name: str) -> Operation | None:
        operation = self.kernel.models.load(model).operation(name)
        function = self._functions.get(xform_name(name))
        if operation is None or function is None:
            return None
        wording = self.service.wording
        validate = compile_validator(
            operation.input,
            self.service.validation_code or operation.service.validation_code,
            constraints=self.service.constraints,
            words=partial(self.load(wording), name) if wording else None,
        )
        return Operation(operation, function, inspect.iscoroutinefunction(function), validate)

    def load(self, path: str) -> Callable[..., Any]:
        """Return the function a manifest names as `module:function`."""
        if path not in self._loaded:
            module, name = path.split(":")
            found = getattr(importlib.import_module(f"{self.service.package}.{module}"), name)
            self._loaded[path] = found
        return self._loaded[path]

    def context(
        self,
        account: str,
        region: str,
        principal: Principal,
        request_id: str | None = None,
        conditions: Mapping[str, str | list[str]] | None = None,
    ) -> Context:
        """Return a context of this service."""
        identifier = request_id or self.kernel.ids.uuid()
        return Context(self, account, region, principal, identifier, conditions or {})

    def authenticate(self, request: HttpRequest) -> Caller:
        """Return who signed an HTTP request to a data plane; anonymous if nobody did.

        Raises AwsError for a signature that does not hold.
        """
        return self.kernel.authenticator.authenticate(request, sigv4.read(request))

    def credential(self, access_key_id: str, session_token: str | None) -> Credential:
        """Return the live credential of an access key. Raises AwsError if there is none."""
        return self.kernel.authenticator.lookup(access_key_id, session_token)

    def state(self, cls: type[T]) -> T:
        """Return this cloud's one instance of `cls`, built as `cls(runtime)` on first use."""
        found: T | None = self.states.get(cls)
        if found is None:
            found = self.states[cls] = cast(Callable[[ServiceRuntime], T], cls)(self)
        return found

    def signal(self, key: Hashable) -> None:
        """Wake those who wait for `key`."""
        for future in self.waiters.get(key, ()):
            if not future.done():
                future.set_result(None)

    async def close(self) -> None:
        """Close the in-memory states, then the database."""
        for state in reversed(list(self.states.values())):
            close = getattr(state, "close", None)
            if close is not None:
                await close()
        self.states.clear()
        if self._opened is not None:
            with suppress(NotOnDisk):  # nobody was told that it is
                await self._opened.durable()
            self._opened.close()
            self._opened = None
