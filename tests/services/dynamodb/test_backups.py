"""On-demand backups and restores of them."""

from __future__ import annotations

from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, make_table, refused


def _put(db: Any, name: str, value: str) -> None:
    db.put_item(TableName="things", Item={"id": {"S": name}, "v": {"S": value}})


def _items(db: Any, table: str, **options: Any) -> dict[str, str]:
    found = db.scan(TableName=table, **options)["Items"]
    return {item["id"]["S"]: item["v"]["S"] for item in found}


def _make(db: Any) -> str:
    also = [{"AttributeName": "v", "AttributeType": "S"}]
    return make_table(db, "things", "id", also=also, GlobalSecondaryIndexes=[index("by-v", "v")])


def test_a_backup_is_the_table_as_it_was_and_can_be_restored(
    cloud: CloudUnderTest, db: Any
) -> None:
    _make(db)
    _put(db, "a", "1")
    _put(db, "b", "1")
    table = {"TableName": "things"}
    backup = db.create_backup(TableName="things", BackupName="first")["BackupDetails"]
    assert (backup["BackupStatus"], backup["BackupType"]) == ("CREATING", "USER")
    _put(db, "a", "2")
    _put(db, "c", "2")
    db.delete_item(TableName="things", Key={"id": {"S": "b"}})
    cloud.settle()
    arn = backup["BackupArn"]
    shown = db.describe_backup(BackupArn=arn)["BackupDescription"]
    assert shown["BackupDetails"]["BackupStatus"] == "AVAILABLE"
    assert shown["SourceTableDetails"]["ItemCount"] == 2
    assert shown["SourceTableFeatureDetails"]["GlobalSecondaryIndexes"][0]["IndexName"] == "by-v"
    db.delete_table(**table)
    cloud.settle()
    restored = db.restore_table_from_backup(TargetTableName="again", BackupArn=arn)
    summary = restored["TableDescription"]["RestoreSummary"]
    assert (summary["SourceBackupArn"], summary["RestoreInProgress"]) == (arn, True)
    cloud.settle()
    assert _items(db, "again") == {"a": "1", "b": "1"}
    assert _items(db, "again", IndexName="by-v") == {"a": "1", "b": "1"}
    assert db.describe_table(TableName="again")["Table"]["TableStatus"] == "ACTIVE"


def test_backups_are_listed_and_deleted(cloud: CloudUnderTest, db: Any) -> None:
    _make(db)
    arns = []
    for name in ("one", "two", "three"):
        cloud.advance(60)
        answer = db.create_backup(TableName="things", BackupName=name)
        arns.append(answer["BackupDetails"]["BackupArn"])
    cloud.settle()
    page = db.list_backups(TableName="things", Limit=2)
    assert [each["BackupName"] for each in page["BackupSummaries"]] == ["one", "two"]
    rest = db.list_backups(ExclusiveStartBackupArn=page["LastEvaluatedBackupArn"])
    assert [each["BackupName"] for each in rest["BackupSummaries"]] == ["three"]
    created = rest["BackupSummaries"][0]["BackupCreationDateTime"]
    earlier = db.list_backups(TimeRangeUpperBound=created)["BackupSummaries"]
    assert len(earlier) == 2
    assert db.list_backups(BackupType="SYSTEM")["BackupSummaries"] == []
    gone = db.delete_backup(BackupArn=arns[0])["BackupDescription"]
    assert gone["BackupDetails"]["BackupStatus"] == "DELETED"
    assert refused(db.describe_backup, BackupArn=arns[0]) == (
        "BackupNotFoundException",
        f"Backup not found: {arns[0]}",
    )


def test_what_cannot_be_backed_up_or_restored(cloud: CloudUnderTest, db: Any) -> None:
    missing = refused(db.create_backup, TableName="none", BackupName="one")
    assert missing == ("TableNotFoundException", "Table not found: none")
    _make(db)
    arn = db.create_backup(TableName="things", BackupName="one")["BackupDetails"]["BackupArn"]
    cloud.settle()
    target = {"TargetTableName": "things", "BackupArn": arn}
    assert refused(db.restore_table_from_backup, **target)[0] == "TableAlreadyExistsException"


def test_a_backup_leaves_point_in_time_recovery_be(cloud: CloudUnderTest, db: Any) -> None:
    _make(db)
    _put(db, "a", "1")
    enabled = {"PointInTimeRecoveryEnabled": True}
    db.create_backup(TableName="things", BackupName="one")
    db.update_continuous_backups(TableName="things", PointInTimeRecoverySpecification=enabled)
    cloud.settle()
    at = cloud.now
    cloud.advance(60)
    _put(db, "a", "2")
    db.create_backup(TableName="things", BackupName="two")
    cloud.settle()
    db.restore_table_to_point_in_time(
        SourceTableName="things", TargetTableName="before", RestoreDateTime=at
    )
    cloud.settle()
    assert _items(db, "before") == {"a": "1"}


def test_a_restore_is_judged_by_its_times_before_recovery_and_the_target(db: Any) -> None:
    _make(db)
    names = {"SourceTableName": "things", "TargetTableName": "things"}
    restore = db.restore_table_to_point_in_time
    assert refused(restore, **names) == (
        "ValidationException",
        "Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime "
        "must be specified, but not both",
    )
    both = {"RestoreDateTime": 1.0, "UseLatestRestorableTime": True}
    assert refused(restore, **names, **both) == (
        "ValidationException",
        "Invalid Request: Both RestoreDateTime and UseLatestRestorableTime cannot be set for "
        "point-in-time restore request. Please specify either RestoreDateTime time or "
        "UseLatestRestorableTime",
    )
    assert refused(restore, **names, RestoreDateTime=1.0) == (
        "PointInTimeRecoveryUnavailableException",
        "Point in time recovery is not enabled for table 'things'",
    )
    gone = {**names, "SourceTableName": "gone", "UseLatestRestorableTime": True}
    assert refused(restore, **gone) == ("TableNotFoundException", "Table not found: gone")
