"""Bodies that are not what DynamoDB reads, and the forms of its errors on the wire."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.wire.http import Body, HttpRequest

from .support import make_table

URL = "http://dynamodb.us-east-1.amazonaws.com/"
SERVICE = "com.amazon.coral.service#"
MAP = "Start of structure or map found where not expected"
GENERIC = "sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl"


def answered(
    cloud: CloudUnderTest, operation: str, body: str | bytes, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Send a signed body; the status, headers and body that it is answered with."""
    headers |= {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": f"DynamoDB_20120810.{operation}",
    }
    request = AWSRequest("POST", URL, headers, body)
    SigV4Auth(Credentials("test", "test"), "dynamodb", "us-east-1").add_auth(request)
    given = {name.lower(): value for name, value in request.headers.items()}
    given["host"] = "dynamodb.us-east-1.amazonaws.com"
    sent = body.encode() if isinstance(body, str) else body
    message = HttpRequest("POST", "/", given, Body(sent), list(given.items()))
    status, returned, content = cloud.send(message)
    assert returned["x-amz-crc32"] == str(zlib.crc32(content))
    return status, returned, content


def sent(cloud: CloudUnderTest, operation: str, body: str) -> dict[str, Any]:
    """Send a signed body, and return that of the 400 it is answered with."""
    status, _, content = answered(cloud, operation, body)
    assert status == 400
    found: dict[str, Any] = json.loads(content)
    return found


@pytest.mark.parametrize(
    ("operation", "body", "message"),
    [
        ("GetItem", '{"TableName": true}', "TRUE_VALUE cannot be converted to String"),
        ("GetItem", '{"TableName": 23}', "NUMBER_VALUE cannot be converted to String"),
        ("GetItem", '{"TableName": 34.56}', "DECIMAL_VALUE cannot be converted to String"),
        ("GetItem", '{"TableName": []}', "Unrecognized collection type class java.lang.String"),
        ("GetItem", '{"TableName": {}}', MAP),
        ("Scan", '{"Limit": "1"}', "STRING_VALUE cannot be converted to Integer"),
        ("Scan", '{"ConsistentRead": "1"}', "Unexpected token received from parser"),
        ("Scan", '{"ConsistentRead": 1}', "NUMBER_VALUE cannot be converted to Boolean"),
        ("Scan", '{"AttributesToGet": "1"}', "Unexpected field type"),
        ("GetItem", '{"Key": 1}', "Unexpected field type"),
        (
            "GetItem",
            '{"Key": []}',
            "Unrecognized collection type java.util.Map<java.lang.String, "
            "com.amazonaws.dynamodb.v20120810.AttributeValue>",
        ),
        ("GetItem", '{"Key": {"id": 1}}', "Unexpected value type in payload"),
        (
            "GetItem",
            '{"Key": {"id": []}}',
            "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue",
        ),
        (
            "GetItem",
            '{"Key": {"id": {"B": 1}}}',
            "only base-64-encoded strings are convertible to bytes",
        ),
        (
            "GetItem",
            '{"Key": {"id": {"B": "23456"}}}',
            "Base64 encoded length is expected a multiple of 4 bytes but found: 5",
        ),
        (
            "GetItem",
            '{"Key": {"id": {"B": "+/+="}}}',
            "Invalid last non-pad Base64 character dectected",
        ),
        (
            "BatchGetItem",
            '{"RequestItems": {"words": {"Keys": [1]}}}',
            f"class {GENERIC} cannot be cast to class java.lang.Class ({GENERIC} and "
            "java.lang.Class are in module java.base of loader 'bootstrap')",
        ),
    ],
)
def test_values_of_a_wrong_type(
    cloud: CloudUnderTest, operation: str, body: str, message: str
) -> None:
    found = sent(cloud, operation, body)
    assert found == {"__type": SERVICE + "SerializationException", "Message": message}


@pytest.mark.parametrize(
    ("member", "expected", "column"),
    [
        ("TableName", "a string", 18),
        ("IndexName", "a string", 40),
        ("SearchVector", "a sequence", 64),
        ("TopK", "i32", 86),
    ],
)
def test_a_search_is_read_strictly(
    cloud: CloudUnderTest, member: str, expected: str, column: int
) -> None:
    search = {"TableName": "words", "IndexName": "near", "SearchVector": [{"N": "1"}], "TopK": 1}
    place = f"at line 1 column {column}"
    assert sent(cloud, "SearchVectors", json.dumps({**search, member: None})) == {
        "__type": SERVICE + "SerializationException",
        "Message": f"invalid type: null, expected {expected} {place}",
    }
    del search[member]
    body = json.dumps(search)
    assert sent(cloud, "SearchVectors", body) == {
        "__type": "com.amazon.coral.validate#ValidationException",
        "message": f"missing field `{member}` at line 1 column {len(body)}",
    }


