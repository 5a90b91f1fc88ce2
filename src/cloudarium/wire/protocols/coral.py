"""How AWS's older Java framework words errors, among them those of JSON bodies that do not fit.

DynamoDB answers with it.

Source: the service's answers, as recorded by its users.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cloudarium.core.errors import AwsError, SerializationException
from cloudarium.wire.model import Shape
from cloudarium.wire.protocols import values

_CLASSES = {
    "string": "java.lang.String",
    "integer": "java.lang.Integer",
    "long": "java.lang.Long",
    "float": "java.lang.Float",
    "double": "java.lang.Double",
    "boolean": "java.lang.Boolean",
    "timestamp": "java.util.Date",
}
_PACKAGE = "com.amazonaws.dynamodb.v20120810"
_TOKENS = {str: "STRING_VALUE", int: "NUMBER_VALUE", float: "DECIMAL_VALUE"}
_GENERIC = "sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl"
_CAST = (
    f"class {_GENERIC} cannot be cast to class java.lang.Class ({_GENERIC} and java.lang.Class "
    "are in module java.base of loader 'bootstrap')"
)


# Operations that a newer service in Rust answers; it reads their bodies strictly.
STRICT = frozenset(("SearchVectors",))
_RUST = {"string": "a string", "integer": "i32", "list": "a sequence"}
_MAP = "Start of structure or map found where not expected"
_CAPITAL = frozenset(("AccessDeniedException", "SerializationException"))
_LAYERS = {"ThrottlingException": "availability", "ValidationException": "validate"}


def mismatch(shape: Shape, inside: bool, value: Any) -> AwsError:
    """Return the error for a value that is not of its shape's type.

    `inside` says that it is an element of a list or map rather than a structure's member.
    """
    return SerializationException(message=_text(value, shape, inside))


def _text(value: Any, shape: Shape, inside: bool) -> str:
    kind = shape.type
    if isinstance(value, dict):
        return _MAP
    if isinstance(value, list):
        return f"Unrecognized collection type {_java(shape)}"
    if kind in ("list", "map"):
        return _CAST if inside else "Unexpected field type"
    if kind == "structure":
        return "Unexpected value type in payload" if inside else "Unexpected field type"
    if kind == "boolean" and isinstance(value, str):
        return "Unexpected token received from parser"
    token = f"{str(value).upper()}_VALUE" if isinstance(value, bool) else _TOKENS[type(value)]
    return f"{token} cannot be converted to {_CLASSES[kind].rpartition('.')[2]}"


def _java(shape: Shape) -> str:
    if shape.type == "map":
        return f"java.util.Map<java.lang.String, {_java(shape.value).removeprefix('class ')}>"
    name = _CLASSES.get(shape.type)
    if shape.type == "list":
        return f"java.util.List<{_java(shape.element).removeprefix('class ')}>"
    return f"class {name or f'{_PACKAGE}.{shape.name}'}"


def strict(parse: Callable[[Any], Any], shape: Shape) -> Callable[[Any], Any]:
    """Return a parser that wants the required members to be there, none null or a fraction.

    It says where the body ends to be as wanted, by how the commonest clients write bodies.
    """

    def checked(value: Any) -> Any:
        parsed = parse(value)
        for name in shape.required:
            kind = shape.members[name].type
            found = _unfit(value[name], kind) if name in value else None
            if found is not None:
                before = list(value)[: list(value).index(name) + 1]
                column = len(json.dumps({key: value[key] for key in before})) - 1
                raise SerializationException(
                    message=f"invalid type: {found}, expected {_RUST[kind]} "
                    f"at line 1 column {column}"
                )
        for name in shape.required:
            if name not in value:
                column = len(json.dumps(value))
                text = f"missing field `{name}` at line 1 column {column}"
                raise AwsError("ValidationException", text, 400)
        return parsed

    return checked


def _unfit(value: Any, kind: str) -> str | None:
    """What Rust calls a value that is not of a type, of those that `parse` let pass."""
    if value is None:
        return "null"
    if kind == "integer" and isinstance(value, float):
        return f"floating point `{value}`"
    return None


def parse_blob(value: Any) -> bytes:
    """Return the bytes behind a base64 text. Raises SerializationException."""
    if not isinstance(value, str):
        raise SerializationException(message=_not_bytes(value))
    if len(value) % 4:
        text = "Base64 encoded length is expected a multiple of 4 bytes but found: "
        raise SerializationException(message=f"{text}{len(value)}")
    data = values.decode_blob(value) if "=" not in value[:-2] else b""
    if values.encode_blob(data) != value:
        text = "Invalid last non-pad Base64 character dectected"
        raise SerializationException(message=text)
    return data


def _not_bytes(value: Any) -> str:
    if isinstance(value, dict):
        return _MAP
    if isinstance(value, list):
        return "Unrecognized collection type class java.nio.ByteBuffer"
    return "only base-64-encoded strings are convertible to bytes"


def message(error: AwsError, name: str) -> dict[str, str]:
    """Return an error's message under the name it has; what has none to tell has no message."""
    if not error.message:
        return {}
    return {"Message" if error.code in _CAPITAL else name: error.message}


def namespace(error: AwsError) -> str:
    """Return what stands before the code of an error that is not the model's."""
    return f"com.amazon.coral.{_LAYERS.get(error.code, 'service')}#"
