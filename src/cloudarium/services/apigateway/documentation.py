"""Documentation parts as documents bring them, and as exports write them.

Source: Developer Guide, "x-amazon-apigateway-documentation object".
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.apigateway import apis, parts

Document = dict[str, Any]

EXTENSION = "x-amazon-apigateway-documentation"
# The member of a version's document that has its parts, by id.
SNAPSHOT = "parts"


def given(root: Document) -> list[Document]:
    """Return the parts of a document: `location` and `properties`, an object, of each."""
    extension = root.get(EXTENSION)
    found = extension.get("documentationParts") if isinstance(extension, dict) else None
    return [
        one
        for one in (found if isinstance(found, list) else [])
        if isinstance(one, dict) and isinstance(one.get("location"), dict)
    ]


def put(ctx: Context, api_id: str, given: Iterable[Document], *, overwrite: bool) -> list[str]:
    """Store parts and return their ids.

    With `overwrite` the API has no others; else a part takes the place of one of its location.
    """
    known = parts.load(ctx, api_id, parts.DOCUMENTATION_PART)
    ids = {} if overwrite else {_place(one["location"]): one["id"] for one in known.values()}
    if overwrite:
        for key in known:
            parts.delete(ctx, api_id, parts.DOCUMENTATION_PART, key)
    made = []
    for one in given:
        part: Document = {
            "id": ids.get(_place(one["location"])) or apis.new_id(ctx),
            "location": {name: str(value) for name, value in one["location"].items()},
            "properties": json.dumps(one.get("properties") or {}),
        }
        parts.put(ctx, api_id, parts.DOCUMENTATION_PART, part["id"], part)
        made.append(part["id"])
    return made


def _place(location: Document) -> str:
    return json.dumps(location, sort_keys=True)


def written(version: Document) -> Document:
    """Return what a documentation version says in an exported document."""
    made = datetime.fromtimestamp(int(version["createdDate"]), UTC)
    return {
        "version": version["version"],
        "createdDate": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "documentationParts": [
            {"location": one["location"], "properties": json.loads(one["properties"])}
            for one in version[SNAPSHOT].values()
        ],
    }
