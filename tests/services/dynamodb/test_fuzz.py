"""Requests of any shape are answered as AWS answers them, never with a 500."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.wire.http import Body, HttpRequest

from .support import index, make_table

SECONDS = 5.0
URL = "http://127.0.0.1:4566/"
ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/tab"
KEY: dict[str, Any] = {"id": {"S": "a"}, "n": {"N": "1"}}
ITEM = {**KEY, "g": {"S": "x"}, "m": {"M": {"a": {"L": [{"N": "1"}]}}}, "s": {"SS": ["a"]}}
VALUES = {":n": {"N": "1"}, ":g": {"S": "x"}}
UNITS = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
SEEDS: list[tuple[str, dict[str, Any]]] = [
    (
        "PutItem",
        {
            "TableName": "tab",
            "Item": {**ITEM, "b": {"B": "AA=="}, "ns": {"NS": ["1"]}, "bs": {"BS": ["AA=="]}},
            "ConditionExpression": "attribute_not_exists(x) OR m.a[0] = :n",
            "ExpressionAttributeValues": {":n": {"N": "1"}},
            "ReturnConsumedCapacity": "INDEXES",
        },
    ),
    (
        "UpdateItem",
        {
            "TableName": "tab",
            "Key": KEY,
            "UpdateExpression": "SET m.a[0] = :n, q = if_not_exists(q, :n) + :n REMOVE s ADD z :n",
            "ExpressionAttributeValues": {":n": {"N": "1"}},
            "ReturnValues": "UPDATED_NEW",
        },
    ),
    (
        "UpdateItem",
        {
            "TableName": "tab",
            "Key": KEY,
            "AttributeUpdates": {"z": {"Action": "ADD", "Value": {"N": "1"}}},
            "Expected": {"q": {"Exists": False}, "r": {"Value": {"S": "x"}}},
        },
    ),
    ("GetItem", {"TableName": "tab", "Key": KEY, "ProjectionExpression": "m.a[0], #s"}),
    (
        "Query",
        {
            "TableName": "tab",
            "IndexName": "global",
            "KeyConditionExpression": "g = :g",
            "FilterExpression": "size(m) > :n AND s IN (:g, :n)",
            "ExpressionAttributeValues": VALUES,
            "Limit": 2,
            "ExclusiveStartKey": {**KEY, "g": {"S": "x"}},
        },
    ),
    (
        "Scan",
        {
            "TableName": "tab",
            "ScanFilter": {
                "s": {"ComparisonOperator": "IN", "AttributeValueList": [{"S": "a"}]},
                "n": {"ComparisonOperator": "BETWEEN", "AttributeValueList": [{"N": "1"}] * 2},
            },
            "ConditionalOperator": "OR",
            "Segment": 0,
            "TotalSegments": 2,
        },
    ),
    ("BatchWriteItem", {"RequestItems": {"tab": [{"PutRequest": {"Item": KEY}}]}}),
    ("BatchGetItem", {"RequestItems": {"tab": {"Keys": [KEY], "ProjectionExpression": "id"}}}),
    (
        "TransactWriteItems",
        {
            "TransactItems": [{"Put": {"TableName": "tab", "Item": ITEM}}],
            "ClientRequestToken": "t",
        },
    ),
    ("TransactGetItems", {"TransactItems": [{"Get": {"TableName": "tab", "Key": KEY}}]}),
    (
        "ExecuteStatement",
        {
            "Statement": "SELECT m.a[0], g FROM tab "
            "WHERE id = ? AND n > 0 AND (g = 'x' OR s IS MISSING)",
            "Parameters": [{"S": "a"}],
            "Limit": 1,
            "NextToken": "x",
        },
    ),
    ("ExecuteStatement", {"Statement": "INSERT INTO tab VALUE {'id': 'a', 'n': 1, 's': <<1>>}"}),
    (
        "ExecuteStatement",
        {
            "Statement": "UPDATE tab SET q = q + ? SET s = set_add(s, <<'b'>>) "
            "WHERE id = 'a' AND n = 1 RETURNING ALL NEW *",
            "Parameters": [{"N": "1"}],
        },
    ),
    (
        "ExecuteTransaction",
        {"TransactStatements": [{"Statement": "DELETE FROM tab WHERE id = 'a' AND n = 1"}]},
    ),
    (
        "BatchExecuteStatement",
        {"Statements": [{"Statement": "SELECT * FROM tab WHERE id = 'a' AND n = 1"}]},
    ),
    (
        "CreateTable",
        {
            "TableName": "new",
            "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}],
            "ProvisionedThroughput": UNITS,
            "Tags": [{"Key": "a", "Value": "b"}],
            "ResourcePolicy": "{}",
            "GlobalSecondaryIndexes": [{**index("ggg", "a"), "ProvisionedThroughput": UNITS}],
        },
    ),
    (
        "UpdateTable",
        {
            "TableName": "tab",
            "OnDemandThroughput": {"MaxReadRequestUnits": 100_000},
            "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "nothing"}}],
        },
    ),
    ("PutResourcePolicy", {"ResourceArn": ARN, "Policy": '{"Statement": []}'}),
    ("ListBackups", {"TableName": "tab", "Limit": 1, "TimeRangeLowerBound": 1.5}),
    ("DescribeBackup", {"BackupArn": f"{ARN}/backup/01234567890123-abcdefab"}),
    ("ExportTableToPointInTime", {"TableArn": ARN, "S3Bucket": "bucket", "ExportTime": 1}),
    (
        "UpdateContributorInsights",
        {"TableName": "tab", "ContributorInsightsAction": "ENABLE"},
    ),
    ("TagResource", {"ResourceArn": ARN, "Tags": [{"Key": "a", "Value": "b"}]}),
]
JUNK: list[Any] = [
    None,
    0,
    -1,
    1.5,
    10**30,
    "",
    "x",
    "\x00",
    "a.b",
    "#x",
    [],
    [1],
    {},
    {"S": 1},
    {"N": "x"},
    {"N": "1e999"},
    {"N": "0e99999999999999999999"},
    {"NULL": True},
    {"B": "!"},
    {"SS": ["a", "a"]},
    {"L": [{}]},
    {"M": {"": {}}},
    True,
    "(",
    "attribute_exists(",
    "a = :n AND",
]
PIECES = [
    "(",
    ")",
    " AND ",
    "#",
    "!",
    "..",
    "[0]",
    ",",
    " = ",
    "é",
    "\x00",
    " size(",
    "'",
    '"',
    "?",
]


def _mutated(value: Any, chance: random.Random) -> Any:
    if chance.random() < 0.06:
        return chance.choice(JUNK)
    if isinstance(value, dict):
        kept = [(name, each) for name, each in value.items() if chance.random() > 0.04]
        renamed = [
            (name if chance.random() > 0.02 else chance.choice(["", "zz", "S", "N"]), each)
            for name, each in kept
        ]
        return {name: _mutated(each, chance) for name, each in renamed}
    if isinstance(value, list):
        return [_mutated(each, chance) for each in value for _ in range(chance.choice([1, 1, 2]))]
    if isinstance(value, str) and chance.random() < 0.1:
        at = chance.randrange(len(value) + 1)
        return value[:at] + chance.choice(PIECES) + value[at:]
    return value


def _deep(levels: int) -> bytes:
    value = '{"M": {"a": ' * levels + '{"S": "x"}' + "}}" * levels
    return f'{{"TableName": "tab", "Item": {{"id": {value}}}}}'.encode()


def _sender(cloud: CloudUnderTest) -> Callable[[str, bytes], tuple[int, bytes]]:
    signer = SigV4Auth(Credentials("test", "test"), "dynamodb", "us-east-1")

    def send(operation: str, body: bytes) -> tuple[int, bytes]:
        headers = {
            "X-Amz-Target": f"DynamoDB_20120810.{operation}",
            "Content-Type": "application/x-amz-json-1.0",
            "Host": "127.0.0.1:4566",
        }
        request = AWSRequest("POST", URL, data=body, headers=headers)
        signer.add_auth(request)
        lowered = {name.lower(): value for name, value in request.headers.items()}
        sent = HttpRequest("POST", "/", lowered, Body(body), list(request.headers.items()))
        status, _, answer = cloud.send(sent)
        return status, answer

    return send


def test_nothing_is_answered_with_a_500(cloud: CloudUnderTest) -> None:
    make_table(
        cloud.client("dynamodb"),
        "tab",
        "id",
        "n",
        types="SN",
        also=[{"AttributeName": "g", "AttributeType": "S"}],
        GlobalSecondaryIndexes=[index("global", "g")],
        LocalSecondaryIndexes=[index("local", "id", "g", projection="KEYS_ONLY")],
    )
    send = _sender(cloud)
    chance = random.Random(20120810)
    bodies = [("PutItem", _deep(levels)) for levels in (31, 32, 100, 2000)]
    until = time.monotonic() + SECONDS
    seen: set[int] = set()
    while time.monotonic() < until:
        if not bodies:
            operation, seed = chance.choice(SEEDS)
            body = json.dumps(_mutated(seed, chance)).encode()
            if chance.random() < 0.03:
                body = body[: chance.randrange(len(body) + 1)]
            bodies.append((operation, body))
        operation, body = bodies.pop()
        status, answer = send(operation, body)
        assert status < 500, (operation, body[:800], answer)
        seen.add(status)
    assert seen == {200, 400}
