"""Items as text of Amazon Ion, as exports have them.

Sources: Developer Guide, "DynamoDB table export output format", Amazon Ion; the specification of
Ion for the text. A set is a list annotated with its type.
"""

import re
from base64 import b64encode
from decimal import Decimal
from typing import Any

from .values import AttributeValue, Item

_NAME = re.compile(r"(?!(?:true|false|null|nan)$|\$\d+$)[A-Za-z_$][A-Za-z0-9_$]*")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_LEADING_ZEROS = 6  # with more of them than this a number is written with an exponent

Record = dict[str, Any]


def line(record: Record) -> bytes:
    """A line of a data file: members that are items, or the images of a changed item."""
    if "Item" in record:
        return f"$ion_1_0 {{Item:{_struct(record['Item'])}}}\n".encode()
    members = ",".join(f"{name}:{_struct(image)}" for name, image in record.items())
    return f"$ion_1_0 {{Record:{{{members}}}}}\n".encode()


def _struct(item: Item) -> str:
    return "{" + ",".join(f"{_symbol(name)}:{_text(item[name])}" for name in item) + "}"


def _text(value: AttributeValue) -> str:
    ((kind, content),) = value.items()
    if kind in ("SS", "NS", "BS"):
        members = ",".join(_SCALARS[kind[0]](member) for member in content)
        return f"$dynamodb_{kind}::[{members}]"
    if kind == "M":
        return _struct(content)
    if kind == "L":
        return "[" + ",".join(map(_text, content)) + "]"
    return str(_SCALARS[kind](content))


def _string(content: str, quote: str = '"') -> str:
    escaped = _CONTROL.sub(lambda found: _escape(found[0]), content)
    return quote + escaped.replace(quote, "\\" + quote) + quote


def _escape(character: str) -> str:
    return _ESCAPES.get(character) or f"\\x{ord(character):02x}"


def _symbol(name: str) -> str:
    return name if _NAME.fullmatch(name) else _string(name, "'")


def _decimal(content: str) -> str:
    """A number as Ion's own writers have it: `103.`, `6d2`, `1.5`."""
    sign, digits, exponent = Decimal(content).normalize().as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits))
    whole = len(text) + exponent
    if exponent > 0:
        text += f"d{exponent}"
    elif whole > 0:
        text = f"{text[:whole]}.{text[whole:]}"
    elif -whole < _LEADING_ZEROS:
        text = f"0.{'0' * -whole}{text}"
    else:
        text += f"d{exponent}"
    return "-" * sign + text


def _blob(content: bytes) -> str:
    return "{{" + b64encode(content).decode() + "}}"


def _bool(content: bool) -> str:
    return "true" if content else "false"


def _null(_: bool) -> str:
    return "null"


_SCALARS: dict[str, Any] = {
    "S": _string,
    "N": _decimal,
    "B": _blob,
    "BOOL": _bool,
    "NULL": _null,
}
