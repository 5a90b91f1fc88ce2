"""What an OpenAPI document says of an API, in API Gateway's own terms.

Source: Developer Guide, "OpenAPI extensions for API Gateway" and "Import a REST API".
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudarium.services.apigateway import documentation, modelling
from cloudarium.services.apigateway.openapi.document import Document, Node
from cloudarium.services.apigateway.serving import failures

_EXTENSION = "x-amazon-apigateway-"
_MODEL_REFERENCE = re.compile(r"#/(?:definitions|components/schemas)/([^/]+)$")
_PATH_PARAMETER = re.compile(r"\{([^{}+]+)\+?\}")
_PLACES = {"path": "path", "query": "querystring", "header": "header"}
_INTEGRATION_MEMBERS = (
    "uri",
    "credentials",
    "connectionType",
    "connectionId",
    "requestParameters",
    "requestTemplates",
    "passthroughBehavior",
    "contentHandling",
    "timeoutInMillis",
    "cacheNamespace",
    "cacheKeyParameters",
    "tlsConfig",
    "responseTransferMode",
    "integrationTarget",
)


# Warnings, as answers and consoles quoted in public issues word them.
_UNMADE = (
    "Unable to create authorizer from security definition: '{name}'. Extension "
    "x-amazon-apigateway-authorizer is required. Any methods with security: '{name}' will not be "
    "created. If this security definition is not a custom authorizer, remove the "
    "x-amazon-apigateway-authtype extension and it will be ignored."
)
_DEFAULT_RESPONSE = (
    "API Gateway does not support Swagger's 'default' method response (found on '{place}')"
)
_SERVERS = (
    "More than one server provided. Ignoring all but the first for defining endpoint configuration"
)


@dataclass
class Definition:
    """An API as a document defines it.

    `methods` has, by path and HTTP method, the reference's Method, except that it names its
    validator under `requestValidator` and its authorizer under `authorizer`; `models` has schemas
    by name, with references to other models still those of the document.
    """

    settings: Node = field(default_factory=dict)
    models: dict[str, Node] = field(default_factory=dict)
    validators: dict[str, Node] = field(default_factory=dict)
    authorizers: dict[str, Node] = field(default_factory=dict)
    gateway_responses: dict[str, Node] = field(default_factory=dict)
    methods: dict[str, dict[str, Node]] = field(default_factory=dict)
    documentation: list[Node] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Reader:
    """Reads one document into a Definition."""

    def __init__(self, document: Document, parameters: Mapping[str, str]) -> None:
        self._document = document
        self._parameters = parameters
        self._result = Definition()
        # Security schemes that say they are authorizers and do not say what.
        self._unmade: set[str] = set()

    def read(self) -> Definition:
        """Return what the document defines."""
        result, root = self._result, self._document.root
        result.settings = self._settings()
        for name, schema in self._document.schemas.items():
            self._add_model(name, schema)
        result.validators = dict(root.get(f"{_EXTENSION}request-validators") or {})
        result.gateway_responses = {
            kind: failures.defined(kind, given)
            for kind, given in (root.get(f"{_EXTENSION}gateway-responses") or {}).items()
            if kind in failures.STATUSES
        }
        if self._parameters.get("ignore") != "documentation":
            result.documentation = documentation.given(root)
        for name, given in self._document.security_schemes.items():
            scheme = self._document.follow(given or {})
            if f"{_EXTENSION}authorizer" in scheme:
                self._authorizer(name, scheme)
            elif self._type(scheme) not in ("", "awssigv4"):
                result.warnings.append(_UNMADE.format(name=name))
                self._unmade.add(name)
        prefix = self._prefix()
        for path, http_method, operation, parameters in self._document.operations():
            methods = result.methods.setdefault((prefix + path).rstrip("/") or "/", {})
            method = self._method(path, http_method, operation, parameters)
            if not self._wants(operation) & self._unmade:
                methods[http_method] = method
        return result

    def _settings(self) -> Node:
        root = self._document.root
        info = root.get("info") or {}
        settings: Node = {
            name: str(info[name]) for name in ("description", "version") if info.get(name)
        }
        settings["name"] = str(info.get("title") or "")
        renamed = {
            "binary-media-types": "binaryMediaTypes",
            "api-key-source": "apiKeySource",
            "minimum-compression-size": "minimumCompressionSize",
            "security-policy": "securityPolicy",
            "endpoint-access-mode": "endpointAccessMode",
        }
        for suffix, name in renamed.items():
            if f"{_EXTENSION}{suffix}" in root:
                settings[name] = root[f"{_EXTENSION}{suffix}"]
        if policy := root.get(f"{_EXTENSION}policy"):
            settings["policy"] = json.dumps(policy)
        if "apiKeySource" in settings:
            settings["apiKeySource"] = str(settings["apiKeySource"]).upper()
        return {**settings, **self._endpoint()}

    def _endpoint(self) -> Node:
        if self._document.is_v3 and len(self._document.root.get("servers") or ()) > 1:
            self._result.warnings.append(_SERVERS)
        given, settings = self._document.endpoint, Node()
        if "disableExecuteApiEndpoint" in given:
            told = str(given["disableExecuteApiEndpoint"]).lower()
            settings["disableExecuteApiEndpoint"] = told == "true"
        configuration: Node = {}
        if types := self._parameters.get("endpointConfigurationTypes"):
            configuration["types"] = [types]
        if given.get("vpcEndpointIds"):
            configuration["vpcEndpointIds"] = given["vpcEndpointIds"]
        if configuration:
            settings["endpointConfiguration"] = configuration
        return settings

    def _prefix(self) -> str:
        base = self._document.base_path.rstrip("/")
        mode = self._parameters.get("basepath", "ignore")
        if mode == "prepend":
            return base
        if mode == "split":
            return "/" + base.split("/", 2)[2] if base.count("/") > 1 else ""
        return ""

    def _add_model(self, name: str, schema: Any) -> None:
        self._result.models[name] = modelling.known(schema) if self._document.is_v3 else schema

    def _model(self, schema: Any) -> str:
        """Return the name of the model for a schema; one without a name is given one."""
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if isinstance(reference, str) and (match := _MODEL_REFERENCE.search(reference)):
            return match.group(1)
        text = json.dumps(schema, sort_keys=True)
        name = f"MODEL{hashlib.sha256(text.encode()).hexdigest()[:6]}"
        if name not in self._result.models:
            self._add_model(name, schema)
        return name

    def _method(self, path: str, http_method: str, operation: Node, parameters: list[Node]) -> Node:
        method: Node = {"httpMethod": http_method, **self._security(operation)}
        if operation.get("operationId"):
            method["operationName"] = operation["operationId"]
        names = {
            f"method.request.{_PLACES[one['in']]}.{one['name']}": bool(one.get("required"))
            for one in parameters
            if one.get("in") in _PLACES and "name" in one
        }
        # Those of the path are parameters even if the document does not declare them (recorded).
        names |= {f"method.request.path.{name}": True for name in _PATH_PARAMETER.findall(path)}
        models = {
            kind: self._model(schema)
            for kind, schema in self._document.request_schemas(operation, parameters).items()
        }
        responses = self._responses(f"{http_method} {path}", operation)
        validator = operation.get(f"{_EXTENSION}request-validator") or self._document.root.get(
            f"{_EXTENSION}request-validator"
        )
        filled = {
            "requestParameters": names,
            "requestModels": models,
            "methodResponses": responses,
            "requestValidator": validator,
            "methodIntegration": self._integration(path, http_method, operation),
        }
        method.update({name: value for name, value in filled.items() if value})
        return method

    def _type(self, scheme: Node) -> str:
        return str(scheme.get(f"{_EXTENSION}authtype", "")).lower()

    def _wants(self, operation: Node) -> set[str]:
        """Return the names of the security schemes of an operation."""
        wanted = operation.get("security", self._document.root.get("security")) or []
        return {name for one in wanted for name in one}

    def _security(self, operation: Node) -> Node:
        found: Node = {"authorizationType": "NONE", "apiKeyRequired": False}
        schemes = self._document.security_schemes
        wanted = operation.get("security", self._document.root.get("security")) or []
        for name, scopes in [pair for one in wanted for pair in one.items()]:
            scheme = self._document.follow(schemes.get(name) or {})
            kind = self._type(scheme)
            if kind == "awssigv4":
                found["authorizationType"] = "AWS_IAM"
            elif f"{_EXTENSION}authorizer" in scheme:
                is_pool = kind == "cognito_user_pools"
                found["authorizationType"] = "COGNITO_USER_POOLS" if is_pool else "CUSTOM"
                found["authorizer"] = self._authorizer(name, scheme)
                if scopes and is_pool:
                    found["authorizationScopes"] = list(scopes)
            elif scheme.get("type") == "apiKey" and scheme.get("name", "").lower() == "x-api-key":
                found["apiKeyRequired"] = True
            # What is not defined is passed over: SAM marks methods without authorizer as `NONE`.
            elif scheme and name not in self._unmade:
                self._warn_once(
                    f"Unsupported security definition type '{scheme.get('type')}' for '{name}'. "
                    "Ignoring."
                )
        if own := operation.get(f"{_EXTENSION}auth"):
            found["authorizationType"] = str(own.get("type", "NONE")).upper()
        return found

    def _warn_once(self, warning: str) -> None:
        if warning not in self._result.warnings:
            self._result.warnings.append(warning)

    def _authorizer(self, name: str, scheme: Node) -> str:
        """Note the authorizer a security scheme describes, and return its name."""
        given = dict(scheme[f"{_EXTENSION}authorizer"])
        given["name"] = name
        given["type"] = str(given.get("type", "")).upper()
        given.setdefault("authType", str(scheme.get(f"{_EXTENSION}authtype", "custom")))
        if given["type"] in ("TOKEN", "COGNITO_USER_POOLS"):
            header = f"method.request.header.{scheme.get('name', 'Authorization')}"
            given["identitySource"] = given.get("identitySource") or header
        self._result.authorizers[name] = given
        return name

    def _responses(self, place: str, operation: Node) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for code, given in (operation.get("responses") or {}).items():
            if code == "default":
                self._result.warnings.append(_DEFAULT_RESPONSE.format(place=place))
            if not re.fullmatch(r"[1-5]\d\d", str(code)):
                continue
            response = self._document.follow(given)
            headers = {
                f"method.response.header.{name}": False for name in response.get("headers") or {}
            }
            models = {
                kind: self._model(schema)
                for kind, schema in self._document.response_schemas(operation, response).items()
                if self._is_model(schema, f"{code} response to method '{place}'")
            }
            found[str(code)] = {"statusCode": str(code)}
            if headers:
                found[str(code)]["responseParameters"] = headers
            if models:
                found[str(code)]["responseModels"] = models
        return found

    def _is_model(self, schema: Any, place: str) -> bool:
        """Tell whether a schema makes a model; of those that do not there is a warning."""
        kind = schema.get("type") if self._document.is_v3 else None
        if kind not in ("string", "integer", "number", "boolean"):
            return True
        name = f"{kind.title()}Schema"
        self._result.warnings.append(f"Unsupported model type '{name}' in {place}. Ignoring.")
        return False

    def _integration(self, path: str, http_method: str, operation: Node) -> Node | None:
        given = operation.get(f"{_EXTENSION}integration")
        if not given:
            return None
        integration = {name: given[name] for name in _INTEGRATION_MEMBERS if name in given}
        integration["type"] = str(given.get("type", "")).upper()
        if mapped := given.get("requestParameters"):
            place = f"resource '{path}' and method '{http_method}'"
            integration["requestParameters"] = self._mapped(mapped, place)
        if given.get("httpMethod"):
            integration["integrationHttpMethod"] = given["httpMethod"]
        responses: dict[str, Node] = {}
        for pattern, one in (given.get("responses") or {}).items():
            response = {"statusCode": str(one.get("statusCode", "200"))}
            if pattern != "default":
                response["selectionPattern"] = str(pattern)
            for member in ("responseParameters", "responseTemplates", "contentHandling"):
                if one.get(member):
                    response[member] = one[member]
            responses[response["statusCode"]] = response
        if responses:
            integration["integrationResponses"] = responses
        return integration

    def _mapped(self, given: Node, place: str) -> dict[str, str]:
        """Return the request parameters that are texts; of others there is a warning."""
        for name, value in given.items():
            if not isinstance(value, str):
                self._result.warnings.append(
                    "Invalid format for 'requestParameters'. Expected type string for property "
                    f"'{name}' of {place} but got '{json.dumps(value)}'"
                )
        return {name: value for name, value in given.items() if isinstance(value, str)}


def with_model_urls(schema: Any, api_id: str) -> Any:
    """Return a schema whose references to the document's schemas are those of the API's models."""
    if isinstance(schema, list):
        return [with_model_urls(one, api_id) for one in schema]
    if not isinstance(schema, dict):
        return schema
    reference = schema.get("$ref")
    if isinstance(reference, str) and (match := _MODEL_REFERENCE.search(reference)):
        name = match.group(1)
        return {"$ref": f"https://apigateway.amazonaws.com/restapis/{api_id}/models/{name}"}
    return {name: with_model_urls(value, api_id) for name, value in schema.items()}
