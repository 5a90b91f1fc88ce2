"""A disk that takes no more: here one whose files may not grow, which needs no rights."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.life.server import Server, until

_FILE_BYTES = 256 << 10
_LARGE = "x" * 8_000


def _put(table: Any, number: int) -> int | None:
    """Write an item; its number if that is acknowledged."""
    try:
        table.put_item(TableName="things", Item={"id": {"N": str(number)}, "text": {"S": _LARGE}})
    except ClientError as refused:
        assert refused.response["ResponseMetadata"]["HTTPStatusCode"] == 500
        return None
    return number


def _is_there(table: Any, number: int) -> bool:
    found = table.get_item(TableName="things", Key={"id": {"N": str(number)}}, ConsistentRead=True)
    return "Item" in found


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A running server, which ends with the test."""
    found = Server(tmp_path / "cloud").start()
    yield found
    found.stop()


def test_what_was_acknowledged_outlives_a_full_disk(server: Server) -> None:
    table = boto3.client(
        "dynamodb",
        "us-east-1",
        endpoint_url=server.endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )
    table.create_table(
        TableName="things",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "N"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    table.get_waiter("table_exists").wait(TableName="things")
    (before, most) = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (_FILE_BYTES, most))
    answers = [_put(table, number) for number in range(100)]
    written = [number for number in answers if number is not None]
    assert 0 < len(written) < len(answers)
    assert answers[-10:] == [None] * 10  # once full, always refused
    assert all(_is_there(table, number) for number in written)
    refused = [number for number in range(100) if number not in written]
    assert not _is_there(table, refused[-1])
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (before, most))
    assert server.stop() == 0
    server.start()
    again = server.client("dynamodb")
    assert all(_is_there(again, number) for number in written)
    until(lambda: _put(again, 1000) is not None, "room again")
    assert server.stop() == 0
