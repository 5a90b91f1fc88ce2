"""A driver that goes on through the server's deaths, and remembers what was acknowledged."""

from __future__ import annotations

import random
import threading
import time
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    HTTPClientError,
    ResponseStreamingError,
)

from tests.life.server import PATIENCE, Server

T = TypeVar("T")
# What a client sees of a server that dies: no connection, or no (whole) answer.
GONE = (
    EndpointConnectionError,
    ConnectionClosedError,
    HTTPClientError,
    ResponseStreamingError,
    ConnectionError,
    urllib.error.URLError,
)

_START_SECONDS = 0.8


def impatient(endpoint: str, service: str) -> Any:
    """Return a boto3 client that tries once: what it answers is what the server said."""
    config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    session = boto3.Session("test", "test", region_name="us-east-1")
    return session.client(service, endpoint_url=endpoint, config=config)


def persist(act: Callable[[], T], *accepted: str, patience: float = PATIENCE) -> T | None:
    """Do `act` again until the server answers.

    An `accepted` error code is an answer too (None): an earlier try had its effect, but its answer
    was lost with the server.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            return act()
        except GONE:
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.02)
        except ClientError as error:
            if error.response["Error"]["Code"] not in accepted:
                raise
            return None


class Chaos:
    """Kills the server at random moments and starts it again."""

    def __init__(self, server: Server, seed: int) -> None:
        self._server = server
        self._chance = random.Random(seed)
        self.kills = 0

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Kill the server at a random moment of the first `seconds` of the body, start it again.

        Every second time it is killed once more on its way up.
        """
        moment = self._chance.uniform(0, seconds)
        again = self._chance.uniform(0, _START_SECONDS) if self.kills % 2 else None
        failures: list[BaseException] = []

        def strike() -> None:
            time.sleep(moment)
            self._server.kill()
            try:
                if again is not None:
                    self._server.launch()
                    time.sleep(again)
                    self._server.kill()
                self._server.start()
            except BaseException as failure:
                failures.append(failure)
                raise
            self.kills += 1

        thread = threading.Thread(target=strike)
        thread.start()
        try:
            yield
        finally:
            thread.join()
        assert not failures


class Writer:
    """Writes to tables, a bucket and a queue all the while; remembers what was acknowledged."""

    def __init__(self, endpoint: str) -> None:
        self._dynamodb = impatient(endpoint, "dynamodb")
        self._s3 = impatient(endpoint, "s3")
        self._sqs = impatient(endpoint, "sqs")
        self._dynamodb.create_table(
            TableName="ledger",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self._s3.create_bucket(Bucket="ledger")
        self._queue = self._sqs.create_queue(QueueName="ledger")["QueueUrl"]
        self.acknowledged: dict[str, set[str]] = {"item": set(), "object": set(), "message": set()}
        self.counted = 0
        self.tried = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> Writer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _write(self) -> None:
        number = 0
        while not self._end.wait(0.03):
            number += 1
            self._attempt("item", str(number), self._put_pair)
            self._attempt("object", str(number), self._put_object)
            self._attempt("message", str(number), self._send)
            self.tried += 1
            try:
                self._count()
                self.counted += 1
            except GONE:
                continue

    def _attempt(self, kind: str, name: str, act: Callable[[str], object]) -> None:
        try:
            act(name)
        except GONE:
            return
        self.acknowledged[kind].add(name)

    def _put_pair(self, name: str) -> None:
        """Two items of which there must never be one alone."""
        pair = [
            {"Put": {"TableName": "ledger", "Item": {"id": {"S": f"{side}-{name}"}}}}
            for side in ("left", "right")
        ]
        self._dynamodb.transact_write_items(TransactItems=pair)

    def _put_object(self, name: str) -> None:
        self._s3.put_object(Bucket="ledger", Key=name, Body=name.encode() * 1000)

    def _send(self, name: str) -> None:
        self._sqs.send_message(QueueUrl=self._queue, MessageBody=name)

    def _count(self) -> None:
        self._dynamodb.update_item(
            TableName="ledger",
            Key={"id": {"S": "counter"}},
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    def check(self) -> None:
        """Everything acknowledged is there, whole, and nothing is there by halves."""
        pages = self._dynamodb.get_paginator("scan").paginate(TableName="ledger")
        items = {item["id"]["S"]: item for page in pages for item in page["Items"]}
        sides = {
            side: {name.partition("-")[2] for name in items if name.startswith(f"{side}-")}
            for side in ("left", "right")
        }
        assert sides["left"] == sides["right"] >= self.acknowledged["item"]
        assert self.counted <= int(items["counter"]["n"]["N"]) <= self.tried
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket="ledger")
        sizes = {item["Key"]: item["Size"] for page in pages for item in page["Contents"]}
        assert sizes.keys() >= self.acknowledged["object"]
        assert {name: len(name) * 1000 for name in sizes} == sizes
        assert self._messages() >= self.acknowledged["message"]

    def _messages(self) -> set[str]:
        found: set[str] = set()
        while messages := self._sqs.receive_message(
            QueueUrl=self._queue, MaxNumberOfMessages=10, VisibilityTimeout=600
        ).get("Messages"):
            found |= {message["Body"] for message in messages}
        return found
