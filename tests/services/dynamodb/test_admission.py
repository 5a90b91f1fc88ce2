"""Changes of tables while others are under way, and how often they may be made."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, invalid, make_table, refused

UNITS = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
MORE = {"ReadCapacityUnits": 2, "WriteCapacityUnits": 2}
STREAM: dict[str, Any] = {
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
}
RARE = {"TableClass": "STANDARD_INFREQUENT_ACCESS"}
MAXIMUM: dict[str, Any] = {"OnDemandThroughput": {"MaxReadRequestUnits": 5}}
PROVISIONED: dict[str, Any] = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": UNITS}
ENCRYPTED: dict[str, Any] = {"SSESpecification": {"Enabled": True}}
PROTECTED: dict[str, Any] = {"DeletionProtectionEnabled": True}
WARM: dict[str, Any] = {"WarmThroughput": {"ReadUnitsPerSecond": 20_000}}
DEFINED = [{"AttributeName": "g", "AttributeType": "S"}]
IN_USE = "Attempt to change a resource which is still in use: "


def of_index(action: str, name: str = "by-g", **given: Any) -> dict[str, Any]:
    """Return parameters of UpdateTable that do something to an index."""
    update = index(name, "g") if action == "Create" else {"IndexName": name, **given}
    return {
        "GlobalSecondaryIndexUpdates": [{action: update}],
        **({"AttributeDefinitions": DEFINED} if action == "Create" else {}),
    }


class Things:
    """The table `things`, on a cloud whose jobs stand still once it is there."""

    def __init__(self, cloud: CloudUnderTest, db: Any, **options: Any) -> None:
        self._cloud, self._db = cloud, db
        make_table(db, "things", "id", **options)
        cloud.settle()
        cloud.run(cloud.kernel.scheduler.stop())

    def update(self, **changes: Any) -> dict[str, Any]:
        """Update the table; what the answer says of it."""
        return dict(self._db.update_table(TableName="things", **changes)["TableDescription"])

    def in_use(self, **changes: Any) -> str:
        """Return in what way something is that is refused as being in use."""
        code, message = refused(self._db.update_table, TableName="things", **changes)
        assert (code, message.startswith(IN_USE)) == ("ResourceInUseException", True)
        return message.removeprefix(IN_USE)

    def deletion(self) -> str:
        """Return what is in the way of the table's deletion."""
        code, message = refused(self._db.delete_table, TableName="things")
        assert code == "ResourceInUseException"
        return message.removeprefix(IN_USE)


def test_a_stream_is_in_the_way_of_most_changes(cloud: CloudUnderTest, db: Any) -> None:
    things = Things(cloud, db)
    label = things.update(**STREAM)["LatestStreamLabel"]
    stream = f"Table: things Stream: {label} Operation: ENABLE"
    during = f"when stream status is being updated. {stream}"
    assert things.in_use(**STREAM) == f"A stream status change is currently in progress. {stream}"
    assert things.in_use(**RARE) == f"Can't update table class {during}"
    assert things.in_use(**PROVISIONED) == f"Can't change table IOPS {during}"
    assert things.in_use(**MAXIMUM).startswith(
        "OnDemandThroughput cannot be updated while stream status update is in progress"
    )
    assert things.in_use(**of_index("Create")) == f"Can't create or delete an index {during}"
    assert things.deletion() == "Cannot delete table while stream is being enabled/disabled."
    for admitted in (PROTECTED, ENCRYPTED, WARM):
        things.update(**admitted)
    db.create_backup(TableName="things", BackupName="one")
    expiry = {"AttributeName": "expires", "Enabled": True}
    db.update_time_to_live(TableName="things", TimeToLiveSpecification=expiry)


def test_a_class_is_in_the_way_of_others(cloud: CloudUnderTest, db: Any) -> None:
    things = Things(cloud, db)
    assert "TableClassSummary" not in things.update(**RARE)
    during = (
        "when a table class update is in progress. "
        "Table: things TableClassUpdateInProgress: STANDARD_INFREQUENT_ACCESS"
    )
    assert things.in_use(**RARE) == f"Can't update table class {during}"
    assert things.in_use(**STREAM) == f"Can't change stream status {during}"
    assert things.in_use(**of_index("Create")) == f"Can't create or delete an index {during}"
    assert things.in_use(**MAXIMUM) == (
        "OnDemandThroughput cannot be updated while TableClass update is in progress. "
        "TableClassUpdateInProgress: STANDARD_INFREQUENT_ACCESS"
    )
    assert things.deletion() == "Table: things is in the process of being updated."
    things.update(**ENCRYPTED)
    assert things.in_use(**ENCRYPTED) == "Server-Side Encryption is still being updated"


