"""Mapping templates: text with references, compiled once.

A reference is `$name`, `${name}` or `!`-quiet forms of them, with properties, method calls and
string keys: `$input.params('id')`, `$context.identity.sourceIp`, `$util.escapeJavaScript(...)`.
Directives of the template language (`#if`, `#set`, `#foreach`, ...) are not understood: a template
that has one is `Unsupported`, so that it is refused when it is given rather than misread when it
is used. Source of the variables: Developer Guide, "API Gateway mapping template and access
logging variable reference".
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus, unquote_plus

_DIRECTIVE = re.compile(
    r"#(set|if|elseif|else|end|foreach|define|macro|stop|break|parse|include)\b"
)
_COMMENT = re.compile(r"##[^\n]*\n?|#\*.*?\*#", re.DOTALL)
_START = re.compile(r"\$!?(\{)?([A-Za-z_][\w-]*)")
_PROPERTY = re.compile(r"\.([A-Za-z_][\w-]*)")
_STRING = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_INDEX = re.compile(r"\[(\d+)\]")
_PATH_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+)\]|\['([^']*)'\]|\[\"([^\"]*)\"\]")

Scope = Mapping[str, Any]
Evaluate = Callable[[Scope], Any]


class Unsupported(ValueError):
    """The template has something this compiler does not know; the message names it."""


class RenderError(ValueError):
    """A template could not be filled in: a function was given what it cannot take."""


class Template:
    """A compiled template."""

    def __init__(self, text: str) -> None:
        text = _COMMENT.sub("", text)
        if directive := _DIRECTIVE.search(text):
            raise Unsupported(directive.group())
        self._pieces = _compile(text)

    def render(self, scope: Scope) -> str:
        """Return the text with its references filled in from `scope` (root name -> value).

        Raises RenderError.
        """
        return "".join(
            piece if isinstance(piece, str) else as_text(piece(scope)) for piece in self._pieces
        )


def as_text(value: Any) -> str:
    """Return a value as a template prints it: nothing for null, JSON for objects and lists."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _compile(text: str) -> list[str | Evaluate]:
    pieces: list[str | Evaluate] = []
    at = 0
    while match := _START.search(text, at):
        pieces.append(text[at : match.start()])
        evaluate, end = _reference(text, match)
        raw = text[match.start() : end]
        pieces.append(_or_as_written(evaluate, match.group(2), raw))
        at = end
    pieces.append(text[at:])
    return pieces


def _or_as_written(evaluate: Evaluate, root: str, raw: str) -> Evaluate:
    """An unknown root prints as it is written, as Velocity has it."""
    return lambda scope: evaluate(scope) if root in scope else raw


def _reference(text: str, match: re.Match[str]) -> tuple[Evaluate, int]:
    root, at = match.group(2), match.end()
    evaluate: Evaluate = lambda scope: scope.get(root)  # noqa: E731
    while True:
        if step := _PROPERTY.match(text, at):
            name, at = step.group(1), step.end()
            if text[at : at + 1] == "(":
                arguments, at = _arguments(text, at + 1)
                evaluate = _call(evaluate, name, arguments)
            else:
                evaluate = _property(evaluate, name)
        elif text[at : at + 1] == "[" and (key := _STRING.match(text, at + 1)):
            at = key.end() + 1
            evaluate = _property(evaluate, key.group(1) or key.group(2) or "")
        elif index := _INDEX.match(text, at):
            at = index.end()
            evaluate = _element(evaluate, int(index.group(1)))
        else:
            break
    if match.group(1):
        if text[at : at + 1] != "}":
            raise Unsupported(text[match.start() : at])
        at += 1
    return evaluate, at


