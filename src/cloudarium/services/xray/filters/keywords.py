"""The keywords of filter expressions: what they stand for, and how they are compared."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cloudarium.services.xray import health, summaries, traces
from cloudarium.services.xray.filters.lexer import SyntaxProblem, Token
from cloudarium.services.xray.filters.scopes import Scope

Values = Callable[[Scope], Iterable[Any]]

_ANNOTATION = "annotation."
_BOOLEANS = {"true": True, "false": False}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TEXT: dict[str, Callable[[str, str], bool]] = {
    "=": operator.eq,
    "contains": operator.contains,
    "beginswith": str.startswith,
    "endswith": str.endswith,
}


@dataclass(frozen=True)
class Keyword:
    """A keyword: its type (None for an annotation: any), and its values in a scope."""

    name: str
    type: type | None
    values: Values

    def is_set(self, scope: Scope) -> bool:
        """Tell whether the keyword is true, or has a value if it is no boolean one."""
        return any(value if isinstance(value, bool) else True for value in self.values(scope))

    def compared(self, sign: str, token: Token) -> Callable[[Scope], bool]:
        """Return the predicate of a comparison. Raises SyntaxProblem."""
        wanted = self._wanted(token)
        if sign == "!=":
            test = self._test("=", wanted)
            return lambda scope: _differs(list(self.values(scope)), test)
        test = self._test(sign, wanted)
        return lambda scope: any(test(value) for value in self.values(scope))

    def _wanted(self, token: Token) -> Any:
        wanted: Any = token.text
        if token.kind == "number":
            wanted = float(token.text)
        elif token.lower in _BOOLEANS and self.type is not str:
            wanted = _BOOLEANS[token.lower]
        if self.type is not None and type(wanted) is not self.type:
            raise SyntaxProblem(f"{self.name} cannot be compared with {token.text}")
        return wanted

    def _test(self, sign: str, wanted: Any) -> Callable[[Any], bool]:
        if isinstance(wanted, str):
            compare: Callable[[Any, Any], bool] | None = _TEXT.get(sign)
        else:
            compare = _ORDER.get(sign) if not isinstance(wanted, bool) or sign == "=" else None
        if compare is None:
            raise SyntaxProblem(f"{self.name} cannot be compared by {sign}")
        return lambda value: _kind(value) is type(wanted) and compare(value, wanted)


def _differs(values: list[Any], test: Callable[[Any], bool]) -> bool:
    return bool(values) and not any(test(value) for value in values)


def _kind(value: Any) -> type:
    return float if type(value) is int else type(value)


def find(name: str, place: str) -> Keyword | None:
    """Return the keyword `name` (lower case), None if there is none.

    `place` is where it stands: trace, service or edge. Raises SyntaxProblem.
    """
    if name.lower().startswith(_ANNOTATION):
        if place != "trace":
            raise SyntaxProblem("annotations cannot be asked for within service or edge")
        key = name[len(_ANNOTATION) :]
        return Keyword(name, None, lambda scope: _annotations(scope, key))
    found = _KEYWORDS.get(name)
    return Keyword(name, *found) if found else None


def _annotations(scope: Scope, key: str) -> list[Any]:
    return [value for name, value, _ in summaries.annotated(scope.trace) if name == key]


def _http(field: str) -> Values:
    def values(scope: Scope) -> list[Any]:
        found = summaries.http(scope.document)
        return [found[field]] if field in found else []

    return values


def _partial(scope: Scope) -> list[bool]:
    if scope.is_whole:
        return [scope.trace.is_partial]
    return [bool(scope.document.get("in_progress"))]


def _inferred(scope: Scope) -> list[bool]:
    if scope.is_whole:
        return [any(each.is_inferred for each in scope.trace.segments)]
    return [scope.segment.is_inferred]


def _duration(scope: Scope) -> list[float]:
    return [scope.trace.duration if scope.is_whole else traces.seconds(scope.document)]


def _users(scope: Scope) -> list[str]:
    segments = scope.trace.segments if scope.is_whole else [scope.segment]
    users = [each.document.get("user") for each in segments]
    return [user for user in users if isinstance(user, str)]


_KEYWORDS: dict[str, tuple[type, Values]] = {
    "ok": (bool, lambda scope: [health.of(scope.document).is_ok]),
    "error": (bool, lambda scope: [health.of(scope.document).error]),
    "throttle": (bool, lambda scope: [health.of(scope.document).throttle]),
    "fault": (bool, lambda scope: [health.of(scope.document).fault]),
    "partial": (bool, _partial),
    "inferred": (bool, _inferred),
    "root": (bool, lambda scope: [scope.segment is scope.trace.root]),
    "responsetime": (float, lambda scope: [traces.seconds(scope.document)]),
    "duration": (float, _duration),
    "http.status": (float, _http("HttpStatus")),
    "http.url": (str, _http("HttpURL")),
    "http.method": (str, _http("HttpMethod")),
    "http.useragent": (str, _http("UserAgent")),
    "http.clientip": (str, _http("ClientIp")),
    "user": (str, _users),
    "name": (str, lambda scope: [scope.segment.service.name]),
    "type": (str, lambda scope: [scope.segment.service.type]),
    "availabilityzone": (
        str,
        lambda scope: summaries.of_instance(scope.trace, "availability_zone"),
    ),
    "instance.id": (str, lambda scope: summaries.of_instance(scope.trace, "instance_id")),
    "resource.arn": (str, lambda scope: summaries.resource_arns(scope.trace)),
}