def test_units_are_in_the_way_of_others(cloud: CloudUnderTest, db: Any) -> None:
    things = Things(cloud, db)
    shown = things.update(**PROVISIONED)
    assert (shown["TableStatus"], shown["ProvisionedThroughput"]["ReadCapacityUnits"]) == (
        "UPDATING",
        0,
    )
    assert things.in_use(ProvisionedThroughput=MORE) == (
        "Table IOPS are currently being updated. Table: things"
    )
    assert things.in_use(**STREAM) == (
        "Can't enable or disable stream while table IOPS are being updated. Table: things"
    )
    assert things.in_use(**of_index("Create")) == (
        "Can't create or delete indexes while table IOPS are being updated. Table: things"
    )
    assert things.in_use(**MAXIMUM) == (
        "OnDemandThroughput cannot be updated while BillingMode update is in progress"
    )
    assert things.deletion() == "Table: things is in the process of being updated."


def test_an_index_is_allocated_then_backfilled(cloud: CloudUnderTest, db: Any) -> None:
    things = Things(cloud, db)
    shown = things.update(**of_index("Create"))
    made = shown["GlobalSecondaryIndexes"][0]
    assert (shown["TableStatus"], made["IndexStatus"], made["Backfilling"]) == (
        "UPDATING",
        "CREATING",
        False,
    )
    named = "Table: things Indexes: [by-g]"
    assert things.in_use(**PROVISIONED) == (
        f"Can't change table IOPS when an index is being created. {named}"
    )
    assert things.in_use(**STREAM) == (
        f"Can't change stream status when an index is being created. {named}"
    )
    assert things.in_use(**of_index("Delete")) == (
        "Index creation is in resource allocation phase. Retry deletion during backfilling phase "
        "or when the index is active. Table: things Index: by-g"
    )
    assert things.in_use(**of_index("Update", **MAXIMUM)) == (
        "Index is being created but is not backfilling yet.  Table: things Index: by-g"
    )
    assert refused(db.update_table, TableName="things", **of_index("Create", "other")) == (
        "LimitExceededException",
        "Subscriber limit exceeded: "
        "Only 1 online index can be created or deleted simultaneously per table",
    )
    assert things.deletion() == (
        "Cannot delete table while indexes are being created, updated, or deleted."
    )
    things.update(**PROTECTED)


def test_an_index_being_deleted_is_in_the_way(cloud: CloudUnderTest, db: Any) -> None:
    things = Things(cloud, db, also=DEFINED, GlobalSecondaryIndexes=[index("by-g", "g")])
    things.update(**of_index("Delete"))
    assert things.in_use(**PROVISIONED) == (
        "Can't change table IOPS when an index is being deleted. Table: things Indexes: [by-g]"
    )
    deleted = "Index is being deleted. Table: things Index: by-g"
    for action in ("Create", "Delete", "Update"):
        given = MAXIMUM if action == "Update" else {}
        assert things.in_use(**of_index(action, **given)) == deleted
    assert things.in_use(**MAXIMUM) == (
        "OnDemandThroughput cannot be updated while index deletion is in progress "
        "for indexes: [by-g]"
    )


def test_an_index_is_updated_while_its_table_is_active(cloud: CloudUnderTest, db: Any) -> None:
    things = Things(cloud, db, also=DEFINED, GlobalSecondaryIndexes=[index("by-g", "g")])
    shown = things.update(**of_index("Update", **MAXIMUM))
    updated = shown["GlobalSecondaryIndexes"][0]
    assert (shown["TableStatus"], updated["IndexStatus"]) == ("ACTIVE", "UPDATING")
    assert things.in_use(**of_index("Update", **MAXIMUM)) == (
        "Index is being updated. Table: things Index: by-g"
    )
    warmed = things.update(**WARM)
    assert (warmed["TableStatus"], warmed["WarmThroughput"]["Status"]) == ("ACTIVE", "UPDATING")


