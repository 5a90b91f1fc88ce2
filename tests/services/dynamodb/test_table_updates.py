"""What one UpdateTable may change, and that what is so already is told."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, invalid, make_table, refused

VALUE = "One or more parameter values were invalid: "
UNITS = {"ReadCapacityUnits": 2, "WriteCapacityUnits": 2}
MORE = {"ReadCapacityUnits": 3, "WriteCapacityUnits": 3}
CREATE = {"Create": {**index("by-h", "h"), "ProvisionedThroughput": UNITS}}
UPDATE = {"Update": {"IndexName": "by-g", "ProvisionedThroughput": MORE}}
DEFINITIONS = [{"AttributeName": name, "AttributeType": "S"} for name in "gh"]
WARM = {"ReadUnitsPerSecond": 20, "WriteUnitsPerSecond": 20}


@pytest.fixture(autouse=True)
def _table(db: Any) -> None:
    """A provisioned table `things` with a global and a local index."""
    also = [{"AttributeName": name, "AttributeType": "S"} for name in "gl"]
    make_table(
        db,
        "things",
        "id",
        "n",
        also=also,
        ProvisionedThroughput=UNITS,
        GlobalSecondaryIndexes=[{**index("by-g", "g"), "ProvisionedThroughput": UNITS}],
        LocalSecondaryIndexes=[index("by-l", "id", "l")],
    )


TOGETHER: list[tuple[dict[str, Any], str]] = [
    (
        {"SSESpecification": {"Enabled": True}, "DeletionProtectionEnabled": True},
        VALUE + "Server-Side Encryption modification must be the only operation in the request",
    ),
    (
        {"TableClass": "STANDARD", "ProvisionedThroughput": MORE},
        VALUE + "TableClass modification must be the only operation in the request",
    ),
    (
        {"DeletionProtectionEnabled": True, "BillingMode": "PAY_PER_REQUEST"},
        VALUE + "DeletionProtection modification must be the only operation in the request",
    ),
    (
        {"WarmThroughput": WARM, "ProvisionedThroughput": MORE},
        VALUE + "WarmThroughput must be the only operation in the request",
    ),
    (
        {"WarmThroughput": WARM, "GlobalSecondaryIndexUpdates": [CREATE]},
        VALUE + "Create global secondary index cannot be specified when updating WarmThroughput",
    ),
    (
        {"StreamSpecification": {"StreamEnabled": True}, "ProvisionedThroughput": MORE},
        VALUE + "You cannot modify stream status while updating table IOPS",
    ),
    (
        {"GlobalSecondaryIndexUpdates": [CREATE], "ProvisionedThroughput": MORE},
        VALUE + "You cannot create or delete index while updating table IOPS",
    ),
    (
        {
            "GlobalSecondaryIndexUpdates": [CREATE],
            "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        },
        VALUE + "You cannot create or delete index while changing stream status",
    ),
    (
        {"GlobalSecondaryIndexUpdates": [], "DeletionProtectionEnabled": True},
        VALUE + "List of GlobalSecondaryIndexUpdates is empty",
    ),
    (
        {"GlobalSecondaryIndexUpdates": [UPDATE, UPDATE]},
        VALUE + "Only one global secondary index update per index is allowed simultaneously. "
        "Index: by-g",
    ),
    (
        {"GlobalSecondaryIndexUpdates": [{**UPDATE, "Delete": {"IndexName": "by-g"}}]},
        VALUE + "Only one global secondary index action is allowed per "
        "GlobalSecondaryIndexUpdate object",
    ),
    (
        {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-l"}}]},
        "Cannot delete an index that is not a GlobalSecondaryIndex: by-l",
    ),
    (
        {"StreamSpecification": {"StreamEnabled": True}},
        VALUE + "If stream is being enabled then UpdateViewType is required",
    ),
    (
        {"SSESpecification": {"Enabled": False}},
        VALUE + "Table is already encrypted by default",
    ),
    (
        {"SSESpecification": {"Enabled": False, "SSEType": "KMS"}},
        VALUE + "SSEType can not be specified if Enabled is false",
    ),
    (
        {"TableClass": "COLD"},
        "Invalid table-class parameter provided. Please try again with a valid table-class value: "
        "[STANDARD, STANDARD_INFREQUENT_ACCESS].",
    ),
    (
        {"WarmThroughput": {"ReadUnitsPerSecond": 1}},
        VALUE + "Requested ReadUnitsPerSecond for WarmThroughput for table is lower than current "
        "WarmThroughput, decreasing WarmThroughput is not supported",
    ),
]


def test_what_cannot_be_changed_together_is_refused(db: Any) -> None:
    before = db.describe_table(TableName="things")["Table"]
    for change, message in TOGETHER:
        assert invalid(db.update_table, TableName="things", **change) == message
    nothing = invalid(db.update_table, TableName="things", AttributeDefinitions=DEFINITIONS)
    assert nothing.startswith("At least one of ProvisionedThroughput, BillingMode")
    assert nothing.endswith("OnDemandThroughput, WarmThroughput or TableClass is required")
    assert db.describe_table(TableName="things")["Table"] == before


def test_an_index_keeps_its_throughput(db: Any) -> None:
    same = {"Update": {"IndexName": "by-g", "ProvisionedThroughput": UNITS}}
    message = invalid(db.update_table, TableName="things", GlobalSecondaryIndexUpdates=[same])
    assert message.startswith("The provisioned throughput for the index by-g will not change.")
    missing = {"Delete": {"IndexName": "none"}}
    assert refused(db.update_table, TableName="things", GlobalSecondaryIndexUpdates=[missing]) == (
        "ResourceNotFoundException",
        "Requested resource not found: Index none for table things",
    )


def test_an_index_is_made_with_another_ones_update(cloud: CloudUnderTest, db: Any) -> None:
    db.update_table(
        TableName="things",
        AttributeDefinitions=DEFINITIONS,
        GlobalSecondaryIndexUpdates=[CREATE, UPDATE],
    )
    cloud.settle()
    shown = db.describe_table(TableName="things")["Table"]["GlobalSecondaryIndexes"]
    units = {each["IndexName"]: each["ProvisionedThroughput"] for each in shown}
    assert units["by-g"]["ReadCapacityUnits"] == 3
    assert units["by-h"]["ReadCapacityUnits"] == 2


def test_on_demand_indexes_have_other_updates(cloud: CloudUnderTest, db: Any) -> None:
    answer = db.update_table(TableName="things", BillingMode="PAY_PER_REQUEST")["TableDescription"]
    empty: dict[str, Any] = {"TableName": "things", "GlobalSecondaryIndexUpdates": []}
    assert invalid(db.update_table, **empty).startswith("At least one of ")
    assert answer["BillingModeSummary"] == {"BillingMode": "PAY_PER_REQUEST"}
    for keyed in (answer, *answer["GlobalSecondaryIndexes"]):
        assert keyed["ProvisionedThroughput"]["ReadCapacityUnits"] == 0
    cloud.settle()
    nothing = {"Update": {"IndexName": "by-g"}}
    message = invalid(db.update_table, TableName="things", GlobalSecondaryIndexUpdates=[nothing])
    assert message == (
        VALUE + "The only Updates for index: by-g when TableThroughputMode is PAY_PER_REQUEST "
        "can be to OnDemandThroughput, WarmThroughput"
    )
    message = invalid(db.update_table, TableName="things", GlobalSecondaryIndexUpdates=[UPDATE])
    assert message == (
        VALUE + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified "
        "for index: by-g when BillingMode is PAY_PER_REQUEST"
    )
    maximum = {"OnDemandThroughput": {"MaxReadRequestUnits": 0}}
    assert invalid(db.update_table, TableName="things", **maximum) == (
        VALUE + "Requested MaxReadRequestUnits for OnDemandThroughput for table "
        "is outside of valid range"
    )


def test_warm_throughput_is_at_least_what_there_is(db: Any) -> None:
    request = {
        "TableName": "warm",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": index("", "id")["KeySchema"],
        "WarmThroughput": {"WriteUnitsPerSecond": 3999},
    }
    message = invalid(db.create_table, **request, BillingMode="PAY_PER_REQUEST")
    assert message.startswith(
        VALUE + "Requested WriteUnitsPerSecond for WarmThroughput for table is lower than initial "
        "throughput for OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/"
    )
    units = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 4000}
    assert invalid(db.create_table, **request, ProvisionedThroughput=units) == (
        VALUE + "Requested WriteUnitsPerSecond for WarmThroughput for table is lower than "
        "WriteCapacityUnits of ProvisionedThroughput"
    )


def test_time_to_live_is_not_told_of_a_table_being_made(cloud: CloudUnderTest, db: Any) -> None:
    cloud.run(cloud.kernel.scheduler.stop())
    db.create_table(
        TableName="new",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=index("", "id")["KeySchema"],
        BillingMode="PAY_PER_REQUEST",
    )
    assert invalid(db.describe_time_to_live, TableName="new") == (
        "Cannot describe time to live while table is in CREATING state: "
        "Current table state is CREATING"
    )


def test_a_recovery_period_is_for_recovery(db: Any) -> None:
    off = {"PointInTimeRecoveryEnabled": False, "RecoveryPeriodInDays": 3}
    message = invalid(
        db.update_continuous_backups, TableName="things", PointInTimeRecoverySpecification=off
    )
    assert message.startswith("Invalid Request: Cannot specify RecoveryPeriodInDays")


def _set_units(cloud: CloudUnderTest, db: Any, read: int) -> None:
    units = {"ReadCapacityUnits": read, "WriteCapacityUnits": 2}
    db.update_table(TableName="things", ProvisionedThroughput=units)
    cloud.settle()


def test_provisioned_throughput_decreases_four_times_a_day(cloud: CloudUnderTest, db: Any) -> None:
    cloud.advance(86_400 - cloud.now % 86_400)  # midnight
    for read in (9, 8, 7, 6, 5):
        _set_units(cloud, db, read)
    units = {"ReadCapacityUnits": 4, "WriteCapacityUnits": 2}
    request = {"TableName": "things", "ProvisionedThroughput": units}
    code, message = refused(db.update_table, **request)
    assert code == "LimitExceededException"
    assert "Number of decreases today: 4. Last decrease at " in message
    assert message.endswith("at 1:00:00 AM Coordinated Universal Time")
    cloud.advance(3600)
    _set_units(cloud, db, 4)
    assert refused(db.update_table, **{**request, "ProvisionedThroughput": UNITS})[0] == code
    cloud.advance(23 * 3600)
    _set_units(cloud, db, 3)
    shown = db.describe_table(TableName="things")["Table"]["ProvisionedThroughput"]
    assert shown["NumberOfDecreasesToday"] == 1


def test_a_table_stays_warm_for_what_it_was(cloud: CloudUnderTest, db: Any) -> None:
    def warm() -> int:
        shown = db.describe_table(TableName="things")["Table"]["WarmThroughput"]
        return int(shown["ReadUnitsPerSecond"])

    for read in (9, 3):
        _set_units(cloud, db, read)
        assert warm() == 9
    db.update_table(TableName="things", BillingMode="PAY_PER_REQUEST")
    cloud.settle()
    index_update = {"Update": {"IndexName": "by-g", "ProvisionedThroughput": UNITS}}
    db.update_table(
        TableName="things",
        BillingMode="PROVISIONED",
        ProvisionedThroughput=UNITS,
        GlobalSecondaryIndexUpdates=[index_update],
    )
    cloud.settle()
    assert warm() == 12_000
    assert invalid(db.update_table, TableName="things", BillingMode="PROVISIONED") == (
        VALUE + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"
    )


def test_maximums_end_with_on_demand_capacity(cloud: CloudUnderTest, db: Any) -> None:
    db.update_table(
        TableName="things",
        BillingMode="PAY_PER_REQUEST",
        OnDemandThroughput={"MaxReadRequestUnits": 5},
    )
    cloud.settle()
    index_update = {"Update": {"IndexName": "by-g", "ProvisionedThroughput": UNITS}}
    db.update_table(
        TableName="things",
        BillingMode="PROVISIONED",
        ProvisionedThroughput=UNITS,
        GlobalSecondaryIndexUpdates=[index_update],
    )
    cloud.settle()
    assert "OnDemandThroughput" not in db.describe_table(TableName="things")["Table"]


def test_definitions_count_for_what_is_made(cloud: CloudUnderTest, db: Any) -> None:
    before = db.describe_table(TableName="things")["Table"]["AttributeDefinitions"]
    useless = [{"AttributeName": name, "AttributeType": "N"} for name in "gx"]
    update = {"TableName": "things", "AttributeDefinitions": useless}
    db.update_table(**update, ProvisionedThroughput=MORE)
    cloud.settle()
    assert db.describe_table(TableName="things")["Table"]["AttributeDefinitions"] == before
    new = [*useless, DEFINITIONS[1]]
    update = {"TableName": "things", "AttributeDefinitions": new}
    db.update_table(**update, GlobalSecondaryIndexUpdates=[CREATE])
    cloud.settle()
    types = {
        each["AttributeName"]: each["AttributeType"]
        for each in db.describe_table(TableName="things")["Table"]["AttributeDefinitions"]
    }
    assert types == dict.fromkeys(("id", "n", "g", "l", "h"), "S")


def test_less_is_told_of_tables_that_come_and_go(cloud: CloudUnderTest, db: Any) -> None:
    def shown() -> dict[str, Any]:
        found: dict[str, Any] = db.describe_table(TableName="passing")["Table"]
        return found

    cloud.run(cloud.kernel.scheduler.stop())
    answer = db.create_table(
        TableName="passing",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in "ig"],
        KeySchema=index("", "i")["KeySchema"],
        BillingMode="PAY_PER_REQUEST",
        GlobalSecondaryIndexes=[index("by-g", "g")],
    )["TableDescription"]
    for made in (answer, shown()):
        assert made["BillingModeSummary"] == {"BillingMode": "PAY_PER_REQUEST"}
        assert "WarmThroughput" not in made
        assert "WarmThroughput" not in made["GlobalSecondaryIndexes"][0]
    cloud.restart()
    cloud.settle()
    there = shown()
    assert (
        there["BillingModeSummary"]["LastUpdateToPayPerRequestDateTime"]
        == (there["CreationDateTime"])
    )
    cloud.run(cloud.kernel.scheduler.stop())
    deleted = db.delete_table(TableName="passing")["TableDescription"]
    assert deleted == shown()
    assert deleted.keys().isdisjoint(("KeySchema", "CreationDateTime", "GlobalSecondaryIndexes"))


def test_attributes_are_told_in_the_order_of_their_names(db: Any) -> None:
    names = ("id", "z", "b")
    projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["y", "c"]}
    answer = db.create_table(
        TableName="ordered",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        KeySchema=index("", "id")["KeySchema"],
        BillingMode="PAY_PER_REQUEST",
        GlobalSecondaryIndexes=[{**index("by-z", "z", "b"), "Projection": projection}],
    )["TableDescription"]
    assert [each["AttributeName"] for each in answer["AttributeDefinitions"]] == ["b", "id", "z"]
    (shown,) = answer["GlobalSecondaryIndexes"]
    assert shown["Projection"]["NonKeyAttributes"] == ["c", "y"]
    projection["NonKeyAttributes"] = ["c", "c"]
    create = {"Create": {**index("by-b", "b"), "Projection": projection}}
    wanted = {"TableName": "things", "GlobalSecondaryIndexUpdates": [create]}
    assert invalid(db.update_table, **wanted) == (
        VALUE + "AttributeDefinitions is not specified for index: by-b"
    )
    wanted["AttributeDefinitions"] = [{"AttributeName": "b", "AttributeType": "S"}]
    assert invalid(db.update_table, **wanted) == (
        VALUE + "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: by-b"
    )
    create["Create"]["ProvisionedThroughput"] = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    assert invalid(db.update_table, **wanted) == (
        VALUE + "Duplicate element in NonKeyAttributes: c"
    )


def test_a_new_tables_warm_throughput_is_told_later(cloud: CloudUnderTest, db: Any) -> None:
    request = {
        "TableName": "new",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": index("", "id")["KeySchema"],
        "BillingMode": "PAY_PER_REQUEST",
    }
    assert "WarmThroughput" not in db.create_table(**request)["TableDescription"]
    cloud.settle()
    assert "WarmThroughput" in db.describe_table(TableName="new")["Table"]
