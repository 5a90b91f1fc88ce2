"""AWS Query: a form names the action and its input, the answer is XML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.wire.http import HttpRequest, HttpResponse
from cloudarium.wire.model import OperationModel, ServiceModel, Shape
from cloudarium.wire.protocols import values
from cloudarium.wire.protocols.base import Params, sender_fault, status_of, wire_code
from cloudarium.wire.protocols.xml import XmlWriter, escape

Node = dict[str, Any]
_VALUE = "."  # no part of a name split at dots


class QueryCodec:
    """Forms in, XML out."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._writer = XmlWriter()

    def parse(
        self, operation: OperationModel, request: HttpRequest, labels: Mapping[str, str]
    ) -> Params:
        """Return the form's fields as params."""
        if operation.input is None:
            return {}
        found = _parse(operation.input, _tree(request.form))
        params: Params = found if found is not None else {}
        return params

    def answer(self, operation: OperationModel, result: Params, request_id: str) -> HttpResponse:
        """Return `<XResponse><XResult>…</XResult><ResponseMetadata>…`."""
        name = operation.name
        parts = [f'<{name}Response xmlns="{self._model.namespace}">']
        if operation.output is not None:
            self._writer.compile(operation.output)(operation.result_wrapper, result, parts)
        parts.append(f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>")
        parts.append(f"</{name}Response>")
        return _response(200, parts, request_id)

    def error(self, error: AwsError, request_id: str) -> HttpResponse:
        """Return `<ErrorResponse><Error>…`."""
        fault = "Sender" if sender_fault(self._model, error) else "Receiver"
        parts = [
            f'<ErrorResponse xmlns="{self._model.namespace}"><Error><Type>{fault}</Type>',
            f"<Code>{escape(_query_code(self._model, error))}</Code>",
            f"<Message>{escape(error.message)}</Message></Error>",
            f"<RequestId>{request_id}</RequestId></ErrorResponse>",
        ]
        return _response(status_of(self._model, error), parts, request_id)


def _query_code(model: ServiceModel, error: AwsError) -> str:
    if error.code == "AccessDeniedException" and error.code not in model.errors:
        return "AccessDenied"
    return wire_code(model, error)


def _response(status: int, parts: list[str], request_id: str) -> HttpResponse:
    headers = [("content-type", "text/xml"), ("x-amzn-requestid", request_id)]
    return HttpResponse(status, headers, "".join(parts).encode())


def _tree(form: dict[str, str]) -> Node:
    root: Node = {}
    for key, text in form.items():
        node = root
        for part in key.split("."):
            node = node.setdefault(part, {})
        node[_VALUE] = text
    return root


def _parse(shape: Shape, node: Node) -> Any:
    if shape.type == "structure":
        parsed = {}
        for name, member in shape.members.items():
            wire_name = _field_name(name, member)
            if wire_name in node:
                value = _parse(member, node[wire_name])
                if value is not None:
                    parsed[name] = value
        return parsed
    if shape.type == "list":
        return _parse_list(shape, node)
    if shape.type == "map":
        return _parse_map(shape, node)
    text = node.get(_VALUE)
    return None if text is None else _parse_leaf(shape, text)


def _field_name(name: str, member: Shape) -> str:
    """A flattened list stands under its element's name if that has one (botocore's serializer)."""
    if member.type == "list" and member.traits.get("flattened"):
        return str(member.element.traits.get("locationName") or member.wire_name(name))
    return member.wire_name(name)


def _parse_list(shape: Shape, node: Node) -> list[Any]:
    if not shape.traits.get("flattened"):
        node = node.get(shape.element.traits.get("locationName", "member")) or node.get(
            "member", {}
        )
    elements = [_parse(shape.element, node[index]) for index in _numbered(node)]
    return [element for element in elements if element is not None]


def _parse_map(shape: Shape, node: Node) -> dict[str, Any]:
    if not shape.traits.get("flattened"):
        node = node.get("entry", {})
    key_name = shape.key.traits.get("locationName", "key")
    value_name = shape.value.traits.get("locationName", "value")
    parsed = {}
    for index in _numbered(node):
        value = _parse(shape.value, node[index].get(value_name, {}))
        if value is not None:
            parsed[node[index].get(key_name, {}).get(_VALUE, "")] = value
    return parsed


def _numbered(node: Node) -> list[str]:
    return sorted((key for key in node if key.isascii() and key.isdecimal()), key=int)


def _parse_leaf(shape: Shape, text: str) -> Any:
    if shape.type == "timestamp":
        return values.parse_timestamp(text)
    if shape.type == "blob":
        return values.decode_blob(text)
    return values.parse_text(text, shape.type)
