"""Template text to plain values: JSON, and YAML with CloudFormation's own habits.

Habits (User Guide, "Template format"): short-form tags (`!Ref`), dates stay strings, no aliases,
keys are strings, the last of two equal keys wins.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import yaml

from cloudarium.core import yaml_loader
from cloudarium.core.errors import AwsError
from cloudarium.services.cloudformation.errors import format_error, invalid, template_error

Document = dict[str, Any]

_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_WITHOUT_PREFIX = ("Ref", "Condition")


def parse(text: str) -> Document:
    """Return the template document in `text`. Raises `Template format error` if there is none."""
    try:
        value = _json(text) if text.lstrip().startswith("{") else _yaml(text)
        if not isinstance(value, dict):
            raise format_error("unsupported structure.")
        _refuse_nulls(value, "")
    except (RecursionError, yaml_loader.TooDeep):
        raise format_error("it is nested too deeply.") from None
    return value


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        try:
            return yaml.load(text, Loader=_Loader)
        except yaml_loader.TooDeep:
            raise
        except yaml.YAMLError:
            raise format_error(
                f"JSON not well-formed. (line {error.lineno}, column {error.colno})"
            ) from None


def _yaml(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise format_error(f"YAML not well-formed.{where}") from None
    except yaml_loader.TooDeep:
        raise
    except yaml.YAMLError:
        raise format_error("YAML not well-formed.") from None


def _refuse_nulls(value: Any, path: str) -> None:
    if value is None:
        raise invalid(f"[{path}] 'null' values are not allowed in templates")
    if isinstance(value, dict):
        for key, item in value.items():
            _refuse_nulls(item, f"{path}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _refuse_nulls(item, f"{path}/{index}")


class _Loader(yaml_loader.Loader):
    """A safe loader that knows CloudFormation's tags and leaves dates alone."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            raise _aliases_refused()
        return super().compose_node(parent, index)


def _aliases_refused() -> AwsError:
    return template_error("YAML aliases are not allowed in CloudFormation templates")


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    return {_key(key): loader.construct_object(value, deep=True) for key, value in node.value}


def _key(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise format_error("YAML not well-formed.")
    return str(node.value)


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in _WITHOUT_PREFIX else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = node.value
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_object(_untagged(node), deep=True)
    if name == "Fn::GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name: value}


def _untagged(node: yaml.Node) -> yaml.MappingNode:
    return yaml.MappingNode("tag:yaml.org,2002:map", node.value, node.start_mark, node.end_mark)


def _resolvers_without_dates() -> dict[str, list[Any]]:
    return {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in yaml_loader.Loader.yaml_implicit_resolvers.items()
    }


_construct: Callable[..., Any] = _Loader.add_constructor
_Loader.yaml_implicit_resolvers = _resolvers_without_dates()
_construct("tag:yaml.org,2002:map", _mapping)
_Loader.add_multi_constructor("!", _short_form)
