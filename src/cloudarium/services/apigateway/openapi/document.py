"""OpenAPI documents as they come: read, told apart by version, references followed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from cloudarium.services.apigateway import errors
from cloudarium.services.apigateway.openapi import shape

Node = dict[str, Any]

_HTTP_METHODS = ("get", "put", "post", "delete", "patch", "options", "head")
ANY_METHOD = "x-amazon-apigateway-any-method"
ENDPOINT = "x-amazon-apigateway-endpoint-configuration"


class Document:
    """A Swagger 2.0 or OpenAPI 3.0 document."""

    def __init__(self, root: Node) -> None:
        self.root = root
        version = str(root.get("openapi") or root.get("swagger") or "")
        self.is_v3 = version.startswith("3.")
        if not self.is_v3 and version != "2.0":
            raise errors.ImportUnreadable()

    def follow(self, node: Any) -> Node:
        """Return what a node stands for: itself, or what its `$ref` points to."""
        for _ in range(16):
            if not isinstance(node, dict) or "$ref" not in node:
                break
            node = self._at(str(node["$ref"]))
        return node if isinstance(node, dict) else {}

    def _at(self, reference: str) -> Any:
        node: Any = self.root
        for part in reference.removeprefix("#/").split("/"):
            part = part.replace("~1", "/").replace("~0", "~")
            node = node.get(part) if isinstance(node, dict) else None
        return node

    @property
    def schemas(self) -> Node:
        """The document's named schemas."""
        if self.is_v3:
            return dict((self.root.get("components") or {}).get("schemas") or {})
        return dict(self.root.get("definitions") or {})

    @property
    def security_schemes(self) -> Node:
        """The document's named security schemes."""
        if self.is_v3:
            return dict((self.root.get("components") or {}).get("securitySchemes") or {})
        return dict(self.root.get("securityDefinitions") or {})

    @property
    def base_path(self) -> str:
        """The base path, `/` if there is none."""
        if not self.is_v3:
            return self.root.get("basePath") or "/"
        servers = self.root.get("servers") or [{}]
        url = servers[0].get("url", "")
        for name, variable in (servers[0].get("variables") or {}).items():
            url = url.replace(f"{{{name}}}", str(variable.get("default", "")).lstrip("/"))
        return urlsplit(url).path or "/"

    @property
    def endpoint(self) -> Node:
        """The settings of the endpoint: the first server's extension, in Swagger the document's."""
        servers = self.root.get("servers") or [{}]
        holder = servers[0] if self.is_v3 else self.root
        return holder.get(ENDPOINT) or {}

    def operations(self) -> Iterator[tuple[str, str, Node, list[Node]]]:
        """Yield path, HTTP method, operation and its parameters (the path's own included)."""
        for path, item in (self.root.get("paths") or {}).items():
            if not path.startswith("/"):
                continue
            shared = [self.follow(one) for one in self.follow(item).get("parameters") or []]
            for name, operation in self.follow(item).items():
                http_method = "ANY" if name == ANY_METHOD else name.upper()
                if name != ANY_METHOD and name not in _HTTP_METHODS:
                    continue
                own = [self.follow(one) for one in operation.get("parameters") or []]
                taken = {(one.get("in"), one.get("name")) for one in own}
                inherited = [one for one in shared if (one.get("in"), one.get("name")) not in taken]
                yield path, http_method, operation, inherited + own

    def request_schemas(self, operation: Node, parameters: list[Node]) -> dict[str, Any]:
        """Return the schemas of an operation's request by content type."""
        if self.is_v3:
            return _content(self.follow(operation.get("requestBody") or {}))
        types = operation.get("consumes") or self.root.get("consumes") or ["application/json"]
        bodies = [
            one["schema"] for one in parameters if one.get("in") == "body" and "schema" in one
        ]
        return dict.fromkeys(types, bodies[0]) if bodies else {}

    def response_schemas(self, operation: Node, response: Node) -> dict[str, Any]:
        """Return the schemas of one of an operation's responses by content type."""
        if self.is_v3:
            return _content(response)
        types = operation.get("produces") or self.root.get("produces") or ["application/json"]
        return dict.fromkeys(types, response["schema"]) if "schema" in response else {}


def _content(node: Node) -> dict[str, Any]:
    return {
        kind: one["schema"]
        for kind, one in (node.get("content") or {}).items()
        if isinstance(one, dict) and "schema" in one
    }


def read(body: bytes) -> Document:
    """Return the document a body holds, JSON or YAML. Raises ImportUnreadable."""
    try:
        root = json.loads(body)
    except RecursionError:
        raise errors.ImportUnreadable() from None
    except ValueError:
        root = _read_yaml(body)
    if not isinstance(root, dict):
        raise errors.ImportUnreadable()
    document = Document(root)
    shape.check(root)
    return document


def _read_yaml(body: bytes) -> Any:
    import yaml

    from cloudarium.core import yaml_loader

    try:
        return json.loads(json.dumps(yaml_loader.load(body), default=str))
    except (yaml.YAMLError, TypeError, ValueError, UnicodeDecodeError):
        raise errors.ImportUnreadable() from None
