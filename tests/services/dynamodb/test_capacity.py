"""Capacity: what requests consume, what provisioned tables refuse, and the metrics of both."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from cloudarium.core.telemetry import MetricSample
from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, make_table, refused

UNITS = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
THROTTLED = (
    "ProvisionedThroughputExceededException",
    "The level of configured provisioned throughput for the table was exceeded. "
    "Consider increasing your provisioning level with the UpdateTable API.",
)
KEY = {"id": {"S": "1"}}


class Metrics:
    """The figures DynamoDB hands to CloudWatch: sums by name and dimensions."""

    def __init__(self, cloud: CloudUnderTest) -> None:
        self.sums: dict[tuple[str, ...], float] = defaultdict(float)
        self._cloud = cloud
        cloud.kernel.telemetry.metric_sink = self._take

    async def _take(self, account: str, region: str, samples: list[MetricSample]) -> None:
        for sample in samples:
            if sample.namespace == "AWS/DynamoDB":
                key = (sample.name, *(value for _, value in sample.dimensions))
                self.sums[key] += sum(value * count for value, count in sample.values.items())

    def __getitem__(self, key: tuple[str, ...]) -> float:
        self._cloud.settle()
        return self.sums[key]


@pytest.fixture
def metrics(cloud: CloudUnderTest) -> Metrics:
    """What is measured from here on."""
    return Metrics(cloud)


def test_units_follow_sizes_and_consistency(db: Any) -> None:
    make_table(db, "aaa", "id")
    large = {**KEY, "b": {"B": b"x" * 8200}}
    written = db.put_item(TableName="aaa", Item=large, ReturnConsumedCapacity="TOTAL")
    assert written["ConsumedCapacity"] == {"TableName": "aaa", "CapacityUnits": 9.0}
    get = {"TableName": "aaa", "Key": KEY, "ReturnConsumedCapacity": "TOTAL"}
    assert db.get_item(**get)["ConsumedCapacity"]["CapacityUnits"] == 1.5
    assert db.get_item(**get, ConsistentRead=True)["ConsumedCapacity"]["CapacityUnits"] == 3.0
    get["Key"] = {"id": {"S": "none"}}
    assert db.get_item(**get)["ConsumedCapacity"]["CapacityUnits"] == 0.5
    shrunk = db.put_item(TableName="aaa", Item=KEY, ReturnConsumedCapacity="TOTAL")
    assert shrunk["ConsumedCapacity"]["CapacityUnits"] == 9.0
    assert "ConsumedCapacity" not in db.put_item(TableName="aaa", Item=KEY)


def test_a_table_given_by_its_arn_is_reported_by_it(db: Any) -> None:
    arn = make_table(db, "aaa", "id")
    asked = {"TableName": arn, "ReturnConsumedCapacity": "TOTAL"}
    answers = [
        db.put_item(**asked, Item=KEY),
        db.get_item(**asked, Key=KEY),
        db.scan(**asked),
        db.delete_item(**asked, Key=KEY),
    ]
    assert {answer["ConsumedCapacity"]["TableName"] for answer in answers} == {arn}


def test_units_by_index(db: Any) -> None:
    make_table(
        db,
        "aaa",
        "id",
        also=[{"AttributeName": "g", "AttributeType": "S"}],
        GlobalSecondaryIndexes=[index("ggg", "g", projection="KEYS_ONLY")],
    )
    put = {"TableName": "aaa", "ReturnConsumedCapacity": "INDEXES"}

    def units(**attributes: Any) -> Any:
        return db.put_item(Item={**KEY, **attributes}, **put)["ConsumedCapacity"]

    one = {"CapacityUnits": 1.0}
    made = {"TableName": "aaa", "CapacityUnits": 2.0, "Table": one}
    assert units(g={"S": "x"}) == {**made, "GlobalSecondaryIndexes": {"ggg": one}}
    assert "GlobalSecondaryIndexes" not in units(g={"S": "x"}, other={"S": "y"})
    moved = units(g={"S": "z"})["GlobalSecondaryIndexes"]
    assert moved == {"ggg": {"CapacityUnits": 2.0}}
    found = db.query(
        TableName="aaa",
        IndexName="ggg",
        KeyConditionExpression="g = :g",
        ExpressionAttributeValues={":g": {"S": "z"}},
        ReturnConsumedCapacity="INDEXES",
    )["ConsumedCapacity"]
    assert found["GlobalSecondaryIndexes"] == {"ggg": {"CapacityUnits": 0.5}}
    assert found["Table"] == {"CapacityUnits": 0.0}


def test_transactions_double_the_tables_units_alone(db: Any) -> None:
    make_table(
        db,
        "aaa",
        "id",
        also=[{"AttributeName": "g", "AttributeType": "S"}],
        GlobalSecondaryIndexes=[index("ggg", "g")],
    )
    item = {**KEY, "g": {"S": "x"}, "data": {"S": "x" * 1500}}
    made = _transacted(db, {"Put": {"TableName": "aaa", "Item": item}})
    assert made == {
        "TableName": "aaa",
        "CapacityUnits": 6.0,
        "WriteCapacityUnits": 6.0,
        "Table": {"CapacityUnits": 4.0, "WriteCapacityUnits": 4.0},
        "GlobalSecondaryIndexes": {"ggg": {"CapacityUnits": 2.0, "WriteCapacityUnits": 2.0}},
    }
    move = {
        "TableName": "aaa",
        "Key": KEY,
        "UpdateExpression": "SET g = :g",
        "ExpressionAttributeValues": {":g": {"S": "y"}},
    }
    moved = _transacted(db, {"Update": move})
    assert (moved["CapacityUnits"], moved["Table"]["CapacityUnits"]) == (8.0, 4.0)
    assert moved["GlobalSecondaryIndexes"]["ggg"]["CapacityUnits"] == 4.0
    statement = {"Statement": "UPDATE aaa SET other = 1 WHERE id = '1'"}
    updated = db.execute_transaction(
        TransactStatements=[statement], ReturnConsumedCapacity="INDEXES"
    )["ConsumedCapacity"][0]
    assert updated["Table"]["CapacityUnits"] == 4.0
    assert updated["GlobalSecondaryIndexes"]["ggg"]["CapacityUnits"] == 2.0


def _transacted(db: Any, write: dict[str, Any]) -> Any:
    answer = db.transact_write_items(TransactItems=[write], ReturnConsumedCapacity="INDEXES")
    return answer["ConsumedCapacity"][0]


def test_reads_past_the_burst_are_refused(cloud: CloudUnderTest, db: Any, metrics: Metrics) -> None:
    make_table(db, "aaa", "id", ProvisionedThroughput=UNITS)
    db.put_item(TableName="aaa", Item={**KEY, "b": {"B": b"x" * 399_000}})
    read = {"TableName": "aaa", "Key": KEY, "ConsistentRead": True}
    for _ in range(4):
        db.get_item(**read)
    assert refused(db.get_item, **read) == THROTTLED
    assert metrics["ReadThrottleEvents", "aaa"] == 1
    assert metrics["ThrottledRequests", "GetItem", "aaa"] == 1
    statement = {"Statement": "SELECT * FROM aaa WHERE id = '1'"}
    assert refused(db.execute_statement, **statement) == THROTTLED
    refused(db.execute_transaction, TransactStatements=[statement])
    refused(db.transact_get_items, TransactItems=[{"Get": {"TableName": "aaa", "Key": KEY}}])
    assert metrics["UserErrors",] == 0
    throttled = {key[1:] for key in metrics.sums if key[0] == "ThrottledRequests"}
    assert throttled == {
        ("GetItem", "aaa"),
        ("ExecuteStatement", "aaa", "PartiQLSelect"),
        ("ExecuteTransaction", "Read", "aaa"),
        ("TransactGetItems", "aaa"),
    }
    assert metrics["ConsumedReadCapacityUnits", "aaa"] == 4 * 98
    assert metrics["ProvisionedReadCapacityUnits", "aaa"] == 1
    cloud.advance(4 * 98 - 300 + 1)
    db.get_item(**read)
    assert refused(db.get_item, **read) == THROTTLED
    cloud.advance(1000)
    for _ in range(4):
        db.get_item(**read)
    assert refused(db.get_item, **read) == THROTTLED


def test_writes_past_the_burst_are_refused(db: Any, metrics: Metrics) -> None:
    make_table(db, "aaa", "id", ProvisionedThroughput=UNITS)
    item = {**KEY, "b": {"B": b"x" * 300_000}}
    for _ in range(2):
        db.put_item(TableName="aaa", Item=item)
    assert refused(db.put_item, TableName="aaa", Item=item) == THROTTLED
    assert refused(db.delete_item, TableName="aaa", Key=KEY) == THROTTLED
    batch = {"aaa": [{"PutRequest": {"Item": item}}]}
    assert refused(db.batch_write_item, RequestItems=batch) == THROTTLED
    with pytest.raises(db.exceptions.TransactionCanceledException) as caught:
        db.transact_write_items(TransactItems=[{"Delete": {"TableName": "aaa", "Key": KEY}}])
    reasons = caught.value.response["CancellationReasons"]
    assert reasons[0]["Code"] == "ProvisionedThroughputExceeded"
    assert metrics["WriteThrottleEvents", "aaa"] == 4
    assert db.get_item(TableName="aaa", Key=KEY)["Item"] == item


def test_what_a_batch_cannot_write_comes_back(db: Any) -> None:
    make_table(db, "aaa", "id", ProvisionedThroughput=UNITS)
    puts = [
        {"PutRequest": {"Item": {"id": {"S": str(n)}, "b": {"B": b"x" * 200_000}}}}
        for n in range(3)
    ]
    answer = db.batch_write_item(RequestItems={"aaa": puts})
    assert answer["UnprocessedItems"] == {"aaa": puts[2:]}
    keys: dict[str, Any] = {
        "Keys": [{"id": {"S": str(n)}} for n in range(3)],
        "ConsistentRead": True,
    }
    for _ in range(5):
        db.batch_get_item(RequestItems={"aaa": {**keys, "Keys": keys["Keys"][:1]}})
    answer = db.batch_get_item(RequestItems={"aaa": keys})
    assert len(answer["Responses"]["aaa"]) == 2
    assert answer["UnprocessedKeys"] == {"aaa": {**keys, "Keys": keys["Keys"][2:]}}


def test_an_index_refuses_writes_of_its_table(db: Any, metrics: Metrics) -> None:
    plenty = {"ReadCapacityUnits": 1000, "WriteCapacityUnits": 1000}
    make_table(
        db,
        "aaa",
        "id",
        also=[{"AttributeName": "g", "AttributeType": "S"}],
        ProvisionedThroughput=plenty,
        GlobalSecondaryIndexes=[index("ggg", "g", ProvisionedThroughput=UNITS)],
    )
    item = {**KEY, "g": {"S": "x"}, "b": {"B": b"x" * 310_000}}
    db.put_item(TableName="aaa", Item=item)
    code, message = refused(db.put_item, TableName="aaa", Item={**item, "c": {"S": ""}})
    assert code == THROTTLED[0]
    assert "for one or more global secondary indexes of the table was exceeded" in message
    assert metrics["WriteThrottleEvents", "ggg", "aaa"] == 1
    db.put_item(TableName="aaa", Item={"id": {"S": "2"}})


def test_requests_are_measured(db: Any, metrics: Metrics) -> None:
    make_table(db, "aaa", "id")
    db.put_item(TableName="aaa", Item=KEY)
    refused(db.put_item, TableName="aaa", Item=KEY, ConditionExpression="attribute_not_exists(id)")
    refused(db.put_item, TableName="aaa", Item={"x": {"S": "1"}})
    db.scan(TableName="aaa")
    assert metrics["ConsumedWriteCapacityUnits", "aaa"] == 2
    assert metrics["ConditionalCheckFailedRequests", "aaa"] == 1
    assert metrics["UserErrors",] == 1
    assert metrics["ReturnedItemCount", "Scan", "aaa"] == 1
    assert ("SuccessfulRequestLatency", "PutItem", "aaa") in metrics.sums
    db.execute_statement(Statement="SELECT * FROM aaa")
    assert metrics["ReturnedItemCount", "ExecuteStatement", "aaa"] == 1


def test_a_cancelled_transaction_is_charged_for_what_it_found(db: Any, metrics: Metrics) -> None:
    make_table(db, "aaa", "id")
    for name, size in (("1", 10), ("2", 8300), ("3", 8300)):
        db.put_item(TableName="aaa", Item={"id": {"S": name}, "x": {"S": "x" * size}})
    before = metrics["ConsumedWriteCapacityUnits", "aaa"]
    absent = {"ConditionExpression": "attribute_not_exists(id)", "TableName": "aaa"}
    writes = [
        {"Put": {"TableName": "aaa", "Item": {**KEY, "x": {"S": "x" * 8300}}}},
        {"Delete": {"Key": {"id": {"S": "2"}}, **absent}},
        {"ConditionCheck": {"Key": {"id": {"S": "3"}}, **absent}},
    ]
    assert refused(db.transact_write_items, TransactItems=writes)[0] == (
        "TransactionCanceledException"
    )
    assert metrics["ConsumedWriteCapacityUnits", "aaa"] - before == 2 * (1 + 9 + 9)
    assert metrics["ConditionalCheckFailedRequests", "aaa"] == 2
    insert = {"Statement": "INSERT INTO aaa VALUE {'id': '1'}"}
    refused(db.execute_transaction, TransactStatements=[insert])
    assert metrics["ConsumedWriteCapacityUnits", "aaa"] - before == 2 * (1 + 9 + 9 + 1)
    assert metrics["ConditionalCheckFailedRequests", "aaa"] == 2
    answer = db.batch_execute_statement(Statements=[insert], ReturnConsumedCapacity="TOTAL")
    assert "ConsumedCapacity" not in answer


def test_reads_of_streams_are_measured(cloud: CloudUnderTest, db: Any, metrics: Metrics) -> None:
    view = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    make_table(db, "aaa", "id", StreamSpecification=view)
    db.put_item(TableName="aaa", Item=KEY)
    streams = cloud.client("dynamodbstreams")
    [stream] = streams.list_streams(TableName="aaa")["Streams"]
    arn = stream["StreamArn"]
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    start = {"ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    iterator = streams.get_shard_iterator(StreamArn=arn, **start)["ShardIterator"]
    [record] = streams.get_records(ShardIterator=iterator)["Records"]
    read = ("GetRecords", stream["StreamLabel"], "aaa")
    assert metrics[("ReturnedRecordsCount", *read)] == 1
    assert metrics[("ReturnedBytes", *read)] == record["dynamodb"]["SizeBytes"]
    assert ("SuccessfulRequestLatency", *read) in metrics.sums


def test_provisioned_capacity_has_quotas(db: Any) -> None:
    def units(read: int, write: int = 1) -> dict[str, Any]:
        return {"ProvisionedThroughput": {"ReadCapacityUnits": read, "WriteCapacityUnits": write}}

    code, message = refused(lambda: make_table(db, "aaa", "id", **units(40_001)))
    refer = (
        "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request "
        "higher limits."
    )
    assert (code, message) == (
        "LimitExceededException",
        "The requested ReadCapacityUnits, 40001, is above the per table maximum for the account "
        f"in us-east-1. Per table maximum: 40000. {refer}",
    )
    for name in ("aaa", "bbb"):
        make_table(db, name, "id", **units(40_000))
    code, message = refused(lambda: make_table(db, "ccc", "id", **units(1)))
    assert (code, message) == (
        "LimitExceededException",
        "This request would have caused the ReadCapacityUnits limit to be exceeded for the account "
        "in us-east-1. Current ReadCapacityUnits reserved by the account: 80000. Limit: 80000. "
        f"Requested: 1. {refer}",
    )
    code, _ = refused(db.update_table, TableName="aaa", **units(40_000, 40_001))
    assert code == "LimitExceededException"
    code, message = refused(lambda: make_table(db, "ccc", "id", **units(1_000_000_000_001)))
    assert (code, message) == (
        "ValidationException",
        "Given value 1000000000001 for ReadCapacityUnits is out of bounds",
    )


def test_other_throughputs_have_the_quota_of_a_table(db: Any) -> None:
    limit = "Subscriber limit exceeded: Requested "
    of_account = " exceeds TableMaxReadCapacityUnits of the account in region us-east-1"
    most: dict[str, Any] = {"OnDemandThroughput": {"MaxReadRequestUnits": 40_001}}
    code, message = refused(lambda: make_table(db, "aaa", "id", **most))
    assert code == "LimitExceededException"
    assert message == f"{limit}MaxReadRequestUnits for OnDemandThroughput for table{of_account}"
    by_g: dict[str, Any] = {
        "also": [{"AttributeName": "g", "AttributeType": "S"}],
        "GlobalSecondaryIndexes": [
            {**index("by-g", "g"), "WarmThroughput": {"ReadUnitsPerSecond": 40_001}}
        ],
    }
    code, message = refused(lambda: make_table(db, "aaa", "id", **by_g))
    assert code == "LimitExceededException"
    assert message == f"{limit}ReadUnitsPerSecond for WarmThroughput for index by-g{of_account}"
    by_g["GlobalSecondaryIndexes"] = [
        {
            **index("by-g", "g"),
            "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 40_001},
        }
    ]
    by_g["ProvisionedThroughput"] = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    code, message = refused(lambda: make_table(db, "aaa", "id", **by_g))
    assert code == "LimitExceededException"
    assert message.startswith(
        "The requested WriteCapacityUnits for index by-g, 40001, is above the per index maximum "
    )
