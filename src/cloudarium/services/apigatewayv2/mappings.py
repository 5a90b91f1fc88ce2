"""Parameter mapping of HTTP APIs: what may be set, and from what.

Source: Developer Guide, "Transform API requests and responses for HTTP APIs in API Gateway".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cloudarium.gateway import json_path
from cloudarium.gateway.templates import RenderError
from cloudarium.services.apigatewayv2 import errors, reserved_headers

_REQUEST_KEY = re.compile(
    r"(append|overwrite|remove):(?P<place>header|querystring)\.(?P<name>.+)|overwrite:path"
)
_RESPONSE_KEY = re.compile(
    r"(append|overwrite|remove):(?P<place>header)\.(?P<name>.+)|overwrite:statuscode"
)
_STATUS = re.compile(r"[2-5]\d\d")
# An expression, by itself or in `${…}`; what follows `$request.body` is a JSON path.
_REQUEST_SOURCE = re.compile(
    r"\$?(request\.(header|querystring|path)\.[^\s{}]+|request\.path|request\.body([.\[].*)?"
    r"|context\.[\w.\-]+|stageVariables\.\w+)"
)
_RESPONSE_SOURCE = re.compile(
    r"\$?(response\.header\.[^\s{}]+|response\.body([.\[].*)?|context\.[\w.\-]+"
    r"|stageVariables\.\w+)"
)
_BODY = re.compile(r"\$?(request|response)\.body(?P<path>.*)")
_INNER = re.compile(r"\$\{(?P<source>[^}]*)\}")


def check_request(given: Mapping[str, str]) -> None:
    """Raise unless an integration's RequestParameters can be."""
    for key, value in given.items():
        _check_key(_REQUEST_KEY, "Request", key)
        check_value(value, _REQUEST_SOURCE)


def check_response(given: Mapping[str, Mapping[str, str]]) -> None:
    """Raise unless an integration's ResponseParameters, by status code, can be."""
    for status, entries in given.items():
        if not _STATUS.fullmatch(status):
            raise errors.MappingStatusInvalid(status=status)
        for key, value in entries.items():
            _check_key(_RESPONSE_KEY, "Response", key)
            check_value(value, _RESPONSE_SOURCE)


def _check_key(keys: re.Pattern[str], side: str, key: str) -> None:
    match = keys.fullmatch(key)
    if match is None or (match["place"] == "header" and is_reserved(match["name"])):
        raise errors.MappingKeyInvalid(side=side, key=key)


def check_value(value: str, sources: re.Pattern[str] = _REQUEST_SOURCE) -> None:
    """Raise unless a value is static, or made of mapping expressions."""
    if value.startswith("$") and not value.startswith("${"):
        found = [value]
    else:
        found = [inner["source"] for inner in _INNER.finditer(value)]
    for source in found:
        if not sources.fullmatch(source) or not _is_path(source):
            raise errors.MappingValueInvalid(value=value)


def _is_path(source: str) -> bool:
    """Tell whether what follows a body is a JSON path, without `..` and filters."""
    match = _BODY.fullmatch(source)
    if match is None:
        return True
    if ".." in match["path"] or "?(" in match["path"]:
        return False
    try:
        json_path.compiled(f"${match['path']}")
    except RenderError:
        return False
    return True


def is_reserved(name: str) -> bool:
    """Tell whether a header is one that cannot be mapped."""
    lower = name.lower()
    return lower in reserved_headers.NAMES or lower.startswith(reserved_headers.PREFIXES)
