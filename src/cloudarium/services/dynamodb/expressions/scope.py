"""The names and values a request defines for its expressions, and which of them are used."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from cloudarium.core.errors import AwsError

from .. import limits, values
from ..value_errors import Refused
from ..values import AttributeValue
from . import errors
from .reserved import RESERVED
from .syntax import Path, PathRef, ValueRef

Report = Callable[[str, AwsError], None]
_NAME_KEY = re.compile(r"#[0-9a-zA-Z_]+", re.ASCII)
_VALUE_KEY = re.compile(r":[0-9a-zA-Z_]+", re.ASCII)


class Findings:
    """What is wrong with an expression: the first finding of each kind.

    AWS reports not the first error in the text but that of the gravest kind; `kinds` lists them so.
    """

    def __init__(self, *kinds: str) -> None:
        self._kinds = kinds
        self._found: dict[str, AwsError] = {}

    def add(self, kind: str, error: AwsError) -> None:
        """Notes an error of a kind unless one is noted already."""
        self._found.setdefault(kind, error)

    def raise_worst(self) -> None:
        """Raises the error to report, if there is one."""
        error = self.worst()
        if error is not None:
            raise error

    def worst(self) -> AwsError | None:
        """The error to report, or None."""
        return next((self._found[kind] for kind in self._kinds if kind in self._found), None)


class Scope:
    """`ExpressionAttributeNames` and `ExpressionAttributeValues` of one request."""

    def __init__(
        self,
        names: Mapping[str, str] | None,
        given: Mapping[str, AttributeValue] | None,
        *,
        depth: int = 1,
    ) -> None:
        self.names = names or {}
        self.values = given or {}
        self._used: set[str] = set()
        if names is not None:
            _check_names(names)
        if given is not None:
            _check_values(given, depth)

    def path(self, reference: PathRef, report: Report) -> Path:
        """The path with its placeholders replaced; reports its reserved words and others."""
        resolved: list[str | int] = []
        for element in reference.elements:
            if isinstance(element, str):
                if element[0] == "#":
                    element = self._name(element, report)
                elif element.lower() in RESERVED:
                    report("reserved", errors.ReservedWord(name=element))
            elif element > limits.LIST_INDEX:
                report("reserved", errors.IndexOutOfRange(index=element))
            resolved.append(element)
        if len(resolved) > limits.NESTING_LEVELS:
            report("name", errors.PathTooDeep(levels=len(resolved)))
        return tuple(resolved)

    def _name(self, alias: str, report: Report) -> str:
        self._used.add(alias)
        if alias not in self.names:
            report("name", errors.NameUndefined(name=alias))
        return self.names.get(alias, alias)

    def value(self, reference: ValueRef, report: Report) -> AttributeValue | None:
        """The value of a placeholder; an undefined one is None and reported."""
        self._used.add(reference.name)
        if reference.name not in self.values:
            report("value", errors.ValueUndefined(name=reference.name))
        return self.values.get(reference.name)

    def check_all_used(self) -> None:
        """Raises ValidationException if a name or value was given that no expression used."""
        unused = [name for name in self.names if name not in self._used]
        if unused:
            raise errors.NamesUnused(names=", ".join(unused))
        unused = [name for name in self.values if name not in self._used]
        if unused:
            raise errors.ValuesUnused(names=", ".join(unused))


def scope_of(
    request: Mapping[str, Any],
    expressions: tuple[str, ...],
    *,
    depth: int = 1,
    first: Callable[[], object] | None = None,
) -> Scope:
    """The scope of a request that may carry these expression parameters.

    Raises ValidationException when names or values come without an expression to use them; calls
    `first` before it looks at anything else.
    """
    names = request.get("ExpressionAttributeNames")
    given = request.get("ExpressionAttributeValues")
    if names is not None and all(request.get(name) is None for name in expressions):
        raise errors.NamesWithoutExpression()
    valued = [] if given is None else [n for n in expressions if n != "ProjectionExpression"]
    if given is not None and all(request.get(name) is None for name in valued):
        verb = "are" if len(valued) > 1 else "is"
        raise errors.ValuesWithoutExpression(reason=f"{' and '.join(valued)} {verb} null")
    if first is not None:
        first()
    if names is None and given is None:
        return Scope(None, None)
    return Scope(names, given, depth=depth)


def _check_names(names: Mapping[str, str]) -> None:
    if not names:
        raise errors.NamesEmpty()
    for key, name in names.items():
        if len(key) > limits.EXPRESSION_KEY_BYTES:
            raise errors.NameKeyTooLong(size=len(key))
        if not _NAME_KEY.fullmatch(key):
            raise errors.NameKeySyntax(name=key)
        if not name:
            raise errors.NameEmpty(key=key)


def _check_values(given: Mapping[str, AttributeValue], depth: int) -> None:
    if not given:
        raise errors.ValuesEmpty()
    for name in given:
        if len(name) > limits.EXPRESSION_KEY_BYTES:
            raise errors.ValueKeyTooLong()
        if not _VALUE_KEY.fullmatch(name):
            raise errors.ValueKeySyntax(name=name)
    for name, value in given.items():
        try:
            values.admit(value, depth)
        except Refused as refused:
            raise refused.within(errors.IN_VALUES, name=name) from None
