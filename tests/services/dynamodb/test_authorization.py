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


def test_users_may_be_kept_to_their_own_items(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "aaa", "owner", "id")
    iam = cloud.client("iam")
    iam.create_user(UserName="ann")
    statement = {
        "Effect": "Allow",
        "Action": "dynamodb:*",
        "Resource": TABLE,
        "Condition": {
            "ForAllValues:StringEquals": {
                "dynamodb:LeadingKeys": ["${aws:username}"],
                "dynamodb:Attributes": ["owner", "id", "note"],
            }
        },
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="ann", PolicyName="own", PolicyDocument=policy)
    made = iam.create_access_key(UserName="ann")["AccessKey"]
    own = cloud.client("dynamodb", credentials=(made["AccessKeyId"], made["SecretAccessKey"]))

    def query(owner: str, **more: Any) -> Any:
        return {
            "TableName": "aaa",
            "KeyConditionExpression": "#o = :o",
            "ExpressionAttributeNames": {"#o": "owner"},
            "ExpressionAttributeValues": {":o": {"S": owner}},
            **more,
        }

    note = {"owner": {"S": "ann"}, "id": {"S": "1"}, "note": {"S": "x"}}
    own.put_item(TableName="aaa", Item=note)
    own.batch_write_item(RequestItems={"aaa": [{"PutRequest": {"Item": note}}]})
    assert own.query(**query("ann"))["Items"] == [note]
    denied = "AccessDeniedException"
    other = {**note, "owner": {"S": "bob"}}
    assert refused(own.put_item, TableName="aaa", Item=other)[0] == denied
    both = {"aaa": [{"PutRequest": {"Item": item}} for item in (note, other)]}
    assert refused(own.batch_write_item, RequestItems=both)[0] == denied
    assert refused(own.query, **query("bob"))[0] == denied
    bob = {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "bob"}]}
    assert refused(own.query, TableName="aaa", KeyConditions={"owner": bob})[0] == denied
    mine = {"TableName": "aaa", "Key": {"owner": {"S": "ann"}, "id": {"S": "1"}}}
    assert refused(own.get_item, AttributesToGet=["secret"], **mine)[0] == denied
    assert refused(own.query, **query("ann", ProjectionExpression="secret.x"))[0] == denied
    secret = {**note, "secret": {"S": "x"}}
    assert refused(own.put_item, TableName="aaa", Item=secret)[0] == denied


def test_rights_may_be_kept_to_transactions(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "aaa", "id")
    iam = cloud.client("iam")
    iam.create_user(UserName="ann")
    within = {"dynamodb:EnclosingOperation": ["TransactWriteItems", "TransactGetItems"]}
    statement = {
        "Effect": "Allow",
        "Action": ["dynamodb:PutItem", "dynamodb:GetItem"],
        "Resource": TABLE,
        "Condition": {"ForAnyValue:StringEquals": within},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=policy)
    made = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = cloud.client("dynamodb", credentials=(made["AccessKeyId"], made["SecretAccessKey"]))
    ann.transact_write_items(TransactItems=[{"Put": {"TableName": "aaa", "Item": KEY}}])
    ann.transact_get_items(TransactItems=[{"Get": {"TableName": "aaa", "Key": KEY}}])
    assert refused(ann.put_item, TableName="aaa", Item=KEY)[0] == "AccessDeniedException"
    assert refused(ann.get_item, TableName="aaa", Key=KEY)[0] == "AccessDeniedException"
