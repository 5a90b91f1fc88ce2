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
# What SAM writes for operations that anybody may call.
_OPEN = "NONE"
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
_NUMBERS = frozenset({"AuthorizerResultTtlInSeconds", "MaxAge", "TimeoutInMillis"})
_FLAGS = frozenset({"AllowCredentials", "EnableSimpleResponses"})
_LISTS = frozenset(
    {"AllowHeaders", "AllowMethods", "AllowOrigins", "Audience", "ExposeHeaders", "IdentitySource"}
)
_MAPS = frozenset({"RequestParameters", "ResponseParameters"})


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
    """What a document defines; `settings` are CreateApi's, `authorizers` are by scheme.

    `ignored` tells what HTTP APIs have no use for, in the words of a recorded answer.
    """

    settings: Document
    authorizers: dict[str, Document]
    routes: list[RouteDefinition]
    warnings: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


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
    except RecursionError:
        raise errors.ImportUnreadable() from None
    except ValueError:
        import yaml

        from cloudarium.core import yaml_loader

        try:
            found = yaml_loader.load(text)
        except yaml.YAMLError:
            raise errors.ImportUnreadable() from None
    if not isinstance(found, dict):
        raise errors.ImportUnreadable()
    return found


class _Reader:
    def __init__(self, document: Document, base_path: str) -> None:
        self._document = document
        self._components = _object(document, "components")
        self._schemes = _object(self._components, "securitySchemes")
        self._base = _base(document, base_path)
        self._warnings: list[str] = []
        self._ignored: list[str] = []
        self._ignore("components", self._components, "schemas")

    def read(self) -> Definition:
        authorizers = {
            name: _authorizer(name, _object(self._scheme(name), AUTHORIZER))
            for name in self._schemes
            if AUTHORIZER in self._scheme(name)
        }
        found = list(self._routes())
        return Definition(self._settings(), authorizers, found, self._warnings, self._ignored)

    def _ignore(self, place: str, holder: Document, *names: str) -> None:
        for name in names:
            if name in holder:
                self._ignored.append(f"{place}: key [{name}] will be ignored by API Gateway")

    def _settings(self) -> Document:
        info = _object(self._document, "info")
        if not info.get("title"):
            raise errors.ImportInvalid(problems="Missing info.title")
        settings: Document = {"ProtocolType": "HTTP", "Name": str(info["title"])}
        for name, member in (("version", "Version"), ("description", "Description")):
            if info.get(name):
                settings[member] = str(info[name])
        if CORS in self._document:
            cors = _object(self._document, CORS)
            settings["CorsConfiguration"] = _renamed(cors, CORS_MEMBERS)
        settings |= _endpoint(self._document)
        settings["Tags"] = {
            str(one.get("name")): str(one[TAG_VALUE])
            for one in _objects(self._document, "tags")
            if TAG_VALUE in one
        }
        return settings

    def _routes(self) -> Iterator[RouteDefinition]:
        paths = _object(self._document, "paths")
        for path in paths:
            if not str(path).startswith("/"):
                problem = f"attribute paths. Resource {path} should start with /"
                self._warnings.append(f"Parse issue: {problem}")
            item = _object(paths, path)
            for method in item:
                if method in METHODS or method == ANY_METHOD:
                    place, operation = f"paths.{path}.{method}", _object(item, method)
                    self._ignore(place, operation, "requestBody", "responses", "parameters")
                    yield self._route(str(path), method, operation)

    def _route(self, path: str, method: str, operation: Document) -> RouteDefinition:
        if path.strip("/") == routes.DEFAULT:
            key = routes.DEFAULT
        else:
            key = f"{'ANY' if method == ANY_METHOD else method.upper()} {self._base}{path}"
        integration = self._integration(operation)
        if integration is None:
            self._warnings.append(f"No integration is defined for route '{key}'")
        scheme, scopes, kind = self._security(operation)
        name = str(operation.get("operationId") or "")
        return RouteDefinition(key, integration, scheme, scopes, kind, name)

    def _integration(self, operation: Document) -> Document | None:
        given = _object(operation, INTEGRATION)
        if "$ref" in given:
            name = str(given["$ref"]).rpartition("/")[2]
            given = _object(_object(self._components, INTEGRATIONS), name)
        if not given:
            return None
        made = _renamed(given, INTEGRATION_MEMBERS)
        made["RequestParameters"] = _texts(_object(given, "requestParameters"))
        responses = _object(given, "responseParameters")
        made["ResponseParameters"] = {
            str(status): _texts(_object(responses, status)) for status in responses
        }
        made["IntegrationType"] = str(given.get("type", "")).upper()
        if "ConnectionType" in made:
            made["ConnectionType"] = str(made["ConnectionType"]).upper()
        tls = _object(given, "tlsConfig")
        if tls.get("serverNameToVerify"):
            made["TlsConfig"] = {"ServerNameToVerify": str(tls["serverNameToVerify"])}
        return made

    def _scheme(self, name: str) -> Document:
        return _object(self._schemes, name)

    def _security(self, operation: Document) -> tuple[str, tuple[str, ...], str]:
        """Return the scheme, scopes and authorization type of an operation."""
        if _object(operation, AUTH).get("type") == "AWS_IAM":
            return "", (), "AWS_IAM"
        holder = operation if "security" in operation else self._document
        for requirement in _objects(holder, "security"):
            for name in requirement:
                scheme = self._scheme(name)
                if scheme.get(AUTH_TYPE) == "awsSigv4":
                    return "", (), "AWS_IAM"
                if AUTHORIZER in scheme:
                    return name, tuple(map(str, _list(requirement, name))), ""
                if name != _OPEN:
                    self._warnings.append(f"No authorizer is defined for scheme '{name}'")
        return "", (), "NONE"


