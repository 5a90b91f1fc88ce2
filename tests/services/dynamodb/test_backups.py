"""On-demand backups and restores of them."""

from __future__ import annotations

from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, invalid, make_table, refused


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


def test_a_backup_outlives_a_table_that_is_deleted_at_once(cloud: CloudUnderTest, db: Any) -> None:
    _make(db)
    _put(db, "a", "1")
    arn = db.create_backup(TableName="things", BackupName="one")["BackupDetails"]["BackupArn"]
    db.delete_table(TableName="things")
    cloud.settle()
    assert db.list_tables()["TableNames"] == []
    listed = db.list_backups(TableName="things")["BackupSummaries"]
    assert [(each["BackupArn"], each["BackupStatus"]) for each in listed] == [(arn, "AVAILABLE")]
    db.restore_table_from_backup(TargetTableName="things", BackupArn=arn)
    cloud.settle()
    assert _items(db, "things") == {"a": "1"}


def test_a_table_with_recovery_leaves_a_system_backup(cloud: CloudUnderTest, db: Any) -> None:
    _make(db)
    _put(db, "a", "1")
    enabled = {"PointInTimeRecoveryEnabled": True}
    db.update_continuous_backups(TableName="things", PointInTimeRecoverySpecification=enabled)
    db.delete_table(TableName="things")
    cloud.settle()
    assert db.list_tables()["TableNames"] == []
    assert db.list_backups()["BackupSummaries"] == []
    backup = db.list_backups(BackupType="SYSTEM")["BackupSummaries"][0]
    assert db.list_backups(BackupType="ALL")["BackupSummaries"] == [backup]
    arn = backup["BackupArn"]
    assert (backup["BackupName"], backup["BackupType"]) == ("things$DeletedTableBackup", "SYSTEM")
    assert arn.endswith("-00000000")
    kept = backup["BackupExpiryDateTime"] - backup["BackupCreationDateTime"]
    assert kept.days == 35
    assert invalid(db.delete_backup, BackupArn=arn).startswith(
        f"Invalid Request: User is not allowed to delete the system backup with arn {arn}. "
        "It will automatically expire on "
    )
    db.restore_table_from_backup(TargetTableName="again", BackupArn=arn)
    cloud.settle()
    assert _items(db, "again") == {"a": "1"}
    cloud.advance(35 * 86_400 - 1)
    assert len(db.list_backups(BackupType="SYSTEM")["BackupSummaries"]) == 1
    cloud.advance(2)
    assert db.list_backups(BackupType="ALL")["BackupSummaries"] == []


def test_a_backup_is_found_by_its_arn_but_for_the_region(cloud: CloudUnderTest, db: Any) -> None:
    table = _make(db)
    arn = db.create_backup(TableName="things", BackupName="one")["BackupDetails"]["BackupArn"]
    cloud.settle()
    elsewhere = arn.replace("us-east-1", "eu-west-1")
    shown = db.describe_backup(BackupArn=elsewhere)["BackupDescription"]["BackupDetails"]
    assert shown["BackupArn"] == elsewhere
    wrong = "Invalid Backup ARN"
    for operation in (db.describe_backup, db.delete_backup):
        assert invalid(operation, BackupArn=table) == wrong
        assert invalid(operation, BackupArn="x" * 48) == wrong
        assert invalid(operation, BackupArn=arn.replace("arn:aws:", "arn:aws-cn:")) == (
            "Invalid Request: BackupArn is not valid"
        )
        other = arn.replace("0" * 12, "1" * 12)
        assert refused(operation, BackupArn=other) == ("AccessDeniedException", "Access is denied")
    for old, new, message in (
        ("us-east-1", "US-EAST-1", None),
        ("us-east-1", "us-test-1", "Invalid Request: BackupArn is not valid"),
        ("/backup/", "/backup/0", "Invalid Request: BackupArn is not valid"),
        ("/things/", "/x/", wrong),
        ("/things/", "/bad:table/", wrong),
    ):
        changed = arn.replace(old, new)
        if message is None:
            assert db.describe_backup(BackupArn=changed)
        else:
            assert invalid(db.describe_backup, BackupArn=changed) == message
    foreign = arn.replace("0" * 12, "1" * 12).replace("table/", "TABLE/")
    assert refused(db.describe_backup, BackupArn=foreign)[0] == "AccessDeniedException"
    absent = arn.rpartition("-")[0] + "-ABCDEF01"
    assert refused(db.describe_backup, BackupArn=absent) == (
        "BackupNotFoundException",
        f"Backup not found: {absent}",
    )
    restore = {"TargetTableName": "copy", "BackupArn": table}
    assert invalid(db.restore_table_from_backup, **restore) == wrong
    assert invalid(db.list_backups, ExclusiveStartBackupArn=elsewhere) == (
        "Invalid Request: The supplied ExclusiveStartBackupArn does not match the region"
    )
    bounds = {"TimeRangeLowerBound": cloud.now, "TimeRangeUpperBound": cloud.now - 1}
    assert invalid(db.list_backups, **bounds) == (
        "One or more parameter values were invalid: "
        "Time range lower bound must be less than or equal to upper bound"
    )
    gone = db.delete_backup(BackupArn=elsewhere)["BackupDescription"]["BackupDetails"]
    assert (gone["BackupArn"], gone["BackupStatus"]) == (elsewhere, "DELETED")
    assert refused(db.describe_backup, BackupArn=arn)[0] == "BackupNotFoundException"


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
