"""Update expressions: checked as a whole, then applied to copies of items."""

from collections.abc import Callable
from dataclasses import dataclass

from cloudarium.core.errors import ErrorType

from .. import numbers
from ..values import AttributeValue, Item, check_depth, clone, in_order, type_of
from . import charges, errors, operands, paths
from .operands import Get
from .scope import Findings, Scope
from .syntax import (
    CONDITION_FUNCTIONS,
    UPDATE_FUNCTIONS,
    Action,
    Arithmetic,
    Function,
    Operand,
    Path,
    PathRef,
    Update,
    ValueRef,
)

_KINDS = (
    "reserved",
    "function",
    "misuse",
    "section",
    "name",
    "value",
    "overlap",
    "conflict",
    "operand",
    "type",
)
_REMOVING = ("REMOVE", "DELETE")
_TYPE_NAMES = {
    "S": "STRING",
    "N": "NUMBER",
    "B": "BINARY",
    "NULL": "NULL",
    "BOOL": "BOOL",
    "L": "LIST",
    "M": "MAP",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One action with its path resolved and its operand compiled."""

    section: str
    path: Path
    get: Get
    kind: str | None = None  # the type of what is written, if it is the same for every item
    mismatch: ErrorType = errors.OperandType


@dataclass(frozen=True, slots=True)
class CompiledUpdate:
    """A checked update expression; `charge` is what an UpdateItem counts it for, in bytes."""

    steps: tuple[Step, ...]
    charge: int = 0
    inside: frozenset[str] = frozenset()  # attributes that it looks or writes into

    @property
    def attributes(self) -> list[str]:
        """The top-level attributes it changes."""
        return [str(step.path[0]) for step in self.steps]

    @property
    def only_removes(self) -> bool:
        """Whether it can but take away from an item; then it makes none where there is none.

        Not so an update that says nothing. Source: ScyllaDB's tests of DynamoDB, `test_item.py`.
        """
        return bool(self.steps) and all(step.section in _REMOVING for step in self.steps)

    @property
    def touched(self) -> paths.Tree:
        """The parts it changes, for UPDATED_OLD and UPDATED_NEW."""
        return paths.tree(step.path for step in self.steps)

    def apply(self, item: Item) -> Item:
        """The item as it is after the update; the given one stays as it is.

        Every operand is read from the given item. Raises ValidationException when the item does
        not have what the update needs.
        """
        updated = dict(item)
        for step in self.steps:
            head = str(step.path[0])
            if len(step.path) > 1 and head in item:
                updated[head] = clone(item[head])
        prepared = [(step, _operand(step, item)) for step in self.steps]
        for step, value in sorted(prepared, key=_position):
            _change(updated, step, value)
        for step in self.steps:
            head = str(step.path[0])
            if head in updated:
                check_depth(updated[head])
        return updated


class UpdateCompiler:
    """Checks and compiles one update expression."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._findings = Findings(*_KINDS)
        self._paths: list[Path] = []
        self._inside: set[str] = set()

    def compile(self, tree: Update) -> CompiledUpdate:
        """The update, ready to apply. Raises ValidationException for the gravest thing wrong."""
        for at, section in enumerate(tree.sections):
            if section in tree.sections[:at]:
                self._findings.add("section", errors.SectionTwice(name=section))
        steps = [self._step(action) for action in tree.actions]
        self._findings.raise_worst()
        charge = charges.of_update(tree, self._scope)
        return CompiledUpdate(tuple(steps), charge, frozenset(self._inside))

    def _step(self, action: Action) -> Step:
        path = self._path(action.path)
        self._check_path(path)
        if action.operand is None:
            return Step(action.section, path, lambda _: None)
        if action.section == "SET":
            return Step("SET", path, self._compiled(action.operand), self._kind(action.operand))
        assert isinstance(action.operand, ValueRef)
        value = self._scope.value(action.operand, self._findings.add)
        kind = type_of(value) if value else None
        if kind in _TYPE_NAMES and not (action.section == "ADD" and kind == "N"):
            error = errors.ActionOperandType(name=action.section, type=_TYPE_NAMES[kind])
            self._findings.add("operand", error)
        return Step(action.section, path, lambda _: value, kind)

    def _path(self, tree: PathRef) -> Path:
        path = self._scope.path(tree, self._findings.add)
        if len(path) > 1:
            self._inside.add(str(path[0]))
        return path

    def _kind(self, operand: Operand) -> str | None:
        if isinstance(operand, ValueRef):
            value = self._scope.values.get(operand.name)
            return type_of(value) if value else None
        if isinstance(operand, Arithmetic):
            return "N"
        is_list = isinstance(operand, Function) and operand.name == "list_append"
        return "L" if is_list else None

    def _check_path(self, path: Path) -> None:
        for earlier in self._paths:
            found = paths.collision(earlier, path)
            if found is not None:
                self._findings.add(*found)
                return
        self._paths.append(path)

    def _compiled(self, tree: Operand) -> Get:
        if isinstance(tree, ValueRef):
            value = self._scope.value(tree, self._findings.add)
            return lambda _: value
        if isinstance(tree, PathRef):
            return _required(operands.getter(self._path(tree)))
        if isinstance(tree, Arithmetic):
            left, right = map(self._compiled, tree.operands)
            self._check_types(tree.operator, tree.operands, "N")
            combine = numbers.plus if tree.operator == "+" else numbers.minus
            return lambda item: _combined(combine, left(item), right(item))
        return self._function(tree)

    def _function(self, tree: Function) -> Get:
        first, last = tree.operands[0], tree.operands[-1]
        self._check_nested(tree)
        if tree.name in CONDITION_FUNCTIONS:
            self._findings.add("function", errors.ConditionFunction(name=tree.name))
        elif tree.name not in UPDATE_FUNCTIONS:
            self._findings.add("function", errors.UnknownFunction(name=tree.name))
        elif len(tree.operands) != UPDATE_FUNCTIONS[tree.name]:
            error = errors.OperandCount(name=tree.name, count=len(tree.operands))
            self._findings.add("type", error)
        elif tree.name == "list_append":
            self._check_types(tree.name, tree.operands, "L")
        elif isinstance(first, PathRef):
            present = operands.getter(self._path(first))
            default = self._compiled(last)
            return lambda item: present(item) or default(item)
        else:
            self._findings.add("type", errors.NeedsPath(name=tree.name))
        gets = list(map(self._compiled, tree.operands))
        return lambda item: _appended(gets[0](item), gets[-1](item))

    def _check_nested(self, tree: Function) -> None:
        """Only `if_not_exists` may stand in another function."""
        for operand in tree.operands:
            if isinstance(operand, Function) and operand.name == "list_append":
                self._findings.add("misuse", errors.MisusedFunction(name=operand.name))

    def _check_types(self, name: str, trees: tuple[Operand, ...], wanted: str) -> None:
        for tree in trees:
            value = self._scope.values.get(tree.name) if isinstance(tree, ValueRef) else None
            if value is not None and wanted not in value:
                error = errors.FunctionOperandType(name=name, type=type_of(value))
                self._findings.add("type", error)


def _required(get: Get) -> Get:
    def read(item: Item) -> AttributeValue:
        value = get(item)
        if value is None:
            raise errors.AttributeMissing()
        return value

    return read


def _combined(
    combine: Callable[[str, str], str],
    left: AttributeValue | None,
    right: AttributeValue | None,
) -> AttributeValue:
    if left is None or right is None or "N" not in left or "N" not in right:
        raise errors.OperandType()
    return {"N": combine(left["N"], right["N"])}


def _appended(left: AttributeValue | None, right: AttributeValue | None) -> AttributeValue:
    if left is None or right is None or "L" not in left or "L" not in right:
        raise errors.OperandType()
    return {"L": left["L"] + right["L"]}


def _operand(step: Step, item: Item) -> AttributeValue | None:
    value = step.get(item)
    return clone(value) if value is not None else None


_ORDER = ("SET", "ADD", "DELETE", "REMOVE")


def _position(prepared: tuple[Step, AttributeValue | None]) -> tuple[int, int]:
    """Removals last, and from a list's end, so that indexes mean what they did at the start."""
    step = prepared[0]
    last = step.path[-1]
    index = last if isinstance(last, int) else 0
    return _ORDER.index(step.section), -index if step.section == "REMOVE" else index


def _change(item: Item, step: Step, value: AttributeValue | None) -> None:
    container = _container(item, step.path)
    last = step.path[-1]
    if container is None:
        raise errors.PathNotUpdatable()
    if step.section == "REMOVE":
        _put(container, last, None)
        return
    assert value is not None
    if step.section == "SET":
        _put(container, last, value)
        return
    current = _current(container, last)
    combine = _added if step.section == "ADD" else _deleted
    if current is not None and type_of(value) not in current:
        raise step.mismatch()
    changed = combine(current, value)
    if changed is not current:
        _put(container, last, changed)


def _container(item: Item, path: Path) -> "Item | list[AttributeValue] | None":
    """The map or list the path's last element belongs to; None if the item has none such."""
    if len(path) == 1:
        return item
    value = operands.descend(item.get(str(path[0])), path[1:-1])
    kind = "L" if isinstance(path[-1], int) else "M"
    return value.get(kind) if value else None


def _current(container: "Item | list[AttributeValue]", last: str | int) -> AttributeValue | None:
    if isinstance(container, dict):
        return container.get(str(last))
    assert isinstance(last, int)
    return container[last] if last < len(container) else None


def _put(
    container: "Item | list[AttributeValue]", last: str | int, value: AttributeValue | None
) -> None:
    if isinstance(container, dict):
        if value is None:
            container.pop(str(last), None)
        else:
            container[str(last)] = value
        return
    assert isinstance(last, int)
    if value is None:
        del container[last : last + 1]
    elif last < len(container):
        container[last] = value
    else:
        container.append(value)


def _added(current: AttributeValue | None, value: AttributeValue) -> AttributeValue:
    if current is None:
        return value
    kind = type_of(value)
    if kind == "L":
        return {"L": current["L"] + value["L"]}
    if kind == "N":
        return {"N": numbers.plus(current["N"], value["N"])}
    return {kind: in_order(kind, {*current[kind], *value[kind]})}


def _deleted(current: AttributeValue | None, value: AttributeValue) -> AttributeValue | None:
    if current is None:
        return None
    kind = type_of(value)
    left = [member for member in current[kind] if member not in value[kind]]
    return {kind: left} if left else None
