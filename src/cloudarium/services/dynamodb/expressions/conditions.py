"""Condition and filter expressions: checked as a whole, then compiled to one closure over items."""

from collections.abc import Callable
from dataclasses import dataclass

from cloudarium.core.errors import AwsError

from .. import limits
from ..values import AttributeValue, Item, equal, type_of
from . import errors, operands
from .comparisons import RELATIONS, Relation, at_most, below
from .lexer import spelled
from .operands import Get
from .scope import Findings, Scope
from .syntax import (
    CONDITION_FUNCTIONS,
    UPDATE_FUNCTIONS,
    Comparison,
    Condition,
    Function,
    Logical,
    Operand,
    Path,
    PathRef,
    ValueRef,
)

Test = Callable[[Item], bool]
TYPE_NAMES = frozenset(("S", "N", "B", "NULL", "BOOL", "SS", "NS", "BS", "L", "M"))
_ORDERED = frozenset(("S", "N", "B"))
# Gravest first. The first condition in the text with any of the second kinds decides among them.
_WHOLE = ("function", "misuse", "reserved", "condition")
_LOCAL = ("undefined", "count", "distinct", "type")


@dataclass(slots=True)
class _Operand:
    """An operand: how to read it and what is known of it beforehand."""

    get: Get
    path: Path | None = None
    value: AttributeValue | None = None
    computed: str | None = None

    @property
    def type(self) -> str | None:
        return type_of(self.value) if self.value else self.computed


