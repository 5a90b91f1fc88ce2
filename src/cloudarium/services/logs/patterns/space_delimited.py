"""Space-delimited patterns: `[ip, user, ..., status = 4*, bytes > 1000]`."""

from __future__ import annotations

import re
from typing import Any

from cloudarium.services.logs.errors import InvalidFilterPattern, UnclosedPattern
from cloudarium.services.logs.patterns.grammar import (
    MISSING,
    Condition,
    Matcher,
    Parser,
    tokenize,
)

_SPLIT = re.compile(r"""((?:"(?:\\.|[^"\\])*"|%(?:\\%|[^%])*%|[^,"%])*)(?:,|$)""")
_FIELD = re.compile(r'"((?:\\.|[^"\\])*)"|\[([^\]]*)\]|(\S+)')
_ELLIPSIS = "..."


def compile_fields(text: str) -> Matcher:
    """Return the matcher of a space-delimited pattern. Raises InvalidFilterPattern."""
    if not text.endswith("]"):
        raise UnclosedPattern()
    columns = [each.strip() for each in _split(text[1:-1])]
    if columns.count(_ELLIPSIS) > 1:
        raise InvalidFilterPattern()
    names: list[str] = []
    conditions: list[Condition] = []
    for place, column in enumerate(columns, 1):
        name, condition = _column(column, place)
        names.append(name)
        if condition is not None:
            conditions.append(condition)

    def matches(message: str) -> dict[str, Any] | None:
        values = _aligned(names, _fields(message))
        if values is None or not all(
            each(lambda name: values.get(name, MISSING)) for each in conditions
        ):
            return None
        return {f"${name}": value for name, value in values.items()}

    return matches


def _split(text: str) -> list[str]:
    found: list[str] = []
    place = 0
    while place <= len(text):
        match = _SPLIT.match(text, place)
        if match is None:
            raise InvalidFilterPattern()
        found.append(match[1])
        if match.end() == len(text) and not match[0].endswith(","):
            break
        place = match.end()
    return found


def _column(column: str, place: int) -> tuple[str, Condition | None]:
    """Return a column's name and its condition; a column without a name has its number."""
    if not column or column == _ELLIPSIS:
        return column or str(place), None
    tokens = tokenize(column)
    kind, name = next((token for token in tokens if token[1] != "("), ("", ""))
    if kind != "word":
        raise InvalidFilterPattern()
    condition = Parser(tokens, lambda word: word == name).parse() if len(tokens) > 1 else None
    return name, condition


def _fields(message: str) -> list[str]:
    return [
        next((each for each in found.groups() if each is not None), "")
        for found in _FIELD.finditer(message)
    ]


def _aligned(names: list[str], fields: list[str]) -> dict[str, str] | None:
    """Return the fields by name, an ellipsis taking as many as there are too many."""
    if _ELLIPSIS not in names:
        return dict(zip(names, fields, strict=True)) if len(names) == len(fields) else None
    spare = len(fields) - (len(names) - 1)
    if spare < 0:
        return None
    place = names.index(_ELLIPSIS)
    numbered = [str(place + offset + 1) for offset in range(spare)]
    return dict(zip([*names[:place], *numbered, *names[place + 1 :]], fields, strict=True))
