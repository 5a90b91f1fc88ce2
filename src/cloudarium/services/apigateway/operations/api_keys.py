"""API keys."""

from __future__ import annotations

import csv
import io

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError
from cloudarium.services.apigateway import errors, holdings, keys, paging, plans
from cloudarium.wire.http import Body


def create_api_key(ctx: Context, request: Request) -> Response:
    """Create an API key, of the value given or a new one."""
    return keys.answer(keys.create(ctx, request))


def get_api_key(ctx: Context, request: Request) -> Response:
    """Return a key, its value only if `includeValue` says so."""
    key = keys.find(ctx, request["apiKey"])
    return keys.read(key, with_value=bool(request.get("includeValue")))


def get_api_keys(ctx: Context, request: Request) -> Response:
    """Return a page of keys, those whose names begin with `nameQuery`, of `customerId`."""
    found = [
        key
        for key in holdings.load(ctx, holdings.API_KEY)
        if key.get("name", "").startswith(request.get("nameQuery") or "")
        and request.get("customerId") in (None, "", key.get("customerId"))
    ]
    shown = bool(request.get("includeValues"))
    return paging.page(
        request, found, lambda key: str(key["id"]), lambda key: keys.answer(key, with_value=shown)
    )


def update_api_key(ctx: Context, request: Request) -> Response:
    """Patch a key."""
    key = keys.PATCHES.apply(keys.find(ctx, request["apiKey"]), request.get("patchOperations"))
    key["lastUpdatedDate"] = int(ctx.now)
    holdings.put(ctx, holdings.API_KEY, key["id"], key, key["value"])
    return keys.read(key, with_value=False)


def delete_api_key(ctx: Context, request: Request) -> None:
    """Delete a key; plans lose it."""
    key = keys.find(ctx, request["apiKey"])
    holdings.delete(ctx, holdings.API_KEY, key["id"])
    ctx.db.execute("DELETE FROM usage_plan_keys WHERE key_id = ?", (key["id"],))


def import_api_keys(ctx: Context, request: Request) -> Response:
    """Create keys from CSV with a header of `name`, `key` and, if wanted, others.

    Others are `description`, `enabled` and `usageplanIds`.
    """
    body = request["body"]
    data = body.read() if isinstance(body, Body) else body
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8", "replace"))))
    made, warnings = [], []
    for row in rows:
        fields = {
            name.strip().lower(): (value or "").strip() for name, value in row.items() if name
        }
        if "key" not in fields or "name" not in fields:
            raise errors.BadRequest(message="API Key import requires the columns name and key")
        try:
            made.append(_imported(ctx, fields))
        except AwsError as error:
            if request.get("failOnWarnings"):
                raise
            warnings.append(f"{fields['name']}: {error.message}")
    return {"ids": made, "warnings": warnings}


def _imported(ctx: Context, fields: dict[str, str]) -> str:
    key = keys.create(
        ctx,
        {
            "name": fields["name"],
            "value": fields["key"],
            "description": fields.get("description"),
            "enabled": fields.get("enabled", "").lower() == "true",
        },
    )
    for plan_id in filter(None, fields.get("usageplanids", "").replace(",", " ").split()):
        plan = plans.find(ctx, plan_id)
        ctx.db.execute(
            "INSERT OR IGNORE INTO usage_plan_keys VALUES (?, ?)", (plan["id"], key["id"])
        )
    return str(key["id"])
