"""Integrations: what they may say of themselves.

Sources: CreateIntegration; Developer Guide, "Create integrations for HTTP APIs in API Gateway" and
"Integrations for WebSocket APIs in API Gateway".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.gateway.aws_actions import target
from cloudarium.gateway.invocations import FUNCTION_URI
from cloudarium.services.apigatewayv2 import errors, limits, mappings, parts, subtypes
from cloudarium.services.apigatewayv2.apis import Api

Document = dict[str, Any]

MEMBERS = (
    "ConnectionId",
    "ConnectionType",
    "ContentHandlingStrategy",
    "CredentialsArn",
    "Description",
    "IntegrationMethod",
    "IntegrationSubtype",
    "IntegrationType",
    "IntegrationUri",
    "PassthroughBehavior",
    "PayloadFormatVersion",
    "RequestParameters",
    "RequestTemplates",
    "ResponseParameters",
    "TemplateSelectionExpression",
    "TimeoutInMillis",
    "TlsConfig",
)
MAPS = ("RequestParameters", "RequestTemplates", "ResponseParameters")
# What chooses a WebSocket API's integration response. Source: Developer Guide, "WebSocket
# selection expressions in API Gateway", integration response selection expressions.
_BY_STATUS = "${integration.response.statuscode}"
_BY_ERROR = "${integration.response.body.errorMessage}"

_FUNCTION_ARN = re.compile(r"arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w\-:$]+")
_URL = re.compile(r"https?://[^\s/]+.*")
# What private integrations of HTTP APIs lead to: the listener of a load balancer, or a service.
_PRIVATE = re.compile(
    r"arn:aws[\w-]*:(elasticloadbalancing:[\w-]+:\d{12}:listener|"
    r"servicediscovery:[\w-]+:\d{12}:service)/.+"
)
_VARIABLE = re.compile(r"\$\{stageVariables\.\w+\}")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY")
_WEBSOCKET_ONLY = (
    "ContentHandlingStrategy",
    "PassthroughBehavior",
    "RequestTemplates",
    "TemplateSelectionExpression",
)


def new(api: Api, given: Mapping[str, Any]) -> Document:
    """Return the reference's Integration for what CreateIntegration is given, checked."""
    document: Document = {
        "ConnectionType": "INTERNET",
        "TimeoutInMillis": limits.HTTP_TIMEOUT_MS if api.is_http else limits.WEBSOCKET_TIMEOUT_MS,
    }
    if not api.is_http:
        document["PassthroughBehavior"] = "WHEN_NO_MATCH"
    document = parts.merged(document, parts.of_members(given, MEMBERS), *MAPS)
    if given.get("RequestTemplates"):
        document["RequestTemplates"] = dict(given["RequestTemplates"])  # empty ones too, as on AWS
    return checked(api, document)


def checked(api: Api, integration: Document) -> Document:
    """Return an integration (the reference's Integration) if it is one that can be."""
    if integration["ConnectionType"] == "VPC_LINK":
        _check_private(api, integration)
    if api.is_http:
        return _http(integration)
    selection = {"IntegrationResponseSelectionExpression": _selection(integration)}
    return parts.merged(_websocket(integration), selection)


def _check_private(api: Api, integration: Mapping[str, Any]) -> None:
    """Raise unless a private integration says where it leads, and over which link."""
    if integration["IntegrationType"] not in ("HTTP", "HTTP_PROXY"):
        raise errors.ConnectionTypeInvalid(kind=integration["IntegrationType"])
    if not integration.get("ConnectionId"):
        raise errors.ConnectionIdMissing()


def function(integration: Mapping[str, Any]) -> str:
    """Return what names the Lambda function of an integration, or nothing."""
    return function_of(integration.get("IntegrationUri", ""))


def function_of(uri: str) -> str:
    """Return the function an invocation's URI, or its plain ARN, names; or nothing."""
    match = FUNCTION_URI.fullmatch(uri)
    if match is not None:
        return match["function"]
    return uri if _FUNCTION_ARN.fullmatch(_VARIABLE.sub("v", uri)) else ""


