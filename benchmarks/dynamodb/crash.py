"""Kills the server under mixed load, again and again, and checks items, index and stream.

    python -m benchmarks.dynamodb.crash [--kills 200] [--seed SEED]

Workers put, update, delete and transact on items of their own and note what was acknowledged. After
each kill -9 the server starts on the same folder. Then every acknowledged write must be there, a
write under way is there as a whole or not at all, the index has exactly the items, and the stream's
records, replayed from the first on, give exactly the items.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import tempfile
import threading
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from benchmarks.dynamodb import servers

_TABLE = "crash"
_WORKERS = 4
_KEYS = 8
_SECONDS = (0.05, 0.5)
Item = dict[str, Any]
State = dict[str, Item | None]
"""Items by id; None where there is none."""


class Worker(threading.Thread):
    """Writes to items of its own until the server is gone.

    `known` is what was acknowledged, `attempt` what the write under way would make of it.
    """

    def __init__(self, client: Any, number: int, known: State, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self._client = client
        self._number = number
        self._chance = chance
        self.known = known
        self.attempt: State = {}
        self.acknowledged = 0

    def run(self) -> None:
        """Write."""
        while True:
            self.attempt = {}
            try:
                self._chance.choice((self._puts, self._updates, self._deletes, self._transacts))()
            except (BotoCoreError, ClientError, OSError):
                return
            self.known.update(self.attempt)
            self.acknowledged += 1

    def _id(self) -> str:
        return f"{self._number}-{self._chance.randrange(_KEYS)}"

    def _item(self, name: str, number: int) -> Item:
        group = f"group-{self._chance.randrange(3)}"
        text = "x" * self._chance.randrange(2000)
        return {
            "id": {"S": name},
            "group": {"S": group},
            "n": {"N": str(number)},
            "text": {"S": text},
        }

    def _puts(self) -> None:
        item = self._item(self._id(), self._chance.randrange(1000))
        self.attempt = {item["id"]["S"]: item}
        self._client.put_item(TableName=_TABLE, Item=item)

    def _updates(self) -> None:
        name = self._id()
        old = self.known.get(name) or {"id": {"S": name}, "n": {"N": "0"}}
        group = {"S": f"group-{self._chance.randrange(3)}"}
        number = str(int(old["n"]["N"]) + 1)
        self.attempt = {name: {**old, "n": {"N": number}, "group": group}}
        self._client.update_item(
            TableName=_TABLE,
            Key={"id": {"S": name}},
            UpdateExpression="ADD n :one SET #g = :g",
            ExpressionAttributeNames={"#g": "group"},
            ExpressionAttributeValues={":one": {"N": "1"}, ":g": group},
        )

    def _deletes(self) -> None:
        name = self._id()
        self.attempt = {name: None}
        self._client.delete_item(TableName=_TABLE, Key={"id": {"S": name}})

    def _transacts(self) -> None:
        number = self._chance.randrange(1000)
        names = [f"{self._number}-{n}" for n in self._chance.sample(range(_KEYS), 3)]
        items = [self._item(name, number) for name in names]
        self.attempt = {item["id"]["S"]: item for item in items}
        puts = [{"Put": {"TableName": _TABLE, "Item": item}} for item in items]
        self._client.transact_write_items(TransactItems=puts)


class Trial:
    """One folder's life over many kills."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._port = servers.free_port()
        self._chance = random.Random(seed)
        self._known: list[State] = [{} for _ in range(_WORKERS)]
        self._replayed: dict[str, Item] = {}
        self._last = ""
        self.acknowledged = 0

    def round(self) -> None:
        """Start the server, check what is there, load it, kill it."""
        log = self._folder / "server.log"
        command = servers.ours(self._folder / "cloud", self._port)
        with servers.running(command, self._port, log) as process:
            client = self._client("dynamodb")
            self._check(client)
            workers = [
                Worker(client, n, known, random.Random(self._chance.random()))
                for n, known in enumerate(self._known)
            ]
            for worker in workers:
                worker.start()
            workers[0].join(self._chance.uniform(*_SECONDS))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for worker in workers:
                worker.join()
        self._workers = workers
        self.acknowledged += sum(worker.acknowledged for worker in workers)

    def finish(self) -> None:
        """Check what the last kill left."""
        log = self._folder / "server.log"
        command = servers.ours(self._folder / "cloud", self._port)
        with servers.running(command, self._port, log):
            self._check(self._client("dynamodb"))

    def _client(self, service: str) -> Any:
        config = Config(retries={"total_max_attempts": 1}, max_pool_connections=_WORKERS)
        url = f"http://127.0.0.1:{self._port}"
        session = boto3.Session("test", "test", region_name="us-east-1")
        return session.client(service, endpoint_url=url, config=config)

    def _check(self, client: Any) -> None:
        if not hasattr(self, "_workers"):
            _make(client)
            return
        items = _scan(client)
        for worker in self._workers:
            _settle(worker, items)
        known = {k: v for state in self._known for k, v in state.items() if v is not None}
        assert items == known, "an acknowledged write is missing"
        indexed = _scan(client, IndexName="groups")
        assert indexed == {k: v for k, v in items.items() if "group" in v}, "the index differs"
        self._replay(self._client("dynamodbstreams"))
        assert self._replayed == items, "the stream differs"

    def _replay(self, client: Any) -> None:
        (stream,) = client.list_streams(TableName=_TABLE)["Streams"]
        arn = stream["StreamArn"]
        (shard,) = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        place = {"StreamArn": arn, "ShardId": shard["ShardId"]}
        if self._last:
            place |= {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self._last}
        else:
            place["ShardIteratorType"] = "TRIM_HORIZON"
        iterator = client.get_shard_iterator(**place)["ShardIterator"]
        while True:
            answer = client.get_records(ShardIterator=iterator)
            for record in answer["Records"]:
                self._apply(record["dynamodb"])
            if not answer["Records"]:
                return
            iterator = answer["NextShardIterator"]

    def _apply(self, change: dict[str, Any]) -> None:
        name = change["Keys"]["id"]["S"]
        assert self._replayed.get(name) == change.get("OldImage"), "a record is missing"
        self._last = change["SequenceNumber"]
        self._replayed.pop(name, None)
        if "NewImage" in change:
            self._replayed[name] = change["NewImage"]


