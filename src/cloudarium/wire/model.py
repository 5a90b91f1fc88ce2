"""botocore's service models, read without botocore's own (slow to import) classes.

The shape of these files is Smithy's JSON AST of old: `metadata`, `operations`, `shapes`.
"""

from __future__ import annotations

import gzip
import importlib.util
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import orjson

JsonObject = dict[str, Any]


class Shape:
    """A shape, together with the traits of the place that refers to it."""

    def __init__(self, model: ServiceModel, reference: JsonObject) -> None:
        self._model = model
        self.name: str = reference["shape"]
        self._target: JsonObject = model.shapes[self.name]
        self.type: str = self._target["type"]
        self.traits: JsonObject = {**self._target, **reference}

    @cached_property
    def members(self) -> dict[str, Shape]:
        """The members of a structure, by name."""
        return {
            name: Shape(self._model, reference)
            for name, reference in self._target.get("members", {}).items()
        }

    @cached_property
    def element(self) -> Shape:
        """The element of a list."""
        return Shape(self._model, self._target["member"])

    @cached_property
    def key(self) -> Shape:
        """The key of a map."""
        return Shape(self._model, self._target["key"])

    @cached_property
    def value(self) -> Shape:
        """The value of a map."""
        return Shape(self._model, self._target["value"])

    @property
    def required(self) -> list[str]:
        """The names of the members a structure must have."""
        return list(self._target.get("required", ()))

    @property
    def payload(self) -> str | None:
        """The member that is the HTTP body, if one is."""
        found = self._target.get("payload")
        return str(found) if found else None

    @property
    def location(self) -> str | None:
        """Where in an HTTP message the member stands (`uri`, `header`, ...), None for the body."""
        found = self.traits.get("location")
        return str(found) if found else None

    def wire_name(self, member: str) -> str:
        """Return the name the member `member`, this shape, has on the wire."""
        return str(self.traits.get("locationName", member))

    @property
    def streaming(self) -> bool:
        """Whether a blob is a stream rather than bytes in memory."""
        return bool(self.traits.get("streaming"))


class OperationModel:
    """One operation of a model."""

    def __init__(self, service: ServiceModel, name: str, raw: JsonObject) -> None:
        self.service = service
        self.name = name
        self.method: str = raw["http"]["method"]
        self.uri: str = raw["http"]["requestUri"]
        self.fixed_query = dict(parse_qsl(self.uri.partition("?")[2], keep_blank_values=True))
        self.status: int = raw["http"].get("responseCode", 200)
        self.deprecated = bool(raw.get("deprecated"))
        self.auth_type: str = raw.get("authtype", "")
        self.input = Shape(service, raw["input"]) if "input" in raw else None
        self.output = Shape(service, raw["output"]) if "output" in raw else None
        self.result_wrapper: str = (
            raw["output"].get("resultWrapper", f"{name}Result") if "output" in raw else ""
        )

    @property
    def streams(self) -> bool:
        """Whether the answer is a stream rather than a value."""
        payload = self.output.payload if self.output is not None else None
        return (
            payload is not None
            and self.output is not None
            and (self.output.members[payload].streaming)
        )


class ServiceModel:
    """A service's model: metadata, operations, shapes."""

    def __init__(self, name: str, raw: JsonObject) -> None:
        self.name = name
        self.metadata: JsonObject = raw["metadata"]
        self.shapes: dict[str, JsonObject] = raw["shapes"]
        self._operations: dict[str, JsonObject] = raw["operations"]
        self._built: dict[str, OperationModel] = {}

    @property
    def protocol(self) -> str:
        """The protocol the model names first (`json`, `query`, `rest-json`, `rest-xml`, ...)."""
        return str(self.metadata["protocol"])

    @property
    def namespace(self) -> str:
        """The XML namespace of the service's documents, empty if it has none."""
        return str(self.metadata.get("xmlNamespace", ""))

    @property
    def validation_code(self) -> str:
        """The code AWS's generic validation errors have in this protocol."""
        return "ValidationError" if self.protocol == "query" else "ValidationException"

    @property
    def operation_names(self) -> list[str]:
        """The names of all operations of the model."""
        return list(self._operations)

    def operation(self, name: str) -> OperationModel | None:
        """Return the operation `name`, or None if the model has none such."""
        if name not in self._built:
            raw = self._operations.get(name)
            if raw is None:
                return None
            self._built[name] = OperationModel(self, name, raw)
        return self._built[name]

    @cached_property
    def errors(self) -> Mapping[str, Shape]:
        """The modelled errors, by shape name."""
        return {
            name: Shape(self, {"shape": name})
            for name, raw in self.shapes.items()
            if raw.get("exception") or "error" in raw
        }


class Models:
    """The models one cloud has read."""

    def __init__(self) -> None:
        self._models: dict[str, ServiceModel] = {}

    def load(self, name: str) -> ServiceModel:
        """Return the newest model botocore has of `name`. Raises LookupError if it has none."""
        if name not in self._models:
            self._models[name] = ServiceModel(name, _read(name))
        return self._models[name]


@cache
def _read(name: str) -> JsonObject:
    """Return a model's document, read once for all clouds of a process."""
    spec = importlib.util.find_spec("botocore")
    if spec is None or spec.origin is None:
        raise LookupError("botocore is not installed")
    versions = sorted((Path(spec.origin).parent / "data" / name).glob("*/service-2.json*"))
    if not versions:
        raise LookupError(f"botocore has no model of {name}")
    data = versions[-1].read_bytes()
    raw = gzip.decompress(data) if versions[-1].suffix == ".gz" else data
    model: JsonObject = orjson.loads(raw)
    return model
