"""The server is killed while event source mappings work: no record is lost, none skipped.

The moments are drawn anew in every run; the seed is printed, and `KILL_SEED` sets it.
"""

from __future__ import annotations

import os
import random
from typing import Any

from tests.life.chaos import Chaos, impatient, persist
from tests.life.server import Server, until
from tests.life.test_functions import role, zipped

ACCOUNT = "000000000000"
COUNT = 60  # of messages and of items
KILLS = 4
# Notes every record under its name.
SOURCE = """
import boto3

seen = boto3.client("dynamodb")

def handle(event, context):
    for record in event["Records"]:
        name = record.get("body") or record["dynamodb"]["Keys"]["id"]["S"]
        seen.put_item(TableName="seen", Item={"id": {"S": name}})
"""


def _table(server: Server, name: str, **options: Any) -> dict[str, Any]:
    table: dict[str, Any] = server.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        **options,
    )["TableDescription"]
    server.client("dynamodb").get_waiter("table_exists").wait(TableName=name)
    return table


def _mapped(server: Server) -> str:
    """Make a queue and a stream with a mapping each; return the queue's URL."""
    _table(server, "seen")
    view = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    stream = _table(server, "things", StreamSpecification=view)["LatestStreamArn"]
    url: str = server.client("sqs").create_queue(
        QueueName="jobs", Attributes={"VisibilityTimeout": "10"}
    )["QueueUrl"]
    lambda_ = server.client("lambda")
    lambda_.create_function(
        FunctionName="noting",
        Role=role(server, "noting", "dynamodb:*", "sqs:*"),
        Runtime="python3.13",
        Handler="index.handle",
        Code={"ZipFile": zipped("index.py", SOURCE)},
        Timeout=10,
    )
    lambda_.get_waiter("function_active_v2").wait(FunctionName="noting")
    for source, more in (
        (f"arn:aws:sqs:us-east-1:{ACCOUNT}:jobs", {}),
        (stream, {"StartingPosition": "TRIM_HORIZON", "ParallelizationFactor": 2}),
    ):
        lambda_.create_event_source_mapping(
            EventSourceArn=source, FunctionName="noting", BatchSize=3, **more
        )
    return url


def test_kills_lose_no_record(server: Server) -> None:
    seed = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"KILL_SEED={seed}")
    url, chaos = _mapped(server), Chaos(server, seed)
    sqs, dynamodb = impatient(server.endpoint, "sqs"), impatient(server.endpoint, "dynamodb")
    sent: set[str] = set()

    def send(number: int) -> None:
        """Put one message and one item, each until it is acknowledged."""
        persist(lambda: sqs.send_message(QueueUrl=url, MessageBody=f"message {number}"))
        item = {"id": {"S": f"item {number}"}}
        persist(lambda: dynamodb.put_item(TableName="things", Item=item))
        sent.update((f"message {number}", f"item {number}"))

    for kill in range(KILLS):
        with chaos.within(0.6):
            for number in range(kill, COUNT, KILLS):
                send(number)

    def all_seen() -> bool:
        assert server.command("time", "advance", "10s").returncode == 0
        pages = server.client("dynamodb").get_paginator("scan").paginate(TableName="seen")
        return sent == {item["id"]["S"] for page in pages for item in page["Items"]}

    assert len(sent) == 2 * COUNT
    until(all_seen, "every record")
    assert "Traceback" not in server.errors.read_text()
