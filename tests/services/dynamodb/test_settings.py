"""Settings of tables: maximums, warm throughput, resource policies, contributor insights."""

from __future__ import annotations

from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, invalid, make_table, refused


def _shown(db: Any, name: str = "things") -> Any:
    return db.describe_table(TableName=name)["Table"]


def test_an_on_demand_table_has_maximums(cloud: CloudUnderTest, db: Any) -> None:
    maximum = {"MaxReadRequestUnits": 10, "MaxWriteRequestUnits": 1}
    also = [{"AttributeName": "g", "AttributeType": "S"}]
    indexes = [index("by-g", "g", OnDemandThroughput={"MaxReadRequestUnits": 7})]
    make_table(
        db, "things", "id", OnDemandThroughput=maximum, also=also, GlobalSecondaryIndexes=indexes
    )
    shown = _shown(db)
    assert shown["OnDemandThroughput"] == maximum
    assert shown["GlobalSecondaryIndexes"][0]["OnDemandThroughput"] == {
        "MaxReadRequestUnits": 7,
        "MaxWriteRequestUnits": -1,
    }
    cloud.advance(1)
    item = {"id": {"S": "a"}, "text": {"S": "x" * 2000}}
    db.put_item(TableName="things", Item=item)
    request = {"PutRequest": {"Item": item}}
    code, message = refused(db.put_item, TableName="things", Item=item)
    assert (code, message) == (
        "ThrottlingException",
        "Throughput exceeds the maximum OnDemandThroughput configured on table or index",
    )
    assert refused(db.batch_write_item, RequestItems={"things": [request]})[0] == code
    cloud.advance(3)
    db.put_item(TableName="things", Item=item)
    none = {"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": -1}
    db.update_table(TableName="things", OnDemandThroughput=none)
    cloud.settle()
    assert "OnDemandThroughput" not in _shown(db)


def test_maximums_are_for_on_demand_tables(db: Any) -> None:
    throughput = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    make_table(db, "things", "id", ProvisionedThroughput=throughput)
    assert invalid(
        db.update_table, TableName="things", OnDemandThroughput={"MaxReadRequestUnits": 5}
    ) == (
        "One or more parameter values were invalid: "
        "MaxReadRequestUnits for OnDemandThroughput cannot be specified "
        "when the table BillingMode is PROVISIONED"
    )


