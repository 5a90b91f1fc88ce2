"""Values of a model's shapes, generated; botocore's serializers and parsers as the oracle."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import botocore.session
from botocore.awsrequest import HeadersDict, create_request_object, prepare_request_dict
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from cloudarium.cloud import manifests
from cloudarium.wire.http import Body, HttpRequest, HttpResponse

URL = "http://127.0.0.1:4566"
MODELS = sorted({endpoint.model for service in manifests() for endpoint in service.endpoints})
_LETTERS = "abcXYZ019-_. ~/+%&=?#<>\"'äß漢😀\t"
_SAFE = "abcXYZ019-_."
_HEAD = ("header", "headers", "uri", "querystring")


@cache
def model(name: str) -> ServiceModel:
    """Return botocore's own model of a service."""
    return botocore.session.Session().get_service_model(name)


@cache
def operations(name: str) -> list[OperationModel]:
    """Return every operation of a service's model."""
    return [model(name).operation_model(each) for each in model(name).operation_names]


class Generator:
    """Makes values of shapes out of `chance`; without `empty` no list, map or text is empty."""

    def __init__(self, chance: random.Random, *, empty: bool = True) -> None:
        self._chance = chance
        self._least = 0 if empty else 1

    def value(self, shape: Shape, depth: int = 0, place: str | None = None) -> Any:
        """Return a value of `shape`; `place` is where in an HTTP message it stands."""
        return getattr(self, f"_{shape.type_name}", self._number)(shape, depth, place)

    def _structure(self, shape: Shape, depth: int, place: str | None) -> dict[str, Any]:
        if getattr(shape, "is_document_type", False):
            return {"a": [1, "b", None]}
        likely = 0.6 if depth < 3 else 0.1
        made = {}
        for name, member in shape.members.items():
            wanted = name in shape.required_members or self._chance.random() < likely
            if wanted and depth < 12 and not getattr(shape, "eventstream", False):
                location = member.serialization.get("location") or place
                made[name] = self.value(member, depth + 1, location)
                if getattr(shape, "is_tagged_union", False):
                    return {name: made[name]}
        if getattr(shape, "is_tagged_union", False):
            name, member = next(iter(shape.members.items()))
            return {name: self.value(member, depth + 1, place)}
        return made

    def _list(self, shape: Shape, depth: int, place: str | None) -> list[Any]:
        count = self._chance.randint(max(self._least, place in _HEAD), 2)
        return [self.value(shape.member, depth + 1, place) for _ in range(count)]

    def _map(self, shape: Shape, depth: int, place: str | None) -> dict[str, Any]:
        count = self._chance.randint(max(self._least, place in _HEAD), 2)
        if place == "headers":
            return {f"k{index}": self._text(_SAFE, 1) for index in range(count)}
        keys = [self.value(shape.key, depth + 1, place) for _ in range(count)]
        return {key: self.value(shape.value, depth + 1, place) for key in keys}

    def _string(self, shape: Shape, depth: int, place: str | None) -> str:
        if getattr(shape, "enum", None):
            return str(self._chance.choice(shape.enum))
        return self._text(_SAFE if place in _HEAD else _LETTERS, max(self._least, place in _HEAD))

    def _text(self, letters: str, least: int) -> str:
        return "".join(self._chance.choices(letters, k=self._chance.randint(least, 9)))

    _character = _string

    def _blob(self, shape: Shape, depth: int, place: str | None) -> bytes:
        return self._chance.randbytes(self._chance.randint(self._least, 9))

    def _boolean(self, shape: Shape, depth: int, place: str | None) -> bool:
        return self._chance.random() < 0.5

    def _timestamp(self, shape: Shape, depth: int, place: str | None) -> datetime:
        return datetime.fromtimestamp(self._chance.randrange(1, 1 << 32), UTC)

    def _number(self, shape: Shape, depth: int, place: str | None) -> float:
        if shape.type_name in ("float", "double"):
            return self._chance.randrange(-(1 << 20), 1 << 20) / 8
        bits = 31 if shape.type_name == "integer" else 53
        return self._chance.randrange(-(1 << bits), 1 << bits)


def sent(operation: OperationModel, params: dict[str, Any], protocol: str) -> HttpRequest:
    """Return the request botocore makes of an operation's params."""
    serializer = create_serializer(protocol, include_validation=False)
    prepared = serializer.serialize_to_request(params, operation)
    prepare_request_dict(prepared, URL, context={})
    request = create_request_object(prepared).prepare()
    parts = urlsplit(request.url)
    headers = {name.lower(): _text(value) for name, value in request.headers.items()}
    body = request.body.encode() if isinstance(request.body, str) else request.body or b""
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    return HttpRequest(request.method, target, {"host": parts.netloc, **headers}, Body(body))


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def read(operation: OperationModel, response: HttpResponse, protocol: str) -> dict[str, Any]:
    """Return what botocore's parser makes of a response."""
    assert isinstance(response.body, bytes)
    message = {
        "status_code": response.status,
        "headers": HeadersDict(response.headers),
        "body": bytearray(response.body) if operation.has_streaming_output else response.body,
        "context": {"operation_name": operation.name},
    }
    parsed: dict[str, Any] = create_parser(protocol).parse(message, operation.output_shape)
    return parsed


def plain(value: Any) -> Any:
    """Return a parsed request as the values that went into it, times as epoch seconds."""
    if isinstance(value, Body):
        return value.read()
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def filled(value: Any) -> Any:
    """Return a value without its empty parts, which XML and forms do not tell from missing ones."""
    if isinstance(value, dict):
        kept = {key: filled(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if each not in ({}, [], "", b"", None)}
    if isinstance(value, list):
        return [each for each in map(filled, value) if each not in ({}, [], "", b"", None)]
    return value
