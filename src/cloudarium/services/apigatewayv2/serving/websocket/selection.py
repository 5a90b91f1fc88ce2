"""Selection expressions: the route, the model or the template that a message means.

Source: Developer Guide, "WebSocket selection expressions in API Gateway".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cloudarium.core.documents import json_value
from cloudarium.gateway import json_path
from cloudarium.gateway.templates import RenderError, as_text

_VARIABLE = re.compile(r"\$\{([^}]+)\}|\$(request\.[\w.\-]+|context\.[\w.\-]+|stageVariables\.\w+)")


def value(expression: str, body: str, scope: Mapping[str, Any]) -> str:
    """Return an expression's value over a message; what is not there is an empty text.

    `scope` has `context` and `stageVariables`.
    """
    if expression.startswith("\\$"):
        return expression[1:]
    return _VARIABLE.sub(lambda found: _one(found[1] or found[2], body, scope), expression)


def is_valid(expression: str) -> bool:
    """Tell whether the JSON paths of an expression can be read."""
    for found in _VARIABLE.finditer(expression):
        name = found[1] or found[2]
        if name.startswith("request.body"):
            try:
                json_path.compiled(f"${name.removeprefix('request.body')}")
            except RenderError:
                return False
    return True


def _one(name: str, body: str, scope: Mapping[str, Any]) -> str:
    root, _, rest = name.partition(".")
    if root == "request":
        return _of_body(body, rest.removeprefix("body"))
    found: Any = scope.get(root)
    for step in rest.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return "" if found is None else as_text(found)


def _of_body(body: str, path: str) -> str:
    try:
        document = json_value(body)
    except ValueError:
        return ""
    try:
        is_there, found = json_path.compiled(f"${path}").find(document)
    except RenderError:
        return ""
    return as_text(found) if is_there and found is not None else ""
