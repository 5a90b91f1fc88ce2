"""The store in DynamoDB: one item a user, in a table of provisioned capacity."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from .errors import Unavailable
from .logic import Location
from .validation import Position

# Retrying long would keep callers waiting for capacity that is not there: better they come back.
CONFIG = Config(
    connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 2, "mode": "standard"}
)
THROTTLED = {
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
}


class DynamoStore:
    """`logic.Store` over the table of this name."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._client = boto3.client("dynamodb", config=CONFIG)

    def find(self, user: str) -> Location | None:
        """Read consistently, so that a user sees the move just made: 1 read unit."""
        with _throttling():
            answer = self._client.get_item(
                TableName=self._table, Key={"user": {"S": user}}, ConsistentRead=True
            )
        return _location(answer["Item"]) if "Item" in answer else None

    def save(self, location: Location) -> None:
        """Keep it in place of the last one."""
        with _throttling():
            self._client.put_item(TableName=self._table, Item=_item(location))


@contextmanager
def _throttling() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in THROTTLED:
            raise
        raise Unavailable("Throttled", "Too many requests now.", retry_after=1) from None


def _item(location: Location) -> dict[str, Any]:
    position = location.position
    item = {
        "user": {"S": location.user},
        "latitude": {"N": repr(position.latitude)},
        "longitude": {"N": repr(position.longitude)},
        "updated": {"N": str(location.updated)},
    }
    if position.place is not None:
        item["place"] = {"S": position.place}
    return item


def _location(item: dict[str, Any]) -> Location:
    position = Position(
        latitude=float(item["latitude"]["N"]),
        longitude=float(item["longitude"]["N"]),
        place=item["place"]["S"] if "place" in item else None,
    )
    return Location(item["user"]["S"], position, int(item["updated"]["N"]))
