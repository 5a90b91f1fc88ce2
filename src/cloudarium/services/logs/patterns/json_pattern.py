"""JSON patterns: `{ $.status >= 500 && $.route = "/profiles/*" }`."""

from __future__ import annotations

import re
from typing import Any

import orjson

from cloudarium.services.logs.errors import InvalidFilterPattern
from cloudarium.services.logs.patterns.grammar import MISSING, Matcher, Parser, tokenize

_STEP = re.compile(r"""\.?\[(?:"([^"]*)"|'([^']*)'|(\d+)|(\*))\]|\.([^.\[\]]+)""")


def compile_json(text: str) -> Matcher:
    """Return the matcher of a JSON pattern. Raises InvalidFilterPattern."""
    if not text.endswith("}"):
        raise InvalidFilterPattern()
    parser = Parser(tokenize(text[1:-1]), lambda word: word.startswith("$"))
    condition = parser.parse()
    paths = {name: steps(name) for name in parser.selectors}

    def matches(message: str) -> dict[str, Any] | None:
        document = parse_object(message)
        if document is None:
            return None
        values = {name: value_at(document, path) for name, path in paths.items()}
        if not condition(values.__getitem__):
            return None
        return {name: value for name, value in values.items() if value is not MISSING}

    return matches


def parse_object(message: str) -> dict[str, Any] | None:
    """Return the JSON object a message is, or None if it is none."""
    if not message.lstrip().startswith("{"):
        return None
    try:
        found: dict[str, Any] = orjson.loads(message)
    except orjson.JSONDecodeError:
        return None
    return found


def embedded_object(message: str) -> dict[str, Any] | None:
    """Return the JSON object a message is, or that stands in a line of Lambda's after a tab.

    "CloudWatch Logs Insights automatically discovers log fields in Lambda logs, but only for the
    first embedded JSON fragment", user guide, "Supported logs and discovered fields"; and AWS's
    library for embedded metrics writes them by `console.log`.
    """
    start = message.find("\t{")
    found = parse_object(message)
    return parse_object(message[start + 1 :]) if found is None and start >= 0 else found


def steps(selector: str) -> list[str | int]:
    """Return the keys and indexes of a selector like `$.a.b[0]`. Raises InvalidFilterPattern."""
    found: list[str | int] = []
    place = 1
    while place < len(selector):
        match = _STEP.match(selector, place)
        if match is None:
            raise InvalidFilterPattern()
        double, single, index, _, name = match.groups()
        if index is not None:
            found.append(int(index))
        else:
            found.append(next((each for each in (double, single, name) if each is not None), "*"))
        place = match.end()
    return found


def value_at(document: Any, path: list[str | int]) -> Any:
    """Return the value at `path`, or MISSING."""
    value = document
    for step in path:
        if isinstance(step, int):
            if not isinstance(value, list) or step >= len(value):
                return MISSING
            value = value[step]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return MISSING
    return value