class ConditionCompiler:
    """Checks and compiles one condition; `paths` are the resolved paths it reads."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.paths: list[Path] = []
        self._whole = Findings(*_WHOLE)
        self._local = Findings(*_LOCAL)

    def compile(self, tree: Condition) -> Test:
        """The closure that tells whether an item (empty if there is none) fulfils the condition.

        Raises ValidationException for the gravest thing wrong with it.
        """
        test = self._condition(tree)
        self._whole.raise_worst()
        return test

    def _report(self, kind: str, error: AwsError) -> None:
        if kind in ("name", "value"):
            kind = "undefined"
        (self._whole if kind in _WHOLE else self._local).add(kind, error)

    def _condition(self, tree: Condition) -> Test:
        if isinstance(tree, Logical):
            return _logical(tree.operator, list(map(self._condition, tree.conditions)))
        if isinstance(tree, Comparison):
            test = self._comparison(tree)
        else:
            if tree.name == "size":
                self._report("misuse", errors.MisusedFunction(name="size"))
            test = self._predicate(tree)
        error = self._local.worst()
        if error is not None:
            self._report("condition", error)
        self._local = Findings(*_LOCAL)
        return test

    def _comparison(self, tree: Comparison) -> Test:
        found = self._operands(tree.operands)
        name = tree.operator
        if name == "IN":
            if len(found) - 1 > limits.IN_OPERANDS:
                self._report("count", errors.TooManyInOperands(count=len(found) - 1))
            return _among(found[0].get, [operand.get for operand in found[1:]])
        if name not in ("=", "<>"):
            for operand in found:
                if operand.type is not None and operand.type not in _ORDERED:
                    error = errors.OperatorOperandType(name=name, type=operand.type)
                    self._report("type", error)
        if name == "BETWEEN":
            self._check_bounds(found[1], found[2])
            return _between(found[0].get, found[1].get, found[2].get)
        self._check_distinct(name, found)
        if name == "<>":
            same = _related(equal, found[0].get, found[1].get)
            return lambda item: not same(item)
        return _related(RELATIONS[name], found[0].get, found[1].get)

    def _operands(self, trees: tuple[Operand, ...]) -> list[_Operand]:
        for tree in trees:
            if isinstance(tree, Function) and tree.name != "size":
                self._report("misuse", errors.MisusedFunction(name=tree.name))
        return list(map(self._operand, trees))

    def _operand(self, tree: Operand) -> _Operand:
        if isinstance(tree, ValueRef):
            value = self._scope.value(tree, self._report)
            return _Operand(lambda _: value, value=value)
        if isinstance(tree, PathRef):
            path = self._scope.path(tree, self._report)
            self.paths.append(path)
            return _Operand(operands.getter(path), path=path)
        assert isinstance(tree, Function)
        read = self._arguments(tree)[0].get
        return _Operand(lambda item: operands.length(read(item)), computed="N")

    def _predicate(self, tree: Function) -> Test:
        arguments = self._arguments(tree)
        first = arguments[0].get
        if tree.name == "attribute_exists":
            return lambda item: first(item) is not None
        if tree.name == "attribute_not_exists":
            return lambda item: first(item) is None
        return _related(RELATIONS.get(tree.name, equal), first, arguments[-1].get)

    def _arguments(self, tree: Function) -> list[_Operand]:
        arguments = self._operands(tree.operands)
        if tree.name in UPDATE_FUNCTIONS:
            self._report("function", errors.UpdateFunction(name=tree.name))
        elif tree.name not in CONDITION_FUNCTIONS:
            self._report("function", errors.UnknownFunction(name=tree.name))
        elif len(arguments) != CONDITION_FUNCTIONS[tree.name]:
            error = errors.OperandCount(name=tree.name, count=len(arguments))
            self._report("count", error)
        else:
            self._check_distinct(tree.name, arguments)
            self._check_types(tree.name, arguments)
        return arguments

    def _check_distinct(self, name: str, found: list[_Operand]) -> None:
        if len(found) == 2 and found[0].path and found[0].path == found[1].path:
            path = spelled(found[0].path)
            self._report("distinct", errors.NotDistinct(name=name, path=path))

    def _check_types(self, name: str, arguments: list[_Operand]) -> None:
        kinds = [argument.type for argument in arguments]
        wrong: str | None = None
        if name in ("attribute_exists", "attribute_not_exists"):
            if arguments[0].path is None:
                self._report("type", errors.NeedsPath(name=name))
        elif name == "begins_with":
            wrong = next((kind for kind in kinds if kind not in (None, "S", "B")), None)
        elif name == "size":
            wrong = kinds[0] if kinds[0] in ("N", "BOOL", "NULL") else None
        elif name == "attribute_type":
            named = arguments[1].value
            if kinds[1] != "S":
                wrong = kinds[1] or "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}"
            elif named and named["S"] not in TYPE_NAMES:
                self._report("type", errors.UnknownTypeName(name=named["S"]))
        if wrong is not None:
            self._report("type", errors.FunctionOperandType(name=name, type=wrong))

    def _check_bounds(self, low: _Operand, high: _Operand) -> None:
        if low.value is None or high.value is None:
            return
        kind = errors.BetweenTypes
        if low.type == high.type:
            if not below(high.value, low.value):
                return
            kind = errors.BetweenOrder
        self._report("type", kind(low=_shown(low.value), high=_shown(high.value)))


def _shown(value: AttributeValue) -> str:
    ((kind, content),) = value.items()
    return f"{kind}:{content}"


def _logical(operator: str, tests: list[Test]) -> Test:
    if operator == "NOT":
        return lambda item: not tests[0](item)
    if operator == "=":
        return lambda item: tests[0](item) == tests[1](item)
    if operator == "AND":
        return lambda item: all(test(item) for test in tests)
    return lambda item: any(test(item) for test in tests)


def _related(relation: Relation, left: Get, right: Get) -> Test:
    def test(item: Item) -> bool:
        a, b = left(item), right(item)
        return a is not None and b is not None and relation(a, b)

    return test


def _between(value: Get, low: Get, high: Get) -> Test:
    lower, upper = _related(at_most, low, value), _related(at_most, value, high)
    return lambda item: lower(item) and upper(item)


def _among(value: Get, choices: list[Get]) -> Test:
    tests = [_related(equal, value, choice) for choice in choices]
    return lambda item: any(test(item) for test in tests)