def _arguments(text: str, at: int) -> tuple[list[Evaluate], int]:
    found: list[Evaluate] = []
    while True:
        while text[at : at + 1] in (" ", ","):
            at += 1
        if text[at : at + 1] == ")":
            return found, at + 1
        if literal := _STRING.match(text, at):
            value = literal.group(1) if literal.group(1) is not None else literal.group(2)
            found.append(lambda scope, value=value: value)  # type: ignore[misc]
            at = literal.end()
        elif start := _START.match(text, at):
            evaluate, at = _reference(text, start)
            found.append(evaluate)
        else:
            raise Unsupported(text[at : at + 20])


def _property(target: Evaluate, name: str) -> Evaluate:
    def evaluate(scope: Scope) -> Any:
        value = target(scope)
        return (
            value.get(name) if isinstance(value, Mapping) else getattr(value, f"vtl_{name}", None)
        )

    return evaluate


def _element(target: Evaluate, index: int) -> Evaluate:
    def evaluate(scope: Scope) -> Any:
        value = target(scope)
        return value[index] if isinstance(value, list) and index < len(value) else None

    return evaluate


def _call(target: Evaluate, name: str, arguments: list[Evaluate]) -> Evaluate:
    def evaluate(scope: Scope) -> Any:
        function = getattr(target(scope), f"call_{name}", None)
        values = [argument(scope) for argument in arguments]
        try:
            return None if function is None else function(*values)
        except (TypeError, ValueError) as error:
            raise RenderError(f"{name}: {error}") from error

    return evaluate


def json_path(document: Any, path: str) -> Any:
    """Return what a JSONPath of plain steps (`$.a[0]['b']`) finds in `document`, or None."""
    for step in _PATH_STEP.finditer(path.removeprefix("$")):
        name = step.group(1) or step.group(3) or step.group(4)
        if step.group(2) is not None:
            index = int(step.group(2))
            if not isinstance(document, list) or index >= len(document):
                return None
            document = document[index]
        elif isinstance(document, Mapping):
            document = document.get(name)
        else:
            return None
    return document


class Input:
    """`$input`: a payload and the request's parameters (`path`, `querystring`, `header`)."""

    def __init__(self, body: str, parameters: Mapping[str, Mapping[str, str]]) -> None:
        self.vtl_body = body
        self._parameters = parameters

    def _document(self) -> Any:
        try:
            return json.loads(self.vtl_body) if self.vtl_body else {}
        except ValueError:
            return self.vtl_body

    def call_json(self, path: str) -> str:
        """Return the JSON text at `path`."""
        return json.dumps(
            json_path(self._document(), path), separators=(",", ":"), ensure_ascii=False
        )

    def call_path(self, path: str) -> Any:
        """Return the value at `path`."""
        return json_path(self._document(), path)

    def call_params(self, name: str | None = None) -> Any:
        """Return the parameter `name`, looked for in path, query string and header."""
        if name is None:
            return self._parameters
        for place in ("path", "querystring", "header"):
            if name in self._parameters[place]:
                return self._parameters[place][name]
        return ""


class Util:
    """`$util`: the documented functions."""

    def call_escapeJavaScript(self, text: Any) -> str:  # noqa: N802
        """Return the text with what JavaScript strings need escaped."""
        return json.dumps(as_text(text))[1:-1].replace("'", "\\'").replace("/", "\\/")

    def call_urlEncode(self, text: Any) -> str:  # noqa: N802
        """Return the text in `application/x-www-form-urlencoded` form."""
        return quote_plus(as_text(text))

    def call_urlDecode(self, text: Any) -> str:  # noqa: N802
        """Return what an `application/x-www-form-urlencoded` text stands for."""
        return unquote_plus(as_text(text))

    def call_base64Encode(self, text: Any) -> str:  # noqa: N802
        """Return the text in base64."""
        return base64.b64encode(as_text(text).encode()).decode()

    def call_base64Decode(self, text: Any) -> str:  # noqa: N802
        """Return what a base64 text stands for."""
        return base64.b64decode(as_text(text)).decode()

    def call_parseJson(self, text: Any) -> Any:  # noqa: N802
        """Return the value a JSON text stands for."""
        return json.loads(as_text(text))
