"""What the clock and jobs do: time to live, indexes made later, point-in-time recovery."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, invalid, make_table, refused

TTL = {"AttributeName": "expires", "Enabled": True}


def key(n: int) -> dict[str, Any]:
    """Return the key of the n-th item."""
    return {"id": {"S": f"{n:03}"}}


def present(db: Any, table: str = "aaa") -> list[int]:
    """Return the numbers of the items there are."""
    return sorted(int(item["id"]["S"]) for item in db.scan(TableName=table)["Items"])


def test_items_expire_by_the_clock(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "aaa", "id")
    now = int(cloud.now)
    far = now - 6 * 365 * 86_400
    values = [{"N": str(now + 100)}, {"N": str(now + 50)}, {"S": str(now)}, {"N": str(far)}]
    for n, value in enumerate(values[:2]):
        db.put_item(TableName="aaa", Item={**key(n), "expires": value})
    db.update_time_to_live(TableName="aaa", TimeToLiveSpecification=TTL)
    cloud.settle()
    for n, value in enumerate(values[2:], 2):
        db.put_item(TableName="aaa", Item={**key(n), "expires": value})
    db.put_item(TableName="aaa", Item=key(4))
    cloud.advance(49)
    assert present(db) == [0, 1, 2, 3, 4]
    cloud.advance(1)
    assert present(db) == [0, 2, 3, 4]
    db.update_item(
        TableName="aaa",
        Key=key(0),
        UpdateExpression="SET expires = :e",
        ExpressionAttributeValues={":e": {"N": str(now + 1000)}},
    )
    cloud.restart()
    cloud.advance(900)
    assert present(db) == [0, 2, 3, 4]
    cloud.advance(100)
    assert present(db) == [2, 3, 4]


def test_time_to_live_is_described_and_turned_off(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "aaa", "id")
    shown = db.describe_time_to_live(TableName="aaa")["TimeToLiveDescription"]
    assert shown == {"TimeToLiveStatus": "DISABLED"}
    params = {"TableName": "aaa", "TimeToLiveSpecification": TTL}
    assert db.update_time_to_live(**params)["TimeToLiveSpecification"] == TTL
    shown = db.describe_time_to_live(TableName="aaa")["TimeToLiveDescription"]
    assert shown == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    assert invalid(db.update_time_to_live, **params) == "TimeToLive is already enabled"
    other = {"AttributeName": "other", "Enabled": True}
    assert (
        invalid(db.update_time_to_live, TableName="aaa", TimeToLiveSpecification=other)
        == "TimeToLive is active on a different AttributeName: current AttributeName is expires"
    )
    off = {**TTL, "Enabled": False}
    just_changed = "Time to live has been modified multiple times within a fixed interval"
    for _ in range(2):
        assert invalid(db.update_time_to_live, TableName="aaa", TimeToLiveSpecification=off) == (
            just_changed
        )
        cloud.advance(15 * 60)
    cloud.advance(60)
    db.put_item(TableName="aaa", Item={**key(1), "expires": {"N": str(int(cloud.now) + 5)}})
    db.update_time_to_live(TableName="aaa", TimeToLiveSpecification=off)
    cloud.advance(10)
    assert present(db) == [1]
    assert invalid(db.update_time_to_live, **params) == just_changed
    assert (
        invalid(db.update_time_to_live, TableName="aaa", TimeToLiveSpecification=off)
        == "TimeToLive is already disabled"
    )


def test_an_index_made_later_has_the_items_there_were(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "aaa", "id")
    for n in range(30):
        group = {"N": str(n)} if n == 7 else {"S": "even" if n % 2 == 0 else "odd"}
        db.put_item(TableName="aaa", Item={**key(n), "g": group})
    create = {"Create": index("by-g", "g")}
    definitions = [{"AttributeName": "g", "AttributeType": "S"}]
    made = db.update_table(
        TableName="aaa",
        AttributeDefinitions=definitions,
        GlobalSecondaryIndexUpdates=[create],
    )["TableDescription"]
    assert made["TableStatus"] == "UPDATING"
    assert made["GlobalSecondaryIndexes"][0]["IndexStatus"] == "CREATING"
    assert made["GlobalSecondaryIndexes"][0]["Backfilling"] is False
    cloud.settle()
    shown = db.describe_table(TableName="aaa")["Table"]
    assert shown["TableStatus"] == "ACTIVE"
    assert shown["GlobalSecondaryIndexes"][0]["IndexStatus"] == "ACTIVE"
    assert shown["GlobalSecondaryIndexes"][0]["ItemCount"] == 29
    found = db.query(
        TableName="aaa",
        IndexName="by-g",
        KeyConditionExpression="g = :g",
        ExpressionAttributeValues={":g": {"S": "odd"}},
    )
    assert found["Count"] == 14
    assert invalid(db.update_table, TableName="aaa", GlobalSecondaryIndexUpdates=[create]) == (
        "Attempting to create an index which already exists"
    )
    drop = {"Delete": {"IndexName": "by-g"}}
    db.update_table(TableName="aaa", GlobalSecondaryIndexUpdates=[drop])
    cloud.settle()
    shown = db.describe_table(TableName="aaa")["Table"]
    assert "GlobalSecondaryIndexes" not in shown
    assert [each["AttributeName"] for each in shown["AttributeDefinitions"]] == ["id"]
    both = [{"Create": index("one", "g")}, {"Create": index("two", "g")}]
    assert (
        refused(
            db.update_table,
            TableName="aaa",
            AttributeDefinitions=definitions,
            GlobalSecondaryIndexUpdates=both,
        )[0]
        == "LimitExceededException"
    )


def test_an_index_throughput_changes(cloud: CloudUnderTest, db: Any) -> None:
    units = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    more = {"ReadCapacityUnits": 2, "WriteCapacityUnits": 2}
    make_table(
        db,
        "aaa",
        "id",
        also=[{"AttributeName": "g", "AttributeType": "S"}],
        ProvisionedThroughput=units,
        GlobalSecondaryIndexes=[index("by-g", "g", ProvisionedThroughput=units)],
    )
    update = {"Update": {"IndexName": "by-g", "ProvisionedThroughput": more}}
    db.update_table(TableName="aaa", GlobalSecondaryIndexUpdates=[update])
    cloud.settle()
    shown = db.describe_table(TableName="aaa")["Table"]["GlobalSecondaryIndexes"][0]
    assert shown["IndexStatus"] == "ACTIVE"
    assert shown["ProvisionedThroughput"]["ReadCapacityUnits"] == 2


def _recover(db: Any, *, enabled: bool) -> Any:
    answer = db.update_continuous_backups(
        TableName="aaa",
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled},
    )
    return answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]


def test_a_table_is_restored_as_it_was(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "aaa", "id")
    restore = {"SourceTableName": "aaa", "TargetTableName": "bbb"}
    assert refused(db.restore_table_to_point_in_time, **restore, UseLatestRestorableTime=True) == (
        "PointInTimeRecoveryUnavailableException",
        "Point in time recovery is not enabled for table 'aaa'",
    )
    db.put_item(TableName="aaa", Item={**key(1), "v": {"S": "before"}})
    db.put_item(TableName="aaa", Item={**key(2), "v": {"S": "gone"}})
    assert _recover(db, enabled=True)["PointInTimeRecoveryStatus"] == "ENABLED"
    cloud.advance(60)
    moment = datetime.fromtimestamp(cloud.now, UTC)
    cloud.advance(60)
    for value in ("after", "later"):
        db.put_item(TableName="aaa", Item={**key(1), "v": {"S": value}})
    db.put_item(TableName="aaa", Item=key(3))
    db.delete_item(TableName="aaa", Key=key(2))
    made = db.restore_table_to_point_in_time(**restore, RestoreDateTime=moment)
    description = made["TableDescription"]
    assert description["TableStatus"] == "CREATING"
    assert description["RestoreSummary"]["RestoreInProgress"] is True
    cloud.settle()
    assert present(db, "bbb") == [1, 2]
    cloud.advance(300)
    assert db.get_item(TableName="bbb", Key=key(1))["Item"]["v"] == {"S": "before"}
    db.restore_table_to_point_in_time(
        SourceTableName="aaa", TargetTableName="ccc", UseLatestRestorableTime=True
    )
    cloud.settle()
    assert present(db, "ccc") == [1, 3]
    assert refused(db.restore_table_to_point_in_time, **restore, UseLatestRestorableTime=True) == (
        "TableAlreadyExistsException",
        "Table already exists: bbb",
    )
    too_early = datetime.fromtimestamp(cloud.now - 3600, UTC)
    assert (
        refused(
            db.restore_table_to_point_in_time,
            SourceTableName="aaa",
            TargetTableName="ddd",
            RestoreDateTime=too_early,
        )[0]
        == "InvalidRestoreTimeException"
    )


def test_recovery_is_described_and_turned_off(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "aaa", "id")
    _recover(db, enabled=True)
    cloud.advance(40 * 86_400)
    shown = db.describe_continuous_backups(TableName="aaa")["ContinuousBackupsDescription"]
    assert shown["ContinuousBackupsStatus"] == "ENABLED"
    recovery = shown["PointInTimeRecoveryDescription"]
    assert recovery["RecoveryPeriodInDays"] == 35
    span = recovery["LatestRestorableDateTime"] - recovery["EarliestRestorableDateTime"]
    assert span.total_seconds() == 35 * 86_400 - 300
    assert _recover(db, enabled=False) == {"PointInTimeRecoveryStatus": "DISABLED"}
    assert refused(db.describe_continuous_backups, TableName="none") == (
        "TableNotFoundException",
        "Table not found: none",
    )
