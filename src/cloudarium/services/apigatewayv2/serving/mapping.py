"""Parameter mapping at work: what of a request or a response is appended, overwritten, removed.

Source: Developer Guide, "Transform API requests and responses for HTTP APIs in API Gateway".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.core.documents import json_value
from cloudarium.gateway import json_path
from cloudarium.gateway.templates import as_text
from cloudarium.services.apigatewayv2.serving.exchange import Exchange, joined
from cloudarium.wire.http import Headers, HttpResponse

_INNER = re.compile(r"\$\{([^}]*)\}")
# "When you specify a JSON path, API Gateway truncates the request body at 100 KB and then applies
# the selection expression."
_BODY_BYTES = 100 * 1024

Source = Callable[[str], str]


@dataclass
class Forwarded:
    """What goes on to an integration. `path` is None where no mapping set one."""

    headers: Headers
    query: list[tuple[str, str]]
    path: str | None = None


def request(exchange: Exchange, parameters: Mapping[str, str]) -> Forwarded:
    """Return the request with an integration's RequestParameters applied."""
    made = Forwarded(list(exchange.headers), list(exchange.request.query_pairs))
    if not parameters:
        return made
    source = request_source(exchange)
    for key, expression in parameters.items():
        action, _, rest = key.partition(":")
        value = evaluated(expression, source)
        if rest == "path":
            made.path = value
        elif rest.startswith("header."):
            name = rest.removeprefix("header.")
            made.headers = _changed(made.headers, action, name, value, is_folded=True)
        else:
            name = rest.removeprefix("querystring.")
            made.query = _changed(made.query, action, name, value, is_folded=False)
    return made


def response(
    exchange: Exchange, answer: HttpResponse, parameters: Mapping[str, Mapping[str, str]]
) -> HttpResponse:
    """Return an integration's response with its ResponseParameters applied."""
    entries = parameters.get(str(answer.status))
    if not entries:
        return answer
    source = _response_source(exchange, answer)
    headers, status = list(answer.headers), answer.status
    for key, expression in entries.items():
        action, _, rest = key.partition(":")
        value = evaluated(expression, source)
        if rest == "statuscode":
            status = int(value) if re.fullmatch(r"[2-5]\d\d", value) else status
        else:
            name = rest.removeprefix("header.")
            headers = _changed(headers, action, name, value, is_folded=True)
    return HttpResponse(status, headers, answer.body)


def evaluated(expression: str, source: Source) -> str:
    """Return the value of a mapping: static, an expression, or a text with `${…}` in it."""
    if expression.startswith("$") and not expression.startswith("${"):
        return source(expression[1:])
    return _INNER.sub(lambda found: source(found[1].removeprefix("$")), expression)


def request_source(exchange: Exchange) -> Source:
    """Return what expressions over a request are read with."""

    def read(name: str) -> str:
        place, _, rest = name.partition(".")
        if place == "request":
            return _of_request(exchange, rest)
        return _of_scope(exchange, place, rest)

    return read


def _of_request(exchange: Exchange, name: str) -> str:
    kind, _, rest = name.partition(".")
    if kind == "header":
        return exchange.joined_headers.get(rest.lower(), "")
    if kind == "querystring":
        return exchange.query.get(rest, "")
    if kind == "path":
        return exchange.path_parameters.get(rest, "") if rest else exchange.path
    return _of_body(exchange.body, name)


def _response_source(exchange: Exchange, answer: HttpResponse) -> Source:
    body = answer.body if isinstance(answer.body, bytes) else b""
    headers = joined((key.lower(), value) for key, value in answer.headers)

    def read(name: str) -> str:
        place, _, rest = name.partition(".")
        if place != "response":
            return _of_scope(exchange, place, rest)
        if rest.startswith("header."):
            return headers.get(rest.removeprefix("header.").lower(), "")
        return _of_body(body, rest)

    return read


def _of_scope(exchange: Exchange, place: str, name: str) -> str:
    if place == "stageVariables":
        return exchange.variables.get(name, "")
    value: Any = exchange.context
    for step in name.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return as_text(value) if value is not None else ""


def _of_body(body: bytes, name: str) -> str:
    """Return `body` itself, or what is at a path below it (`body.a.b`)."""
    path = name.removeprefix("body")
    if not path:
        return body.decode("utf-8", "replace")
    try:
        document = json_value(body[:_BODY_BYTES])
    except ValueError:
        return ""
    try:
        is_there, found = json_path.compiled(f"${path}").find(document)
        if not is_there or found is None:
            return ""
        return found if isinstance(found, str) else json.dumps(found, separators=(",", ":"))
    except RecursionError:
        return ""


def _changed(
    pairs: list[tuple[str, str]], action: str, name: str, value: str, *, is_folded: bool
) -> list[tuple[str, str]]:
    """Return pairs with a value appended, put in place of others, or without any of a name."""
    if action == "append":
        return [*pairs, (name, value)] if value else pairs

    def is_other(key: str) -> bool:
        return key.lower() != name.lower() if is_folded else key != name

    kept = [pair for pair in pairs if is_other(pair[0])]
    return kept if action == "remove" or not value else [*kept, (name, value)]
