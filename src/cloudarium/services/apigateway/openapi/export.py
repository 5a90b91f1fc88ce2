"""A deployed API as an OpenAPI 3.0 or Swagger 2.0 document.

Source: Developer Guide, "Export a REST API from API Gateway".
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from cloudarium.services.apigateway.openapi.document import ENDPOINT

Node = dict[str, Any]

_EXTENSION = "x-amazon-apigateway-"
_MODEL = re.compile(r"https?://[^#]*/models/([A-Za-z0-9]+)$")
_PLACES = {"path": "path", "querystring": "query", "header": "header"}
# What an integration is when nothing is said, as exports recorded in public test suites have it.
_UNTOLD = {"connectionType": "INTERNET", "timeoutInMillis": 29000}
_UNWRITTEN = ("integrationResponses", "cacheNamespace", "cacheKeyParameters")


class Writer:
    """Writes one deployment's snapshot; `extensions` is some of `integrations`, `authorizers`,
    `apigateway` (all of them).
    """

    def __init__(self, snapshot: Node, *, is_v3: bool, extensions: Collection[str]) -> None:
        self._snapshot = snapshot
        self._is_v3 = is_v3
        self._all = "apigateway" in extensions
        self._integrations = self._all or "integrations" in extensions
        self._authorizers = self._all or "authorizers" in extensions
        self._schemes: Node = {}

    def write(self, host: str, stage: str, version: str) -> Node:
        """Return the document of the API at `https://{host}/{stage}`."""
        api = self._snapshot["api"]
        info = {"title": api["name"], "description": api.get("description"), "version": version}
        document: Node = {"openapi": "3.0.1"} if self._is_v3 else {"swagger": "2.0"}
        document["info"] = {name: one for name, one in info.items() if one}
        document |= self._address(host, stage)
        document["paths"] = {
            one["path"]: self._path(one["path"], one["methods"])
            for one in self._snapshot["resources"]
            if one["methods"]
        }
        models = {name: self._schema(text) for name, text in self._snapshot["models"].items()}
        if self._is_v3:
            document["components"] = {"schemas": models} if models else {}
            if self._schemes:
                document["components"]["securitySchemes"] = self._schemes
        else:
            document["definitions"] = models
            if self._schemes:
                document["securityDefinitions"] = self._schemes
        return {**document, **(self._settings() if self._all else {})}

    def _address(self, host: str, stage: str) -> Node:
        extended = self._endpoint() if self._all else {}
        if not self._is_v3:
            return {"host": host, "basePath": f"/{stage}", "schemes": ["https"], **extended}
        base = {"basePath": {"default": stage}}
        return {"servers": [{"url": f"https://{host}/{{basePath}}", "variables": base, **extended}]}

    def _endpoint(self) -> Node:
        api = self._snapshot["api"]
        found: Node = {}
        if api["disableExecuteApiEndpoint"]:
            found["disableExecuteApiEndpoint"] = True
        if ids := api["endpointConfiguration"].get("vpcEndpointIds"):
            found["vpcEndpointIds"] = ids
        return {ENDPOINT: found} if found else {}

    def _settings(self) -> Node:
        snapshot, api = self._snapshot, self._snapshot["api"]
        key_source = api["apiKeySource"]
        found: Node = {
            f"{_EXTENSION}request-validators": {
                one["name"]: {name: one[name] for name in one if name.startswith("validate")}
                for one in snapshot["validators"].values()
            },
            f"{_EXTENSION}gateway-responses": {
                kind: {
                    name: one[name]
                    for name in one
                    if name.startswith(("status", "responseP", "responseTem"))
                }
                for kind, one in snapshot["gatewayResponses"].items()
            },
            f"{_EXTENSION}api-key-source": key_source if key_source != "HEADER" else None,
            f"{_EXTENSION}minimum-compression-size": api.get("minimumCompressionSize"),
            f"{_EXTENSION}binary-media-types": api.get("binaryMediaTypes"),
            f"{_EXTENSION}security-policy": api.get("securityPolicy"),
            f"{_EXTENSION}endpoint-access-mode": api.get("endpointAccessMode"),
            f"{_EXTENSION}policy": json.loads(api["policy"]) if api.get("policy") else None,
        }
        return {name: one for name, one in found.items() if one or one == 0}

    def _path(self, path: str, methods: Mapping[str, Node]) -> Node:
        return {
            f"{_EXTENSION}any-method" if name == "ANY" else name.lower(): self._method(path, one)
            for name, one in methods.items()
        }

    def _method(self, path: str, method: Node) -> Node:
        operation: Node = {}
        if "operationName" in method:
            operation["operationId"] = method["operationName"]
        if not self._is_v3:
            operation |= _media_types(method)
        models = method.get("requestModels", {})
        parameters = self._parameters(path, method)
        if models and self._is_v3:
            operation["requestBody"] = {"content": self._content(models), "required": True}
        elif models:
            name = next(iter(models.values()))
            parameters.append(
                {"in": "body", "name": name, "required": True, "schema": self._reference(name)}
            )
        if parameters:
            operation["parameters"] = parameters
        operation["responses"] = {
            code: self._response(one) for code, one in method.get("methodResponses", {}).items()
        }
        if security := self._security(method):
            operation["security"] = security
        return {**operation, **self._extended(method)}

    def _extended(self, method: Node) -> Node:
        found: Node = {}
        validator = self._snapshot["validators"].get(method.get("requestValidatorId"))
        if self._all and validator:
            found[f"{_EXTENSION}request-validator"] = validator["name"]
        if self._integrations and "methodIntegration" in method:
            integration = method["methodIntegration"]
            written = {name: one for name, one in integration.items() if name not in _UNWRITTEN}
            written["type"] = written["type"].lower()
            for name, usual in _UNTOLD.items():
                if written.get(name) == usual:
                    del written[name]
            written["passthroughBehavior"] = written["passthroughBehavior"].lower()
            responses = integration.get("integrationResponses", {}).values()
            if responses:
                written["responses"] = {
                    one.get("selectionPattern") or "default": {
                        name: value for name, value in one.items() if name != "selectionPattern"
                    }
                    for one in responses
                }
            found[f"{_EXTENSION}integration"] = written
        return found

    def _parameters(self, path: str, method: Node) -> list[Node]:
        given = dict(method.get("requestParameters", {}))
        for name in re.findall(r"\{([^}+]+)\+?\}", path):
            given[f"method.request.path.{name}"] = True
        found = []
        for name, required in given.items():
            _, _, place, bare = name.split(".", 3)
            kind = {"schema": {"type": "string"}} if self._is_v3 else {"type": "string"}
            one: Node = {"name": bare, "in": _PLACES[place], "required": required, **kind}
            if self._is_v3 and not required:
                del one["required"]
            found.append(one)
        return found

    def _response(self, response: Node) -> Node:
        written: Node = {"description": f"{response['statusCode']} response"}
        kind = {"schema": {"type": "string"}} if self._is_v3 else {"type": "string"}
        if names := response.get("responseParameters"):
            written["headers"] = {name.split(".", 3)[3]: kind for name in names}
        models = response.get("responseModels", {})
        if self._is_v3:
            written["content"] = self._content(models)
        elif models:
            written["schema"] = self._reference(next(iter(models.values())))
        return written

    def _security(self, method: Node) -> list[Node]:
        found: list[Node] = []
        if method["authorizationType"] == "AWS_IAM":
            found.append({"sigv4": []})
            self._schemes["sigv4"] = _key("Authorization") | {f"{_EXTENSION}authtype": "awsSigv4"}
        authorizer = self._snapshot["authorizers"].get(method.get("authorizerId"))
        if authorizer:
            found.append({authorizer["name"]: method.get("authorizationScopes", [])})
            self._schemes[authorizer["name"]] = self._authorizer(authorizer)
        if method["apiKeyRequired"]:
            found.append({"api_key": []})
            self._schemes["api_key"] = _key("x-api-key")
        return found

    def _authorizer(self, authorizer: Node) -> Node:
        source = authorizer.get("identitySource", "")
        header = "Unused" if authorizer["type"] == "REQUEST" else source.rpartition(".")[2]
        scheme = _key(header) | {f"{_EXTENSION}authtype": authorizer.get("authType", "custom")}
        if self._authorizers:
            written = {name: one for name, one in authorizer.items() if name not in ("id", "name")}
            written["type"] = written["type"].lower()
            written.pop("authType", None)
            scheme[f"{_EXTENSION}authorizer"] = written
        return scheme

    def _content(self, models: Mapping[str, str]) -> Node:
        return {kind: {"schema": self._reference(name)} for kind, name in models.items()}

    def _reference(self, name: str) -> Node:
        place = "components/schemas" if self._is_v3 else "definitions"
        return {"$ref": f"#/{place}/{name}"}

    def _schema(self, text: str) -> Any:
        return self._local(json.loads(text))

    def _local(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self._local(one) for one in node]
        if not isinstance(node, dict):
            return node
        reference = node.get("$ref")
        if isinstance(reference, str) and (match := _MODEL.search(reference)):
            return self._reference(match.group(1))
        return {name: self._local(one) for name, one in node.items() if name != "$schema"}


def _media_types(method: Node) -> Node:
    """Return what Swagger says an operation consumes and produces: models' and templates' types."""
    integration = method.get("methodIntegration", {})
    responses = method.get("methodResponses", {}).values()
    templates = integration.get("integrationResponses", {}).values()
    consumed = [method.get("requestModels"), integration.get("requestTemplates")]
    produced = [one.get("responseModels") for one in responses]
    produced += [one.get("responseTemplates") for one in templates]
    found = {
        name: list(dict.fromkeys(kind for one in given for kind in one or ()))
        for name, given in (("consumes", consumed), ("produces", produced))
    }
    return {name: kinds for name, kinds in found.items() if kinds}


def _key(header: str) -> Node:
    return {"type": "apiKey", "name": header, "in": "header"}
