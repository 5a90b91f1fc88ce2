"""Readers of the closed grammars of the expression language.

Source of the grammars: Developer Guide, "Condition and filter expressions, operators, and
functions", "Update expressions" and "Projection expressions".
"""

from dataclasses import dataclass, field

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
    found = reader.whole()
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


@dataclass(slots=True)
class _Group:
    """The inside of parentheses as far as it is read: alternatives of conditions to be met."""

    opened: int = -1
    negations: int = 0  # that stand before what is read next
    alternatives: list[list[Condition | Operand]] = field(default_factory=lambda: [[]])


class _ConditionReader(Reader):
    keywords = frozenset(("AND", "OR", "NOT", "BETWEEN", "IN"))

    def whole(self) -> Condition | Operand:
        """Reads conditions joined by OR, which binds weakest, and by AND.

        The groups that are open are a list, not Python's stack: AWS takes as many as fit.
        """
        groups = [_Group()]
        while True:
            while self.take("NOT"):
                groups[-1].negations += 1
            if self.sees("("):
                groups.append(_Group(self.open_group()))
                continue
            found = self._predicate(self.operand())
            while not self._goes_on(groups[-1], found):
                group = groups.pop()
                found = self._joined("OR", [self._joined("AND", a) for a in group.alternatives])
                if not groups:
                    return found
                self.close_group(group.opened)
                found = self._predicate(found)

    def _goes_on(self, group: _Group, found: Condition | Operand) -> bool:
        """Adds to a group what is found; whether AND or OR and so something more follows.

        All but one or two of the NOTs before it cancel out.
        """
        for _ in range(2 - group.negations % 2 if group.negations else 0):
            found = Logical("NOT", (self._stated(found),))
        group.negations = 0
        group.alternatives[-1].append(found)
        if self.take("AND"):
            return True
        if not self.take("OR"):
            return False
        group.alternatives[-1] = [self._joined("AND", group.alternatives[-1])]
        group.alternatives.append([])
        return True

    def _joined(self, operator: str, found: list[Condition | Operand]) -> Condition | Operand:
        if len(found) == 1:
            return found[0]
        return Logical(operator, tuple(map(self._stated, found)))

    def _stated(self, found: Condition | Operand) -> Condition:
        if not isinstance(found, Condition):
            raise self.fail()
        return found

    def _predicate(self, left: Condition | Operand) -> Condition | Operand:
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
        opened = []
        while self.sees("("):
            opened.append(self.open_group())
        found = self._sum(self.operand())
        for group in reversed(opened):
            self.close_group(group)
            found = self._sum(found)
        return found

    def _sum(self, left: Operand) -> Operand:
        for operator in ("+", "-"):
            if not isinstance(left, Arithmetic) and self.take(operator):
                return Arithmetic(operator, (left, self.operand()))
        return left
