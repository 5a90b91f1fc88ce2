"""A statement's terms as attribute values and as conditions, once its parameters are known."""

from collections.abc import Mapping
from typing import Any

from cloudarium.core.errors import AwsError

from .. import numbers, values
from ..errors import within
from ..expressions import syntax
from ..expressions.errors import OperandCount
from ..expressions.scope import Scope
from ..values import AttributeValue
from . import errors
from .syntax import Call, Infix, Is, ListOf, Literal, Parameter, Path, Term, Tuple

_ORDERING = ("<", "<=", ">", ">=", "BETWEEN")
_UNORDERED = frozenset(("BOOL", "NULL", "L", "M", "SS", "NS", "BS"))
_PREDICATES = (
    "attribute_exists",
    "attribute_not_exists",
    "attribute_type",
    "begins_with",
    "contains",
)
_IN_LITERAL = "{message} under {path}"


def admit(request: Mapping[str, Any]) -> None:
    """Raises ValidationException if a parameter is no value, whatever the statement is."""
    for value in request.get("Parameters") or ():
        values.admit(value)


def matched(request: Mapping[str, Any], wanted: int) -> list[AttributeValue]:
    """A statement's parameters. ValidationException if they are not as many as it wants."""
    found: list[AttributeValue] = request.get("Parameters") or []
    if len(found) != wanted:
        raise errors.ParameterCount()
    return found


class Binding:
    """Makes a statement's terms into what expressions compile to.

    Names and values go by placeholders, so that no name is taken for a reserved word.
    """

    def __init__(self, parameters: list[AttributeValue]) -> None:
        self._parameters = parameters
        self._names: dict[str, str] = {}
        self._values: dict[str, AttributeValue] = {}

    @property
    def scope(self) -> Scope:
        """The placeholders made so far."""
        found = Scope(None, None)
        found.names, found.values = self._names, self._values
        return found

    def value(self, term: Term) -> AttributeValue:
        """The attribute value a term is. ValidationException if it is none."""
        found = self._value(term, "root")
        values.admit(found)
        return found

    def _value(self, term: Term, path: str) -> AttributeValue:
        if isinstance(term, Parameter):
            return self._parameters[term.number]
        if isinstance(term, Literal):
            return {term.kind: _number(term, path) if term.kind == "N" else term.content}
        if isinstance(term, Tuple):
            return {"M": self.members(term, path)}
        if isinstance(term, ListOf):
            if term.bag:
                return _bag([self._value(each, path) for each in term.elements])
            return {
                "L": [self._value(each, f"{path}[{at}]") for at, each in enumerate(term.elements)]
            }
        if isinstance(term, Call):
            raise errors.NotAValue(name=term.name, at=term.at)
        if isinstance(term, Path):
            raise errors.NotAValue(name="id", at=term.at)
        raise errors.NotWellFormed(detail=errors.UnexpectedTerm)

    def members(self, term: Tuple, path: str | None = None) -> dict[str, AttributeValue]:
        """The values of a tuple by name; `path` is where it stands in a larger value."""
        found: dict[str, AttributeValue] = {}
        for name, each in term.pairs:
            if name in found:
                raise errors.DuplicateName(name=name)
            found[name] = self._value(each, f"{path}.{name}" if path else "root")
        return found

    def operand(self, term: Term) -> syntax.Operand:
        """A path, value or `size()` as an operand of a condition."""
        if isinstance(term, Path):
            return self.path(term)
        if isinstance(term, Call) and term.name == "size":
            return self._function(term)
        if isinstance(term, Call):
            raise errors.UnknownFunction(name=term.name, at=term.at)
        if isinstance(term, Infix | Is):
            raise errors.UnsupportedOperation(name=type(term).__name__)
        return self._value_ref(self.value(term))

    def _value_ref(self, value: AttributeValue) -> syntax.ValueRef:
        name = f":{len(self._values)}"
        self._values[name] = value
        return syntax.ValueRef(name)

    def path(self, term: Path) -> syntax.PathRef:
        """A path by placeholders."""
        elements: list[str | int] = []
        for element in term.elements:
            if isinstance(element, str):
                name = f"#{len(self._names)}"
                self._names[name] = element
                element = name
            elements.append(element)
        return syntax.PathRef(tuple(elements))

    def condition(self, term: Term) -> syntax.Condition:
        """A condition. ValidationException if the term is none."""
        if isinstance(term, Is):
            return self._is(term)
        if isinstance(term, Call):
            if term.name not in _PREDICATES:
                raise errors.UnknownFunction(name=term.name, at=term.at)
            return self._function(term)
        if not isinstance(term, Infix) or term.operator in "+-":
            raise errors.NotWellFormed(detail=errors.UnexpectedTerm)
        if term.operator in ("AND", "OR", "NOT"):
            return syntax.Logical(term.operator, tuple(map(self.condition, term.operands)))
        truth = _compared_with_truth(term)
        if truth is not None:
            predicate, holds = truth
            found = self.condition(predicate)
            return found if holds else syntax.Logical("NOT", (found,))
        found_operands = tuple(map(self.operand, term.operands))
        if term.operator in _ORDERING:
            self._check_ordered(term.operator, found_operands)
        return syntax.Comparison(term.operator, found_operands)

    def _function(self, term: Call) -> syntax.Function:
        if not term.operands:
            raise OperandCount(name=term.name, count=0)
        return syntax.Function(term.name, tuple(map(self.operand, term.operands)))

    def _check_ordered(self, operator: str, operands: tuple[syntax.Operand, ...]) -> None:
        for operand in operands:
            if isinstance(operand, syntax.ValueRef):
                kind = values.type_of(self._values[operand.name])
                if kind in _UNORDERED:
                    raise errors.OperandType(name=operator, type=kind)

    def _is(self, term: Is) -> syntax.Condition:
        operand = self.operand(term.operand)
        found: syntax.Condition
        if term.kind == "MISSING":
            found = syntax.Function("attribute_not_exists", (operand,))
        else:
            kinds = ("SS", "NS", "BS") if term.kind == "BAG" else (term.kind,)
            tests = [
                syntax.Function("attribute_type", (operand, self._value_ref({"S": kind})))
                for kind in kinds
            ]
            found = tests[0] if len(tests) == 1 else syntax.Logical("OR", tuple(tests))
        return syntax.Logical("NOT", (found,)) if term.negated else found


def _compared_with_truth(term: Infix) -> tuple[Term, bool] | None:
    """The condition and the truth it is compared with, as in `attribute_exists(a) = true`."""
    if term.operator not in ("=", "<>") or len(term.operands) != 2:
        return None
    for one, other in (term.operands, term.operands[::-1]):
        is_condition = isinstance(one, Is) or (isinstance(one, Call) and one.name in _PREDICATES)
        if is_condition and isinstance(other, Literal) and other.kind == "BOOL":
            return one, bool(other.content) == (term.operator == "=")
    return None


def _number(term: Literal, path: str) -> str:
    try:
        return numbers.canonical(str(term.content))
    except AwsError as error:
        raise within(_IN_LITERAL, error, path=path) from None


def _bag(members: list[AttributeValue]) -> AttributeValue:
    if not members:
        raise errors.EmptyBag()
    kinds = {values.type_of(member) for member in members}
    kind = kinds.pop()
    if kinds or kind not in ("S", "N", "B"):
        raise errors.MixedBag()
    content: list[Any] = [member[kind] for member in members]
    return {f"{kind}S": content}
