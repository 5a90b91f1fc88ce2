"""The expression parameters of a request, parsed, checked and ready to use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cloudarium.core.errors import AwsError

from ..errors import within
from . import errors, parser
from .conditions import ConditionCompiler, Test
from .key_conditions import KeyCondition, key_conditions
from .paths import Tree
from .projections import projected
from .scope import scope_of
from .syntax import Path
from .updates import CompiledUpdate, UpdateCompiler

# Texts repeat from request to request; what they say does not depend on anything else.
_parse_condition = lru_cache(1024)(parser.condition)
_parse_key_condition = lru_cache(1024)(parser.key_condition)
_parse_update = lru_cache(1024)(parser.update)
_parse_projection = lru_cache(1024)(parser.projection)


@dataclass(slots=True)
class Expressions:
    """What a request's expressions ask for; None where it has no such expression."""

    condition: Test | None = None
    filter: Test | None = None
    filter_paths: list[Path] = field(default_factory=list)
    keys: dict[str, KeyCondition] | None = None
    update: CompiledUpdate | None = None
    projection: Tree | None = None


def expressions_of(
    request: Mapping[str, Any],
    *parameters: str,
    depth: int = 1,
    first: Callable[[], object] | None = None,
) -> Expressions:
    """Checks all of a request's expressions, as AWS does before it reads any item.

    `parameters` are the expression parameters the operation has, `depth` is the level their
    values count from; `first` is called before any of them is looked at. Raises
    ValidationException.
    """
    found = Expressions()
    scope = scope_of(request, parameters, depth=depth, first=first)
    for name in parameters:
        text = request.get(name)
        if text is None:
            continue
        try:
            if name == "UpdateExpression":
                found.update = UpdateCompiler(scope).compile(_parse_update(text))
            elif name == "ProjectionExpression":
                found.projection = projected(_parse_projection(text), scope)
            else:
                compiler = ConditionCompiler(scope)
                is_key = name == "KeyConditionExpression"
                tree = (_parse_key_condition if is_key else _parse_condition)(text)
                test = compiler.compile(tree)
                if name == "FilterExpression":
                    found.filter, found.filter_paths = test, compiler.paths
                elif name == "ConditionExpression":
                    found.condition = test
        except AwsError as error:
            raise within(errors.IN_EXPRESSION, error, expression=name) from None
    scope.check_all_used()
    if request.get("KeyConditionExpression") is not None:
        tree = _parse_key_condition(request["KeyConditionExpression"])
        found.keys = key_conditions(tree, scope)
    return found
