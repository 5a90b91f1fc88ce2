"""The named parts of an API: models, validators, authorizers, gateway responses."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.apigateway import apis
from cloudarium.services.apigateway.definitions import Known

Document = dict[str, Any]

MODEL = "model"
VALIDATOR = "validator"
GATEWAY_RESPONSE = "gateway_response"
AUTHORIZER = "authorizer"
DOCUMENTATION_PART = "documentation_part"
DOCUMENTATION_VERSION = "documentation_version"

# The models every new API has, to the letter: AWS CLI's examples of GetModels.
DEFAULT_MODELS = (
    (
        "Empty",
        "This is a default empty schema model",
        """{
  "$schema": "http://json-schema.org/draft-04/schema#",
  "title" : "Empty Schema",
  "type" : "object"
}""",
    ),
    (
        "Error",
        "This is a default error schema model",
        """{
  "$schema" : "http://json-schema.org/draft-04/schema#",
  "title" : "Error Schema",
  "type" : "object",
  "properties" : {
    "message" : { "type" : "string" }
  }
}""",
    ),
)


def get(ctx: Context, api_id: str, kind: str, key: str) -> Document | None:
    """Return one part of one of the caller's APIs, if it is there."""
    row = ctx.db.execute(
        "SELECT document FROM parts JOIN rest_apis ON rest_apis.id = parts.api_id "
        "WHERE api_id = ? AND kind = ? AND key = ? AND account = ? AND region = ?",
        (api_id, kind, key, ctx.account, ctx.region),
    ).fetchone()
    return None if row is None else json.loads(row["document"])


def load(ctx: Context, api_id: str, kind: str) -> dict[str, Document]:
    """Return all parts of a kind by key, in the order of their keys."""
    rows = ctx.db.execute(
        "SELECT key, document FROM parts WHERE api_id = ? AND kind = ? ORDER BY key",
        (api_id, kind),
    )
    return {row["key"]: json.loads(row["document"]) for row in rows}


def put(ctx: Context, api_id: str, kind: str, key: str, document: Document) -> None:
    """Store a part, replacing one of the same key."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?)",
        (api_id, kind, key, json.dumps(document)),
    )


def delete(ctx: Context, api_id: str, kind: str, key: str) -> None:
    """Forget a part."""
    ctx.db.execute(
        "DELETE FROM parts WHERE api_id = ? AND kind = ? AND key = ?", (api_id, kind, key)
    )


def copy(ctx: Context, source_id: str, api_id: str) -> None:
    """Give an API all parts of another, under the same keys; models refer to its own."""
    ctx.db.execute(
        "INSERT INTO parts SELECT ?, kind, key, replace(document, ?, ?) FROM parts "
        "WHERE api_id = ?",
        (api_id, f"/restapis/{source_id}/", f"/restapis/{api_id}/", source_id),
    )


def clear(ctx: Context, api_id: str) -> None:
    """Forget all parts of an API."""
    ctx.db.execute("DELETE FROM parts WHERE api_id = ?", (api_id,))


def put_model(
    ctx: Context,
    api_id: str,
    name: str,
    schema: str,
    description: str | None = None,
    content_type: str = "application/json",
) -> Document:
    """Store a model under a new id and return it (the reference's Model)."""
    model: Document = {
        "id": apis.new_id(ctx),
        "name": name,
        "contentType": content_type,
        "schema": schema,
    }
    if description:
        model["description"] = description
    put(ctx, api_id, MODEL, name, model)
    return model


def put_default_models(ctx: Context, api_id: str) -> None:
    """Store the two models that every new API has."""
    for name, description, schema in DEFAULT_MODELS:
        put_model(ctx, api_id, name, schema, description)


def known(ctx: Context, api_id: str) -> Known:
    """Return the parts that methods refer to."""
    return Known(
        load(ctx, api_id, MODEL), load(ctx, api_id, VALIDATOR), load(ctx, api_id, AUTHORIZER)
    )


def put_validator(ctx: Context, api_id: str, name: str, body: bool, parameters: bool) -> Document:
    """Store a request validator under a new id and return it."""
    validator: Document = {
        "id": apis.new_id(ctx),
        "name": name,
        "validateRequestBody": body,
        "validateRequestParameters": parameters,
    }
    put(ctx, api_id, VALIDATOR, validator["id"], validator)
    return validator
