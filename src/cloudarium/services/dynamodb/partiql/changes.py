"""INSERT, UPDATE, DELETE and EXISTS: each a write of one item, as `writes` does them."""

from cloudarium.core.context import Context

from .. import tables, values, writes
from ..expressions import syntax
from ..expressions.conditions import Test
from ..expressions.expressions import Expressions
from ..expressions.updates import CompiledUpdate, UpdateCompiler
from ..tables import Table
from ..values import Item
from ..writes import Outcome, Write
from . import errors, where
from .binding import Binding
from .syntax import Assignment, Call, Delete, Exists, Infix, Insert, Path, Statement, Term
from .syntax import Update as UpdateStatement

Change = Insert | UpdateStatement | Delete | Exists
_SET_FUNCTIONS = {"set_add": "ADD", "set_delete": "DELETE"}


def write(ctx: Context, statement: Change, binding: Binding) -> Write:
    """The write a statement asks for, checked and not yet done."""
    if isinstance(statement, Insert):
        return _insert(ctx, statement, binding)
    if isinstance(statement, UpdateStatement):
        return _update(ctx, statement, binding)
    if isinstance(statement, Delete):
        return _delete(ctx, statement, binding)
    return _check(ctx, statement, binding)


def returned(statement: Change, made: Write, outcome: Outcome) -> Item | None:
    """The attributes that RETURNING asks for; None if there are none."""
    clause = statement.returning if isinstance(statement, UpdateStatement | Delete) else None
    if clause is None:
        return None
    kind, image = clause.split()
    asked = f"{'UPDATED' if kind == 'MODIFIED' else kind}_{image}"
    return writes.returned(asked, outcome, made.update)


def examine(statement: Statement, binding: Binding) -> None:
    """Raises ValidationException for what is wrong with a statement whatever its table is."""
    if isinstance(statement, Insert):
        inserted(statement, binding)
        return
    if isinstance(statement, UpdateStatement):
        _compiled(statement, binding)
    inner = statement.select if isinstance(statement, Exists) else statement
    where.test_of(binding, where.parts(inner.where))


def _insert(ctx: Context, statement: Insert, binding: Binding) -> Write:
    item = inserted(statement, binding)
    table = tables.usable(ctx, statement.source.table)
    request = {"TableName": statement.source.table, "Item": item}
    name = table.hash
    return writes.put(ctx, request, Expressions(condition=lambda old: name not in old))


def inserted(statement: Insert, binding: Binding) -> Item:
    """The item of an INSERT. ValidationException if it is none."""
    item = binding.members(statement.item)
    values.admit_item(item)
    return item


def _update(ctx: Context, statement: UpdateStatement, binding: Binding) -> Write:
    compiled = _compiled(statement, binding)
    where.test_of(binding, where.parts(statement.where))
    table = tables.usable(ctx, statement.source.table)
    key, rest = key_of(table, statement.where, binding)
    asked = Expressions(condition=_condition(table, rest, binding, absent=False), update=compiled)
    return writes.update(ctx, {"TableName": statement.source.table, "Key": key}, asked)


def _compiled(statement: UpdateStatement, binding: Binding) -> CompiledUpdate:
    actions = [_action(each, binding) for each in statement.assignments]
    tree = syntax.Update(tuple(dict.fromkeys(a.section for a in actions)), tuple(actions))
    return UpdateCompiler(binding.scope).compile(tree)


def _delete(ctx: Context, statement: Delete, binding: Binding) -> Write:
    where.test_of(binding, where.parts(statement.where))
    table = tables.usable(ctx, statement.source.table)
    key, rest = key_of(table, statement.where, binding)
    asked = Expressions()
    if rest:
        asked.condition = _condition(table, rest, binding, absent=True)
    return writes.delete(ctx, {"TableName": statement.source.table, "Key": key}, asked)


def _check(ctx: Context, statement: Exists, binding: Binding) -> Write:
    select = statement.select
    table = tables.usable(ctx, select.source.table)
    key, rest = checked_key_of(table, statement, binding)
    asked = Expressions(condition=_condition(table, rest, binding, absent=False))
    return writes.check(ctx, {"TableName": select.source.table, "Key": key}, asked)


def key_of(table: Table, clause: Term | None, binding: Binding) -> tuple[Item, list[Term]]:
    """The one primary key a WHERE clause gives, all of it, and what else it says."""
    key, rest = where.key_in(binding, where.parts(clause), table.keys)
    for name in table.keys:
        if any(where.equality(binding, term, name) is not None for term in rest):
            raise errors.SeveralKeys(name=name)
    if len(key) != len(table.keys):
        raise errors.KeysMissing()
    return key, rest


def checked_key_of(table: Table, statement: Exists, binding: Binding) -> tuple[Item, list[Term]]:
    """The same of a check: another value of a key attribute is one of its conditions."""
    key, rest = where.key_in(binding, where.parts(statement.select.where), table.keys)
    if not rest or len(key) != len(table.keys):
        raise errors.ExistsNeedsCondition()
    return key, rest


def _condition(table: Table, rest: list[Term], binding: Binding, *, absent: bool) -> Test:
    """Whether an item is as it must be; `absent` says whether it need not be there at all."""
    test, _ = where.test_of(binding, rest)
    name = table.hash

    def holds(item: Item) -> bool:
        if name not in item:
            return absent
        return test is None or test(item)

    return holds


def _action(given: Assignment, binding: Binding) -> syntax.Action:
    path, term = binding.path(given.path), given.value
    if term is None:
        return syntax.Action("REMOVE", path)
    if isinstance(term, Call) and term.name in _SET_FUNCTIONS:
        value = _set_operand(given.path, term, binding)
        return syntax.Action(_SET_FUNCTIONS[term.name], path, value)
    return syntax.Action("SET", path, _assigned(term, binding))


def _set_operand(target: Path, call: Call, binding: Binding) -> syntax.Operand:
    name = call.name.upper()
    if len(call.operands) != 2:
        raise errors.SetFunctionCount(name=name, at=call.at)
    first, second = call.operands
    if not isinstance(first, Path) or first.elements != target.elements:
        raise errors.SetFunctionTarget(name=name, at=call.at)
    is_value = not isinstance(second, Path | Call | Infix)
    if not is_value or values.type_of(binding.value(second)) not in values.SETS:
        raise errors.SetFunctionValue(name=name, at=first.at)
    return binding.operand(second)


def _assigned(term: Term, binding: Binding) -> syntax.Operand:
    if isinstance(term, Infix) and term.operator in "+-":
        left, right = (_assigned(each, binding) for each in term.operands)
        return syntax.Arithmetic(term.operator, (left, right))
    if isinstance(term, Call):
        if term.name != "list_append":
            raise errors.UnknownFunction(name=term.name, at=term.at)
        return syntax.Function(term.name, tuple(_assigned(each, binding) for each in term.operands))
    return binding.operand(term)
