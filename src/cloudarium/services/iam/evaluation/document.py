"""A policy document as typed, immutable values: lists are tuples, single values are lists of one.

Grammar: "Grammar of the IAM JSON policy language", IAM User Guide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.services.iam.evaluation.conditions import is_operator


class NotAPolicy(Exception):
    """The document does not follow the grammar of the policy language."""


class WrongCase(NotAPolicy):
    """The document follows the grammar but for the case of an effect."""


@dataclass(frozen=True)
class Statement:
    """One statement. `principals` are (`AWS`, `Service`, ...; value) pairs, None if not said.

    `resources` are None if not said, as in trust policies. An empty list is no resource: so
    Chalice's authorizers deny everything (its documentation, "Authorization").
    """

    sid: str
    effect: str
    actions: tuple[str, ...]
    not_action: bool
    resources: tuple[str, ...] | None
    not_resource: bool
    principals: tuple[tuple[str, str], ...] | None
    not_principal: bool
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Document:
    """A policy: its version (`2008-10-17` if it says none) and statements."""

    version: str
    statements: tuple[Statement, ...]


EVERYONE = "STAR"
"""The kind of a principal that is nothing but `*`, as IAM's messages name it."""

_TOP = {"Version", "Id", "Statement"}
_MEMBERS = {
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}
_RESOURCE = {"Resource", "NotResource"}
_EFFECTS = ("Allow", "Deny")
_VERSIONS = ("2008-10-17", "2012-10-17")
_PRINCIPAL_KINDS = ("AWS", "Service", "Federated", "CanonicalUser")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        raise NotAPolicy("a member is given twice")
    return keys


def read(source: str | Mapping[str, Any]) -> Document:
    """Read a policy from JSON text or from the parsed object. Raises NotAPolicy."""
    if isinstance(source, str):
        try:
            source = json.loads(source, object_pairs_hook=_unique)
        except (ValueError, RecursionError) as error:
            raise NotAPolicy(str(error)) from error
    if not isinstance(source, Mapping) or not _TOP.issuperset(source):
        raise NotAPolicy("unknown member")
    version = source.get("Version", _VERSIONS[0])
    statements = source.get("Statement")
    if version not in _VERSIONS or not statements or not isinstance(source.get("Id", ""), str):
        raise NotAPolicy("version or statement")
    if isinstance(statements, Mapping):
        statements = [statements]
    if not isinstance(statements, list):
        raise NotAPolicy("statement")
    return Document(version, tuple(map(_statement, statements)))


def _statement(source: Any) -> Statement:
    if not isinstance(source, Mapping) or not _MEMBERS.issuperset(source):
        raise NotAPolicy("unknown member of a statement")
    for name in ("Action", "Resource", "Principal"):
        if name in source and f"Not{name}" in source:
            raise NotAPolicy(f"both {name} and Not{name}")
    sid, effect = source.get("Sid", ""), source.get("Effect")
    if not isinstance(sid, str) or not isinstance(effect, str):
        raise NotAPolicy("sid or effect")
    if effect not in _EFFECTS:
        known = effect.title() in _EFFECTS
        raise WrongCase("effect") if known else NotAPolicy("effect")
    return Statement(
        sid=sid,
        effect=effect,
        actions=_texts(source, "Action"),
        not_action="NotAction" in source,
        resources=_texts(source, "Resource") if _RESOURCE & source.keys() else None,
        not_resource="NotResource" in source,
        principals=_principals(source.get("Principal", source.get("NotPrincipal"))),
        not_principal="NotPrincipal" in source,
        conditions=tuple(_conditions(source.get("Condition", {}))),
    )


def _texts(source: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = source.get(name, source.get(f"Not{name}", []))
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in values):
        raise NotAPolicy(name)
    return tuple(values)


def _principals(source: Any) -> tuple[tuple[str, str], ...] | None:
    if source is None:
        return None
    if source == "*":
        return ((EVERYONE, "*"),)
    if not isinstance(source, Mapping) or not source:
        raise NotAPolicy("principal")
    pairs = []
    for kind in source:
        if kind not in _PRINCIPAL_KINDS:
            raise NotAPolicy("kind of principal")
        pairs += [(kind, value) for value in _texts(source, kind)]
    return tuple(pairs)


def _conditions(source: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    if not isinstance(source, Mapping):
        raise NotAPolicy("condition")
    found = []
    for operator, keys in source.items():
        if not isinstance(keys, Mapping) or (keys and not is_operator(operator)):
            raise NotAPolicy("condition")
        found += [(operator, key, _scalars(value)) for key, value in keys.items()]
    return found


def _scalars(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str | int | float) for each in values):
        raise NotAPolicy("condition value")
    return tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in values)
