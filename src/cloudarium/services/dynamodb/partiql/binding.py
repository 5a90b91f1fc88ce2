"""A statement's terms as attribute values and as conditions, once its parameters are known."""

from collections.abc import Mapping, Sequence
from typing import Any

from cloudarium.core.errors import AwsError

from .. import limits, numbers, values
from ..errors import within
from ..expressions import syntax
from ..expressions.conditions import TYPE_NAMES
from ..expressions.errors import OperandCount
from ..expressions.scope import Scope
from ..values import AttributeValue
from . import errors
from .syntax import (
    PREDICATES,
    Call,
    Infix,
    Is,
    ListOf,
    Literal,
    Parameter,
    Path,
    Term,
    Tuple,
    is_condition,
)

_ORDERING = ("<", "<=", ">", ">=", "BETWEEN")
_UNORDERED = frozenset(("BOOL", "NULL", "L", "M", "SS", "NS", "BS"))
_NEVER = syntax.Logical("OR", ())
_ALWAYS = syntax.Logical("AND", ())
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

    def _value(self, term: Term, path: str, depth: int = 0) -> AttributeValue:
        """The value of a term, which is at `path` and within `depth` literals of collections."""
        if depth >= limits.NESTING_LEVELS:
            raise errors.NestedTooDeep(path=path)
        if isinstance(term, Parameter):
            if depth:
                raise errors.NotAValue(name="Parameter", path=path, at=term.at)
            return self._parameters[term.number]
        if isinstance(term, Literal):
            return {term.kind: _number(term, path) if term.kind == "N" else term.content}
        if isinstance(term, Tuple):
            return {"M": self.members(term, path, depth + 1)}
        if isinstance(term, ListOf):
            return self._collection(term, path, depth + 1)
        if isinstance(term, Call):
            raise errors.NotAValue(name=term.name, path=path, at=term.at)
        if isinstance(term, Path):
            raise errors.NotAValue(name="id", path=path, at=term.at)
        raise errors.NotWellFormed(detail=errors.UnexpectedTerm)

    def _collection(self, term: ListOf, path: str, depth: int) -> AttributeValue:
        if not term.bag:
            places = (f"{path}[{at}]" for at in range(len(term.elements)))
            given = zip(term.elements, places, strict=True)
            return {"L": [self._value(each, place, depth) for each, place in given]}
        return _bag(term.elements, path)

    def members(
        self, term: Tuple, path: str | None = None, depth: int = 0
    ) -> dict[str, AttributeValue]:
        """The values of a tuple by name; `path` is where it stands in a larger value."""
        found: dict[str, AttributeValue] = {}
        for name, each in term.pairs:
            if name in found:
                raise errors.DuplicateName(name=name)
            found[name] = self._value(each, f"{path}.{name}" if path else "root", depth)
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
            if term.name not in PREDICATES:
                raise errors.UnknownFunction(name=term.name, at=term.at)
            return self._function(term)
        if not isinstance(term, Infix) or term.operator in "+-":
            raise errors.NotWellFormed(detail=errors.UnexpectedTerm)
        if term.operator in ("AND", "OR", "NOT"):
            return syntax.Logical(term.operator, tuple(map(self.condition, term.operands)))
        compared = term.operands[:1] if term.operator == "IN" else term.operands
        if any(map(is_condition, compared)):
            return self._truth(term)
        found_operands = tuple(map(self.operand, term.operands))
        if term.operator in _ORDERING:
            self._check_ordered(term.operator, found_operands)
        return syntax.Comparison(term.operator, found_operands)

    def _truth(self, term: Infix) -> syntax.Condition:
        """A comparison of what a condition says, true or false, with something else."""
        if term.operator in _ORDERING:
            raise errors.OperandType(name=term.operator, type="BOOL")
        first, *others = sorted(term.operands, key=is_condition, reverse=True)
        found = self.condition(first)
        if term.operator == "IN":
            return self._among(found, term.operands[1:])
        (other,) = others
        if is_condition(other):
            found = syntax.Logical("=", (found, self.condition(other)))
        elif isinstance(other, Path):
            found = self._told(found, self.path(other))
        else:
            found = self._among(found, others)
        return found if term.operator == "=" else syntax.Logical("NOT", (found,))

    def _told(self, told: syntax.Condition, path: syntax.PathRef) -> syntax.Condition:
        """Whether an attribute is the boolean that a condition says."""
        is_true = syntax.Comparison("=", (path, self._value_ref({"BOOL": True})))
        is_boolean = syntax.Function("attribute_type", (path, self._value_ref({"S": "BOOL"})))
        return syntax.Logical("AND", (is_boolean, syntax.Logical("=", (told, is_true))))

    def _among(self, told: syntax.Condition, choices: Sequence[Term]) -> syntax.Condition:
        """Whether one of some values is the boolean that a condition says."""
        values_told = [self.value(each).get("BOOL") for each in choices]
        if True in values_told and False in values_told:
            return syntax.Logical("OR", (told, _ALWAYS))
        if True in values_told:
            return told
        if False in values_told:
            return syntax.Logical("NOT", (told,))
        return syntax.Logical("AND", (told, _NEVER))

    def _function(self, term: Call) -> syntax.Function:
        if not term.operands:
            raise OperandCount(name=term.name, count=0)
        if term.name == "attribute_type" and len(term.operands) == 2:
            self._check_type_name(term.operands[1])
        return syntax.Function(term.name, tuple(map(self.operand, term.operands)))

    def _check_type_name(self, term: Term) -> None:
        name = self.value(term).get("S") if isinstance(term, Literal | Parameter) else None
        if name is not None and name not in TYPE_NAMES:
            raise errors.UnknownTypeName(name=name)

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


def _number(term: Literal, path: str) -> str:
    try:
        return numbers.canonical(str(term.content))
    except AwsError as error:
        raise within(_IN_LITERAL, error, path=path) from None


def _bag(elements: Sequence[Term], path: str) -> AttributeValue:
    """A set of literals. ValidationException if they are not all strings or all numbers."""
    if not elements:
        raise errors.EmptyBag()
    members = [each for each in elements if isinstance(each, Literal)]
    kinds = {member.kind for member in members}
    if len(members) < len(elements) or kinds not in ({"S"}, {"N"}):
        raise errors.MixedBag()
    if kinds == {"S"}:
        return {"SS": [member.content for member in members]}
    content = [_number(member, path) for member in members]
    if len(set(content)) < len(content):
        listed = ", ".join(str(member.content) for member in members)
        raise errors.DuplicateNumbers(listed=listed)
    return {"NS": content}
