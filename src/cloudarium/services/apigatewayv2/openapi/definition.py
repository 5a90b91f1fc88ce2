"""Reading an OpenAPI 3.0 document as the definition of an HTTP API.

Source: Developer Guide, "Working with OpenAPI definitions for HTTP APIs in API Gateway" and
"OpenAPI extensions for API Gateway".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cloudarium.services.apigatewayv2 import errors, routes

Document = dict[str, Any]

ANY_METHOD = "x-amazon-apigateway-any-method"
AUTHORIZER = "x-amazon-apigateway-authorizer"
AUTH = "x-amazon-apigateway-auth"
AUTH_TYPE = "x-amazon-apigateway-authtype"
CORS = "x-amazon-apigateway-cors"
ENDPOINT = "x-amazon-apigateway-endpoint-configuration"
INTEGRATION = "x-amazon-apigateway-integration"
INTEGRATIONS = "x-amazon-apigateway-integrations"
TAG_VALUE = "x-amazon-apigateway-tag-value"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch")

# Members of the integration extension and those of CreateIntegration.
INTEGRATION_MEMBERS = {
    "connectionId": "ConnectionId",
    "connectionType": "ConnectionType",
    "credentials": "CredentialsArn",
    "description": "Description",
    "httpMethod": "IntegrationMethod",
    "integrationSubtype": "IntegrationSubtype",
    "payloadFormatVersion": "PayloadFormatVersion",
    "requestParameters": "RequestParameters",
    "responseParameters": "ResponseParameters",
    "timeoutInMillis": "TimeoutInMillis",
    "uri": "IntegrationUri",
}
AUTHORIZER_MEMBERS = {
    "authorizerCredentials": "AuthorizerCredentialsArn",
    "authorizerPayloadFormatVersion": "AuthorizerPayloadFormatVersion",
    "authorizerResultTtlInSeconds": "AuthorizerResultTtlInSeconds",
    "authorizerUri": "AuthorizerUri",
    "enableSimpleResponses": "EnableSimpleResponses",
    "identityValidationExpression": "IdentityValidationExpression",
}
CORS_MEMBERS = {
    "allowCredentials": "AllowCredentials",
    "allowHeaders": "AllowHeaders",
    "allowMethods": "AllowMethods",
    "allowOrigins": "AllowOrigins",
    "exposeHeaders": "ExposeHeaders",
    "maxAge": "MaxAge",
}


@dataclass(frozen=True)
class RouteDefinition:
    """A route: what CreateRoute and CreateIntegration are given for it.

    `scheme` names its authorizer, `kind` is its authorization type if that needs none.
    """

    key: str
    integration: Document | None
    scheme: str = ""
    scopes: tuple[str, ...] = ()
    kind: str = "NONE"
    name: str = ""


@dataclass
class Definition:
    """What a document defines; `settings` are CreateApi's, `authorizers` are by scheme."""

    settings: Document
    authorizers: dict[str, Document]
    routes: list[RouteDefinition]
    warnings: list[str] = field(default_factory=list)


def read(text: str, base_path: str = "ignore") -> Definition:
    """Return what a document, JSON or YAML, defines. Raises ImportUnreadable, ImportInvalid.

    `base_path` is `ignore`, `prepend` or `split`.
    """
    document = _parsed(text)
    if not str(document.get("openapi", "")).startswith("3.0"):
        raise errors.ImportUnreadable()
    return _Reader(document, base_path).read()


def _parsed(text: str) -> Document:
    try:
        found = json.loads(text)
    except ValueError:
        import yaml

        try:
            found = yaml.safe_load(text)
        except yaml.YAMLError:
            raise errors.ImportUnreadable() from None
    if not isinstance(found, dict) or not isinstance(found.get("paths", {}), dict):
        raise errors.ImportUnreadable()
    return found


