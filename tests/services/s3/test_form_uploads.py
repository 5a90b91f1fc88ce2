"""Uploads by forms, as `generate_presigned_post` makes them for pages."""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any

import boto3
import pytest
from botocore.config import Config

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.wire.http import Body, HttpRequest

Answer = tuple[int, dict[str, str], bytes]


def presigned(cloud: CloudUnderTest, version: str = "s3v4", **params: Any) -> dict[str, Any]:
    """What a server hands to a page."""
    s3 = boto3.client(
        "s3",
        endpoint_url=cloud.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(signature_version=version),
    )
    found = s3.generate_presigned_post(**{"Bucket": "bucket", "Key": "up/${filename}", **params})
    signed: dict[str, str] = found["fields"]
    return signed


def post(
    cloud: CloudUnderTest,
    fields: dict[str, str],
    file: bytes | None = b"hello",
    host: str = "localhost:4566",
    path: str = "/bucket",
    **more: str,
) -> Answer:
    """Send a form as a browser does."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    if file is not None:
        parts.append(b'name="file"; filename="a b.txt"\r\nContent-Type: text/plain\r\n\r\n' + file)
        parts.append(b'name="late"\r\n\r\nignored')
    lead = b"Content-Disposition: form-data; "
    body = b"".join(b"--xYz\r\n" + lead + part + b"\r\n" for part in parts) + b"--xYz--\r\n"
    headers = {"host": host, "content-type": "multipart/form-data; boundary=xYz", **more}
    return cloud.send(HttpRequest("POST", path, headers, Body(body)))


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_signed_form_uploads_a_file(cloud: CloudUnderTest, s3: Any, version: str) -> None:
    more = {"Content-Type": "text/x", "x-amz-meta-colour": "blue"}
    fields = presigned(cloud, version, Fields=more, Conditions=[{k: v} for k, v in more.items()])
    content = b"1\r\n--xYnot\r\n\x00\xff"
    status, headers, body = post(cloud, fields, content)
    assert (status, body) == (204, b"")
    assert headers["location"] == "http://localhost:4566/bucket/up/a%20b.txt"
    found = s3.get_object(Bucket="bucket", Key="up/a b.txt")
    assert (found["Body"].read(), found["ContentType"]) == (content, "text/x")
    assert (found["Metadata"], found["ETag"]) == ({"colour": "blue"}, headers["etag"])


def test_a_form_says_how_it_is_answered(cloud: CloudUnderTest, s3: Any) -> None:
    name = "success_action_status"
    fields = presigned(cloud, Fields={name: "201"}, Conditions=[{name: "201"}])
    host = "bucket.s3.localhost:4566"
    status, headers, body = post(cloud, fields, host=host, path="/")
    assert (status, headers["content-type"]) == (201, "application/xml")
    assert f"<Location>http://{host}/up/a%20b.txt</Location>".encode() in body
    assert b"<Bucket>bucket</Bucket><Key>up/a b.txt</Key><ETag>" in body
    name, page = "success_action_redirect", "https://example.com/done?x=1"
    fields = presigned(cloud, Fields={name: page}, Conditions=[{name: page}])
    status, headers, _ = post(cloud, fields)
    assert status == 303
    assert headers["location"].startswith(f"{page}&bucket=bucket&key=up%2Fa+b.txt&etag=%22")


@pytest.mark.parametrize(
    ("change", "status", "code", "message"),
    [
        (
            {"x-custom": "1"},
            403,
            "AccessDenied",
            "Invalid according to Policy: Extra input fields: x-custom",
        ),
        (
            {"key": "elsewhere"},
            403,
            "AccessDenied",
            'Invalid according to Policy: Policy Condition failed: ["starts-with", "$key", "up/"]',
        ),
        (
            {"x-amz-signature": "0" * 64},
            403,
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check "
            "your AWS Secret Access Key and signing method. Consult the service documentation for "
            "details.",
        ),
        (
            {"x-amz-credential": "AKIANOBODY/20260101/us-east-1/s3/aws4_request"},
            403,
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
        ),
        (
            {"key": ""},
            400,
            "InvalidArgument",
            "Bucket POST must contain a field named 'key'.  If it is specified, please check the "
            "order of the fields.",
        ),
    ],
)
def test_a_form_that_was_changed_is_refused(
    cloud: CloudUnderTest, s3: Any, change: dict[str, str], status: int, code: str, message: str
) -> None:
    found, headers, body = post(cloud, {**presigned(cloud), **change})
    assert (found, headers["content-type"]) == (status, "application/xml")
    assert f"<Error><Code>{code}</Code><Message>{message}</Message>" in body.decode()
    assert "Contents" not in s3.list_objects_v2(Bucket="bucket")


def test_size_and_time_are_limited(cloud: CloudUnderTest, s3: Any) -> None:
    fields = presigned(cloud, Conditions=[["content-length-range", 2, 5]])
    assert post(cloud, {**fields, "x-ignore-me": "1"})[0] == 204
    status, _, body = post(cloud, fields, b"123456")
    assert (status, b"<Code>EntityTooLarge</Code>" in body) == (400, True)
    assert b"<ProposedSize>6</ProposedSize><MaxSizeAllowed>5</MaxSizeAllowed>" in body
    status, _, body = post(cloud, fields, b"1")
    assert (status, b"<Code>EntityTooSmall</Code>" in body) == (400, True)
    status, _, body = post(cloud, presigned(cloud, ExpiresIn=-1))
    assert (status, b"Invalid according to Policy: Policy expired." in body) == (403, True)


def test_a_form_without_a_policy_is_nobodys(cloud: CloudUnderTest, s3: Any) -> None:
    assert post(cloud, {"key": "k"})[0] == 403
    s3.delete_public_access_block(Bucket="bucket")
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::bucket/*",
    }
    s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps({"Statement": [statement]}))
    assert post(cloud, {"key": "k"})[0] == 204


def test_what_is_no_form_or_no_policy_is_refused(cloud: CloudUnderTest, s3: Any) -> None:
    assert (
        b"POST requires exactly one file upload per request."
        in post(cloud, presigned(cloud), None)[2]
    )
    headers = {"host": "localhost", "content-type": "multipart/form-data; boundary=b"}
    answer = cloud.send(HttpRequest("POST", "/bucket", headers, Body(b"--b\r\nx\r\n--b--")))
    assert (answer[0], b"<Code>MalformedPOSTRequest</Code>" in answer[2]) == (400, True)
    status, _, body = post(cloud, presigned(cloud, Bucket="other"), path="/other")
    assert (status, b"<Code>NoSuchBucket</Code>" in body) == (404, True)


def test_a_users_form_does_what_the_user_may(cloud: CloudUnderTest, s3: Any) -> None:
    iam = cloud.client("iam")
    iam.create_user(UserName="u")
    key = iam.create_access_key(UserName="u")["AccessKey"]
    user = cloud.client("s3", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))
    fields = user.generate_presigned_post("bucket", "mine")["fields"]
    status, _, body = post(cloud, fields)
    assert (status, b"<Code>AccessDenied</Code>" in body) == (403, True)
    allowed = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::bucket/mine"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=document)
    assert post(cloud, fields)[0] == 204


def test_a_form_makes_an_event_of_its_own(cloud: CloudUnderTest, s3: Any) -> None:
    sqs = cloud.client("sqs")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    url = sqs.create_queue(QueueName="q", Attributes={"Policy": policy})["QueueUrl"]
    entry = {
        "QueueArn": "arn:aws:sqs:us-east-1:000000000000:q",
        "Events": ["s3:ObjectCreated:Post"],
    }
    s3.put_bucket_notification_configuration(
        Bucket="bucket", NotificationConfiguration={"QueueConfigurations": [entry]}
    )
    post(cloud, presigned(cloud))
    s3.put_object(Bucket="bucket", Key="not/a/form", Body=b"")
    cloud.settle()
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    names = [
        record["eventName"]
        for each in found
        for record in json.loads(each["Body"]).get("Records", ())
    ]
    assert names == ["ObjectCreated:Post"]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("[]", "Invalid JSON."),
        ("[" * 100_000, "Invalid JSON."),
        ("{}", "Missing expiration."),
        ('{"expiration": "soon"}', "Invalid expiration."),
        ('{"expiration": "2100-01-01T00:00:00Z"}', "Missing conditions."),
        ('{"expiration": "2100-01-01T00:00:00Z", "conditions": [["ends-with", "$key", "a"]]}', ""),
        (
            '{"expiration": "2100-01-01T00:00:00Z", "conditions": [{"a": "1", "b": "2"}]}',
            "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
        ),
    ],
)
def test_a_policy_that_is_none_is_refused(
    cloud: CloudUnderTest, s3: Any, document: str, problem: str
) -> None:
    policy = base64.b64encode(document.encode())
    signature = base64.b64encode(hmac.digest(b"test", policy, "sha1")).decode()
    signed = {"key": "k", "AWSAccessKeyId": "test", "signature": signature}
    status, _, body = post(cloud, {**signed, "policy": policy.decode()})
    assert (status, b"<Code>InvalidPolicyDocument</Code>" in body) == (400, True)
    assert f"Invalid Policy: {problem}".encode() in body
