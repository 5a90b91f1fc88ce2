"""The condition keys of fine-grained access control: which keys and attributes a request is about.

Source: Developer Guide, "Using IAM policy conditions for fine-grained access control".
"""

from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from cloudarium.core.context import Context, Request
from cloudarium.core.errors import AwsError

from . import tables
from .expressions import lexer, parser
from .expressions.syntax import Comparison, Condition, Function, Logical, PathRef, ValueRef
from .values import AttributeValue

_EXPRESSIONS = (
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
    "UpdateExpression",
)
_LEGACY = (
    "AttributesToGet",
    "AttributeUpdates",
    "Expected",
    "KeyConditions",
    "QueryFilter",
    "ScanFilter",
)
_KEYWORDS = frozenset(("AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"))


Keys = dict[str, str | list[str]]


def condition_keys(ctx: Context, given: Request) -> Keys:
    """The condition keys of one action on one table; none if there is no such table."""
    found: Keys = {}
    for member in ("ReturnValues", "ReturnConsumedCapacity", "Select"):
        if isinstance(given.get(member), str):
            found[f"dynamodb:{member}"] = given[member]
    table = tables.find(ctx, given["TableName"])
    if table is None:
        return found
    index = table.indexes.get(given.get("IndexName", ""))
    hash_key = index.hash if index else table.hash
    items = _items(given)
    leading = [item[hash_key] for item in items if hash_key in item]
    try:
        leading += _queried(given, hash_key)
        attributes = [name for item in items for name in item] + list(_named(given))
    except AwsError:
        return found  # the operation itself will say what is wrong with its expressions
    return {**found, **keys_of(leading, attributes)}


def keys_of(leading: Iterable[AttributeValue], attributes: Iterable[str]) -> Keys:
    """The condition keys that say which hash keys and which attributes are asked for."""
    found = {
        "dynamodb:LeadingKeys": [_text(value) for value in leading],
        "dynamodb:Attributes": sorted(set(attributes)),
    }
    return {name: values for name, values in found.items() if values}


def _items(given: Request) -> list[dict[str, AttributeValue]]:
    single = [given[member] for member in ("Item", "Key") if member in given]
    return single + list(given.get("Keys", ()))


def _text(value: AttributeValue) -> str:
    content: Any = next(iter(value.values()), "")
    return b64encode(content).decode() if isinstance(content, bytes) else str(content)


def _queried(given: Request, hash_key: str) -> Iterable[AttributeValue]:
    """The partition a query is about."""
    legacy = (given.get("KeyConditions") or {}).get(hash_key, {})
    yield from legacy.get("AttributeValueList") or ()
    text = given.get("KeyConditionExpression")
    if text is None:
        return
    names = given.get("ExpressionAttributeNames") or {}
    known = given.get("ExpressionAttributeValues") or {}
    for part in _parts(parser.condition(text)):
        if isinstance(part, Comparison) and part.operator == "=":
            for path, value in (part.operands, part.operands[::-1]):
                if isinstance(path, PathRef) and isinstance(value, ValueRef):
                    name = str(path.elements[0])
                    if names.get(name, name) == hash_key and value.name in known:
                        yield known[value.name]


def _parts(tree: Condition) -> list[Comparison | Function]:
    if isinstance(tree, Logical):
        return [part for condition in tree.conditions for part in _parts(condition)]
    return [tree]


def _named(given: Request) -> Iterable[str]:
    """The top-level attributes a request's expressions or legacy parameters name."""
    for member in _LEGACY:
        yield from given.get(member) or ()
    names = given.get("ExpressionAttributeNames") or {}
    for member in _EXPRESSIONS:
        if given.get(member) is None:
            continue
        tokens = lexer.tokens(given[member])
        for before, token, after in zip([None, *tokens], tokens, tokens[1:], strict=False):
            is_name = token.kind == "alias" or (
                token.kind == "name" and token.text.upper() not in _KEYWORDS and after.text != "("
            )
            if is_name and (before is None or before.text != "."):
                yield names.get(token.text, token.text)
