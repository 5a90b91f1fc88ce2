"""What browsers are told of a bucket's CORS rules: before a request, and with its answer.

API reference, "OPTIONS object"; user guide, "Using cross-origin resource sharing (CORS)". Headers
and refusals are as recorded from AWS.
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.identity import ANONYMOUS
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.s3 import addresses, buckets, cors, errors, refusals
from cloudarium.wire.http import Headers, HttpRequest, HttpResponse


def headers(runtime: ServiceRuntime, request: HttpRequest, bucket: str = "") -> Headers:
    """Return what the answer to a cross-origin request has besides, nothing if no rule fits.

    `bucket` is the one addressed, if host and path do not say so.
    """
    name = bucket or addresses.bucket_and_key(request)[0]
    origin = request.headers.get("origin", "")
    rules = _rules(runtime, name) or ()
    rule = cors.rule_of(rules, origin, request.method, []) if origin else None
    return [] if rule is None else cors.headers(rule, origin, [])


def _rules(runtime: ServiceRuntime, bucket: str) -> list[dict[str, Any]] | None:
    ctx = runtime.context("", "", ANONYMOUS)
    with ctx.transaction():
        found: list[dict[str, Any]] | None = buckets.configuration(ctx, bucket, "cors")
    return found


async def preflight(runtime: ServiceRuntime, request: HttpRequest) -> HttpResponse:
    """Answer whether a page may send what it is about to send."""
    try:
        return HttpResponse(200, _allowed(runtime, request))
    except AwsError as error:
        return refusals.answer(error, runtime.kernel.ids.uuid())


def _allowed(runtime: ServiceRuntime, request: HttpRequest) -> Headers:
    asked = request.headers
    origin, method = asked.get("origin"), asked.get("access-control-request-method")
    if not origin:
        raise errors.NoOrigin()
    if method not in cors.METHODS:
        raise errors.InvalidRequestMethod(method=method or "null")
    bucket, key = addresses.bucket_and_key(request)
    members = {"Method": method, "ResourceType": "OBJECT" if key else "BUCKET"}
    ctx = runtime.context("", "", ANONYMOUS)
    with ctx.transaction():
        is_there = buckets.lookup(ctx, bucket) is not None
    if not is_there:
        raise errors.CrossOriginRefused(members=members, problem="Bucket not found")
    rules = _rules(runtime, bucket)
    if rules is None:
        problem = "CORS is not enabled for this bucket."
        raise errors.CrossOriginRefused(members=members, problem=problem)
    wanted = cors.names(asked.get("access-control-request-headers", ""))
    rule = cors.rule_of(rules, origin, method, wanted)
    if rule is None:
        raise errors.CrossOriginRefused(members=members, problem=errors.NO_CORS_RULE)
    return cors.headers(rule, origin, wanted)