def test_protection_changes_at_once_and_then_not_for_a_while(
    cloud: CloudUnderTest, db: Any
) -> None:
    make_table(db, "things", "id", **PROTECTED)
    off = {"TableName": "things", "DeletionProtectionEnabled": False}
    shown = db.update_table(**off)["TableDescription"]
    assert (shown["TableStatus"], shown["DeletionProtectionEnabled"]) == ("ACTIVE", False)
    db.update_table(**off)
    code, message = refused(db.update_table, TableName="things", **PROTECTED)
    assert code == "ThrottlingException"
    assert message.startswith(
        "Deletion protection setting for table things modified within the previous "
        "15000 milliseconds. Please try again after 20"
    )
    cloud.advance(15)
    db.update_table(TableName="things", **PROTECTED)
    assert "protected against deletion" in invalid(db.delete_table, TableName="things")


def test_a_class_changes_twice_in_thirty_days(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "things", "id")

    def change(table_class: str) -> None:
        db.update_table(TableName="things", TableClass=table_class)
        cloud.settle()

    change("STANDARD")
    assert "TableClassSummary" not in db.describe_table(TableName="things")["Table"]
    for table_class in ("STANDARD_INFREQUENT_ACCESS", "STANDARD"):
        change(table_class)
        summary = db.describe_table(TableName="things")["Table"]["TableClassSummary"]
        assert (summary["TableClass"], summary["LastUpdateDateTime"].timestamp()) == (
            table_class,
            cloud.now,
        )
    for table_class in ("STANDARD_INFREQUENT_ACCESS", "STANDARD"):
        assert refused(db.update_table, TableName="things", TableClass=table_class) == (
            "LimitExceededException",
            "Subscriber limit exceeded: Updates to TableClass are limited to 2 times in 30 day(s).",
        )
    cloud.advance(30 * 86_400)
    change("STANDARD_INFREQUENT_ACCESS")


def test_encryption_changes_four_times_a_day(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "things", "id")

    def encrypt(**given: Any) -> Any:
        answer = db.update_table(TableName="things", SSESpecification=given)["TableDescription"]
        cloud.settle()
        return answer

    assert invalid(db.update_table, TableName="things", SSESpecification={"Enabled": False}) == (
        "One or more parameter values were invalid: Table is already encrypted by default"
    )
    answer = encrypt(Enabled=True)
    assert (answer["TableStatus"], answer["SSEDescription"]) == ("ACTIVE", {"Status": "UPDATING"})
    described = db.describe_table(TableName="things")["Table"]["SSEDescription"]
    assert described["Status"] == "ENABLED"
    same = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": described["KMSMasterKeyArn"]}
    assert invalid(db.update_table, TableName="things", SSESpecification=same).endswith(
        "Use KMSMasterKeyId parameter if you want to change Master Key"
    )
    encrypt(SSEType="KMS")
    encrypt(Enabled=True)
    assert encrypt(Enabled=False)["SSEDescription"]["Status"] == "UPDATING"
    assert "SSEDescription" not in db.describe_table(TableName="things")["Table"]
    code, message = refused(db.update_table, TableName="things", **ENCRYPTED)
    assert code == "LimitExceededException"
    assert "Encryption mode changes are limited in the 24h window ending at 20" in message
    assert "Number of updates today: 4. Last change at 20" in message
    cloud.advance(6 * 3600)
    encrypt(Enabled=True)


def test_a_stream_that_ended_is_still_named(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "things", "id", **STREAM)
    arn = db.describe_table(TableName="things")["Table"]["LatestStreamArn"]
    off = {"StreamEnabled": False}
    shown = db.update_table(TableName="things", StreamSpecification=off)["TableDescription"]
    assert ("StreamSpecification" in shown, shown["LatestStreamArn"]) == (False, arn)


@pytest.mark.parametrize("name", ["things", "other"])
def test_warm_throughput_of_an_index_says_how_warm(db: Any, name: str) -> None:
    make_table(db, "things", "id", also=DEFINED, GlobalSecondaryIndexes=[index("by-g", "g")])
    nothing = of_index("Update", "ghost", WarmThroughput={})
    assert invalid(db.update_table, TableName=name, **nothing) == (
        "One or more parameter values were invalid: WarmThroughput must have at least one of "
        "ReadUnitsPerSecond or WriteUnitsPerSecond specified for index: ghost"
    )
