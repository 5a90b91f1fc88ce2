"""One request to an API, from its address to what templates and functions see of it."""

from __future__ import annotations

import binascii
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cloudarium.core.identity import Principal
from cloudarium.core.kernel import Kernel
from cloudarium.core.lazy import lazy
from cloudarium.gateway import requests
from cloudarium.gateway.templates import Input, Util
from cloudarium.services.apigateway.serving.addresses import Address
from cloudarium.services.apigateway.serving.compiled import Compiled, Method
from cloudarium.services.apigateway.serving.settings import of_method
from cloudarium.wire.http import HttpRequest

if TYPE_CHECKING:
    from cloudarium.services.apigateway.serving.tracing import StageTrace

Document = dict[str, Any]

# Developer Guide, "Important notes", the table of header restrictions; recorded likewise.
_DROPPED = requests.NOT_PASSED | {"content-md5", "max-forwards", "server", "www-authenticate"}

_NO_SETTINGS: Mapping[str, Any] = MappingProxyType({})
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_CHANCE = 24 + 22  # the digits of a trace's id, and those of the extended id


@dataclass(frozen=True)
class ServedStage:
    """The stage a request is for. `document` is the reference's Stage, `api` what it serves."""

    api_id: str
    account: str
    region: str
    name: str
    deployment_id: str
    document: Document
    api: Compiled
    canary: ServedStage | None = None
    is_canary: bool = False
    shares_cache: bool = False

    @cached_property
    def is_traced(self) -> bool:
        """Whether X-Ray may be told of requests."""
        return bool(self.document.get("tracingEnabled"))

    @cached_property
    def method_settings(self) -> Mapping[str, Mapping[str, Any]]:
        """The settings of methods."""
        return self.document.get("methodSettings") or {}

    @cached_property
    def has_access_log(self) -> bool:
        """Whether a line is written for each request."""
        return bool(self.document.get("accessLogSettings"))

    @cached_property
    def is_cached(self) -> bool:
        """Whether there is a cache for responses."""
        return bool(self.document.get("cacheClusterEnabled"))


