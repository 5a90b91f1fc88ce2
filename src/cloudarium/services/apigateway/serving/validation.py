"""Request validation: required parameters, and bodies by model (JSON Schema draft 4).

Compiled once per deployment. Source: Developer Guide, "Request validation for REST APIs".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cloudarium.core.documents import exact_json_value
from cloudarium.gateway import json_schema, schemas
from cloudarium.services.apigateway.serving import problems

BodyCheck = Callable[[bytes], str]
"""Returns what is wrong with a body, or nothing."""

_UNREADABLE = "Invalid request body"


def schema_problem(schema: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a schema, or None."""
    from jsonschema import Draft4Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft4Validator.check_schema(schema)
    except SchemaError as error:
        return str(error.message)
    except RecursionError:
        return "it is nested too deeply"
    return None


def compile_body_check(name: str, models: Mapping[str, str]) -> BodyCheck:
    """Return the check of bodies against the model `name`; `models` are schema texts by name.

    Models refer to each other by `https://…/models/{name}`. An empty body is checked as `{}`.
    """
    from referencing.exceptions import Unresolvable

    schema = schemas.with_definitions(name, models)
    validator = json_schema.Validator(schema)

    def check(body: bytes) -> str:
        try:
            document = exact_json_value(body or b"{}")
        except ValueError:
            return _UNREADABLE
        try:
            found = validator.problems(document, len(body))
        except (RecursionError, Unresolvable, json_schema.TooLong):
            return _UNREADABLE
        return problems.told(found) if found else ""

    return check


class RequestCheck:
    """What a method's validator asks of a request.

    `required` are parameter names by place (`path`, `querystring`, `header`); `bodies` are checks
    by content type, and under `$default` for all others.
    """

    def __init__(self, required: Mapping[str, list[str]], bodies: Mapping[str, BodyCheck]) -> None:
        self._path = required.get("path", [])
        self._query = required.get("querystring", [])
        self._header = [(name, name.lower()) for name in required.get("header", [])]
        self._bodies = bodies

    def missing(
        self, path: Mapping[str, str], query: Mapping[str, str], header: Mapping[str, str]
    ) -> list[str]:
        """Return the required parameters that are absent or blank; `header` has lower-case keys."""
        absent = [name for name in self._query if not query.get(name)]
        absent += [name for name, lower in self._header if not header.get(lower)]
        absent += [name for name in self._path if not path.get(name)]
        return absent

    def problem(self, content_type: str, body: bytes) -> str:
        """Return what is wrong with the body by the model of its content type, or nothing."""
        media_type = content_type.split(";", 1)[0].strip().lower() or "application/json"
        check = self._bodies.get(media_type) or self._bodies.get("$default")
        return "" if check is None else check(body)
