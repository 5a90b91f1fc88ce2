"""Templates' language: Handlebars as far as SES documents it (developer guide, "Advanced email
personalization"): attributes, paths, `#if`, `#unless`, `#each`, `#with`, `else`, comments. As on
AWS values are not escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.services.ses import errors

_TAG = re.compile(
    r"\{\{\{\s*(?P<raw>[^{}]*?)\s*\}\}\}|\{\{(?P<tag>!--.*?--|[^{}]*?)\}\}", re.DOTALL
)
_PATH = re.compile(r"(?:\.\./)*(?:@?[A-Za-z0-9_$-]+|\.|this)(?:[./][A-Za-z0-9_$-]+)*")
_BLOCKS = ("if", "unless", "each", "with")
_DEEPEST = 100


@dataclass(frozen=True)
class Value:
    """`{{path}}`."""

    path: str


@dataclass(frozen=True)
class Block:
    """`{{#kind path}} body {{else}} otherwise {{/kind}}`."""

    kind: str
    path: str
    body: list[Node]
    otherwise: list[Node]


Node = str | Value | Block


@dataclass(frozen=True)
class Scope:
    """The value a template speaks of, `@` variables, and the scope around it."""

    value: Any
    special: Mapping[str, Any]
    outer: Scope | None = None


def parsed(text: str) -> list[Node]:
    """Return a template's nodes. Raises InvalidTemplate."""
    root: list[Node] = []
    open_blocks: list[tuple[Block, list[Node]]] = []
    target, position = root, 0
    for found in _TAG.finditer(text):
        if found.start() > position:
            target.append(text[position : found.start()])
        position = found.end()
        tag = (found["raw"] if found["raw"] is not None else found["tag"]).strip()
        if tag.startswith("!"):
            continue
        if tag.startswith("#"):
            block = _opened(tag)
            if len(open_blocks) >= _DEEPEST:
                raise _invalid(tag)
            target.append(block)
            open_blocks.append((block, target))
            target = block.body
        elif tag == "else" and open_blocks and target is open_blocks[-1][0].body:
            target = open_blocks[-1][0].otherwise
        elif tag.startswith("/") and open_blocks and open_blocks[-1][0].kind == tag[1:].strip():
            _, target = open_blocks.pop()
        elif _PATH.fullmatch(tag) and tag != "else":
            target.append(Value(tag))
        else:
            raise _invalid(tag)
    if open_blocks:
        raise _invalid(f"#{open_blocks[-1][0].kind}")
    if "{{" in text[position:]:
        raise _invalid(text[position:][:20])
    return [*root, text[position:]]


def _opened(tag: str) -> Block:
    kind, _, path = tag[1:].strip().partition(" ")
    path = path.strip()
    if kind not in _BLOCKS or not _PATH.fullmatch(path):
        raise _invalid(tag)
    return Block(kind, path, [], [])


def _invalid(tag: str) -> Exception:
    return errors.InvalidTemplate(message=f"Template contains an invalid tag: {tag}")


def render(text: str, data: Mapping[str, Any]) -> str:
    """Return a template filled in. Raises MissingRenderingAttribute and InvalidTemplate."""
    out: list[str] = []
    _render(parsed(text), Scope(data, {}), out)
    return "".join(out)


def _render(nodes: list[Node], scope: Scope, out: list[str]) -> None:
    for node in nodes:
        if isinstance(node, str):
            out.append(node)
        elif isinstance(node, Value):
            found = _value(node.path, scope)
            if found is None:
                raise errors.MissingRenderingAttribute(attribute=node.path)
            out.append(_text(found))
        else:
            _render_block(node, scope, out)


def _render_block(block: Block, scope: Scope, out: list[str]) -> None:
    value = _value(block.path, scope)
    holds = bool(value) != (block.kind == "unless")
    if not holds:
        _render(block.otherwise, scope, out)
    elif block.kind in ("if", "unless"):
        _render(block.body, scope, out)
    elif block.kind == "with":
        _render(block.body, Scope(value, {}, scope), out)
    else:
        for special, each in _items(value):
            _render(block.body, Scope(each, special, scope), out)


def _items(value: Any) -> list[tuple[dict[str, Any], Any]]:
    if isinstance(value, Mapping):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    else:
        return []
    last = len(pairs) - 1
    return [
        ({"@index": n, "@key": key, "@first": n == 0, "@last": n == last}, each)
        for n, (key, each) in enumerate(pairs)
    ]


def _value(path: str, scope: Scope) -> Any:
    """Return what a path leads to, None if nothing."""
    while path.startswith("../") and scope.outer is not None:
        path, scope = path[3:], scope.outer
    if path.startswith("@"):
        return scope.special.get(path)
    found = scope.value
    for name in re.split(r"[./]", path):
        if name in ("this", ""):
            continue
        if isinstance(found, Mapping):
            found = found.get(name)
        elif isinstance(found, list) and name.isdigit() and int(name) < len(found):
            found = found[int(name)]
        else:
            return None
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(_text, value)) if isinstance(value, list) else str(value)