def _http(integration: Document) -> Document:
    kind = integration["IntegrationType"]
    for member in _WEBSOCKET_ONLY:
        if integration.get(member):
            raise errors.NotForHttp(member=member)
    if kind == "AWS_PROXY" and integration.get("IntegrationSubtype"):
        return _subtype(integration)
    mappings.check_request(integration.get("RequestParameters", {}))
    mappings.check_response(integration.get("ResponseParameters", {}))
    if kind == "AWS_PROXY":
        return _function(integration)
    if kind != "HTTP_PROXY":
        raise errors.IntegrationTypeInvalid()
    _check_method(integration)
    if integration["ConnectionType"] != "VPC_LINK":
        _check_url(integration)
    elif not _PRIVATE.fullmatch(_VARIABLE.sub("v", integration.get("IntegrationUri", ""))):
        raise errors.PrivateUriInvalid()
    version = integration.setdefault("PayloadFormatVersion", "1.0")
    _check_version(version)
    if version != "1.0":
        raise errors.PayloadVersionOfProxyInvalid(version=version)
    return integration


def _function(integration: Document) -> Document:
    if not function(integration):
        raise _uri_invalid(integration)
    version = integration.get("PayloadFormatVersion")
    if not version:
        raise errors.PayloadVersionMissing()
    _check_version(version)
    integration.setdefault("IntegrationMethod", "POST")
    return integration


def _check_version(version: str) -> None:
    if version not in ("1.0", "2.0"):
        raise errors.PayloadVersionInvalid(version=version)


def _subtype(integration: Document) -> Document:
    if integration.setdefault("PayloadFormatVersion", "1.0") != "1.0":
        raise errors.SubtypeInvalid(subtype=integration["IntegrationSubtype"])
    if integration.get("IntegrationUri"):
        raise errors.IntegrationUriInvalid(uri=integration["IntegrationUri"])
    subtypes.check(integration["IntegrationSubtype"], integration.get("RequestParameters", {}))
    if not integration.get("CredentialsArn"):
        raise errors.SubtypeRoleMissing(subtype=integration["IntegrationSubtype"])
    mappings.check_response(integration.get("ResponseParameters", {}))
    return integration


def _websocket(integration: Document) -> Document:
    kind = integration["IntegrationType"]
    if integration.get("IntegrationSubtype"):
        raise errors.NotForWebSocket(member="IntegrationSubtype")
    if integration.get("ResponseParameters"):
        raise errors.NotForWebSocket(member="ResponseParameters")
    if integration.setdefault("PayloadFormatVersion", "1.0") != "1.0":
        raise errors.PayloadVersionInvalid(version=integration["PayloadFormatVersion"])
    if integration["TimeoutInMillis"] > limits.WEBSOCKET_TIMEOUT_MS:
        raise errors.TimeoutInvalid()
    if kind == "MOCK":
        return integration
    if function(integration):
        integration.setdefault("IntegrationMethod", "POST")
    _check_method(integration)
    uri = integration.get("IntegrationUri", "")
    if kind == "AWS_PROXY" and not function(integration):
        raise _uri_invalid(integration)
    if kind == "AWS" and not function(integration):
        if target(uri) is None:
            raise _uri_invalid(integration)
        if not integration.get("CredentialsArn"):
            raise errors.CredentialsNeeded()
    if kind in ("HTTP", "HTTP_PROXY"):
        _check_url(integration)
    return integration


def _selection(integration: Mapping[str, Any]) -> str:
    kind = integration["IntegrationType"]
    if kind in ("HTTP_PROXY", "AWS_PROXY"):
        return ""
    return _BY_ERROR if kind == "AWS" and function(integration) else _BY_STATUS


def _check_method(integration: Mapping[str, Any]) -> None:
    method = integration.get("IntegrationMethod")
    if not method:
        kind = integration["IntegrationType"].replace("_", "")
        raise errors.IntegrationMethodMissing(kind=kind)
    if method not in _METHODS:
        raise errors.IntegrationMethodInvalid(method=method)


def _check_url(integration: Mapping[str, Any]) -> None:
    uri = integration.get("IntegrationUri", "")
    if not uri:
        raise errors.IntegrationUriMissing()
    if not _URL.fullmatch(_VARIABLE.sub("v", uri)):
        raise errors.HttpUriInvalid()


def _uri_invalid(integration: Mapping[str, Any]) -> AwsError:
    """Return the refusal of a URI, or of there being none, in the words AWS was seen to use."""
    uri = integration.get("IntegrationUri")
    return errors.IntegrationUriInvalid(uri=uri) if uri else errors.IntegrationUriMissing()