def _make(client: Any) -> None:
    client.create_table(
        TableName=_TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("id", "group")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "groups",
                "KeySchema": [{"AttributeName": "group", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    client.get_waiter("table_exists").wait(TableName=_TABLE, WaiterConfig={"Delay": 1})


def _scan(client: Any, **index: str) -> dict[str, Item]:
    pages = client.get_paginator("scan").paginate(TableName=_TABLE, **index)
    return {item["id"]["S"]: item for page in pages for item in page["Items"]}


def _settle(worker: Worker, items: dict[str, Item]) -> None:
    """Take the write under way as done if it is there: as a whole or not at all."""
    found = {name: items.get(name) for name in worker.attempt}
    before = {name: worker.known.get(name) for name in worker.attempt}
    assert found in (before, worker.attempt), f"half a write: {found}"
    worker.known.update(found)


def trial(folder: Path, kills: int, seed: int = 1) -> int:
    """Kill so many times; return how many writes were acknowledged. AssertionError if one fails."""
    life = Trial(folder, seed)
    for _ in range(kills):
        life.round()
    life.finish()
    return life.acknowledged


def main() -> None:
    """Kill and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = parser.parse_args()
    print(f"{given.kills} kills, seed {given.seed}")
    with tempfile.TemporaryDirectory() as folder:
        acknowledged = trial(Path(folder), given.kills, given.seed)
    print(f"{acknowledged:,} acknowledged writes are there; items, index and stream agree")


if __name__ == "__main__":
    main()
