"""IAM: which action on which table, index or part of a batch a caller needs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, make_table, refused

KEY = {"id": {"S": "1"}}
TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/aaa"


@pytest.fixture
def reader(cloud: CloudUnderTest, db: Any) -> Any:
    """A client of a user who may read table `aaa` and put into it, but not its index."""
    make_table(
        db,
        "aaa",
        "id",
        also=[{"AttributeName": "g", "AttributeType": "S"}],
        GlobalSecondaryIndexes=[index("by-g", "g")],
    )
    make_table(db, "bbb", "id")
    iam = cloud.client("iam")
    iam.create_user(UserName="reader")
    actions = ["GetItem", "BatchGetItem", "Query", "PutItem"]
    statement = {
        "Effect": "Allow",
        "Action": [f"dynamodb:{action}" for action in actions],
        "Resource": TABLE,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=policy)
    made = iam.create_access_key(UserName="reader")["AccessKey"]
    return cloud.client("dynamodb", credentials=(made["AccessKeyId"], made["SecretAccessKey"]))


def test_only_what_is_allowed(reader: Any) -> None:
    reader.get_item(TableName="aaa", Key=KEY)
    reader.get_item(TableName=TABLE, Key=KEY)
    reader.put_item(TableName="aaa", Item=KEY)
    reader.batch_get_item(RequestItems={"aaa": {"Keys": [KEY]}})
    reader.transact_get_items(TransactItems=[{"Get": {"TableName": "aaa", "Key": KEY}}])
    reader.transact_write_items(TransactItems=[{"Put": {"TableName": "aaa", "Item": KEY}}])
    for operation, params in (
        (reader.delete_item, {"TableName": "aaa", "Key": KEY}),
        (reader.get_item, {"TableName": "bbb", "Key": KEY}),
        (reader.list_tables, {}),
        (reader.batch_get_item, {"RequestItems": {"aaa": {"Keys": [KEY]}, "bbb": {"Keys": [KEY]}}}),
        (
            reader.transact_write_items,
            {"TransactItems": [{"Delete": {"TableName": "aaa", "Key": KEY}}]},
        ),
        (reader.list_tags_of_resource, {"ResourceArn": TABLE}),
    ):
        assert refused(operation, **params)[0] == "AccessDeniedException", operation


def test_an_index_is_a_resource_of_its_own(reader: Any) -> None:
    params = {
        "TableName": "aaa",
        "KeyConditionExpression": "g = :g",
        "ExpressionAttributeValues": {":g": {"S": "x"}},
    }
    code, message = refused(reader.query, IndexName="by-g", **params)
    assert code == "AccessDeniedException"
    assert f"dynamodb:Query on resource: {TABLE}/index/by-g" in message
