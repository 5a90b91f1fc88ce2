"""Restores: what they keep of the source, what overrides may say, what is in use meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, invalid, make_table, refused

RECOVERY = {"PointInTimeRecoveryEnabled": True}
UNITS = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
MAXIMUM = {"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": 50}
ON_DEMAND = {"BillingModeOverride": "PAY_PER_REQUEST"}
PROVISIONED = {"BillingModeOverride": "PROVISIONED"}
ENCRYPTED = {"SSESpecificationOverride": {"Enabled": True, "SSEType": "KMS"}}


def indexed(**options: Any) -> dict[str, Any]:
    """Return options of a table with a global and a local index."""
    return {
        "also": [{"AttributeName": name, "AttributeType": "S"} for name in ("g", "at")],
        "GlobalSecondaryIndexes": [index("by-g", "g", **options)],
        "LocalSecondaryIndexes": [index("by-at", "id", "at")],
    }


@pytest.fixture
def source(cloud: CloudUnderTest, db: Any) -> str:
    """A provisioned table `things` with indexes, an item and a backup; the backup's ARN."""
    throughput: dict[str, Any] = {"ProvisionedThroughput": UNITS}
    make_table(db, "things", "id", "n", **throughput, **indexed(**throughput))
    item = {name: {"S": "x"} for name in ("id", "n", "g", "at")}
    db.put_item(TableName="things", Item=item)
    return backed_up(cloud, db)


def backed_up(cloud: CloudUnderTest, db: Any) -> str:
    """Return the ARN of a new backup of `things`."""
    backup = db.create_backup(TableName="things", BackupName="one")["BackupDetails"]
    cloud.settle()
    return str(backup["BackupArn"])


def shown(db: Any, name: str) -> dict[str, Any]:
    """Return a table's description."""
    return dict(db.describe_table(TableName=name)["Table"])


def test_a_restore_keeps_capacity_and_encryption_alone(cloud: CloudUnderTest, db: Any) -> None:
    arn = make_table(
        db,
        "things",
        "id",
        OnDemandThroughput=MAXIMUM,
        TableClass="STANDARD_INFREQUENT_ACCESS",
        SSESpecification={"Enabled": True},
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        Tags=[{"Key": "team", "Value": "red"}],
    )
    db.update_continuous_backups(TableName="things", PointInTimeRecoverySpecification=RECOVERY)
    backup = backed_up(cloud, db)
    details = db.describe_backup(BackupArn=backup)["BackupDescription"]["SourceTableDetails"]
    assert details["OnDemandThroughput"] == MAXIMUM
    made = db.restore_table_from_backup(TargetTableName="one", BackupArn=backup)
    assert made["TableDescription"]["RestoreSummary"] == {
        "SourceBackupArn": backup,
        "SourceTableArn": arn,
        "RestoreDateTime": made["TableDescription"]["RestoreSummary"]["RestoreDateTime"],
        "RestoreInProgress": True,
    }
    db.restore_table_to_point_in_time(
        SourceTableArn=arn, TargetTableName="two", UseLatestRestorableTime=True
    )
    cloud.settle()
    for name in ("one", "two"):
        found = shown(db, name)
        assert found["TableStatus"] == "ACTIVE"
        assert (found["OnDemandThroughput"], found["SSEDescription"]["Status"]) == (
            MAXIMUM,
            "ENABLED",
        )
        gone = ("RestoreSummary", "TableClassSummary", "StreamSpecification", "LatestStreamArn")
        assert found.keys().isdisjoint(gone)
        assert db.list_tags_of_resource(ResourceArn=found["TableArn"])["Tags"] == []


def test_overrides_change_billing_and_indexes(cloud: CloudUnderTest, db: Any, source: str) -> None:
    def restored(name: str, **overrides: Any) -> dict[str, Any]:
        db.restore_table_from_backup(TargetTableName=name, BackupArn=source, **overrides)
        cloud.settle()
        return shown(db, name)

    def units(described: dict[str, Any]) -> int:
        return int(described["ProvisionedThroughput"]["ReadCapacityUnits"])

    more = {"ReadCapacityUnits": 7, "WriteCapacityUnits": 7}
    found = restored("more", ProvisionedThroughputOverride=more)
    assert (units(found), units(found["GlobalSecondaryIndexes"][0])) == (7, 5)
    found = restored("on-demand", **ON_DEMAND, OnDemandThroughputOverride=MAXIMUM)
    assert (units(found), units(found["GlobalSecondaryIndexes"][0])) == (0, 0)
    assert found["OnDemandThroughput"] == MAXIMUM
    renamed = [index("called-so", "g", ProvisionedThroughput=UNITS)]
    found = restored("renamed", GlobalSecondaryIndexOverride=renamed)
    assert [each["IndexName"] for each in found["GlobalSecondaryIndexes"]] == ["called-so"]
    assert found["LocalSecondaryIndexes"][0]["IndexName"] == "by-at"
    found = restored("bare", GlobalSecondaryIndexOverride=[], LocalSecondaryIndexOverride=[])
    assert found.keys().isdisjoint(("GlobalSecondaryIndexes", "LocalSecondaryIndexes"))


