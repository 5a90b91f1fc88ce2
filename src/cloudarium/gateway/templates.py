"""What mapping templates see: `$input` and `$util`.

Source: Developer Guide, "API Gateway mapping template and access logging variable reference".
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from cloudarium.gateway import json_path, lenient_json
from cloudarium.gateway.vtl.template import Template
from cloudarium.gateway.vtl.values import (
    JsonArray,
    RenderError,
    Unsupported,
    as_json,
    as_text,
    written,
)

__all__ = [
    "Input",
    "RenderError",
    "Template",
    "Unsupported",
    "Util",
    "as_text",
    "document",
    "written",
]


_ESCAPES = {"\b": "\\b", "\n": "\\n", "\t": "\\t", "\f": "\\f", "\r": "\\r"} | {
    one: f"\\{one}" for one in "'\"\\/"
}
_UNSAFE = re.compile(r"[^ -\x7f]|['\"\\/]")
_BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL)


def document(text: str) -> Any:
    """Return a JSON text's value, its lists such as print as JSON. Raises ValueError."""
    return _listed(lenient_json.read(text))


def _listed(value: Any) -> Any:
    if isinstance(value, list):
        return JsonArray(_listed(one) for one in value)
    if isinstance(value, dict):
        return {name: _listed(one) for name, one in value.items()}
    return value


class Input:
    """`$input`: a payload and the request's parameters (`path`, `querystring`, `header`)."""

    def __init__(self, body: str, parameters: Mapping[str, Mapping[str, str]]) -> None:
        self.vtl_body = body
        self._parameters = parameters

    @cached_property
    def _document(self) -> Any:
        try:
            return document(self.vtl_body) if self.vtl_body.strip() else {}
        except (ValueError, RecursionError):
            return self.vtl_body

    def call_json(self, path: str = "$") -> str:
        """Return the JSON text at `path`; of what is not there, an empty string's."""
        is_there, found = json_path.compiled(path).find(self._document)
        return as_json(found) if is_there else '""'

    def call_path(self, path: str = "$") -> Any:
        """Return the value at `path`."""
        return json_path.find(self._document, path)

    def call_params(self, name: str | None = None) -> Any:
        """Return the parameter `name`, looked for in path, query string and header; or all."""
        if name is None:
            return {place: dict(values) for place, values in self._parameters.items()}
        for place in ("path", "querystring", "header"):
            values = self._parameters[place]
            if name in values:
                return values[name]
        lower = name.lower()
        return next(
            (one for key, one in self._parameters["header"].items() if key.lower() == lower), ""
        )


def _escaped(found: re.Match[str]) -> str:
    """Return a character as Apache's `StringEscapeUtils.escapeJavaScript` writes it."""
    character = found[0]
    if character in _ESCAPES:
        return _ESCAPES[character]
    units = character.encode("utf-16-be", "surrogatepass").hex().upper()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


class Util:
    """`$util`: the documented functions, which are those of Java and of Apache's Commons Lang."""

    def call_escapeJavaScript(self, text: Any) -> str:  # noqa: N802
        """Return the text with what JavaScript strings need escaped."""
        return _UNSAFE.sub(_escaped, as_text(text))

    def call_urlEncode(self, text: Any) -> str:  # noqa: N802
        """Return the text in `application/x-www-form-urlencoded` form."""
        return quote_plus(written(as_text(text)), safe="*").replace("~", "%7E")

    def call_urlDecode(self, text: Any) -> str:  # noqa: N802
        """Return what an `application/x-www-form-urlencoded` text stands for."""
        if found := _BROKEN.search(as_text(text)):
            raise RenderError(f"urlDecode: illegal characters in escape: {found[0]}")
        return unquote_plus(as_text(text))

    def call_base64Encode(self, text: Any) -> str:  # noqa: N802
        """Return the text in base64."""
        return base64.b64encode(written(as_text(text)).encode()).decode()

    def call_base64Decode(self, text: Any) -> str:  # noqa: N802
        """Return what a base64 text stands for."""
        try:
            return base64.b64decode(as_text(text)).decode("utf-8", "replace")
        except binascii.Error as error:
            raise RenderError(f"base64Decode: {error}") from error

    def call_parseJson(self, text: Any) -> Any:  # noqa: N802
        """Return the value a JSON text stands for."""
        try:
            return document(as_text(text))
        except (ValueError, RecursionError) as error:
            raise RenderError(f"parseJson: {error}") from error
