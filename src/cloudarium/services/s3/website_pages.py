"""What a visitor of a bucket's website gets: objects, index and error documents, redirects.

User guide, "Website endpoints", "Configuring an index document", "Configuring a custom error
document" and "Configuring a webpage redirect". Visitors are nobody: the bucket's policy must let
everybody read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from html import escape
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote

from cloudarium.core.errors import AwsError
from cloudarium.core.identity import ANONYMOUS
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.s3 import buckets, cross_origin, errors, websites
from cloudarium.wire.http import Headers, HttpRequest, HttpResponse

_ENDPOINT = ".s3-website"
_HEADERS = {
    "AcceptRanges": "accept-ranges",
    "CacheControl": "cache-control",
    "ContentDisposition": "content-disposition",
    "ContentEncoding": "content-encoding",
    "ContentLanguage": "content-language",
    "ContentLength": "content-length",
    "ContentRange": "content-range",
    "ContentType": "content-type",
    "ETag": "etag",
    "Expires": "expires",
    "VersionId": "x-amz-version-id",
}
_CONDITIONS = {"Range": "range", "IfMatch": "if-match", "IfNoneMatch": "if-none-match"}
_DATES = {"IfModifiedSince": "if-modified-since", "IfUnmodifiedSince": "if-unmodified-since"}


@dataclass(frozen=True)
class _Visit:
    """A request to a website: `key` is what its path names, `configuration` the website's."""

    runtime: ServiceRuntime
    request: HttpRequest
    bucket: str
    key: str
    configuration: Mapping[str, Any]

    @property
    def host(self) -> str:
        """The website's own host and port."""
        return self.request.headers.get("host", "")

    @property
    def document(self) -> str:
        """The key to look for: a folder's index document, or the key itself."""
        if self.key == "" or self.key.endswith("/"):
            return f"{self.key}{self.suffix}"
        return self.key

    @property
    def suffix(self) -> str:
        """The name of index documents."""
        return str(self.configuration["IndexDocument"]["Suffix"])


async def answer(runtime: ServiceRuntime, request: HttpRequest) -> HttpResponse:
    """Answer a request to `BUCKET.s3-website-REGION.*` or `BUCKET.s3-website.REGION.*`."""
    name, key = request.host.partition(_ENDPOINT)[0], unquote(request.path[1:])
    response = await _answer(runtime, request, name, key)
    response.headers += cross_origin.headers(runtime, request, name)
    return response


async def _answer(
    runtime: ServiceRuntime, request: HttpRequest, name: str, key: str
) -> HttpResponse:
    ctx = runtime.context("", "", ANONYMOUS)
    with ctx.transaction():
        bucket = buckets.lookup(ctx, name)
        configuration = buckets.configuration(ctx, name, websites.KIND)
    members = {"BucketName": name}
    if bucket is None:
        return _page(runtime, errors.NoSuchBucket(members=members))
    if configuration is None:
        return _page(runtime, errors.NoSuchWebsiteConfiguration(members=members))
    if request.method not in ("GET", "HEAD"):
        members = {"Method": request.method, "ResourceType": "OBJECT"}
        return _page(runtime, errors.MethodNotAllowed(members=members))
    visit = _Visit(runtime, request, name, key, configuration)
    if everywhere := configuration.get("RedirectAllRequestsTo"):
        return _moved(*websites.target({"Redirect": everywhere}, visit.host, key))
    return await _served(visit)


async def _served(visit: _Visit) -> HttpResponse:
    rules = visit.configuration.get("RoutingRules", ())
    if rule := websites.rule_of(rules, visit.key, None):
        return _moved(*websites.target(rule, visit.host, visit.key))
    try:
        found = await _read(visit, visit.document, _asked(visit.request))
    except AwsError as error:
        return await _failed(visit, error)
    if location := found.get("WebsiteRedirectLocation"):
        return _moved(301, location)
    return _object(found, 206 if "ContentRange" in found else 200)


