"""A deployment made ready to serve: its snapshot compiled to a router, checks and templates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cloudarium.core import matching
from cloudarium.gateway.invocations import FUNCTION_URI, STREAMED_FUNCTION_URI
from cloudarium.gateway.router import Router
from cloudarium.gateway.templates import Template
from cloudarium.services.apigateway.serving.failures import GatewayResponses
from cloudarium.services.apigateway.serving.validation import RequestCheck, compile_body_check

Document = dict[str, Any]

_PARAMETER = re.compile(r"\{[^}]+\}")


@dataclass(frozen=True)
class IntegrationResponse:
    """How one kind of integration result becomes the method's response."""

    status: int
    pattern: matching.Expression | None
    parameters: Mapping[str, str]
    templates: Mapping[str, Template]
    handling: str = ""

    @cached_property
    def template(self) -> tuple[str, Template | None]:
        """The media type and template where the caller asks for none of them: the first."""
        return next(iter(self.templates.items()), ("application/json", None))


@dataclass
class Method:
    """One method, ready to serve. `document` is the reference's Method."""

    resource_id: str
    resource_path: str
    document: Document
    check: RequestCheck | None

    @cached_property
    def integration(self) -> Document:
        """The reference's Integration."""
        return dict(self.document["methodIntegration"])

    @cached_property
    def is_signed(self) -> bool:
        """Whether callers sign their requests (AWS_IAM)."""
        return bool(self.document["authorizationType"] == "AWS_IAM")

    @cached_property
    def is_traced(self) -> bool:
        """Whether responses carry the trace header: those that AWS's own services answered."""
        return self.integration["type"] in ("AWS", "AWS_PROXY", "HTTP")

    @cached_property
    def waits(self) -> bool:
        """Whether anybody is asked, for the response or for leave."""
        return self.integration["type"] != "MOCK" or self.authorizer is not None

    @cached_property
    def authorizer(self) -> str | None:
        """The id of its authorizer, if it has one."""
        return self.document.get("authorizerId")

    @cached_property
    def pattern(self) -> tuple[str, str]:
        """Its HTTP method and its path without the first slash, `*` for whatever varies."""
        name = self.document["httpMethod"]
        path = _PARAMETER.sub("*", self.resource_path.lstrip("/"))
        return "*" if name == "ANY" else name, path

    @cached_property
    def function(self) -> str:
        """What stands for the Lambda function in the integration's URI; may hold variables."""
        uri = self.integration.get("uri", "")
        match = FUNCTION_URI.fullmatch(uri) or STREAMED_FUNCTION_URI.fullmatch(uri)
        return match["function"] if match else ""

    @cached_property
    def is_streamed(self) -> bool:
        """Whether the integration's answer is passed on as it comes."""
        return self.integration.get("responseTransferMode") == "STREAM"

    @cached_property
    def request_templates(self) -> Mapping[str, Template]:
        """The request's mapping templates by content type."""
        return _templates(self.integration.get("requestTemplates"))

    @cached_property
    def responses(self) -> list[IntegrationResponse]:
        """The integration responses, those with a selection pattern first."""
        found = [
            IntegrationResponse(
                int(one["statusCode"]),
                matching.kept(one["selectionPattern"]) if one.get("selectionPattern") else None,
                one.get("responseParameters", {}),
                _templates(one.get("responseTemplates")),
                one.get("contentHandling") or "",
            )
            for one in self.integration.get("integrationResponses", {}).values()
        ]
        return sorted(found, key=lambda one: one.pattern is None)

    def response_for(self, text: str) -> IntegrationResponse | None:
        """Return the integration response whose pattern fits `text`, or else the default one."""
        for one in self.responses:
            if one.pattern is None or one.pattern.fullmatch(text):
                return one
        return None


class Compiled:
    """A deployment, ready to serve."""

    def __init__(self, snapshot: Document) -> None:
        api = snapshot["api"]
        self.name: str = api["name"]
        self.policy: Document | None = json.loads(api["policy"]) if api.get("policy") else None
        self.is_disabled = bool(api.get("disableExecuteApiEndpoint"))
        endpoint = api.get("endpointConfiguration") or {}
        self.is_edge = endpoint.get("types") == ["EDGE"]
        self.is_private = endpoint.get("types") == ["PRIVATE"]
        self.vpc_endpoint: str = next(iter(endpoint.get("vpcEndpointIds") or ()), "")
        self.binary_media_types = frozenset(one.lower() for one in api.get("binaryMediaTypes", ()))
        self.compression: int | None = api.get("minimumCompressionSize")
        self.key_source: str = api.get("apiKeySource", "HEADER")
        self.gateway_responses = GatewayResponses(snapshot["gatewayResponses"])
        self.authorizers: Mapping[str, Document] = snapshot["authorizers"]
        self._models: Mapping[str, str] = snapshot["models"]
        self._validators: Mapping[str, Document] = snapshot["validators"]
        self.router: Router[Method] = Router(
            (
                resource["path"],
                {
                    name: Method(resource["id"], resource["path"], document, self.check(document))
                    for name, document in resource["methods"].items()
                },
            )
            for resource in snapshot["resources"]
        )

    def check(self, document: Document) -> RequestCheck | None:
        """Return what the validator of a method (the reference's Method) asks of requests."""
        validator = self._validators.get(document.get("requestValidatorId", ""))
        if validator is None:
            return None
        required: dict[str, list[str]] = {}
        if validator["validateRequestParameters"]:
            for name, is_required in document.get("requestParameters", {}).items():
                if is_required:
                    _, _, place, bare = name.split(".", 3)
                    required.setdefault(place, []).append(bare)
        bodies = {}
        if validator["validateRequestBody"]:
            bodies = {
                content_type.lower(): compile_body_check(model, self._models)
                for content_type, model in document.get("requestModels", {}).items()
                if model in self._models
            }
        return RequestCheck(required, bodies)

    def is_binary(self, content_type: str) -> bool:
        """Tell whether payloads of `content_type` are binary to this API."""
        media_type = content_type.split(";", 1)[0].strip().lower()
        kinds = self.binary_media_types
        return bool(kinds) and (
            media_type in kinds or f"{media_type.split('/')[0]}/*" in kinds or "*/*" in kinds
        )


def _templates(texts: Mapping[str, str | None] | None) -> Mapping[str, Template]:
    """Return templates by media type; an empty one of a response is none, and kept as null."""
    return {
        media_type.lower(): Template(text)
        for media_type, text in (texts or {}).items()
        if text is not None
    }
