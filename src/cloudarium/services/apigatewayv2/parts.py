"""The parts of an API: routes, integrations, authorizers, models and responses.

A part is a document: the reference's shape without its id. Responses belong to a route or an
integration, their `parent`; the parent of all others is "".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.apigatewayv2 import apis, errors, limits

Document = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of part: its name in the database and in messages, its id's member and length.

    An API has at most `most` of a kind.
    """

    name: str
    noun: str
    member: str
    length: int = 7
    most: int | None = None


ROUTE = Kind("route", "Route", "RouteId", most=limits.ROUTES_PER_API)
INTEGRATION = Kind("integration", "Integration", "IntegrationId", most=limits.INTEGRATIONS_PER_API)
AUTHORIZER = Kind("authorizer", "Authorizer", "AuthorizerId", 6, limits.AUTHORIZERS_PER_API)
MODEL = Kind("model", "Model", "ModelId", 6)
ROUTE_RESPONSE = Kind("route_response", "RouteResponse", "RouteResponseId")
INTEGRATION_RESPONSE = Kind("integration_response", "IntegrationResponse", "IntegrationResponseId")


def lookup(
    ctx: Context, api_id: str, kind: Kind, part_id: str, parent: str = ""
) -> Document | None:
    """Return one part, if it is there."""
    row = ctx.db.execute(
        "SELECT document FROM parts WHERE api_id = ? AND kind = ? AND parent = ? AND id = ?",
        (api_id, kind.name, parent, part_id),
    ).fetchone()
    return None if row is None else json.loads(row["document"])


def find(ctx: Context, api_id: str, kind: Kind, part_id: str, parent: str = "") -> Document:
    """Return one part, or raise PartNotFound."""
    found = lookup(ctx, api_id, kind, part_id, parent)
    if found is None:
        raise errors.PartNotFound(noun=kind.noun, part_id=part_id)
    return found


def load(ctx: Context, api_id: str, kind: Kind, parent: str = "") -> dict[str, Document]:
    """Return all parts of a kind (and parent) by id, in the order of their ids."""
    rows = ctx.db.execute(
        "SELECT id, document FROM parts WHERE api_id = ? AND kind = ? AND parent = ? ORDER BY id",
        (api_id, kind.name, parent),
    )
    return {row["id"]: json.loads(row["document"]) for row in rows}


def load_all(ctx: Context, api_id: str, kind: Kind) -> dict[str, dict[str, Document]]:
    """Return all parts of a kind by parent and id."""
    rows = ctx.db.execute(
        "SELECT parent, id, document FROM parts WHERE api_id = ? AND kind = ? ORDER BY parent, id",
        (api_id, kind.name),
    )
    found: dict[str, dict[str, Document]] = {}
    for row in rows:
        found.setdefault(row["parent"], {})[row["id"]] = json.loads(row["document"])
    return found


def using(ctx: Context, api_id: str, member: str, value: str) -> list[str]:
    """Return the ids of the routes one of whose members has this value."""
    return [key for key, one in load(ctx, api_id, ROUTE).items() if one.get(member) == value]


def add(ctx: Context, api_id: str, kind: Kind, document: Document, parent: str = "") -> str:
    """Store a new part; return its id. Raises TooMany."""
    if kind.most is not None and len(load(ctx, api_id, kind, parent)) >= kind.most:
        raise errors.TooMany(noun=f"{kind.noun}s")
    part_id = apis.new_id(ctx, kind.length)
    put(ctx, api_id, kind, part_id, document, parent)
    return part_id


def put(
    ctx: Context, api_id: str, kind: Kind, part_id: str, document: Document, parent: str = ""
) -> None:
    """Store a part, replacing one of the same id."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?)",
        (api_id, kind.name, parent, part_id, json.dumps(document)),
    )


def delete(ctx: Context, api_id: str, kind: Kind, part_id: str, parent: str = "") -> None:
    """Forget a part, and the responses that belong to it."""
    ctx.db.execute(
        "DELETE FROM parts WHERE api_id = ? AND kind = ? AND parent = ? AND id = ?",
        (api_id, kind.name, parent, part_id),
    )
    if kind in (ROUTE, INTEGRATION):
        ctx.db.execute("DELETE FROM parts WHERE api_id = ? AND parent = ?", (api_id, part_id))


def clear(ctx: Context, api_id: str) -> None:
    """Forget all parts of an API."""
    ctx.db.execute("DELETE FROM parts WHERE api_id = ?", (api_id,))


def answer(kind: Kind, part_id: str, document: Mapping[str, Any]) -> Document:
    """Return the reference's shape of a part."""
    return {kind.member: part_id, **document}


def of_members(given: Mapping[str, Any], members: tuple[str, ...]) -> Document:
    """Return those of a request's members that belong to a part."""
    return {name: given[name] for name in members if given.get(name) is not None}


def merged(document: Mapping[str, Any], given: Mapping[str, Any], *maps: str) -> Document:
    """Return a document after an update: members given replace, empty ones are taken away.

    Of the members `maps` single entries are given, an empty one to be taken away.
    """
    result = dict(document)
    for name, value in given.items():
        if value is None:
            continue
        if name in maps:
            entries = {**result.get(name, {}), **value}
            value = {key: one for key, one in entries.items() if one not in ("", {})}
        result[name] = value
    return {name: value for name, value in result.items() if value not in ("", [], {})}