class _Reader:
    def __init__(self, document: Document, base_path: str) -> None:
        self._document = document
        self._components = _object(document.get("components"))
        self._schemes = _object(self._components.get("securitySchemes"))
        self._base = _base(document, base_path)
        self._warnings: list[str] = []

    def read(self) -> Definition:
        authorizers = {
            name: _authorizer(name, scheme[AUTHORIZER])
            for name, scheme in self._schemes.items()
            if isinstance(scheme, dict) and isinstance(scheme.get(AUTHORIZER), dict)
        }
        found = list(self._routes())
        return Definition(self._settings(), authorizers, found, self._warnings)

    def _settings(self) -> Document:
        info = _object(self._document.get("info"))
        if not info.get("title"):
            raise errors.ImportInvalid(problems="Missing info.title")
        settings: Document = {"ProtocolType": "HTTP", "Name": str(info["title"])}
        for name, member in (("version", "Version"), ("description", "Description")):
            if info.get(name):
                settings[member] = str(info[name])
        if isinstance(self._document.get(CORS), dict):
            settings["CorsConfiguration"] = _renamed(self._document[CORS], CORS_MEMBERS)
        endpoint = self._document.get(ENDPOINT) or {}
        if "disableExecuteApiEndpoint" in endpoint:
            settings["DisableExecuteApiEndpoint"] = bool(endpoint["disableExecuteApiEndpoint"])
        tags = self._document.get("tags") or []
        settings["Tags"] = {
            str(one["name"]): str(one[TAG_VALUE]) for one in tags if TAG_VALUE in one
        }
        return settings

    def _routes(self) -> Iterator[RouteDefinition]:
        for path, item in _object(self._document.get("paths")).items():
            for method, operation in _object(item).items():
                if method in METHODS or method == ANY_METHOD:
                    yield self._route(str(path), method, _object(operation))

    def _route(self, path: str, method: str, operation: Document) -> RouteDefinition:
        if path.strip("/") == routes.DEFAULT:
            key = routes.DEFAULT
        else:
            key = f"{'ANY' if method == ANY_METHOD else method.upper()} {self._base}{path}"
        integration = self._integration(operation.get(INTEGRATION))
        if integration is None:
            self._warnings.append(f"No integration is defined for route '{key}'")
        scheme, scopes, kind = self._security(operation)
        name = str(operation.get("operationId") or "")
        return RouteDefinition(key, integration, scheme, scopes, kind, name)

    def _integration(self, given: Any) -> Document | None:
        if isinstance(given, dict) and "$ref" in given:
            name = str(given["$ref"]).rpartition("/")[2]
            given = (self._components.get(INTEGRATIONS) or {}).get(name)
        if not isinstance(given, dict):
            return None
        made = _renamed(given, INTEGRATION_MEMBERS)
        made["RequestParameters"] = _texts(given.get("requestParameters"))
        made["ResponseParameters"] = {
            str(status): _texts(one)
            for status, one in _object(given.get("responseParameters")).items()
        }
        made["IntegrationType"] = str(given.get("type", "")).upper()
        if str(given.get("timeoutInMillis", "")).isdigit():
            made["TimeoutInMillis"] = int(given["timeoutInMillis"])
        if "ConnectionType" in made:
            made["ConnectionType"] = str(made["ConnectionType"]).upper()
        tls = given.get("tlsConfig") or {}
        if tls.get("serverNameToVerify"):
            made["TlsConfig"] = {"ServerNameToVerify": tls["serverNameToVerify"]}
        return made

    def _security(self, operation: Document) -> tuple[str, tuple[str, ...], str]:
        """Return the scheme, scopes and authorization type of an operation."""
        told = operation.get(AUTH) or {}
        if told.get("type") == "AWS_IAM":
            return "", (), "AWS_IAM"
        for requirement in operation.get("security", self._document.get("security")) or []:
            for name, scopes in requirement.items():
                scheme = self._schemes.get(name) or {}
                if scheme.get(AUTH_TYPE) == "awsSigv4":
                    return "", (), "AWS_IAM"
                if AUTHORIZER in scheme:
                    return name, tuple(scopes or ()), ""
        return "", (), "NONE"


def _authorizer(name: str, given: Document) -> Document:
    sources = given.get("identitySource") or []
    if isinstance(sources, str):
        sources = [one.strip() for one in sources.split(",")]
    kind = str(given.get("type", "")).upper()
    made = _renamed(given, AUTHORIZER_MEMBERS)
    made |= {"Name": name, "AuthorizerType": kind, "IdentitySource": list(sources)}
    if "AuthorizerResultTtlInSeconds" in made:
        made["AuthorizerResultTtlInSeconds"] = int(made["AuthorizerResultTtlInSeconds"])
    settings = given.get("jwtConfiguration") or {}
    if settings:
        made["JwtConfiguration"] = {
            "Issuer": settings.get("issuer", ""),
            "Audience": list(settings.get("audience") or []),
        }
    return made


def _object(given: Any) -> Document:
    """Return what should be an object; nothing if it is none."""
    return given if isinstance(given, dict) else {}


def _texts(given: Any) -> dict[str, str]:
    return {str(name): str(value) for name, value in _object(given).items()}


def _renamed(given: Mapping[str, Any], names: Mapping[str, str]) -> Document:
    return {names[name]: value for name, value in given.items() if name in names}


def _base(document: Document, base_path: str) -> str:
    """Return what is put before the paths: the server's base path, or what follows its first step.

    Source: Developer Guide, "Set the OpenAPI basePath property".
    """
    servers = document.get("servers") or []
    if base_path == "ignore" or not servers:
        return ""
    server = servers[0]
    base = urlsplit(str(server.get("url", ""))).path
    for name, variable in (server.get("variables") or {}).items():
        base = base.replace(f"{{{name}}}", str(variable.get("default", "")).strip("/"))
    steps = [one for one in base.split("/") if one]
    kept = steps[1:] if base_path == "split" else steps
    return "".join(f"/{one}" for one in kept)