def test_what_has_no_message_has_no_member_for_it(cloud: CloudUnderTest) -> None:
    assert sent(cloud, "ListTables", "hi") == {"__type": SERVICE + "SerializationException"}
    assert sent(cloud, "ListTable", "{}") == {"__type": SERVICE + "UnknownOperationException"}


def test_each_layer_names_its_errors(cloud: CloudUnderTest) -> None:
    missing = sent(cloud, "DescribeTable", '{"TableName": "words"}')
    assert missing["__type"] == "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"
    invalid = sent(cloud, "DescribeTable", "{}")
    assert invalid["__type"] == "com.amazon.coral.validate#ValidationException"


def test_a_request_may_come_in_gzip_members(cloud: CloudUnderTest) -> None:
    first, second = gzip.compress(b'{"Limit"'), gzip.compress(b": 1}")
    for body in (first + second, gzip.compress(b'{"Limit": 1}'), first + second + b"no gzip"):
        status, _, said = answered(cloud, "ListTables", body, **{"content-encoding": "gzip"})
        assert (status, json.loads(said)) == (200, {"TableNames": []})
    for body in (first + second[:-1], b"{}", b"", gzip.compress(b"") * 65):
        status, _, said = answered(cloud, "ListTables", body, **{"content-encoding": "gzip"})
        assert (status, json.loads(said)["__type"]) == (400, SERVICE + "SerializationException")
    assert answered(cloud, "ListTables", b"{}", **{"content-encoding": "unheard-of"})[0] == 400


def test_a_body_has_at_most_16_mb(cloud: CloudUnderTest) -> None:
    """It may have more unzipped."""
    body = b"{" + b" " * ((16 << 20) - 2) + b"}"
    assert answered(cloud, "ListTables", body)[0] == 200
    headers = {"x-amz-target": "DynamoDB_20120810.ListTables", "host": "localhost"}
    request = HttpRequest("POST", "/", headers, Body(body + b" "), list(headers.items()))
    status, _, content = cloud.send(request)
    assert (status, content) == (413, b"")
    zipped = gzip.compress(body + b" ")
    assert answered(cloud, "ListTables", zipped, **{"content-encoding": "gzip"})[0] == 200


def test_a_large_answer_is_compressed_for_whom_accepts_it(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "words", "id")
    db.put_item(TableName="words", Item={"id": {"S": "x"}, "text": {"S": "x" * 5000}})

    def got(accepted: str, **more: str) -> tuple[str | None, bytes]:
        request = {"TableName": "words", "Key": {"id": {"S": "x"}}, **more}
        headers = {"accept-encoding": accepted}
        _, returned, body = answered(cloud, "GetItem", json.dumps(request), **headers)
        return returned.get("content-encoding"), body

    for accepted, encoding in (
        ("gzip", "gzip"),
        ("br, identity, deflate, gzip", "deflate"),
        ("gzip;q=0.2, deflate;q=0.5", "deflate"),
        ("*", "gzip"),
        ("*, deflate", "deflate"),
        ("*, gzip;q=0.5", "deflate"),
        ("gzip;q=0", None),
        ("identity", None),
    ):
        assert got(accepted)[0] == encoding
    plain = got("identity")[1]
    assert gzip.decompress(got("gzip")[1]) == zlib.decompress(got("deflate")[1]) == plain
    assert got("gzip", ProjectionExpression="id")[0] is None


def test_an_error_tells_of_an_item_with_binaries(db: Any) -> None:
    make_table(db, "blobs", "id")
    item = {"id": {"S": "i"}, "b": {"B": b"\x00\xff"}, "m": {"M": {"bs": {"BS": [b"a", b"b"]}}}}
    db.put_item(TableName="blobs", Item=item)
    given = {
        "TableName": "blobs",
        "Item": {"id": {"S": "i"}},
        "ConditionExpression": "attribute_not_exists(id)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    with pytest.raises(db.exceptions.ConditionalCheckFailedException) as failed:
        db.put_item(**given)
    assert failed.value.response["Item"] == item
    with pytest.raises(db.exceptions.TransactionCanceledException) as cancelled:
        db.transact_write_items(TransactItems=[{"Put": given}])
    (reason,) = cancelled.value.response["CancellationReasons"]
    assert reason["Item"] == item