@lru_cache(16)
def _request_time(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")


class Exchange:
    """One request under way. Times are epoch seconds; `started` is real time.

    `settings` are the stage's for its method, or for what has no method. An authorizer took
    `authorizer_seconds`, of these `verdict_seconds` its function, invoked as `verdict_request_id`.
    """

    principal: Principal | None = None
    access_key: str | None = None
    usage_key: str = ""
    cache_hit: bool | None = None
    notes: list[str] | None = None
    notes_data: bool = False
    trace: StageTrace | None = None
    integration_seconds: float | None = None
    integration_status: int | None = None
    integration_headers: Collection[tuple[str, str]] = ()
    authorizer_seconds: float | None = None
    verdict_seconds: float | None = None
    verdict_request_id: str = ""

    def __init__(
        self,
        kernel: Kernel,
        request_id: str,
        request: HttpRequest,
        address: Address,
        stage: ServedStage,
        method: Method | None,
        path_parameters: Mapping[str, str],
    ) -> None:
        self.started = kernel.clock.wall()
        self.received = kernel.clock.now()
        self._chance = kernel.ids.hex(_CHANCE)
        self.request_id = request_id
        self.request = request
        self.address = address
        self.stage = stage
        self.api = stage.api
        self.method = method
        self.path_parameters = path_parameters
        self.http_method = request.method
        self.settings = _NO_SETTINGS
        if stage.method_settings:
            resource_path = method.resource_path if method else "/"
            self.settings = of_method(stage.method_settings, resource_path, request.method)

    @lazy
    def extended_id(self) -> str:
        """The id that support asks for (`x-amz-apigw-id`)."""
        text = binascii.b2a_base64(bytes.fromhex(self._chance[24:]), newline=False)
        return text.translate(_URL_SAFE).decode()

    def note(self, text: str, *, is_data: bool = False) -> None:
        """Take a note for the log, if notes are taken; `is_data` shows payloads or headers."""
        if self.notes is not None and (self.notes_data or not is_data):
            self.notes.append(text)

    @lazy
    def body(self) -> bytes:
        """The request's body."""
        return self.request.body.read()

    @lazy
    def body_text(self) -> str:
        """The request's body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def content_type(self) -> str:
        """The Content-Type header, or nothing."""
        return self.request.headers.get("content-type", "")

    @lazy
    def trace_id(self) -> str:
        """The X-Ray trace header: the caller's if it is one, else a new one."""
        fresh = f"Root=1-{int(self.received):08x}-{self._chance[:24]}"
        return requests.trace_id(self.request, fresh)

    @property
    def domain(self) -> str:
        """The domain name the request came to."""
        return self.address.domain or self.request.host

    @property
    def path(self) -> str:
        """The path below the stage, still encoded."""
        return self.address.path

    @property
    def shown_path(self) -> str:
        """The whole path as the caller sees it."""
        return self.address.shown or f"/{self.stage.name}{self.path}"

    @property
    def arn(self) -> str:
        """The ARN that policies name for this request."""
        stage = self.stage
        path = self.path.strip("/")
        return (
            f"arn:aws:execute-api:{stage.region}:{stage.account}:"
            f"{stage.api_id}/{stage.name}/{self.http_method}/{path}"
        )

    @property
    def method_arn(self) -> str:
        """The ARN a function's resource policy sees as `aws:SourceArn`."""
        stage = self.stage
        name, path = self.method.pattern if self.method else (self.http_method, self.path[1:])
        return (
            f"arn:aws:execute-api:{stage.region}:{stage.account}:"
            f"{stage.api_id}/{stage.name}/{name}/{path}"
        )

    @lazy
    def headers(self) -> list[tuple[str, str]]:
        """The headers an integration sees: the caller's own, and those the gateway sets."""
        signed = self.method is not None and self.method.is_signed
        return requests.passed(self.request, self.trace_id, signed=signed, dropped=_DROPPED)

    @lazy
    def parameters(self) -> dict[str, Mapping[str, str]]:
        """The request's parameters by place; header names are lower-case."""
        return {
            "path": self.path_parameters,
            "querystring": self.request.query,
            "header": {name.lower(): value for name, value in self.headers},
        }

    @lazy
    def variables(self) -> Mapping[str, str]:
        """The stage's variables."""
        return self.stage.document.get("variables") or {}

    @lazy
    def context(self) -> Document:
        """What `$context` holds, and a proxied function's `requestContext`."""
        stage = self.stage
        context: Document = {
            "accountId": stage.account,
            "apiId": stage.api_id,
            "deploymentId": stage.deployment_id,
            "domainName": self.domain,
            "domainPrefix": self.address.domain.partition(".")[0] or stage.api_id,
            "extendedRequestId": self.extended_id,
            "httpMethod": self.http_method,
            "identity": self._identity(),
            "path": self.shown_path,
            "protocol": "HTTP/1.1",
            "requestId": self.request_id,
            "requestTime": _request_time(int(self.received)),
            "requestTimeEpoch": int(self.received * 1000),
            "stage": stage.name,
        }
        if stage.document.get("canarySettings"):
            context["isCanaryRequest"] = str(stage.is_canary).lower()
        if self.method is not None:
            context["resourceId"] = self.method.resource_id
            context["resourcePath"] = self.method.resource_path
            if name := self.method.document.get("operationName"):
                context["operationName"] = name
        return context

    @lazy
    def overrides(self) -> dict[str, Document]:
        """What mapping templates may set below `$context`."""
        return {
            "requestOverride": {"header": {}, "path": {}, "querystring": {}},
            "responseOverride": {"header": {}},
        }

    def _identity(self) -> Document:
        caller = self.principal
        return {
            "accessKey": self.access_key,
            "accountId": caller.account if caller else None,
            "caller": caller.id if caller else None,
            "cognitoAuthenticationProvider": None,
            "cognitoAuthenticationType": None,
            "cognitoIdentityId": None,
            "cognitoIdentityPoolId": None,
            "principalOrgId": None,
            "sourceIp": self.request.client,
            "user": caller.id if caller else None,
            "userAgent": self.request.headers.get("user-agent"),
            "userArn": caller.arn if caller else None,
        }

    def scope(self, body: str | None = None) -> Document:
        """Return the variables of a template over `body` (the request's if None)."""
        text = self.body_text if body is None else body
        parameters = {**self.parameters, "header": dict(self.headers)}
        return {
            "input": Input(text, parameters),
            "context": {**self.context, **self.overrides},
            "stageVariables": dict(self.variables),
            "util": Util(),
        }
