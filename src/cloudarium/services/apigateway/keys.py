"""API keys: what they are, and which patch operations they take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.ids import LOWER_ALPHANUMERIC
from cloudarium.services.apigateway import apis, errors, holdings, limits
from cloudarium.services.apigateway.patches import Patches, flag, text

Document = dict[str, Any]

_COPIED = ("name", "description", "customerId", "tags")
PATCHES = Patches(
    {
        "/name": text("name"),
        "/description": text("description"),
        "/enabled": flag("enabled"),
        "/customerId": text("customerId"),
    }
)


def create(ctx: Context, given: Mapping[str, Any]) -> Document:
    """Store a new API key and return the reference's ApiKey, its value included."""
    value = given.get("value") or ctx.ids.token(40, LOWER_ALPHANUMERIC + LOWER_ALPHANUMERIC.upper())
    if len(value) < limits.API_KEY_LENGTH:
        raise errors.ApiKeyTooShort()
    if holdings.by_lookup(ctx, holdings.API_KEY, value) is not None:
        raise errors.ApiKeyExists()
    key: Document = {
        "id": apis.new_id(ctx, 10),
        "value": value,
        **{name: given[name] for name in _COPIED if given.get(name)},
        "enabled": bool(given.get("enabled")),
        "createdDate": int(ctx.now),
        "lastUpdatedDate": int(ctx.now),
        "stageKeys": [],
    }
    holdings.put(ctx, holdings.API_KEY, key["id"], key, value)
    return key


def find(ctx: Context, key_id: str) -> Document:
    """Return the key, or raise ApiKeyNotFound."""
    key = holdings.get(ctx, holdings.API_KEY, key_id)
    if key is None:
        raise errors.ApiKeyNotFound()
    return key


def answer(key: Document, *, with_value: bool = True) -> Document:
    """Return the reference's ApiKey."""
    return {name: one for name, one in key.items() if with_value or name != "value"}


def read(key: Document, *, with_value: bool) -> Document:
    """Return the reference's ApiKey as it is when read or updated, when no tags are told too."""
    return {"tags": {}, **answer(key, with_value=with_value)}
