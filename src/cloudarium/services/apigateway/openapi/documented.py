"""An API's documentation woven into its exported document's own fields.

Sources: Developer Guide, "Publish API documentation using the API Gateway REST API", whose example
this follows (extensions `x-…` are taken over too); API reference, DocumentationPartLocation: what a
location does not say is a wildcard, and what is more particular overrides what is less.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

Node = dict[str, Any]

_ANY = "x-amazon-apigateway-any-method"
_OPERATIONS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", _ANY})
_PARAMETERS = {"path": "PATH_PARAMETER", "query": "QUERY_PARAMETER", "header": "REQUEST_HEADER"}
_WILDCARD = "*"
# What of a part's properties OpenAPI has a place for, by the part's type.
_DESCRIBED = ("description",)
_FIELDS = {
    "API": ("tags", "externalDocs"),
    "METHOD": ("summary", "description", "tags", "deprecated", "externalDocs"),
    "MODEL": ("title", "description", "externalDocs"),
    "RESOURCE": (),
}
_INFO = ("description", "termsOfService", "contact", "license")


class Weaver:
    """Writes documentation into a document; `parts` are the reference's DocumentationParts."""

    def __init__(self, parts: Iterable[Mapping[str, Any]]) -> None:
        self._parts: dict[str, list[tuple[Node, Node]]] = {}
        for one in parts:
            properties = json.loads(one["properties"])
            if isinstance(properties, dict):
                place = dict(one["location"])
                self._parts.setdefault(place["type"], []).append((place, properties))

    def weave(self, document: Node) -> None:
        """Add what the parts say to an OpenAPI 3.0 or Swagger 2.0 document."""
        self._tell(document, "API")
        for _, properties in self._parts.get("API", []):
            if isinstance(info := properties.get("info"), dict):
                document["info"] |= _taken(info, _INFO)
        for path, item in document["paths"].items():
            self._path(path, item)
        components = document.get("components", {})
        for name, schema in (document.get("definitions") or components.get("schemas", {})).items():
            self._tell(schema, "MODEL", name=name)
        schemes = document.get("securityDefinitions") or components.get("securitySchemes", {})
        for name, scheme in schemes.items():
            self._tell(scheme, "AUTHORIZER", name=name)

    def _path(self, path: str, item: Node) -> None:
        self._tell(item, "RESOURCE", path=path)
        for name, operation in item.items():
            if name in _OPERATIONS:
                method = "ANY" if name == _ANY else name.upper()
                self._operation({"path": path, "method": method}, operation)

    def _operation(self, place: Node, operation: Node) -> None:
        self._tell(operation, "METHOD", **place)
        if "requestBody" in operation:
            self._tell(operation["requestBody"], "REQUEST_BODY", **place)
        for one in operation.get("parameters", []):
            if one["in"] == "body":
                self._tell(one, "REQUEST_BODY", **place)
            else:
                self._tell(one, _PARAMETERS[one["in"]], **place, name=one["name"])
        for code, response in operation["responses"].items():
            at = {**place, "statusCode": code}
            self._tell(response, "RESPONSE", **at)
            for name in response.get("headers", {}):
                header = dict(response["headers"][name])
                response["headers"][name] = header
                self._tell(header, "RESPONSE_HEADER", **at, name=name)

    def _tell(self, node: Node, kind: str, **place: str) -> None:
        """Give a node what the parts that are about it say, the most particular last."""
        about = [one for one in self._parts.get(kind, []) if _is_about(one[0], place)]
        for _, properties in sorted(about, key=lambda one: _weight(one[0])):
            node |= _taken(properties, _FIELDS.get(kind, _DESCRIBED))


def _taken(properties: Node, fields: Collection[str]) -> Node:
    return {
        name: one for name, one in properties.items() if name in fields or name.startswith("x-")
    }


def _is_about(location: Node, place: Mapping[str, str]) -> bool:
    """Tell whether a location is that of an entity, or of what it inherits from."""
    return all(
        _is_above(location.get("path", "/"), value)
        if name == "path"
        else location.get(name, _WILDCARD) in (_WILDCARD, value)
        for name, value in place.items()
    )


def _is_above(upper: str, path: str) -> bool:
    return upper in ("/", path) or path.startswith(f"{upper}/")


def _weight(location: Node) -> tuple[int, int]:
    said = sum(
        location.get(name, _WILDCARD) != _WILDCARD for name in ("method", "statusCode", "name")
    )
    return len(location.get("path", "/").strip("/")), said