def test_warm_throughput_is_read_back(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "things", "id", TableClass="STANDARD_INFREQUENT_ACCESS")
    shown = _shown(db)
    assert shown["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
    assert shown["WarmThroughput"] == {
        "ReadUnitsPerSecond": 12000,
        "WriteUnitsPerSecond": 4000,
        "Status": "ACTIVE",
    }
    warm = {"ReadUnitsPerSecond": 20000, "WriteUnitsPerSecond": 5000}
    answer = db.update_table(TableName="things", WarmThroughput=warm)
    assert answer["TableDescription"]["TableStatus"] == "ACTIVE"
    assert answer["TableDescription"]["WarmThroughput"] == {
        **shown["WarmThroughput"],
        "Status": "UPDATING",
    }
    cloud.settle()
    assert _shown(db)["WarmThroughput"] == {**warm, "Status": "ACTIVE"}


def test_contributor_insights_are_read_back(db: Any) -> None:
    make_table(db, "things", "id", "n")
    assert db.describe_contributor_insights(TableName="things")["ContributorInsightsStatus"] == (
        "DISABLED"
    )
    assert db.list_contributor_insights()["ContributorInsightsSummaries"] == []
    answer = db.update_contributor_insights(TableName="things", ContributorInsightsAction="ENABLE")
    assert answer["ContributorInsightsStatus"] == "ENABLING"
    shown = db.describe_contributor_insights(TableName="things")
    assert shown["ContributorInsightsStatus"] == "ENABLED"
    assert len(shown["ContributorInsightsRuleList"]) == 4
    listed = db.list_contributor_insights()["ContributorInsightsSummaries"]
    assert [each["TableName"] for each in listed] == ["things"]
    params = {"TableName": "things", "IndexName": "none"}
    assert refused(db.describe_contributor_insights, **params) == (
        "ResourceNotFoundException",
        "Requested resource not found: Index: none not found for table: things",
    )


def test_rules_of_contributor_insights_are_named_after_what_they_watch(
    cloud: CloudUnderTest, db: Any
) -> None:
    make_table(
        db,
        "things",
        "id",
        also=[{"AttributeName": name, "AttributeType": "S"} for name in ("g", "h")],
        GlobalSecondaryIndexes=[index("by-g", "g", "h")],
    )
    on = {"TableName": "things", "ContributorInsightsAction": "ENABLE"}
    since = int(cloud.now * 1000)
    for where in ({"IndexName": "by-g"}, {}):
        db.update_contributor_insights(**on, **where)
    cloud.advance(60)
    db.update_contributor_insights(**on, ContributorInsightsMode="THROTTLED_KEYS")
    shown = db.describe_contributor_insights(TableName="things", IndexName="by-g")
    assert shown["ContributorInsightsRuleList"] == [
        f"DynamoDBContributorInsights-{kind}-things-by-g-{since}"
        for kind in ("PKC", "SKC", "PKT", "SKT")
    ]
    shown = db.describe_contributor_insights(TableName="things")
    assert shown["ContributorInsightsRuleList"] == [
        f"DynamoDBContributorInsights-PKT-things-{since}"
    ]


def test_an_index_being_made_has_no_contributor_insights(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "things", "id")
    cloud.run(cloud.kernel.scheduler.stop())
    db.update_table(
        TableName="things",
        AttributeDefinitions=[{"AttributeName": "g", "AttributeType": "S"}],
        GlobalSecondaryIndexUpdates=[{"Create": index("by-g", "g")}],
    )
    asked = {"TableName": "things", "IndexName": "by-g", "ContributorInsightsAction": "ENABLE"}
    assert refused(db.update_contributor_insights, **asked) == (
        "ResourceNotFoundException",
        "Requested resource not found: Index: by-g not found for table: things",
    )


def test_contributor_insights_change_if_they_are_not_so(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "things", "id")

    def update(action: str, **mode: str) -> tuple[str, str]:
        answer = db.update_contributor_insights(
            TableName="things", ContributorInsightsAction=action, **mode
        )
        return answer["ContributorInsightsStatus"], answer.get("ContributorInsightsMode", "")

    throttled = {"ContributorInsightsMode": "THROTTLED_KEYS"}
    assert update("DISABLE") == ("DISABLED", "")
    assert update("ENABLE", **throttled) == ("ENABLING", "THROTTLED_KEYS")
    assert update("ENABLE", **throttled) == ("ENABLED", "THROTTLED_KEYS")
    assert update("ENABLE") == ("ENABLING", "ACCESSED_AND_THROTTLED_KEYS")
    assert update("DISABLE")[0] == "DISABLING"
    assert db.list_contributor_insights()["ContributorInsightsSummaries"] == []


def test_a_table_being_made_has_no_backups_and_insights(cloud: CloudUnderTest, db: Any) -> None:
    cloud.run(cloud.kernel.scheduler.stop())
    db.create_table(
        TableName="new",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=index("", "id")["KeySchema"],
        BillingMode="PAY_PER_REQUEST",
    )
    on = {"PointInTimeRecoveryEnabled": True}
    unavailable = (
        "ContinuousBackupsUnavailableException",
        "Backups are being enabled for the table: new. Please retry later",
    )
    recovery = {"PointInTimeRecoverySpecification": on}
    assert refused(db.update_continuous_backups, TableName="new", **recovery) == unavailable
    assert refused(db.create_backup, TableName="new", BackupName="back") == unavailable
    enable = {"ContributorInsightsAction": "ENABLE"}
    assert "must be ACTIVE" in invalid(db.update_contributor_insights, TableName="new", **enable)


def test_there_are_no_destinations(db: Any) -> None:
    make_table(db, "things", "id")
    found = db.describe_kinesis_streaming_destination(TableName="things")
    assert found["KinesisDataStreamDestinations"] == []
