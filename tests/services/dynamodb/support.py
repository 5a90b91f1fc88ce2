"""What DynamoDB's tests share: making tables, and errors as (code, message)."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


def make_table(db: Any, name: str, *keys: str, types: str = "S", **options: Any) -> str:
    """Make a table with these key attributes, of one type each, and return its ARN."""
    kinds = ("HASH", "RANGE")
    definitions = [
        {"AttributeName": key, "AttributeType": kind}
        for key, kind in zip(keys, types.ljust(len(keys), "S"), strict=True)
    ]
    definitions += options.pop("also", [])
    if "ProvisionedThroughput" not in options:
        options["BillingMode"] = "PAY_PER_REQUEST"
    answer = db.create_table(
        TableName=name,
        KeySchema=[
            {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, kinds, strict=False)
        ],
        AttributeDefinitions=definitions,
        **options,
    )
    db.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    return str(answer["TableDescription"]["TableArn"])


def refused(operation: Any, **params: Any) -> tuple[str, str]:
    """Return the code and message of the error that the operation gives."""
    with pytest.raises(ClientError) as caught:
        operation(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def invalid(operation: Any, **params: Any) -> str:
    """Return the message of the ValidationException that the operation gives."""
    code, message = refused(operation, **params)
    assert code == "ValidationException", code
    return message


def index(name: str, *keys: str, projection: str = "ALL", **options: Any) -> dict[str, Any]:
    """Return an index as requests describe it."""
    kinds = ("HASH", "RANGE")
    shown = {"ProjectionType": projection}
    if "non_key" in options:
        shown["NonKeyAttributes"] = options.pop("non_key")
    return {
        "IndexName": name,
        "KeySchema": [
            {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, kinds, strict=False)
        ],
        "Projection": shown,
        **options,
    }


def vector(*numbers: float | str) -> list[dict[str, str]]:
    """Return a vector as requests have it."""
    return [{"N": str(number)} for number in numbers]


def vector_index(name: str = "near", **changes: Any) -> dict[str, Any]:
    """Return a vector index as requests describe it."""
    return {
        "IndexName": name,
        "VectorAttribute": {"AttributeName": "place"},
        "Dimensions": 3,
        "DistanceFunction": "COSINE",
        "Projection": {"ProjectionType": "ALL"},
        **changes,
    }
