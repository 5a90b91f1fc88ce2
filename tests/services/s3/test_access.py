"""Who may do what: users, other accounts, anybody, presigned URLs (over real HTTP)."""

from __future__ import annotations

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.config import Config

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.wire.http import HttpRequest


def user(cloud: CloudUnderTest, *statements: dict[str, Any]) -> Any:
    """A client of S3 for a new user with these statements."""
    iam = cloud.client("iam")
    iam.create_user(UserName="u")
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=document)
    key = iam.create_access_key(UserName="u")["AccessKey"]
    return cloud.client("s3", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))


def allow(action: str | list[str], resource: str, **more: Any) -> dict[str, Any]:
    """A statement."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def open_up(s3: Any, *statements: dict[str, Any]) -> None:
    """Let the bucket have a public policy."""
    s3.delete_public_access_block(Bucket="bucket")
    s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps({"Statement": list(statements)}))


def http(url: str, method: str = "GET", body: bytes | None = None) -> tuple[int, bytes]:
    """Status and body of a plain HTTP request."""
    try:
        with urlopen(Request(url, data=body, method=method)) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


def test_what_never_leaves_the_machine_is_secure_transport(cloud: CloudUnderTest, s3: Any) -> None:
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Condition": insecure}
    resources = ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"]
    policy = json.dumps({"Statement": [{**statement, "Resource": resources}]})
    s3.put_bucket_policy(Bucket="bucket", Policy=policy)
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    over_http = boto3.client("s3", region_name="us-east-1", endpoint_url=cloud.endpoint, **keys)
    over_http.put_object(Bucket="bucket", Key="k", Body=b"x")
    assert over_http.get_object(Bucket="bucket", Key="k")["Body"].read() == b"x"


@pytest.mark.parametrize(
    ("client", "secure"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("10.0.0.1", False), ("", False)],
)
def test_what_comes_over_a_network_is_not_secure_transport(client: str, secure: bool) -> None:
    assert HttpRequest("GET", "/", {}, client=client).is_secure is secure


def test_a_user_may_do_what_the_policy_says(cloud: CloudUnderTest, s3: Any, refused: Any) -> None:
    s3.put_object(Bucket="bucket", Key="mine/a", Body=b"x")
    mine = user(cloud, allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::bucket/mine/*"))
    assert mine.get_object(Bucket="bucket", Key="mine/a")["Body"].read() == b"x"
    mine.put_object(Bucket="bucket", Key="mine/b", Body=b"")
    status, code, error = refused(mine.put_object, Bucket="bucket", Key="theirs", Body=b"")
    assert (status, code) == (403, "AccessDenied")
    assert "s3:PutObject" in error["Message"]
    assert refused(mine.delete_object, Bucket="bucket", Key="mine/a")[1] == "AccessDenied"
    assert refused(mine.list_objects_v2, Bucket="bucket")[1] == "AccessDenied"
    missing = refused(mine.get_object, Bucket="bucket", Key="mine/none")
    assert missing[:2] == (403, "AccessDenied"), "who may not list is not told it is missing"


def test_conditions_on_listing_and_tags(cloud: CloudUnderTest, s3: Any, refused: Any) -> None:
    s3.put_object(Bucket="bucket", Key="open", Body=b"x", Tagging="open=yes")
    s3.put_object(Bucket="bucket", Key="closed", Body=b"x", Tagging="open=no")
    condition = {"StringEquals": {"s3:prefix": "o"}}
    tagged = {"StringEquals": {"s3:ExistingObjectTag/open": "yes"}}
    client = user(
        cloud,
        allow("s3:ListBucket", "arn:aws:s3:::bucket", Condition=condition),
        allow("s3:GetObject", "arn:aws:s3:::bucket/*", Condition=tagged),
    )
    assert client.list_objects_v2(Bucket="bucket", Prefix="o")["KeyCount"] == 1
    assert refused(client.list_objects_v2, Bucket="bucket")[1] == "AccessDenied"
    client.get_object(Bucket="bucket", Key="open")
    assert refused(client.get_object, Bucket="bucket", Key="closed")[1] == "AccessDenied"


def test_copying_needs_both_sides(cloud: CloudUnderTest, s3: Any, refused: Any) -> None:
    s3.put_object(Bucket="bucket", Key="secret", Body=b"x")
    client = user(
        cloud, allow("s3:PutObject", "*"), allow("s3:DeleteObject", "arn:aws:s3:::*/gone")
    )
    assert (
        refused(client.copy_object, Bucket="bucket", Key="k", CopySource="bucket/secret")[1]
        == "AccessDenied"
    )
    keys = [{"Key": "gone"}, {"Key": "secret"}]
    answer = client.delete_objects(Bucket="bucket", Delete={"Objects": keys})
    assert [each["Key"] for each in answer["Deleted"]] == ["gone"]
    assert [(each["Key"], each["Code"]) for each in answer["Errors"]] == [
        ("secret", "AccessDenied")
    ]


def test_what_a_request_adds_is_asked_for_too(cloud: CloudUnderTest, s3: Any, refused: Any) -> None:
    client = user(cloud, allow(["s3:PutObject", "s3:GetObject"], "arn:aws:s3:::bucket/*"))
    put = {"Bucket": "bucket", "Key": "k", "Body": b""}
    client.put_object(**put)
    assert "s3:PutObjectTagging" in refused(client.put_object, **put, Tagging="a=1")[2]["Message"]
    assert "s3:PutObjectAcl" in refused(client.put_object, **put, ACL="private")[2]["Message"]
    wanted = {"Bucket": "bucket", "Key": "k", "ObjectAttributes": ["ETag"]}
    error = refused(client.get_object_attributes, **wanted)[2]
    assert "s3:GetObjectAttributes" in error["Message"]


def test_another_account_needs_the_bucket_policy(
    cloud: CloudUnderTest, s3: Any, refused: Any
) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"x")
    other = cloud.client("s3", credentials=("111111111111", "test"))
    assert refused(other.get_object, Bucket="bucket", Key="k")[1] == "AccessDenied"
    assert refused(other.delete_bucket, Bucket="bucket")[1] == "AccessDenied"
    principal = {"AWS": "arn:aws:iam::111111111111:root"}
    statement = allow("s3:GetObject", "arn:aws:s3:::bucket/*", Principal=principal)
    s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps({"Statement": [statement]}))
    assert other.get_object(Bucket="bucket", Key="k")["Body"].read() == b"x"


def test_the_owner_can_always_take_a_policy_away(s3: Any, refused: Any) -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::bucket"}
    s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps({"Statement": [deny]}))
    status, code, error = refused(s3.list_objects_v2, Bucket="bucket")
    assert (status, code) == (403, "AccessDenied")
    assert "with an explicit deny in a resource-based policy" in error["Message"]
    s3.delete_bucket_policy(Bucket="bucket")
    s3.list_objects_v2(Bucket="bucket")


def test_anybody_reads_what_a_public_policy_opens(cloud: CloudUnderTest, s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="page.html", Body=b"<p>", ContentType="text/html")
    url = f"{cloud.endpoint}/bucket/page.html"
    status, body = http(url)
    assert (status, b"<Code>AccessDenied</Code>" in body) == (403, True)
    open_up(s3, allow("s3:GetObject", "arn:aws:s3:::bucket/*", Principal="*"))
    assert http(url) == (200, b"<p>")
    assert http(url, "PUT", b"x")[0] == 403
    block = {"RestrictPublicBuckets": True}
    s3.put_public_access_block(Bucket="bucket", PublicAccessBlockConfiguration=block)
    assert http(url)[0] == 403


@pytest.fixture
def real(cloud: CloudUnderTest) -> Any:
    """A client of S3 over real HTTP."""
    return boto3.client(
        "s3",
        endpoint_url=cloud.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(
            signature_version="s3v4",
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
        ),
    )


def test_presigned_urls(cloud: CloudUnderTest, s3: Any, real: Any) -> None:
    params = {"Bucket": "bucket", "Key": "a key"}
    put = real.generate_presigned_url("put_object", Params=params)
    assert http(put, "PUT", b"sent") == (200, b"")
    get = real.generate_presigned_url("get_object", Params=params, ExpiresIn=60)
    assert http(get) == (200, b"sent")
    status, body = http(get.replace("a%20key", "other"))
    assert (status, b"SignatureDoesNotMatch" in body) == (403, True)
    late = real.generate_presigned_url("get_object", Params=params, ExpiresIn=0)
    status, body = http(late)
    assert (status, b"AccessDenied" in body) == (403, True)


def test_large_objects_stream_both_ways(cloud: CloudUnderTest, s3: Any, real: Any) -> None:
    data = bytes(range(256)) * 4096 * 12
    real.put_object(Bucket="bucket", Key="big", Body=data)
    assert real.get_object(Bucket="bucket", Key="big")["Body"].read() == data
    half = len(data) // 2
    upload = real.create_multipart_upload(Bucket="bucket", Key="joined")["UploadId"]
    where = {"Bucket": "bucket", "Key": "joined", "UploadId": upload}
    parts = []
    for number, body in enumerate((data[:half], data[half:]), 1):
        answer = real.upload_part(**where, PartNumber=number, Body=body)
        parts.append({"PartNumber": number, "ETag": answer["ETag"]})
    real.complete_multipart_upload(**where, MultipartUpload={"Parts": parts})
    found = real.get_object(Bucket="bucket", Key="joined")
    assert found["ContentLength"] == len(data)
    assert found["Body"].read() == data
    part = real.get_object(Bucket="bucket", Key="joined", Range=f"bytes={half - 3}-{half + 2}")
    assert part["Body"].read() == data[half - 3 : half + 3]
