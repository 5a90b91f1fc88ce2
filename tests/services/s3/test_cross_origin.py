"""CORS as browsers see it: preflight requests, and the headers of answers."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.wire.http import Body, HttpRequest

from .test_form_uploads import post, presigned

PAGE = "https://app.example.com"
RULES = [
    {
        "AllowedOrigins": ["https://*.example.com"],
        "AllowedMethods": ["PUT", "GET"],
        "AllowedHeaders": ["x-amz-*", "Content-Type"],
        "ExposeHeaders": ["ETag", "x-amz-request-id"],
        "MaxAgeSeconds": 3000,
    },
    {"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]},
]
VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
NOT_ALLOWED = (
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of "
    "Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are "
    "not whitelisted by the resource's CORS spec."
)


@pytest.fixture
def shared(s3: Any) -> Any:
    """A client of S3 whose bucket pages of other origins may use."""
    s3.put_bucket_cors(Bucket="bucket", CORSConfiguration={"CORSRules": RULES})
    return s3


def ask(
    cloud: CloudUnderTest,
    method: str = "PUT",
    origin: str = PAGE,
    wanted: str = "",
    path: str = "/bucket/k",
    host: str = "localhost:4566",
) -> tuple[int, dict[str, str], str]:
    """Status, headers and body of a preflight request."""
    headers = {
        "host": host,
        "origin": origin,
        "access-control-request-method": method,
        "access-control-request-headers": wanted,
    }
    given = {name: value for name, value in headers.items() if value}
    status, found, body = cloud.send(HttpRequest("OPTIONS", path, given))
    return status, found, body.decode()


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/bucket/k", "localhost:4566"),
        ("/bucket", "127.0.0.1"),
        ("/bucket/k", "localhost.localstack.cloud"),
        ("/k", "bucket.s3.localhost:4566"),
    ],
)
def test_a_page_may_send_what_a_rule_allows(
    cloud: CloudUnderTest, shared: Any, path: str, host: str
) -> None:
    wanted = "content-type, X-Amz-Date"
    status, headers, body = ask(cloud, wanted=wanted, path=path, host=host)
    assert (status, body) == (200, "")
    assert headers["access-control-allow-origin"] == PAGE
    assert headers["access-control-allow-methods"] == "PUT, GET"
    assert headers["access-control-allow-headers"] == "content-type, x-amz-date"
    assert headers["access-control-expose-headers"] == "ETag, x-amz-request-id"
    assert headers["access-control-max-age"] == "3000"
    assert headers["access-control-allow-credentials"] == "true"
    assert headers["vary"] == VARY


def test_everybody_is_told_so(cloud: CloudUnderTest, shared: Any) -> None:
    status, headers, _ = ask(cloud, "GET", "http://other")
    assert (status, headers["access-control-allow-origin"]) == (200, "*")
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize(
    ("question", "status", "message"),
    [
        ({"method": "DELETE"}, 403, f"AccessForbidden</Code><Message>{NOT_ALLOWED}"),
        ({"origin": "http://other"}, 403, NOT_ALLOWED),
        ({"wanted": "authorization"}, 403, NOT_ALLOWED),
        ({"path": "/nothing/k"}, 403, "CORSResponse: Bucket not found"),
        (
            {"origin": ""},
            400,
            "BadRequest</Code><Message>Insufficient information. Origin request header needed.",
        ),
        ({"method": ""}, 400, "Invalid Access-Control-Request-Method: null"),
        ({"method": "PATCH"}, 400, "Invalid Access-Control-Request-Method: PATCH"),
    ],
)
def test_what_no_rule_allows_is_refused(
    cloud: CloudUnderTest, shared: Any, question: dict[str, str], status: int, message: str
) -> None:
    found, headers, body = ask(cloud, **question)
    assert (found, headers["content-type"]) == (status, "application/xml")
    assert message in body
    assert "access-control-allow-origin" not in headers
    if question == {"method": "DELETE"}:
        assert "<Method>DELETE</Method><ResourceType>OBJECT</ResourceType>" in body


def test_without_rules_nothing_is_allowed(cloud: CloudUnderTest, s3: Any) -> None:
    status, _, body = ask(cloud)
    assert (status, "CORSResponse: CORS is not enabled for this bucket." in body) == (403, True)


def test_answers_tell_pages_what_they_may_read(cloud: CloudUnderTest, shared: Any) -> None:
    def read(origin: str) -> dict[str, str]:
        headers = {"host": "localhost", **({"origin": origin} if origin else {})}
        status, found, _ = cloud.send(HttpRequest("GET", "/bucket/k", headers))
        assert status == 403, "refusals too"
        return found

    found = read(PAGE)
    assert found["access-control-allow-origin"] == PAGE
    assert found["access-control-expose-headers"] == "ETag, x-amz-request-id"
    assert (found["access-control-max-age"], found["vary"]) == ("3000", VARY)
    assert read("http://other")["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in read("")
    put = {"host": "localhost", "origin": "http://other"}
    _, found, _ = cloud.send(HttpRequest("PUT", "/bucket/k", put, Body(b"x")))
    assert "access-control-allow-origin" not in found


def test_forms_and_websites_are_shared_too(cloud: CloudUnderTest, s3: Any) -> None:
    rule = {"AllowedOrigins": [PAGE], "AllowedMethods": ["GET", "POST"]}
    s3.put_bucket_cors(Bucket="bucket", CORSConfiguration={"CORSRules": [rule]})
    site = {"host": "bucket.s3-website-us-east-1.localhost", "origin": PAGE}
    found = cloud.send(HttpRequest("GET", "/", site))[1]
    assert found["access-control-allow-origin"] == PAGE
    status, found, _ = post(cloud, presigned(cloud), origin=PAGE)
    assert (status, found["access-control-allow-origin"]) == (204, PAGE)
