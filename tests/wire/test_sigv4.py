"""Signatures as botocore, boto3's presigner and curl make them."""

from __future__ import annotations

import subprocess
import time
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.auth import HmacV1QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.wire.http import Body, HttpRequest

_KEY = "a b/+%25/ü/~'(1).txt"


def _presigned(cloud: CloudUnderTest, operation: str, version: str | None, **params: Any) -> str:
    """Return what a client in us-east-1 with the default (Version 2) or given version presigns."""
    s3 = boto3.client(
        "s3",
        endpoint_url=cloud.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(signature_version=version) if version else None,
    )
    return str(s3.generate_presigned_url(operation, Params=params))


def _sent(cloud: CloudUnderTest, url: str, method: str = "GET", body: bytes = b"") -> Any:
    target = url.removeprefix(cloud.endpoint)
    host = cloud.endpoint.removeprefix("http://")
    return cloud.send(HttpRequest(method, target, {"host": host}, Body(body)))


def test_a_body_in_chunks_may_be_presigned_with_version_2(cloud: CloudUnderTest) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="bucket")
    request = AWSRequest("PUT", f"{cloud.endpoint}/bucket/key")
    request.headers["x-amz-content-sha256"] = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    HmacV1QueryAuth(Credentials("test", "test"), expires=60).add_auth(request)
    assert _sent(cloud, request.url, "PUT", b"5\r\nhello\r\n0\r\n\r\n")[0] == 200
    assert s3.get_object(Bucket="bucket", Key="key")["Body"].read() == b"hello"


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_presigned_urls_as_boto3_makes_them(cloud: CloudUnderTest, version: str | None) -> None:
    cloud.client("s3").create_bucket(Bucket="bucket")
    put = _presigned(
        cloud, "put_object", version, Bucket="bucket", Key=_KEY, Metadata={"colour": "blue"}
    )
    if version is None:
        assert "AWSAccessKeyId=test" in put
        assert _sent(cloud, put, "PUT", b"hello")[0] == 200
        head = cloud.client("s3").head_object(Bucket="bucket", Key=_KEY)
        assert head["Metadata"] == {"colour": "blue"}
    else:
        cloud.client("s3").put_object(Bucket="bucket", Key=_KEY, Body=b"hello")
    get = _presigned(
        cloud, "get_object", version, Bucket="bucket", Key=_KEY, ResponseContentType="text/x"
    )
    status, headers, body = _sent(cloud, get)
    assert (status, headers["content-type"], body) == (200, "text/x", b"hello")
    for operation, params in (("list_objects_v2", {"Bucket": "bucket"}), ("list_buckets", {})):
        assert _sent(cloud, _presigned(cloud, operation, version, **params))[0] == 200


def test_a_presigned_url_holds_for_what_it_was_made_for_only(cloud: CloudUnderTest) -> None:
    cloud.client("s3").create_bucket(Bucket="bucket")
    url = _presigned(cloud, "get_object", None, Bucket="bucket", Key="a")
    assert b"SignatureDoesNotMatch" in _sent(cloud, url.replace("/a?", "/b?"))[2]
    assert b"SignatureDoesNotMatch" in _sent(cloud, url, "DELETE")[2]
    expired = url.partition("&Expires=")[0] + "&Expires=1"
    assert b"Request has expired" in _sent(cloud, expired)[2]
    assert _sent(cloud, url + "&Action=GetCallerIdentity&Version=2011-06-15")[0] == 403


def test_a_wrong_secret_is_refused_in_each_protocols_words(cloud: CloudUnderTest) -> None:
    for service, call, code in (
        ("sqs", "list_queues", "InvalidSignatureException"),
        ("sts", "get_caller_identity", "SignatureDoesNotMatch"),
        ("s3", "list_buckets", "SignatureDoesNotMatch"),
        ("lambda", "list_functions", "InvalidSignatureException"),
    ):
        client = cloud.client(service, credentials=("test", "wrong"))
        with pytest.raises(ClientError) as caught:
            getattr(client, call)()
        assert caught.value.response["Error"]["Code"] == code


def test_s3_tells_who_signed_for_no_region_which_one_to_sign_for(cloud: CloudUnderTest) -> None:
    s3 = cloud.client("s3", region="US")
    with pytest.raises(ClientError) as caught:
        s3.list_buckets()
    error = caught.value.response["Error"]
    assert (error["Code"], error["Region"]) == ("AuthorizationHeaderMalformed", "us-east-1")
    assert error["Message"] == (
        "The authorization header is malformed; the region 'US' is wrong; expecting 'us-east-1'"
    )
    cloud.client("s3").create_bucket(Bucket="bucket")
    assert s3.list_objects_v2(Bucket="bucket")["KeyCount"] == 0, "botocore goes where it is told"
    with pytest.raises(ClientError) as caught:
        cloud.client("sqs", region="US").list_queues()
    assert "valid region" in caught.value.response["Error"]["Message"]


def test_a_signature_that_is_no_hexadecimal_is_refused(cloud: CloudUnderTest) -> None:
    scope = f"test/{datetime.fromtimestamp(time.time(), UTC):%Y%m%d}/us-east-1/sqs/aws4_request"
    for signature in ("é" * 64, "é", ""):
        headers = {
            "host": "localhost",
            "x-amz-date": f"{datetime.fromtimestamp(time.time(), UTC):%Y%m%dT%H%M%SZ}",
            "x-amz-target": "AmazonSQS.ListQueues",
            "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, "
            f"Signature={signature}",
        }
        status, _, body = cloud.send(HttpRequest("POST", "/", headers, Body(b"{}")))
        assert status == 400
        code = b"InvalidSignatureException" if signature else b"IncompleteSignatureException"
        assert code in body


def test_curl_signs_as_we_check(cloud: CloudUnderTest) -> None:
    cloud.client("s3").create_bucket(Bucket="bucket")
    command = ["curl", "-s", "--user", "test:test", "-w", "%{http_code}", "-o", "/dev/null"]
    for service, path in (("lambda", "/2015-03-31/functions/"), ("s3", "/bucket/?list-type=2")):
        signing = ["--aws-sigv4", f"aws:amz:us-east-1:{service}", cloud.endpoint + path]
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        header = ["-H", f"x-amz-content-sha256: {empty}"]
        done = subprocess.run([*command, *header, *signing], capture_output=True, check=True)
        assert done.stdout == b"200", path
