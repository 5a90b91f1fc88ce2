"""Static websites, as a browser without an account sees them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.wire.http import HttpRequest

DOCUMENTS = {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}}
HOST = "bucket.s3-website-us-east-1.localhost:4566"


@pytest.fixture
def site(s3: Any) -> Any:
    """A client of S3 whose `bucket` everybody may read, with an index here and in a folder."""
    s3.delete_public_access_block(Bucket="bucket")
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::bucket/*",
    }
    s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps({"Statement": [statement]}))
    for key in ("index.html", "docs/index.html"):
        s3.put_object(Bucket="bucket", Key=key, Body=key.encode(), ContentType="text/html")
    return s3


def publish(s3: Any, **configuration: Any) -> None:
    """Make the bucket a website."""
    s3.put_bucket_website(Bucket="bucket", WebsiteConfiguration=configuration)


def visit(
    cloud: CloudUnderTest, path: str, method: str = "GET", host: str = HOST, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a visit."""
    return cloud.send(HttpRequest(method, path, {"host": host, **headers}))


def test_folders_have_index_documents(cloud: CloudUnderTest, site: Any) -> None:
    publish(site, **DOCUMENTS)
    other = "bucket.s3-website.eu-west-1.localhost"
    for path, host, body in (
        ("/", HOST, b"index.html"),
        ("/index.html?x=1", HOST, b"index.html"),
        ("/docs/", other, b"docs/index.html"),
    ):
        status, headers, found = visit(cloud, path, host=host)
        assert (status, headers["content-type"], found) == (200, "text/html", body)
    status, headers, found = visit(cloud, "/docs")
    assert (status, headers["location"], found) == (302, "/docs/", b"")
    status, headers, _ = visit(cloud, "/", "HEAD")
    assert (status, headers["content-length"]) == (200, "10")
    assert visit(cloud, "/", **{"if-none-match": headers["etag"]})[0] == 304
    assert visit(cloud, "/", range="bytes=0-4")[::2] == (206, b"index")


def test_what_is_not_there_is_told_in_html_or_by_the_error_document(
    cloud: CloudUnderTest, site: Any
) -> None:
    publish(site, **DOCUMENTS)
    status, headers, body = visit(cloud, "/a%3Cb")
    assert (status, headers["x-amz-error-code"]) == (403, "AccessDenied")
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert b"<h1>403 Forbidden</h1>\n<ul>\n<li>Code: AccessDenied</li>" in body
    assert body.count(b"<li>Code: AccessDenied</li>") == 2, "of the error document too"
    policy = json.loads(site.get_bucket_policy(Bucket="bucket")["Policy"])
    listing = {"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::bucket"}
    policy["Statement"].append({**policy["Statement"][0], **listing})
    site.put_bucket_policy(Bucket="bucket", Policy=json.dumps(policy))
    status, headers, body = visit(cloud, "/a%3Cb")
    assert (status, headers["x-amz-error-detail-Key".lower()]) == (404, "a%3Cb")
    assert b"<li>Key: a&lt;b</li>" in body
    assert b"Attempting to Retrieve a Custom Error Document" in body
    site.put_object(Bucket="bucket", Key="error.html", Body=b"sorry", ContentType="text/html")
    status, headers, body = visit(cloud, "/missing")
    assert (status, headers["x-amz-error-code"], body) == (404, "NoSuchKey", b"sorry")


def test_a_website_is_read_only_and_has_to_be_one(cloud: CloudUnderTest, site: Any) -> None:
    status, headers, _ = visit(cloud, "/")
    assert (status, headers["x-amz-error-code"]) == (404, "NoSuchWebsiteConfiguration")
    publish(site, **DOCUMENTS)
    status, headers, _ = visit(cloud, "/x", "PUT")
    assert (status, headers["x-amz-error-code"]) == (405, "MethodNotAllowed")
    status, headers, body = visit(cloud, "/", host=HOST.replace("bucket", "other"))
    assert (status, headers["x-amz-error-code"]) == (404, "NoSuchBucket")
    assert b"<li>BucketName: other</li>" in body


def test_rules_lead_elsewhere(cloud: CloudUnderTest, site: Any) -> None:
    rules = [
        {
            "Condition": {"KeyPrefixEquals": "old/"},
            "Redirect": {"ReplaceKeyPrefixWith": "new/", "HttpRedirectCode": "302"},
        },
        {
            "Condition": {"HttpErrorCodeReturnedEquals": "403"},
            "Redirect": {"HostName": "example.com", "Protocol": "https", "ReplaceKeyWith": "q"},
        },
    ]
    publish(site, **DOCUMENTS, RoutingRules=rules)
    assert site.get_bucket_website(Bucket="bucket")["RoutingRules"] == rules
    status, headers, _ = visit(cloud, "/old/a%20b")
    assert (status, headers["location"]) == (302, f"http://{HOST}/new/a%20b")
    status, headers, _ = visit(cloud, "/nothing")
    assert (status, headers["location"]) == (301, "https://example.com/q")
    site.put_object(Bucket="bucket", Key="moved", WebsiteRedirectLocation="/docs/")
    status, headers, _ = visit(cloud, "/moved")
    assert (status, headers["location"]) == (301, "/docs/")
    publish(site, RedirectAllRequestsTo={"HostName": "example.com"})
    status, headers, _ = visit(cloud, "/docs/")
    assert (status, headers["location"]) == (301, "http://example.com/docs/")


@pytest.mark.parametrize(
    ("configuration", "code", "message"),
    [
        (
            {"ErrorDocument": {"Key": "e"}},
            "InvalidArgument",
            "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
        ),
        (
            {"IndexDocument": {"Suffix": "a/b"}},
            "InvalidArgument",
            "The IndexDocument Suffix is not well formed",
        ),
        (
            {**DOCUMENTS, "RedirectAllRequestsTo": {"HostName": "a"}},
            "InvalidArgument",
            "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.",
        ),
        (
            {
                **DOCUMENTS,
                "RoutingRules": [
                    {"Redirect": {"ReplaceKeyWith": "a", "ReplaceKeyPrefixWith": "b"}}
                ],
            },
            "InvalidRequest",
            "You can only define ReplaceKeyPrefix or ReplaceKey but not both.",
        ),
        (
            {**DOCUMENTS, "RoutingRules": [{"Redirect": {"HttpRedirectCode": "300"}}]},
            "InvalidRequest",
            "The provided HTTP redirect code (300) is not valid. Valid codes are 3XX except 300.",
        ),
    ],
)
def test_a_website_that_cannot_be_is_refused(
    s3: Any, refused: Any, configuration: dict[str, Any], code: str, message: str
) -> None:
    status, found, error = refused(
        s3.put_bucket_website, Bucket="bucket", WebsiteConfiguration=configuration
    )
    assert (status, found, error["Message"]) == (400, code, message)


def test_a_website_ends(s3: Any, refused: Any) -> None:
    publish(s3, **DOCUMENTS)
    s3.delete_bucket_website(Bucket="bucket")
    s3.delete_bucket_website(Bucket="bucket")
    status, code, error = refused(s3.get_bucket_website, Bucket="bucket")
    assert (status, code, error["BucketName"]) == (404, "NoSuchWebsiteConfiguration", "bucket")