def test_overrides_are_to_fit(cloud: CloudUnderTest, db: Any, source: str) -> None:
    def wrong(**overrides: Any) -> str:
        params = {"TargetTableName": "copy", "BackupArn": source, **overrides}
        message = invalid(db.restore_table_from_backup, **params)
        assert message.startswith("Invalid Request: ")
        return message.removeprefix("Invalid Request: ")

    on_demand = "Cannot override ProvisionedThroughput if BillingMode is overridden "
    assert wrong(**ON_DEMAND, ProvisionedThroughputOverride=UNITS) == (
        on_demand + "to PAY_PER_REQUEST"
    )
    by_g = index("by-g", "g", ProvisionedThroughput=UNITS)
    assert wrong(**ON_DEMAND, GlobalSecondaryIndexOverride=[by_g]) == (
        on_demand + "to PAY_PER_REQUEST for index by-g"
    )
    assert wrong(**PROVISIONED) == (
        "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED"
    )
    assert wrong(OnDemandThroughputOverride=MAXIMUM) == (
        "Cannot override MaxReadRequestUnits for OnDemandThroughput "
        "unless BillingModeOverride is PAY_PER_REQUEST"
    )
    none = {"MaxReadRequestUnits": 0, "MaxWriteRequestUnits": 0}
    assert wrong(**ON_DEMAND, OnDemandThroughputOverride=none) == (
        "Requested MaxReadRequestUnits for OnDemandThroughput is outside of valid range"
    )
    assert wrong(GlobalSecondaryIndexOverride=[index("by-g", "g")]) == (
        "Must specify provisioned throughput for index by-g"
    )
    for other in (index("by-g", "at"), index("by-g", "g", projection="KEYS_ONLY")):
        assert wrong(GlobalSecondaryIndexOverride=[other]) == (
            "Index by-g does not match a secondary index that existed in the source table "
            "and cannot be created during the restore operation"
        )
    make_table(db, "plain", "id")
    backup = db.create_backup(TableName="plain", BackupName="one")["BackupDetails"]["BackupArn"]
    cloud.settle()
    assert wrong(BackupArn=backup, ProvisionedThroughputOverride=UNITS) == (
        "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED"
    )


def test_a_backup_and_a_name_are_in_use_while_a_table_is_restored(
    cloud: CloudUnderTest, db: Any, source: str
) -> None:
    cloud.run(cloud.kernel.scheduler.stop())
    first = {"TargetTableName": "first", "BackupArn": source}
    db.restore_table_from_backup(**first)
    assert refused(db.restore_table_from_backup, **first) == (
        "TableInUseException",
        f"Table: first is already being restored from backup: {source}",
    )
    second = {**first, "TargetTableName": "second"}
    in_use = "BackupInUseException"
    assert refused(db.restore_table_from_backup, **second) == (
        in_use,
        f"Backup is being used to restore another table: {source}",
    )
    assert refused(db.delete_backup, BackupArn=source) == (
        in_use,
        f"Backup is being used to restore table: {source}",
    )
    assert refused(db.delete_table, TableName="first") == (
        "ResourceInUseException",
        "Attempt to change a resource which is still in use: Table is being created: first",
    )
    cloud.restart()
    cloud.settle()
    db.restore_table_from_backup(**second)
    cloud.settle()
    assert db.scan(TableName="second")["Count"] == 1
    db.delete_backup(BackupArn=source)


def test_a_table_being_restored_is_described_and_not_known_else(
    cloud: CloudUnderTest, db: Any, source: str
) -> None:
    cloud.run(cloud.kernel.scheduler.stop())
    made = db.restore_table_from_backup(TargetTableName="copy", BackupArn=source)
    arn = made["TableDescription"]["TableArn"]
    assert shown(db, "copy")["TableStatus"] == "CREATING"
    name: dict[str, Any] = {"TableName": "copy"}
    expiry = {"AttributeName": "expires", "Enabled": True}
    missing = (
        "ResourceNotFoundException",
        "Requested resource not found: Table: copy not found",
    )
    known: list[tuple[Any, dict[str, Any]]] = [
        (db.update_table, {**name, "DeletionProtectionEnabled": True}),
        (db.update_time_to_live, {**name, "TimeToLiveSpecification": expiry}),
        (db.describe_time_to_live, name),
        (db.describe_contributor_insights, name),
        (db.update_contributor_insights, {**name, "ContributorInsightsAction": "ENABLE"}),
        (db.get_resource_policy, {"ResourceArn": arn}),
        (db.put_resource_policy, {"ResourceArn": arn, "Policy": "{}"}),
    ]
    for operation, params in known:
        assert refused(operation, **params) == missing
    for operation in (db.describe_continuous_backups, db.create_backup):
        params = {**name, "BackupName": "one"} if operation == db.create_backup else name
        assert refused(operation, **params) == (
            "TableNotFoundException",
            "Table not found: copy",
        )
    tags = [{"Key": "a", "Value": "b"}]
    assert refused(db.tag_resource, ResourceArn=arn, Tags=tags)[0] == missing[0]
    create: dict[str, Any] = {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": index("", "id")["KeySchema"],
        "BillingMode": "PAY_PER_REQUEST",
    }
    assert refused(db.create_table, **name, **create) == (
        "ResourceInUseException",
        "Attempt to change a resource which is still in use: Table is being used: copy",
    )


