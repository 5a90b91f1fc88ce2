"""Patch operations: RFC 6902 as API Gateway speaks it.

Every value is a string; a path is a JSON pointer (`~1` is a slash, `~0` a tilde). Which paths take
which operations: "Patch operations" in the API reference. What is answered to others differs
between resources, see `Refusal`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from cloudarium.services.apigateway import errors

Document = dict[str, Any]
PatchOperation = Mapping[str, Any]
Apply = Callable[[Document, str, str, "str | None"], None]

ALL_OPS = ("add", "remove", "replace")
RFC_OPS = (*ALL_OPS, "move", "copy", "test")


class Refusal(Enum):
    """How a resource answers a path or operation it does not take."""

    PLAIN = "plain"
    """An unknown path is invalid; a known one names its operations."""
    LISTED = "listed"
    """A `replace` of an unknown path names the paths; other operations are not supported."""
    CLOSED = "closed"
    """Whatever does not fit is an invalid path."""


@dataclass(frozen=True)
class Rule:
    """What one path takes.

    `apply(document, op, key, value)` changes the document; `key` is the path's last part,
    unescaped.
    """

    apply: Apply
    ops: tuple[str, ...] = ("replace",)


class Patches:
    """The paths of one kind of resource: `rules` by path, where `*` stands for any one part."""

    def __init__(self, rules: Mapping[str, Rule], refusal: Refusal = Refusal.PLAIN) -> None:
        self._rules = {tuple(_parts(path)): rule for path, rule in rules.items()}
        self._paths = ", ".join(rules)
        self._refusal = refusal

    def apply(self, document: Document, operations: Iterable[PatchOperation] | None) -> Document:
        """Return `document` with `operations` applied in order; the given one stays as it is."""
        patched = copy.deepcopy(document)
        for operation in operations or ():
            op, path = operation.get("op", ""), operation.get("path")
            if path is None:
                raise errors.PatchPathInvalid(path="null")
            parts = _parts(path)
            rule = self._find(parts)
            if rule is None or op not in rule.ops:
                raise self._refused(op, path, rule)
            rule.apply(patched, op, parts[-1], operation.get("value"))
        return patched

    def _find(self, parts: list[str]) -> Rule | None:
        for pattern, rule in self._rules.items():
            if len(pattern) == len(parts) and all(
                expected in ("*", part) for expected, part in zip(pattern, parts, strict=True)
            ):
                return rule
        return None

    def _refused(self, op: str, path: str, rule: Rule | None) -> Exception:
        if self._refusal is Refusal.LISTED:
            if op == "replace":
                return errors.PatchPathNotOneOf(path=path, op=op, paths=self._paths)
            return errors.PatchOpUnsupported(path=path, op=op)
        if rule is None or self._refusal is Refusal.CLOSED:
            return errors.PatchPathInvalid(path=path)
        return errors.PatchOpInvalid(ops=", ".join(rule.ops))


def _parts(path: str) -> list[str]:
    if not path.startswith("/"):
        return [path]
    return [unescape(part) for part in path[1:].split("/")]


def unescape(part: str) -> str:
    """Return one part of a JSON pointer with its escapes resolved."""
    return part.replace("~1", "/").replace("~0", "~")


def text(member: str, ops: tuple[str, ...] = ("replace",)) -> Rule:
    """Return the rule of a string member; an empty value and `remove` take it away."""

    def apply(document: Document, op: str, key: str, value: str | None) -> None:
        if op == "remove" or not value:
            document.pop(member, None)
        else:
            document[member] = value

    return Rule(apply, ops)


def flag(member: str) -> Rule:
    """Return the rule of a boolean member: what is not `true` is false."""

    def apply(document: Document, op: str, key: str, value: str | None) -> None:
        document[member] = is_true(value)

    return Rule(apply)


def entry(
    member: str, *, absent: Callable[[], Exception], is_flag: bool = False, filled: bool = False
) -> Rule:
    """Return the rule of a map's entry.

    `absent` makes the error for replacing or removing what is not there; `is_flag` maps hold
    booleans; `filled` maps refuse empty values.
    """

    def apply(document: Document, op: str, key: str, value: str | None) -> None:
        entries = document.setdefault(member, {})
        if op != "add" and key not in entries:
            raise absent()
        if op == "remove":
            del entries[key]
        else:
            if filled and not value:
                raise errors.PatchValueEmpty(member=member)
            entries[key] = is_true(value) if is_flag else value or ""
        if not entries:
            del document[member]

    return Rule(apply, ALL_OPS)


def element(member: str) -> Rule:
    """Return the rule of a set of strings: the path names the element, the value its successor."""

    def apply(document: Document, op: str, key: str, value: str | None) -> None:
        elements = [one for one in document.get(member, ()) if one != key]
        if op == "add":
            elements.append(key)
        elif op == "replace" and value:
            elements.append(value)
        document[member] = elements
        if not elements:
            del document[member]

    return Rule(apply, ALL_OPS)


def is_true(value: str | None) -> bool:
    """Read a patch operation's boolean."""
    return (value or "").lower() == "true"
