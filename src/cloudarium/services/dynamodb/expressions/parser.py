"""Recursive descent over the closed grammars of the expression language.

Source of the grammars: Developer Guide, "Condition and filter expressions, operators, and
functions", "Update expressions" and "Projection expressions".
"""

from collections.abc import Callable

from .. import limits
from . import errors
from .lexer import Reader
from .syntax import (
    Action,
    Arithmetic,
    Comparison,
    Condition,
    Logical,
    Operand,
    PathRef,
    Update,
)

_COMPARATORS = ("=", "<>", "<", "<=", ">", ">=")


def condition(text: str) -> Condition:
    """The condition a condition or filter expression states."""
    reader = _ConditionReader(text)
    found = reader.alternatives()
    reader.finish()
    if reader.redundant_parentheses:
        raise errors.RedundantParentheses()
    assert isinstance(found, Condition)
    return found


def key_condition(text: str) -> Condition:
    """The condition a key condition expression states."""
    _check_length(text)
    return condition(text)


def update(text: str) -> Update:
    """The sections and actions of an update expression."""
    _check_length(text)
    reader = _UpdateReader(text)
    sections: list[str] = []
    actions: list[Action] = []
    while reader.token.kind != "end":
        section = reader.section()
        sections.append(section)
        actions.append(reader.action(section))
        while reader.take(","):
            actions.append(reader.action(section))
    return Update(tuple(sections), tuple(actions))


def projection(text: str) -> tuple[PathRef, ...]:
    """The paths of a projection expression."""
    _check_length(text)
    reader = Reader(text)
    paths = [reader.path()]
    while reader.take(","):
        paths.append(reader.path())
    reader.finish()
    return tuple(paths)


def _check_length(text: str) -> None:
    """Of all but conditions and filters, it is not told how long they are."""
    if len(text.encode()) > limits.EXPRESSION_BYTES:
        raise errors.OtherTooLong()


class _ConditionReader(Reader):
    keywords = frozenset(("AND", "OR", "NOT", "BETWEEN", "IN"))

    def alternatives(self) -> Condition | Operand:
        """Reads conditions joined by OR, which binds weakest."""
        return self._joined("OR", self._conjunction)

    def _conjunction(self) -> Condition | Operand:
        return self._joined("AND", self._negation)

    def _joined(
        self, operator: str, read: Callable[[], Condition | Operand]
    ) -> Condition | Operand:
        found = [read()]
        while self.take(operator):
            found.append(read())
        if len(found) == 1:
            return found[0]
        return Logical(operator, tuple(map(self._stated, found)))

    def _negation(self) -> Condition | Operand:
        """Reads a predicate and the NOTs before it, of which all but one or two cancel out."""
        count = 0
        while self.take("NOT"):
            count += 1
        found = self._predicate()
        for _ in range(2 - count % 2 if count else 0):
            found = Logical("NOT", (self._stated(found),))
        return found

    def _stated(self, found: Condition | Operand) -> Condition:
        if not isinstance(found, Condition):
            raise self.fail()
        return found

    def _predicate(self) -> Condition | Operand:
        if self.sees("("):
            opened = self.open_group()
            left = self.alternatives()
            self.close_group(opened)
        else:
            left = self.operand()
        if isinstance(left, Operand) and (compared := self._comparison(left)):
            return compared
        if isinstance(left, Condition) or (self.grouped and self.sees(")")):
            return left
        raise self.fail()

    def _comparison(self, left: Operand) -> Comparison | None:
        for operator in _COMPARATORS:
            if self.take(operator):
                return Comparison(operator, (left, self.operand()))
        if self.take("BETWEEN"):
            low = self.operand()
            self.expect("AND")
            return Comparison("BETWEEN", (left, low, self.operand()))
        if self.take("IN"):
            return Comparison("IN", (left, *self.operands()))
        return None


class _UpdateReader(Reader):
    keywords = frozenset(("SET", "REMOVE", "ADD", "DELETE"))

    def section(self) -> str:
        """Reads the keyword that opens a section."""
        section = self.token.text.upper()
        if section not in self.keywords:
            raise self.fail()
        self.at += 1
        return section

    def action(self, section: str) -> Action:
        """Reads one action of a section."""
        path = self.path()
        if section == "REMOVE":
            return Action(section, path)
        if section == "SET":
            self.expect("=")
            return Action(section, path, self._assigned())
        if self.token.kind != "value":
            raise self.fail()
        return Action(section, path, self.operand())

    def _assigned(self) -> Operand:
        if self.sees("("):
            opened = self.open_group()
            inner = self._assigned()
            self.close_group(opened)
            return self._sum(inner)
        return self._sum(self.operand())

    def _sum(self, left: Operand) -> Operand:
        for operator in ("+", "-"):
            if not isinstance(left, Arithmetic) and self.take(operator):
                return Arithmetic(operator, (left, self.operand()))
        return left