def test_a_source_is_named_once_and_by_what_is_its_own(db: Any) -> None:
    arn = make_table(db, "things", "id")
    restore = db.restore_table_to_point_in_time
    params: dict[str, Any] = {"TargetTableName": "copy", "UseLatestRestorableTime": True}
    both = {"SourceTableName": "things", "SourceTableArn": arn}
    assert invalid(restore, **params, **both) == (
        "Invalid Request: Must provide exactly one of: sourceTableArn, sourceTableName"
    )
    assert invalid(restore, **params) == (
        "The parameter 'TableName' is required but was not present in the request"
    )
    assert invalid(restore, **params, SourceTableArn="things") == (
        "One or more parameter values were invalid: ARNs must start with 'arn:': things"
    )
    assert invalid(restore, **params, SourceTableArn=f"{arn}/index/x") == (
        "One or more parameter values were invalid: sourceTableArn is not a valid ARN"
    )
    other = arn.replace("0" * 12, "1" * 12)
    assert invalid(restore, **params, SourceTableArn=other).startswith(
        "This action is only supported by accounts that match"
    )


def test_a_time_outside_of_what_is_kept_is_told_with_its_bounds(
    cloud: CloudUnderTest, db: Any
) -> None:
    make_table(db, "things", "id")
    answer = db.update_continuous_backups(
        TableName="things", PointInTimeRecoverySpecification=RECOVERY
    )
    enabled = cloud.now
    described = answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert described["EarliestRestorableDateTime"] == described["LatestRestorableDateTime"]
    cloud.advance(900)
    params = {"SourceTableName": "things", "TargetTableName": "things"}

    def text(at: float) -> str:
        return f"'{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}'"

    for at in (enabled - 3600, cloud.now + 3600):
        assert refused(db.restore_table_to_point_in_time, **params, RestoreDateTime=at) == (
            "InvalidRestoreTimeException",
            f"RestoreDateTime {text(at)} must be within EarliestRestorableDateTime "
            f"{text(enabled)} and LatestRestorableDateTime {text(cloud.now - 300)}",
        )


def test_a_restore_goes_on_though_its_source_is_deleted(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "things", "id")
    db.update_continuous_backups(TableName="things", PointInTimeRecoverySpecification=RECOVERY)
    db.put_item(TableName="things", Item={"id": {"S": "a"}})
    cloud.advance(300)
    cloud.run(cloud.kernel.scheduler.stop())
    params = {"TargetTableName": "copy", "UseLatestRestorableTime": True}
    db.restore_table_to_point_in_time(SourceTableName="things", **params)
    db.delete_table(TableName="things")
    again = {"SourceTableName": "things", **params}
    assert refused(db.restore_table_to_point_in_time, **again) == (
        "TableNotFoundException",
        "Table not found: things",
    )
    cloud.restart()
    cloud.settle()
    assert db.list_tables()["TableNames"] == ["copy"]
    assert db.scan(TableName="copy")["Count"] == 1


def test_fifty_tables_are_restored_at_the_same_time(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "things", "id")
    db.update_continuous_backups(TableName="things", PointInTimeRecoverySpecification=RECOVERY)
    cloud.run(cloud.kernel.scheduler.stop())
    params = {"SourceTableName": "things", "UseLatestRestorableTime": True}
    restore = db.restore_table_to_point_in_time
    for number in range(50):
        restore(TargetTableName=f"copy{number}", **params)
    assert refused(restore, TargetTableName="copy0", **params)[0] == "TableInUseException"
    assert refused(restore, TargetTableName="copy50", **params) == (
        "LimitExceededException",
        "Subscriber limit exceeded: Only 50 restore operations can be done simultaneously",
    )


def test_a_table_is_restored_into_another_region(
    cloud: CloudUnderTest, db: Any, source: str
) -> None:
    there = cloud.client("dynamodb", region="eu-west-1")
    db.update_continuous_backups(TableName="things", PointInTimeRecoverySpecification=RECOVERY)
    cloud.advance(300)
    arn = shown(db, "things")["TableArn"]
    restores: list[tuple[Any, dict[str, Any]]] = [
        (there.restore_table_from_backup, {"BackupArn": source}),
        (
            there.restore_table_to_point_in_time,
            {"SourceTableArn": arn, "UseLatestRestorableTime": True},
        ),
    ]
    for number, (restore, params) in enumerate(restores):
        params["TargetTableName"] = f"copy{number}"
        assert invalid(restore, **params) == (
            "Invalid Request: sseSpecificationOverride must be provided for cross-region restores"
        )
        made = restore(**params, **ENCRYPTED)["TableDescription"]
        assert ":eu-west-1:" in made["TableArn"]
        cloud.settle()
        assert there.scan(TableName=params["TargetTableName"])["Count"] == 1
    assert there.list_backups()["BackupSummaries"] == []
    assert db.list_tables()["TableNames"] == ["things"]
