"""Tables' ARNs in place of their names, and what answers then call the tables.

Source: API Reference, `ConsumedCapacity`: who gave an ARN sees the ARN in the response.
"""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, invalid, make_table, refused

KEY = {"id": {"S": "a"}, "sort": {"S": "b"}}
ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/things"
LOCAL: dict[str, Any] = {
    "also": [{"AttributeName": "at", "AttributeType": "S"}],
    "LocalSecondaryIndexes": [index("by-at", "id", "at")],
}
WHERE = "WHERE id = 'a' AND sort = 'b'"


@pytest.fixture(autouse=True)
def _table(db: Any) -> None:
    """A table `things` with a local index and one item."""
    assert make_table(db, "things", "id", "sort", **LOCAL) == ARN
    db.put_item(TableName="things", Item=KEY)


def named(answer: dict[str, Any]) -> list[str]:
    """Return the tables an answer says have consumed capacity."""
    found = answer["ConsumedCapacity"]
    return [each["TableName"] for each in (found if isinstance(found, list) else [found])]


def reads(table: str) -> dict[str, dict[str, Any]]:
    """Return the operations that read, with parameters that call the table so."""
    select = f'SELECT * FROM "{table}" {WHERE}'
    return {
        "get_item": {"TableName": table, "Key": KEY},
        "scan": {"TableName": table},
        "query": {
            "TableName": table,
            "KeyConditionExpression": "id = :a",
            "ExpressionAttributeValues": {":a": {"S": "a"}},
        },
        "batch_get_item": {"RequestItems": {table: {"Keys": [KEY]}}},
        "transact_get_items": {"TransactItems": [{"Get": {"TableName": table, "Key": KEY}}]},
        "execute_statement": {"Statement": select},
        "batch_execute_statement": {"Statements": [{"Statement": select}]},
        "execute_transaction": {"TransactStatements": [{"Statement": select}]},
    }


def writes(table: str) -> dict[str, dict[str, Any]]:
    """Return the operations that write, with parameters that call the table so."""
    update = f'UPDATE "{table}" SET n = 1 {WHERE}'
    put = {"TableName": table, "Item": KEY}
    return {
        "put_item": put,
        "update_item": {"TableName": table, "Key": KEY},
        "batch_write_item": {"RequestItems": {table: [{"PutRequest": {"Item": KEY}}]}},
        "transact_write_items": {"TransactItems": [{"Put": put}], "ClientRequestToken": "t"},
        "execute_statement": {"Statement": update},
        "batch_execute_statement": {"Statements": [{"Statement": update}]},
        "execute_transaction": {"TransactStatements": [{"Statement": update}]},
        "delete_item": {"TableName": table, "Key": KEY},
    }


@pytest.mark.parametrize("table", ["things", ARN])
@pytest.mark.parametrize("kind", [reads, writes])
def test_capacity_is_reported_by_what_the_request_calls_the_table(
    db: Any, table: str, kind: Any
) -> None:
    for operation, params in kind(table).items():
        for _ in range(2):  # a transaction's token makes the second one a read
            answer = getattr(db, operation)(**params, ReturnConsumedCapacity="TOTAL")
            assert named(answer) == [table], operation


@pytest.mark.parametrize("table", ["things", ARN])
def test_batches_answer_by_what_the_request_calls_the_table(db: Any, table: str) -> None:
    read = db.batch_get_item(RequestItems={table: {"Keys": [KEY]}})
    assert read["Responses"] == {table: [KEY]}
    asked = {"ReturnItemCollectionMetrics": "SIZE"}
    puts = [{"PutRequest": {"Item": KEY}}]
    written = db.batch_write_item(RequestItems={table: puts}, **asked)
    assert list(written["ItemCollectionMetrics"]) == [table]
    put = {"Put": {"TableName": table, "Item": KEY}}
    written = db.transact_write_items(TransactItems=[put], **asked)
    assert list(written["ItemCollectionMetrics"]) == [table]


def test_what_is_unprocessed_can_be_sent_again(db: Any) -> None:
    arn = make_table(
        db,
        "tiny",
        "id",
        ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    )
    keys = [{"id": {"S": str(number)}} for number in range(25)]
    puts = {arn: [{"PutRequest": {"Item": {**key, "x": {"S": "x" * 50_000}}}} for key in keys]}
    left = db.batch_write_item(RequestItems=puts)["UnprocessedItems"]
    assert list(left) == [arn]
    for _ in range(12):
        answer = db.batch_get_item(RequestItems={arn: {"Keys": keys[:20]}})
        if answer["UnprocessedKeys"]:
            break
    assert list(answer["UnprocessedKeys"]) == [arn]


def test_an_item_cannot_be_in_a_batch_twice_by_name_and_arn(db: Any) -> None:
    both: dict[str, Any] = {"things": {"Keys": [KEY]}, ARN: {"Keys": [KEY]}}
    duplicates = "Provided list of item keys contains duplicates"
    assert invalid(db.batch_get_item, RequestItems=both) == duplicates
    both = {name: [{"DeleteRequest": {"Key": KEY}}] for name in both}
    assert invalid(db.batch_write_item, RequestItems=both) == duplicates


def test_a_table_is_made_and_ended_by_its_arn(cloud: CloudUnderTest, db: Any) -> None:
    arn = ARN.replace("things", "made")
    assert make_table(db, arn, "id") == arn
    assert db.describe_table(TableName=arn)["Table"]["TableName"] == "made"
    cloud.settle()
    db.delete_table(TableName=arn)
    cloud.settle()
    assert db.list_tables()["TableNames"] == ["things"]


def test_operations_on_tables_know_their_region_and_account_only(db: Any) -> None:
    elsewhere = ARN.replace("us-east-1", "eu-west-1")
    foreign = ARN.replace("0" * 12, "1" * 12)
    for operation in (db.describe_table, db.delete_table, db.describe_time_to_live):
        assert invalid(operation, TableName=elsewhere) == (
            f"1 validation error detected: Invalid AWS region in '{elsewhere}'"
        )
        denied = ("AccessDeniedException", "Access is denied")
        assert refused(operation, TableName=foreign) == denied


def test_tables_elsewhere_and_what_is_no_table(db: Any) -> None:
    elsewhere, foreign = ARN.replace("us-east-1", "eu-west-1"), ARN.replace("0" * 12, "1" * 12)
    assert invalid(db.get_item, TableName=elsewhere, Key={"id": {"S": "a"}}) == (
        f"1 validation error detected: Value '{elsewhere}' at 'tableName' "
        "failed to satisfy constraint: Invalid AWS region"
    )
    assert refused(db.scan, TableName=foreign)[0] == "ResourceNotFoundException"
    message = invalid(db.scan, TableName=f"{ARN}/index/by-at")
    assert message.startswith("Invalid TableArn")
    answer = db.execute_statement(Statement=f'SELECT * FROM "{ARN}"."by-at" WHERE id = \'a\'')
    assert answer["Items"] == []
