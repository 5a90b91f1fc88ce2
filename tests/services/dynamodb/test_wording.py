"""What DynamoDB says of an input that its model does not allow, and in which order it looks."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import invalid, make_table

ONE = "1 validation error detected: "
NAME = {"TableName": "words"}
KEY = {"id": {"S": "x"}}
BAD = "SOMETHING"
RETURNED = (
    "Failed to satisfy constraint: Member must satisfy enum value set: "
    "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"
)
CONSUMED = (
    f"Value '{BAD}' at 'returnConsumedCapacity' failed to satisfy constraint: "
    "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"
)


@pytest.fixture
def db(cloud: CloudUnderTest) -> Any:
    """A client that sends whatever it is told to."""
    client = cloud.client("dynamodb", parameter_validation=False)
    make_table(client, "words", "id")
    return client


def wanted(member: str, constraint: str) -> str:
    """Return the newer framework's sentence about a member."""
    return f"{ONE}Value at '{member}' failed to satisfy constraint: Member must have {constraint}"


@pytest.mark.parametrize(
    ("operation", "params", "message"),
    [
        ("query", {**NAME, "Limit": 0}, wanted("Limit", "value greater than or equal to 1")),
        (
            "scan",
            {**NAME, "Limit": 0, "Segment": -1, "TotalSegments": 2},
            "2 validation errors detected: "
            "Value at 'Limit' failed to satisfy constraint: "
            "Member must have value greater than or equal to 1; "
            "Value at 'Segment' failed to satisfy constraint: "
            "Member must have value greater than or equal to 0",
        ),
        (
            "get_item",
            {"TableName": "", "Key": KEY},
            wanted("TableName", "length greater than or equal to 1"),
        ),
        (
            "put_item",
            {"TableName": "", "Item": KEY, "ReturnValues": BAD},
            wanted("TableName", "length greater than or equal to 1"),
        ),
        ("delete_item", {"TableName": "x!", "ReturnValues": BAD}, None),
        (
            "put_item",
            {
                **NAME,
                "Item": KEY,
                "ReturnValues": BAD,
                "ReturnConsumedCapacity": BAD,
                "ReturnItemCollectionMetrics": BAD,
            },
            f"3 validation errors detected: {CONSUMED}; {RETURNED}; "
            "ReturnItemCollectionMetrics can only be SIZE or NONE",
        ),
        (
            "update_item",
            {**NAME, "Key": KEY, "ReturnValues": BAD, "ReturnConsumedCapacity": BAD},
            ONE + RETURNED,
        ),
        (
            "query",
            {**NAME, "Select": BAD},
            f"{ONE}Value '{BAD}' at 'select' failed to satisfy constraint: Member must satisfy "
            "enum value set: "
            "[SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]",
        ),
        (
            "batch_get_item",
            {"RequestItems": {"words": {"Keys": [{"id": {"S": str(n)}} for n in range(101)]}}},
            wanted("RequestItems.words.member.Keys", "length less than or equal to 100"),
        ),
        (
            "batch_get_item",
            {"RequestItems": {}},
            wanted("RequestItems", "length greater than or equal to 1"),
        ),
        (
            "batch_write_item",
            {"RequestItems": {}},
            "The requestItems parameter is required for BatchWriteItem",
        ),
        (
            "transact_write_items",
            {
                "TransactItems": [{"Put": {**NAME, "Item": KEY}}],
                "ClientRequestToken": "x" * 37,
                "ReturnConsumedCapacity": BAD,
            },
            wanted("ClientRequestToken", "length less than or equal to 36"),
        ),
        (
            "create_table",
            {},
            "The parameter 'TableName' is required but was not present in the request",
        ),
    ],
)
def test_item_operations_have_words_of_their_own(
    db: Any, operation: str, params: dict[str, Any], message: str | None
) -> None:
    if message is None:
        message = (
            f"{ONE}Value 'x!' at 'tableName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
        )
    assert invalid(getattr(db, operation), **params) == message


