"""Tables: making, describing, changing, listing and deleting them."""

from __future__ import annotations

import re
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, invalid, make_table, refused

UNITS = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 2}


def creation(**changes: Any) -> dict[str, Any]:
    """A CreateTable request that would be fine, with these members changed."""
    request: dict[str, Any] = {
        "TableName": "things",
        "KeySchema": [
            {"AttributeName": "a", "KeyType": "HASH"},
            {"AttributeName": "b", "KeyType": "RANGE"},
        ],
        "AttributeDefinitions": [
            {"AttributeName": "a", "AttributeType": "S"},
            {"AttributeName": "b", "AttributeType": "S"},
        ],
        "BillingMode": "PAY_PER_REQUEST",
    }
    return {name: value for name, value in {**request, **changes}.items() if value is not None}


def test_a_table_is_creating_then_active(cloud: CloudUnderTest, db: Any) -> None:
    made = db.create_table(**creation(BillingMode=None, ProvisionedThroughput=UNITS))
    description = made["TableDescription"]
    assert description["TableStatus"] == "CREATING"
    assert description["TableArn"] == "arn:aws:dynamodb:us-east-1:000000000000:table/things"
    assert "BillingModeSummary" not in description
    cloud.settle()
    shown = db.describe_table(TableName=description["TableArn"])["Table"]
    assert shown["TableStatus"] == "ACTIVE"
    assert shown["ItemCount"] == 0
    assert shown["ProvisionedThroughput"] == {"NumberOfDecreasesToday": 0, **UNITS}
    assert shown["KeySchema"] == creation()["KeySchema"]
    assert refused(db.create_table, **creation()) == (
        "ResourceInUseException",
        "Table already exists: things",
    )


def test_counts_and_sizes_follow_the_items(db: Any) -> None:
    make_table(db, "things", "a")
    db.put_item(TableName="things", Item={"a": {"S": "1"}, "n": {"N": "123"}})
    db.put_item(TableName="things", Item={"a": {"S": "1"}, "n": {"N": "1"}})
    db.put_item(TableName="things", Item={"a": {"S": "2"}})
    db.delete_item(TableName="things", Key={"a": {"S": "2"}})
    shown = db.describe_table(TableName="things")["Table"]
    assert (shown["ItemCount"], shown["TableSizeBytes"]) == (1, 5)


VALUE = "One or more parameter values were invalid: "
LOCAL = {"LocalSecondaryIndexes": [index("idx", "a", "c")]}
C = [*creation()["AttributeDefinitions"], {"AttributeName": "c", "AttributeType": "S"}]


