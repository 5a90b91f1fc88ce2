"""The HTTP edge: from an HTTP request to the operation it means, and back."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from cloudarium.core.errors import (
    AwsError,
    InternalFailure,
    InvalidAction,
    SerializationException,
    UnknownOperation,
)
from cloudarium.core.service import Endpoint
from cloudarium.wire import chunked, codecs, sigv2, sigv4
from cloudarium.wire.authentication import Caller
from cloudarium.wire.compression import compress, unzipped
from cloudarium.wire.data_planes import DataPlanes
from cloudarium.wire.error_codes import translated
from cloudarium.wire.http import Answer, Body, HttpRequest, HttpResponse, answered
from cloudarium.wire.model import OperationModel, ServiceModel
from cloudarium.wire.protocols.base import Codec
from cloudarium.wire.routing import Router
from cloudarium.wire.server import tried

if TYPE_CHECKING:
    from cloudarium.core.context import Context
    from cloudarium.core.kernel import Kernel
    from cloudarium.core.runtime import Operation, ServiceRuntime

log = logging.getLogger(__name__)
Internal = Callable[[HttpRequest], Awaitable[HttpResponse]]

_LARGE = 1 << 20
_MAX_TARGETS = 1024
_NO_LABELS: Mapping[str, str] = MappingProxyType({})
_PLAIN = (None, "identity", "amz-1.0")  # encodings of a body that is none

_VIRTUAL_HOST = re.compile(r"(?P<bucket>.+?)\.(?:s3[.-].*|localhost)")


class _Meant(NamedTuple):
    """What an API call means: an operation of a service, written in one of its protocols.

    `operation` is None if the service has none of that name, `offered` if we do not have it.
    """

    endpoint: Endpoint
    codec: Codec
    runtime: ServiceRuntime
    operation: OperationModel | None
    offered: Operation | None


class _Call:
    """An API call on its way: each step adds what it finds out."""

    __slots__ = (
        "caller",
        "ctx",
        "meant",
        "operation",
        "params",
        "request",
        "request_id",
        "signature",
    )
    caller: Caller
    operation: Operation
    params: dict[str, Any]
    ctx: Context

    def __init__(
        self,
        request: HttpRequest,
        meant: _Meant,
        request_id: str,
        signature: sigv4.Signature | None,
    ) -> None:
        self.request = request
        self.meant = meant
        self.request_id = request_id
        self.signature = signature


class Edge:
    """Answers HTTP requests: data planes, internal pages, AWS API calls."""

    def __init__(self, kernel: Kernel, internal: Mapping[str, Internal]) -> None:
        self._kernel = kernel
        self._authenticator = kernel.authenticator
        self._internal = internal
        self._data_planes = DataPlanes(kernel)
        self._codecs: dict[tuple[str, str], Codec] = {}
        self._routers: dict[str, Router] = {}
        self._targets = {e.target_prefix: e for e in kernel.endpoints if e.target_prefix}
        self._targeted: dict[tuple[str, str | None], _Meant] = {}

    def handle(self, requests: Iterable[HttpRequest]) -> list[Answer]:
        """Answer requests that came together: each at once, or when what it waits for is there.

        All take one step after the other, so that a step's code and data are at hand for all but
        the first: docs/decisions/0007-hot-path.md.
        """
        begun = [tried(self._begun, request) for request in requests]
        return self._taken(begun, self._authenticate, self._parse, self._run)

    def _begun(self, request: HttpRequest) -> Answer | _Call:
        """Return an API call, or the answer to what is none."""
        data_plane = self._data_planes.find(request)
        if data_plane is not None:
            return data_plane(request)
        if request.path.startswith("/_"):
            for prefix, page in self._internal.items():
                if request.path.startswith(prefix):
                    return page(request)
        return self._recognized(request)

    # API calls

    def _recognized(self, request: HttpRequest) -> Answer | _Call:
        """Return the call that a request means."""
        request_id = self._kernel.ids.uuid()
        try:
            signature = sigv4.read(request)
            meant = self._meant(request, signature)
        except AwsError as error:
            return self._stray(request).error(translated(error, _nobody()), request_id)
        if meant is None:
            absent = f"Cloudarium has no service {signature.signer.service}." if signature else ""
            return self._stray(request).error(self._unknown(request, absent), request_id)
        if meant.endpoint.max_body and request.body.size > meant.endpoint.max_body:
            return HttpResponse(413)
        call = _Call(request, meant, request_id, signature)
        if meant.endpoint.cross_origin and "origin" in request.headers:
            return self._shared(call)
        return call

    def _taken(
        self, under_way: list[Answer | _Call], *steps: Callable[[_Call], Answer | _Call]
    ) -> list[Answer]:
        """Have all calls take the steps; return the answers."""
        for step in steps:
            for at, call in enumerate(under_way):
                if type(call) is not _Call:
                    continue
                try:
                    under_way[at] = step(call)
                except AwsError as error:
                    under_way[at] = self._refused(call, error)
                except Exception:
                    log.exception("%s %s", call.request.method, call.request.target)
                    under_way[at] = call.meant.codec.error(InternalFailure(), call.request_id)
        return cast(list[Answer], under_way)

    async def _shared(self, call: _Call) -> HttpResponse:
        """Answer, and add what a page of another origin may make of the answer."""
        (answer,) = self._taken([call], self._authenticate, self._parse, self._run)
        response = answer if isinstance(answer, HttpResponse) else await answer
        headers = call.meant.runtime.load(call.meant.endpoint.cross_origin)
        response.headers += headers(call.meant.runtime, call.request)
        return response

    def _meant(self, request: HttpRequest, signature: sigv4.Signature | None) -> _Meant | None:
        """Return what a request means as far as is known without its path, None if nothing."""
        headers = request.headers
        target = headers.get("x-amz-target")
        if target is None or "smithy-protocol" in headers:
            return self._read(request, signature)
        place = (target, headers.get("content-type"))
        meant = self._targeted.get(place)
        if meant is None:
            meant = self._read(request, signature)
            if meant is not None and meant.offered is not None and _is_named(meant, target):
                if len(self._targeted) >= _MAX_TARGETS:
                    self._targeted.clear()
                self._targeted[place] = meant
        return meant

    def _read(self, request: HttpRequest, signature: sigv4.Signature | None) -> _Meant | None:
        endpoint = self._endpoint(request, signature)
        if endpoint is None:
            return None
        model = self._kernel.models.load(endpoint.model)
        runtime = self._kernel.runtime_of(model.name)
        operation = offered = None
        if not model.protocol.startswith("rest-"):
            operation = model.operation(codecs.operation_name(request))
        if operation is not None:
            offered = runtime.operation(model.name, operation.name)
        return _Meant(endpoint, self._codec(model, request), runtime, operation, offered)

    def _authenticate(self, call: _Call) -> Answer | _Call:
        """Find out who sent a call, and decode its body. Raises AwsError."""
        request, signature, endpoint = call.request, call.signature, call.meant.endpoint
        authenticator = self._authenticator
        storage = endpoint.model == "s3"
        if signature is None and storage and sigv2.is_signed(request):
            call.caller = authenticator.authenticate_v2(request, _path_style(request).path)
        elif signature is not None and signature.signer.service != endpoint.signing_name:
            problem = f"Credential should be scoped to correct service: '{endpoint.signing_name}'. "
            raise AwsError("SignatureDoesNotMatch", problem, 403)
        else:
            call.caller = authenticator.authenticate(request, signature)
        encoding = request.headers.get("content-encoding")
        if storage:
            if chunked.is_chunked(request):
                return self._later(call, self._unchunked(call))
        elif encoding == "gzip":
            request.recode(Body(unzipped(request.body.read())))
        elif endpoint.compresses and encoding not in _PLAIN:
            raise SerializationException(message=f"No body is read as {encoding}")
        return call

    async def _unchunked(self, call: _Call) -> HttpResponse:
        """Take a body out of its signed chunks, a large one in a worker thread, and go on."""
        request, signature = call.request, call.signature
        key = self._authenticator.key(signature) if signature is not None else None
        if request.body.size < _LARGE:
            chunked.decode(request, signature, key)
        else:
            loop = asyncio.get_running_loop()
            executor = self._kernel.executor
            await loop.run_in_executor(executor, chunked.decode, request, signature, key)
        (answer,) = self._taken([call], self._parse, self._run)
        return await answered(answer)

    def _parse(self, call: _Call) -> _Call:
        """Find the operation and what it is given, and whether that is valid. Raises AwsError."""
        request, meant, caller = call.request, call.meant, call.caller
        operation, labels = meant.offered, _NO_LABELS
        if operation is None:
            operation, labels = self._offered(request, meant)
        if caller.principal.kind == "anonymous" and not _is_open(operation.model):
            raise AwsError(
                "MissingAuthenticationToken", "Request is missing Authentication Token", 403
            )
        try:
            call.params = meant.codec.parse(operation.model, request, labels)
        except RecursionError:
            raise SerializationException(message="The request is nested too deeply") from None
        operation.validate(call.params)
        call.operation = operation
        call.ctx = ctx = meant.runtime.context(
            caller.account, caller.region, caller.principal, call.request_id, _conditions(request)
        )
        ctx.trace = request.headers.get("x-amzn-trace-id", "")
        return call

    def _run(self, call: _Call) -> Answer:
        """Run the operation. Raises AwsError."""
        meant, operation = call.meant, call.operation
        if operation.waits:
            return self._later(call, self._waited(call))
        answer, unsynced = self._kernel.dispatch.run(call.ctx, operation, call.params)
        response = meant.codec.answer(operation.model, answer, call.request_id)
        if meant.endpoint.compresses:
            accepted = call.request.headers.get("accept-encoding")
            if accepted:
                compress(response, accepted)
        response.after = unsynced
        return response

    def _offered(self, request: HttpRequest, meant: _Meant) -> tuple[Operation, Mapping[str, str]]:
        """Return the operation that a request's name or path means. Raises AwsError."""
        model = self._kernel.models.load(meant.endpoint.model)
        named, labels = meant.operation, _NO_LABELS
        if model.protocol.startswith("rest-"):
            if model.name not in self._routers:
                self._routers[model.name] = Router(model)
            routed = _path_style(request) if model.name == "s3" else request
            match = self._routers[model.name].match(routed)
            if match is not None:
                named, labels = match.operation, match.labels
        if named is None:
            raise self._unknown(request)
        return self._kernel.dispatch.operation(meant.runtime, model.name, named.name), labels

    async def _waited(self, call: _Call) -> HttpResponse:
        answer = await self._kernel.dispatch.wait(call.ctx, call.operation, call.params)
        return call.meant.codec.answer(call.operation.model, answer, call.request_id)

    async def _later(self, call: _Call, answer: Awaitable[HttpResponse]) -> HttpResponse:
        try:
            return await answer
        except AwsError as error:
            return self._refused(call, error)
        except Exception:
            log.exception("%s %s", call.request.method, call.request.target)
            return call.meant.codec.error(InternalFailure(), call.request_id)

    def _refused(self, call: _Call, error: AwsError) -> HttpResponse:
        """Return an error's answer, which may leave when what it says of the state may."""
        codec, runtime, endpoint = call.meant.codec, call.meant.runtime, call.meant.endpoint
        named = translated(error, self._kernel.models.load(endpoint.model))
        store = runtime.store
        response = codec.error(named, call.request_id)
        response.after = store.unsynced(store.seen)
        return response

    def _endpoint(self, request: HttpRequest, signature: sigv4.Signature | None) -> Endpoint | None:
        target = request.headers.get("x-amz-target", "").rpartition(".")[0]
        if target in self._targets:
            return self._targets[target]
        if signature is None:
            if "x-amz-target" in request.headers:
                return None
            return self._named("sts" if "Action" in request.form else "s3")
        found = [e for e in self._kernel.endpoints if e.signing_name == signature.signer.service]
        if len(found) > 1:
            found = [e for e in found if request.path.startswith(e.path_prefix)] or found
            found.sort(key=lambda e: len(e.path_prefix), reverse=True)
        return found[0] if found else None

    def _named(self, model: str) -> Endpoint | None:
        return next((e for e in self._kernel.endpoints if e.model == model), None)

    def _unknown(self, request: HttpRequest, message: str = "") -> AwsError:
        if "x-amz-target" in request.headers or "smithy-protocol" in request.headers:
            return UnknownOperation(message=message)
        action = request.form.get("Action")
        if action is not None:
            return (
                AwsError(InvalidAction.code, message) if message else InvalidAction(action=action)
            )
        return AwsError("UnknownOperationException", message, 404)

    def _codec(self, model: ServiceModel, request: HttpRequest) -> Codec:
        kind = codecs.protocol_of(model, request)
        key = (model.name, kind)
        if key not in self._codecs:
            self._codecs[key] = codecs.build(model, kind)
        return self._codecs[key]

    def _stray(self, request: HttpRequest) -> Codec:
        """Return a codec for requests that mean no service we have: by their own looks."""
        if "x-amz-target" not in request.headers and "Action" in request.form:
            return self._codec(self._kernel.models.load("sts"), request)
        return codecs.build(_nobody(), "json-1.1")


def _nobody() -> ServiceModel:
    return ServiceModel("", {"metadata": {"protocol": "json"}, "shapes": {}, "operations": {}})


def _path_style(request: HttpRequest) -> HttpRequest:
    """Return an S3 request addressed to a virtual host as one that names the bucket in its path."""
    found = _VIRTUAL_HOST.fullmatch(request.host)
    if found is None or found["bucket"] == "s3":
        return request
    return HttpRequest(
        request.method,
        f"/{found['bucket']}{request.target}",
        request.headers,
        request.body,
        request.raw_headers,
        request.client,
    )


def _is_named(meant: _Meant, target: str) -> bool:
    """Tell whether a target alone means this, whatever else the request says."""
    return target.rpartition(".")[0] == meant.endpoint.target_prefix


def _is_open(model: OperationModel) -> bool:
    """Tell whether callers without a signature may ask for an operation, as far as we know."""
    return model.service.name == "s3" or model.auth_type == "none"


def _conditions(request: HttpRequest) -> dict[str, Any]:
    return {
        "aws:SourceIp": request.client,
        "aws:SecureTransport": str(request.is_secure).lower(),
        "aws:UserAgent": request.headers.get("user-agent", ""),
    }