def test_a_batch_of_too_many_writes_is_quoted_whole(db: Any) -> None:
    writes = [{"PutRequest": {"Item": {"id": {"S": str(n)}}}} for n in range(26)]
    message = invalid(db.batch_write_item, RequestItems={"words": writes})
    assert message.startswith(f"{ONE}Value '{{words=[WriteRequest(putRequest=PutRequest(item={{id=")
    assert message.endswith(
        "]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: "
        "[Member must have length less than or equal to 25, "
        "Member must have length greater than or equal to 1]"
    )


def test_a_new_tables_name_is_looked_at_first(db: Any) -> None:
    assert invalid(db.create_table, TableName="x!", KeySchema=[], AttributeDefinitions=[]) == (
        f"{ONE}Value 'x!' at 'tableName' failed to satisfy constraint: "
        "Member must have length greater than or equal to 3"
    )
    definitions = [{"AttributeName": "id", "AttributeType": "X"}]
    assert invalid(db.create_table, **NAME, AttributeDefinitions=definitions) == (
        f"{ONE}Value 'X' at 'attributeDefinitions.1.member.attributeType' failed to satisfy "
        "constraint: Member must satisfy enum value set: [B, N, S]"
    )


LENGTH = "must be at least 3 characters long and at most 255 characters long"


def test_empty_names_are_refused_in_several_ways(db: Any) -> None:
    both = "failed to satisfy constraint: Member must satisfy regular expression pattern: "
    assert invalid(db.describe_table, TableName="") == (
        "2 validation errors detected: Value '' at 'tableName' failed to satisfy constraint: "
        f"Member must have length greater than or equal to 3; Value '' at 'tableName' {both}"
        "[a-zA-Z0-9_.-]+"
    )
    for operation in (db.describe_global_table, db.describe_global_table_settings):
        assert invalid(operation, GlobalTableName="") == f"TableName {LENGTH}"
    empty = {**NAME, "IndexName": ""}
    assert invalid(db.describe_contributor_insights, **empty) == f"IndexName {LENGTH}"
    assert (
        invalid(db.update_contributor_insights, **empty, ContributorInsightsAction="ENABLE")
        == f"IndexName {LENGTH}"
    )
    backup = db.create_backup(**NAME, BackupName="back")["BackupDetails"]["BackupArn"]
    restore = {"TargetTableName": "", "BackupArn": backup}
    assert invalid(db.restore_table_from_backup, **restore) == f"TableName {LENGTH}"
    export = {"TableArn": "", "S3Bucket": "bucket"}
    assert (
        invalid(db.export_table_to_point_in_time, **export) == "Invalid TableArn: Invalid Table ARN"
    )


def test_enumerations_are_told_in_an_order_of_their_own(db: Any) -> None:
    wrong = {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": ""}}
    assert invalid(db.update_table, **NAME, **wrong).endswith(
        "enum value set: [OLD_IMAGE, KEYS_ONLY, NEW_AND_OLD_IMAGES, NEW_IMAGE]"
    )
    insights = {"ContributorInsightsAction": "ENABLE", "ContributorInsightsMode": ""}
    assert invalid(db.update_contributor_insights, **NAME, **insights).endswith(
        "enum value set: [THROTTLED_KEYS, ACCESSED_AND_THROTTLED_KEYS]"
    )


def test_an_empty_key_encrypts_nothing(cloud: CloudUnderTest, db: Any) -> None:
    empty = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": ""}
    assert invalid(db.update_table, **NAME, SSESpecification=empty) == (
        f"{ONE}Value '' at 'sSESpecification.kMSMasterKeyId' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1"
    )
    backup = db.create_backup(**NAME, BackupName="back")["BackupDetails"]["BackupArn"]
    cloud.settle()
    restore = {"TargetTableName": "restored", "BackupArn": backup}
    assert "at 'sSESpecificationOverride.kMSMasterKeyId' failed" in invalid(
        db.restore_table_from_backup, **restore, SSESpecificationOverride=empty
    )