WRONG: list[tuple[dict[str, Any], str]] = [
    (
        {"TableName": "ab"},
        "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: "
        "Member must have length greater than or equal to 3",
    ),
    (
        {"TableName": "a;bc"},
        "1 validation error detected: Value 'a;bc' at 'tableName' failed to satisfy "
        "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    ),
    (
        {"BillingMode": "PROVISIONED"},
        VALUE + "ReadCapacityUnits and WriteCapacityUnits must both be specified "
        "when BillingMode is PROVISIONED",
    ),
    (
        {"ProvisionedThroughput": UNITS},
        VALUE + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified "
        "when BillingMode is PAY_PER_REQUEST",
    ),
    (
        {"KeySchema": [{"AttributeName": "a", "KeyType": "RANGE"}]},
        "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
    ),
    (
        {"KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}] * 2},
        "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type",
    ),
    (
        {"KeySchema": [{"AttributeName": "z", "KeyType": "HASH"}]},
        VALUE + "Some index key attributes are not defined in AttributeDefinitions. "
        "Keys: [z], AttributeDefinitions: [a, b]",
    ),
    (
        {"AttributeDefinitions": C},
        VALUE + "Number of attributes in KeySchema does not exactly match "
        "number of attributes defined in AttributeDefinitions",
    ),
    (
        {"LocalSecondaryIndexes": [index("idx", "a", "b")], "AttributeDefinitions": C},
        VALUE + "Some AttributeDefinitions are not used. "
        "AttributeDefinitions: [a, b, c], keys used: [a, b]",
    ),
    (
        {"AttributeDefinitions": [C[0], C[0]]},
        "Attribute Name is duplicated: a",
    ),
    (
        {"LocalSecondaryIndexes": [index("idx", "b", "c")], "AttributeDefinitions": C},
        VALUE + "Index KeySchema does not have the same leading hash key as table KeySchema "
        "for index: idx. index hash key: b, table hash key: a",
    ),
    (
        {"LocalSecondaryIndexes": [index("idx", "a")]},
        VALUE + "Index KeySchema does not have a range key for index: idx",
    ),
    (
        {**LOCAL, "AttributeDefinitions": C, "GlobalSecondaryIndexes": [index("idx", "c")]},
        VALUE + "Duplicate index name: idx",
    ),
    (
        {"GlobalSecondaryIndexes": [index("idx", "b", projection="INCLUDE")]},
        VALUE + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
    ),
    (
        {"GlobalSecondaryIndexes": [index("idx", "b", non_key=["x"])]},
        VALUE + "ProjectionType is ALL, but NonKeyAttributes is specified",
    ),
    (
        {"GlobalTableSettingsReplicationMode": "ENABLED"},
        VALUE + "GlobalTableSettingsReplicationMode is not supported by Cloudarium",
    ),
    (
        {"Tags": [{"Key": "aws:x", "Value": ""}]},
        "Tag Key cannot be prefixed with aws:, Key: aws:x",
    ),
]


def test_wrong_tables_are_refused(db: Any) -> None:
    for changes, message in WRONG:
        assert invalid(db.create_table, **creation(**changes)) == message
    assert db.list_tables()["TableNames"] == []


def test_local_indexes_need_a_sort_key(db: Any) -> None:
    request = creation(
        KeySchema=creation()["KeySchema"][:1],
        AttributeDefinitions=C[:1] + C[2:],
        LocalSecondaryIndexes=[index("idx", "a", "c")],
    )
    assert invalid(db.create_table, **request) == (
        VALUE + "Table KeySchema does not have a range key, "
        "which is required when specifying a LocalSecondaryIndex"
    )


def test_missing_tables_are_named(db: Any) -> None:
    code = "ResourceNotFoundException"
    message = "Requested resource not found: Table: none not found"
    for operation in (db.describe_table, db.delete_table, db.describe_time_to_live):
        assert refused(operation, TableName="none") == (code, message)
    assert refused(db.get_item, TableName="none", Key={"a": {"S": "1"}}) == (
        code,
        "Requested resource not found",
    )


def test_tables_are_listed_by_name_in_pages(db: Any) -> None:
    for name in ("one", "two", "three"):
        make_table(db, name, "a")
    first = db.list_tables(Limit=2)
    assert first["TableNames"] == ["one", "three"]
    rest = db.list_tables(ExclusiveStartTableName=first["LastEvaluatedTableName"])
    assert rest["TableNames"] == ["two"]
    assert "LastEvaluatedTableName" not in rest


def test_accounts_and_regions_have_tables_of_their_own(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "things", "a")
    assert cloud.client("dynamodb", region="eu-west-1").list_tables()["TableNames"] == []


def test_throughput_and_billing_change(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "things", "a", ProvisionedThroughput=UNITS)
    assert "will not change" in invalid(
        db.update_table, TableName="things", ProvisionedThroughput=UNITS
    )
    more = {"ReadCapacityUnits": 3, "WriteCapacityUnits": 3}
    changed = db.update_table(TableName="things", ProvisionedThroughput=more)
    assert changed["TableDescription"]["TableStatus"] == "UPDATING"
    cloud.settle()
    shown = db.describe_table(TableName="things")["Table"]
    assert shown["TableStatus"] == "ACTIVE"
    assert shown["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 1
    assert shown["ProvisionedThroughput"]["ReadCapacityUnits"] == 3
    db.update_table(TableName="things", BillingMode="PAY_PER_REQUEST")
    cloud.settle()
    shown = db.describe_table(TableName="things")["Table"]
    assert shown["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert shown["ProvisionedThroughput"]["ReadCapacityUnits"] == 0
    assert invalid(db.update_table, TableName="things", BillingMode="PROVISIONED") == (
        VALUE + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"
    )
    assert invalid(db.update_table, TableName="things").startswith("At least one of")
    assert invalid(db.update_table, TableName="things", MultiRegionConsistency="STRONG") == (
        VALUE + "MultiRegionConsistency is not supported by Cloudarium"
    )


def test_a_protected_table_stays(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "things", "a", DeletionProtectionEnabled=True)
    assert invalid(db.delete_table, TableName="things") == (
        "Resource cannot be deleted as it is currently protected against deletion. "
        "Disable deletion protection first."
    )
    db.update_table(TableName="things", DeletionProtectionEnabled=False)
    cloud.settle()
    deleted = db.delete_table(TableName="things")["TableDescription"]
    assert deleted["TableStatus"] == "DELETING"
    cloud.settle()
    assert db.list_tables()["TableNames"] == []


def test_a_deleted_table_takes_its_items_along(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "things", "a")
    db.put_item(TableName="things", Item={"a": {"S": "1"}})
    db.delete_table(TableName="things")
    db.get_waiter("table_not_exists").wait(TableName="things", WaiterConfig={"Delay": 1})
    make_table(db, "things", "a")
    assert db.scan(TableName="things")["Items"] == []


def test_encryption_and_class_are_described(cloud: CloudUnderTest, db: Any) -> None:
    make_table(
        db,
        "things",
        "a",
        SSESpecification={"Enabled": True, "SSEType": "KMS"},
        TableClass="STANDARD_INFREQUENT_ACCESS",
    )
    shown = db.describe_table(TableName="things")["Table"]
    described = shown["SSEDescription"]
    assert (described["Status"], described["SSEType"]) == ("ENABLED", "KMS")
    key = r"arn:aws:kms:us-east-1:000000000000:key/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    assert re.fullmatch(key, described["KMSMasterKeyArn"]), "of the managed key, not its alias"
    assert shown["TableClassSummary"] == {"TableClass": "STANDARD_INFREQUENT_ACCESS"}


def test_limits_and_endpoints(cloud: CloudUnderTest, db: Any) -> None:
    assert db.describe_limits()["TableMaxReadCapacityUnits"] == 40000
    endpoint = db.describe_endpoints()["Endpoints"][0]
    assert endpoint["Address"] == cloud.endpoint.removeprefix("http://")


def test_tables_survive_a_restart(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "things", "a")
    db.put_item(TableName="things", Item={"a": {"S": "1"}, "b": {"B": b"\x00\xff"}})
    cloud.restart()
    found = db.get_item(TableName="things", Key={"a": {"S": "1"}})["Item"]
    assert found == {"a": {"S": "1"}, "b": {"B": b"\x00\xff"}}