def _authorizer(name: str, given: Document) -> Document:
    sources = given.get("identitySource") or []
    if isinstance(sources, str):
        sources = [one.strip() for one in sources.split(",")]
    kind = str(given.get("type", "")).upper()
    made = _renamed(given, AUTHORIZER_MEMBERS)
    made |= {
        "Name": name,
        "AuthorizerType": kind,
        "IdentitySource": _typed("IdentitySource", sources),
    }
    settings = _object(given, "jwtConfiguration")
    if settings:
        made["JwtConfiguration"] = {
            "Issuer": _typed("Issuer", settings.get("issuer", "")),
            "Audience": _typed("Audience", _list(settings, "audience")),
        }
    return made


def _object(holder: Document, name: str) -> Document:
    """Return a member that must be an object, an empty one if it is not there."""
    given = holder.get(name)
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise errors.ImportInvalid(problems=f"{name} must be an object")
    return given


def _list(holder: Document, name: str) -> list[Any]:
    """Return a member that must be a list, an empty one if it is not there."""
    given = holder.get(name)
    if given is None:
        return []
    if not isinstance(given, list):
        raise errors.ImportInvalid(problems=f"{name} must be a list")
    return given


def _objects(holder: Document, name: str) -> list[Document]:
    """Return a member that must be a list of objects."""
    given = _list(holder, name)
    if not all(isinstance(one, dict) for one in given):
        raise errors.ImportInvalid(problems=f"{name} must be a list of objects")
    return given


def _texts(given: Document) -> dict[str, str]:
    return {str(name): str(value) for name, value in given.items()}


def _renamed(given: Mapping[str, Any], names: Mapping[str, str]) -> Document:
    return {
        names[name]: _typed(names[name], value) for name, value in given.items() if name in names
    }


def _typed(member: str, value: Any) -> Any:
    """Return a member's value as the API has it; numbers and booleans may be spelled as text."""
    if member in _MAPS:
        return value
    if member in _LISTS:
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return value
    elif isinstance(value, bool | str | int | float):
        text = str(value)
        if member in _FLAGS and text.lower() in ("true", "false"):
            return text.lower() == "true"
        if member in _NUMBERS and text.lstrip("-").isdecimal():
            return int(text)
        if member not in _FLAGS and member not in _NUMBERS:
            return text
    raise errors.ImportInvalid(problems=f"Invalid value for {member}")


def _endpoint(document: Document) -> Document:
    """Return the settings of the endpoint, which stand with the server.

    Source: Developer Guide, "x-amazon-apigateway-endpoint-configuration object".
    """
    servers = _objects(document, "servers")
    given = _object(servers[0], ENDPOINT) if servers else {}
    settings: Document = {}
    if "disableExecuteApiEndpoint" in given:
        settings["DisableExecuteApiEndpoint"] = bool(given["disableExecuteApiEndpoint"])
    if "ipAddressType" in given:
        settings["IpAddressType"] = str(given["ipAddressType"])
    return settings


def _base(document: Document, base_path: str) -> str:
    """Return what is put before the paths: the server's base path, or what follows its first step.

    Source: Developer Guide, "Set the OpenAPI basePath property".
    """
    servers = _objects(document, "servers")
    if base_path == "ignore" or not servers:
        return ""
    base = urlsplit(str(servers[0].get("url", ""))).path
    variables = _object(servers[0], "variables")
    for name in variables:
        default = _object(variables, name).get("default", "")
        base = base.replace(f"{{{name}}}", str(default).strip("/"))
    steps = [one for one in base.split("/") if one]
    kept = steps[1:] if base_path == "split" else steps
    return "".join(f"/{one}" for one in kept)