async def _failed(visit: _Visit, error: AwsError) -> HttpResponse:
    """Answer where the document cannot be read: a folder's redirect, a rule's, an error page."""
    if error.status == 304:
        return HttpResponse(304)
    if error.status in (403, 404) and visit.document == visit.key and await _is_folder(visit):
        return _moved(302, f"/{visit.key}/")
    rules = visit.configuration.get("RoutingRules", ())
    if rule := websites.rule_of(rules, visit.key, error.status):
        return _moved(*websites.target(rule, visit.host, visit.key))
    own = visit.configuration.get("ErrorDocument")
    if own is None or error.status >= 500:
        return _page(visit.runtime, error)
    try:
        found = await _read(visit, own["Key"], {})
    except AwsError as second:
        return _page(visit.runtime, error, second)
    return _object(found, error.status, _named(error))


async def _is_folder(visit: _Visit) -> bool:
    try:
        await _read(visit, f"{visit.key}/{visit.suffix}", {}, "HeadObject")
    except AwsError:
        return False
    return True


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Return the request's range and conditions as GetObject's parameters."""
    headers = request.headers
    asked: dict[str, Any] = {
        name: headers[header] for name, header in _CONDITIONS.items() if header in headers
    }
    for name, header in _DATES.items():
        try:
            asked[name] = parsedate_to_datetime(headers.get(header, "")).timestamp()
        except ValueError:  # none, or no date
            continue
    return asked


async def _read(
    visit: _Visit, key: str, asked: Mapping[str, Any], operation: str = "GetObject"
) -> dict[str, Any]:
    """Return an object as nobody may read it. Raises AwsError in S3's codes."""
    try:
        found = await visit.runtime.kernel.dispatch(
            "s3",
            operation,
            {"Bucket": visit.bucket, "Key": key, **asked},
            principal=ANONYMOUS,
            account="",
            region="",
            conditions={"aws:SourceIp": visit.request.client},
        )
    except AwsError as error:
        if error.status == 403:
            raise errors.AccessDenied() from error
        if error.status == 404:
            raise errors.NoSuchKey(members={"Key": key}) from error
        raise
    return {name: value for name, value in found.items() if value is not None}


def _object(found: Mapping[str, Any], status: int, further: Headers | None = None) -> HttpResponse:
    headers = [(_HEADERS[name], str(found[name])) for name in _HEADERS if name in found]
    headers.append(("last-modified", formatdate(found["LastModified"], usegmt=True)))
    headers += [(f"x-amz-meta-{name}", value) for name, value in found.get("Metadata", {}).items()]
    return HttpResponse(status, headers + (further or []), found["Body"])


def _moved(status: int, location: str) -> HttpResponse:
    safe = quote(location, safe="%/:?#[]@!$&'()*+,;=~")
    return HttpResponse(status, [("location", safe), ("content-length", "0")])


def _named(error: AwsError) -> Headers:
    """Return the headers that tell an error, as recorded from AWS."""
    details = [
        (f"x-amz-error-detail-{name}", quote(value)) for name, value in error.members.items()
    ]
    return [("x-amz-error-code", error.code), ("x-amz-error-message", error.message), *details]


def _page(runtime: ServiceRuntime, error: AwsError, second: AwsError | None = None) -> HttpResponse:
    """Return S3's own page for an error, and for the error document's if that failed as well."""
    title = f"{error.status} {HTTPStatus(error.status).phrase}"
    request_id = runtime.kernel.ids.uuid()
    lines = _lines(error, {"RequestId": request_id, "HostId": request_id})
    if second is not None:
        heading = "An Error Occurred While Attempting to Retrieve a Custom Error Document"
        lines = f"{lines}<h3>{heading}</h3>\n{_lines(second, {})}"
    body = (
        f"<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n{lines}<hr/>\n"
        "</body>\n</html>\n"
    ).encode()
    headers = [*_named(error), ("content-type", "text/html; charset=utf-8")]
    return HttpResponse(error.status, headers, body)


def _lines(error: AwsError, further: Mapping[str, str]) -> str:
    told = {"Code": error.code, "Message": error.message, **error.members, **further}
    items = "".join(f"<li>{name}: {escape(str(value))}</li>\n" for name, value in told.items())
    return f"<ul>\n{items}</ul>\n"
