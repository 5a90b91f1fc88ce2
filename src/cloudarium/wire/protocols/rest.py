"""What the two REST protocols share: input and output bound to path, query, headers and body."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal, cast
from urllib.parse import quote

import orjson

from cloudarium.core.errors import SerializationException
from cloudarium.wire.http import FileBody, Headers, HttpRequest, HttpResponse
from cloudarium.wire.model import OperationModel, Shape
from cloudarium.wire.protocols import values
from cloudarium.wire.protocols.base import Params

_DEFAULT_FORM = {"header": "rfc822", "headers": "rfc822", "querystring": "iso8601"}


class Bindings:
    """The members of an input or output, sorted by where they stand."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.by_location: dict[str, list[tuple[str, Shape]]] = {}
        self.payload: tuple[str, Shape] | None = None
        for name, member in shape.members.items():
            if shape.payload == name:
                self.payload = (name, member)
            else:
                self.by_location.setdefault(member.location or "body", []).append((name, member))

    def at(self, location: str) -> list[tuple[str, Shape]]:
        """Return the members that stand at `location`."""
        return self.by_location.get(location, [])

    def parse_head(
        self, operation: OperationModel, request: HttpRequest, labels: Mapping[str, str]
    ) -> Params:
        """Return the params of path, query and headers."""
        params: Params = {}
        for name, member in self.at("uri"):
            params[name] = _parse_text(labels[member.wire_name(name)], member)
        if pairs := request.query_pairs:
            self._parse_query(pairs, params, set(operation.fixed_query))
        headers = request.headers
        for name, member in self.at("header"):
            text = headers.get(member.wire_name(name).lower())
            if text is not None:
                params[name] = _parse_header(text, member)
        for name, member in self.at("headers"):
            prefix = member.wire_name(name).lower()
            found = {
                key[len(prefix) :]: text for key, text in headers.items() if key.startswith(prefix)
            }
            if found:
                params[name] = found
        return params

    def _parse_query(self, pairs: list[tuple[str, str]], params: Params, known: set[str]) -> None:
        for name, member in self.at("querystring"):
            wire_name = member.wire_name(name)
            if member.type == "map":
                params[name] = _query_map(member, pairs, known)
                continue
            known.add(wire_name)
            found = [text for key, text in pairs if key == wire_name]
            if not found:
                continue
            if member.type == "list":
                params[name] = [_parse_text(text, member.element) for text in found]
            else:
                params[name] = _parse_text(found[-1], member)

    def answer_head(self, operation: OperationModel, result: Params) -> tuple[int, Headers]:
        """Return the status and headers an answer asks for."""
        status, headers = operation.status, []
        for name, _ in self.at("statusCode"):
            status = int(result.get(name) or status)
        for name, member in self.at("header"):
            if (value := result.get(name)) is not None:
                headers.append((member.wire_name(name), _header_text(value, member)))
        for name, member in self.at("headers"):
            for key, value in (result.get(name) or {}).items():
                headers.append((member.wire_name(name) + key, value))
        return status, headers

    def body_of(self, result: Params) -> Params:
        """Return the part of an answer that stands in the body."""
        elsewhere = {
            name for place in self.by_location if place != "body" for name, _ in self.at(place)
        }
        return {name: value for name, value in result.items() if name not in elsewhere}


class BoundOperations:
    """The bindings of operations' inputs and outputs, each made when it is first asked for."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], Bindings] = {}

    def of(self, operation: OperationModel, side: Literal["input", "output"]) -> Bindings | None:
        """Return those of one side of an operation; None if it has no members there."""
        shape = operation.input if side == "input" else operation.output
        if shape is None:
            return None
        key = (operation.name, side)
        if key not in self._made:
            self._made[key] = Bindings(shape)
        return self._made[key]


def respond_stream(status: int, headers: Headers, value: Any) -> HttpResponse:
    """Return a response whose body is a blob: bytes, text, a file's part, or an iterator."""
    body: bytes | FileBody | AsyncIterator[bytes]
    if value is None:
        body = b""
    elif isinstance(value, str):
        body = value.encode()
    else:
        body = cast(bytes, value)
    return HttpResponse(status, headers, body)


def _query_map(
    member: Shape, pairs: list[tuple[str, str]], known: set[str]
) -> dict[str, str | list[str]]:
    found: dict[str, Any] = {}
    for key, text in pairs:
        if key in known:
            continue
        if member.value.type == "list":
            found.setdefault(key, []).append(text)
        else:
            found[key] = text
    return found


def _parse_text(text: str, shape: Shape) -> Any:
    if shape.type == "timestamp":
        return values.parse_timestamp(text)
    if shape.type == "blob":
        return values.decode_blob(text)
    return values.parse_text(text, shape.type)


def _parse_header(text: str, shape: Shape) -> Any:
    if shape.traits.get("jsonvalue"):
        try:
            return orjson.loads(values.decode_blob(text))
        except orjson.JSONDecodeError:
            raise SerializationException(message="A header is not JSON") from None
    if shape.type == "list":
        return [_parse_text(part.strip(), shape.element) for part in text.split(",")]
    return _parse_text(text.encode("latin-1").decode("utf-8", "replace"), shape)


def _header_text(value: Any, shape: Shape) -> str:
    if shape.type == "timestamp":
        form = shape.traits.get("timestampFormat", "rfc822")
        return values.timestamp_text(value, form)
    if shape.traits.get("jsonvalue"):
        return values.encode_blob(orjson.dumps(value))
    if shape.type == "blob":
        return values.encode_blob(value)
    if shape.type == "list":
        return ",".join(_header_text(each, shape.element) for each in value)
    return values.text_of(value, shape.type)


def label(text: str) -> str:
    """Return a path label percent-encoded, slashes kept."""
    return quote(text, safe="/~")
