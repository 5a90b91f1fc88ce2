"""Requests to buckets that are no API calls: which they are, and to which bucket."""

from __future__ import annotations

import re

from cloudarium.core.runtime import ServiceRuntime
from cloudarium.wire.http import HttpRequest

# Names of other data planes have dots: theirs are not buckets' paths.
_HOST = re.compile(r"[^.]*|[0-9.]+|localhost\..+|s3[.-].+")
_BUCKETS_HOST = re.compile(r".+?\.s3[.-].*")
_VIRTUAL_HOST = re.compile(r"(.+?)\.(?:s3[.-].*|localhost)")
_FORM = "multipart/form-data"


def is_form(runtime: ServiceRuntime, request: HttpRequest) -> bool:
    """Tell whether a request is an upload by a form."""
    return (
        request.method == "POST"
        and request.headers.get("content-type", "").startswith(_FORM)
        and _is_storage(request)
    )


def is_preflight(runtime: ServiceRuntime, request: HttpRequest) -> bool:
    """Tell whether a browser asks what it may ask."""
    return request.method == "OPTIONS" and _is_storage(request)


def _is_storage(request: HttpRequest) -> bool:
    host = request.host
    return (_HOST.fullmatch(host) or _BUCKETS_HOST.fullmatch(host)) is not None


def bucket_and_key(request: HttpRequest) -> tuple[str, str]:
    """Return what a request's host and path name."""
    path = request.decoded_path.removeprefix("/")
    found = _VIRTUAL_HOST.fullmatch(request.host)
    if found is not None and found[1] != "s3":
        return found[1], path
    bucket, _, key = path.partition("/")
    return bucket, key
