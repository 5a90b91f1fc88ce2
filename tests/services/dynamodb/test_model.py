"""Random writes against a small, obviously right model: items and index entries agree with it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index

Item = dict[str, Any]

_ids = st.sampled_from(("a", "b"))
_sorts = st.sampled_from(("1", "-2", "10", "1e1", "0.5"))
_attributes = st.fixed_dictionaries(
    {},
    optional={
        "g": st.sampled_from(("x", "y")).map(lambda text: {"S": text}),
        "h": st.integers(-3, 3).map(lambda number: {"N": str(number)}),
        "note": st.text(max_size=3).map(lambda text: {"S": text}),
    },
)
_writes: st.SearchStrategy[Any] = st.one_of(
    st.tuples(st.just("put"), _ids, _sorts, _attributes),
    st.tuples(st.just("update"), _ids, _sorts, _attributes),
    st.tuples(st.just("delete"), _ids, _sorts, st.just({})),
)


def _key(partition: str, sort: str) -> Item:
    return {"id": {"S": partition}, "n": {"N": sort}}


def _make(cloud: CloudUnderTest) -> str:
    name = f"table-{len(cloud.call('dynamodb', 'ListTables', {})['TableNames'])}"
    cloud.call(
        "dynamodb",
        "CreateTable",
        {
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": index("", "id", "n")["KeySchema"],
            "AttributeDefinitions": [
                {"AttributeName": attribute, "AttributeType": kind}
                for attribute, kind in (("id", "S"), ("n", "N"), ("g", "S"), ("h", "N"))
            ],
            "GlobalSecondaryIndexes": [index("global", "g", "h")],
            "LocalSecondaryIndexes": [index("local", "id", "h", projection="KEYS_ONLY")],
        },
    )
    cloud.settle()
    return name


def _write(
    cloud: CloudUnderTest, table: str, model: dict[tuple[str, Decimal], Item], write: Any
) -> None:
    kind, partition, sort, attributes = write
    place = partition, Decimal(sort)
    key = _key(partition, sort)
    canonical = _key(partition, f"{Decimal(sort):f}")
    if kind == "put":
        model[place] = {**canonical, **attributes}
        cloud.call("dynamodb", "PutItem", {"TableName": table, "Item": {**key, **attributes}})
    elif kind == "delete":
        model.pop(place, None)
        cloud.call("dynamodb", "DeleteItem", {"TableName": table, "Key": key})
    else:
        if attributes or place in model:  # an update that only takes away makes no item
            kept = model.get(place, canonical)
            model[place] = {name: v for name, v in kept.items() if name != "note"} | attributes
        sets = [f"{name} = :{name}" for name in attributes]
        params: dict[str, Any] = {"TableName": table, "Key": key}
        if "note" not in attributes:
            params["UpdateExpression"] = "REMOVE note"
        if sets:
            text = f"SET {', '.join(sets)} {params.get('UpdateExpression', '')}"
            params["UpdateExpression"] = text
            params["ExpressionAttributeValues"] = {f":{n}": v for n, v in attributes.items()}
        cloud.call("dynamodb", "UpdateItem", params)


def _read(cloud: CloudUnderTest, operation: str, **params: Any) -> list[Item]:
    found: list[Item] = []
    while True:
        answer = cloud.call("dynamodb", operation, {"Limit": 2, **params})
        found += answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return found
        params["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _by(attribute: str, items: list[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (Decimal(item[attribute]["N"]), repr(item)))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(writes=st.lists(_writes, max_size=25))
def test_a_table_and_its_indexes_agree_with_a_model(
    cloud: CloudUnderTest, writes: list[Any]
) -> None:
    table = _make(cloud)
    model: dict[tuple[str, Decimal], Item] = {}
    for write in writes:
        _write(cloud, table, model, write)
    items = list(model.values())
    scanned = _read(cloud, "Scan", TableName=table)
    assert sorted(scanned, key=repr) == sorted(items, key=repr)
    for forward in (True, False):
        query = {"TableName": table, "ScanIndexForward": forward}
        for partition in ("a", "b"):
            params = {
                **query,
                "KeyConditionExpression": "id = :i",
                "ExpressionAttributeValues": {":i": {"S": partition}},
            }
            own = _by("n", [item for item in items if item["id"] == {"S": partition}])
            assert _read(cloud, "Query", **params) == own[:: 1 if forward else -1]
            local = _read(cloud, "Query", IndexName="local", **params)
            held = [{k: v for k, v in i.items() if k in ("id", "n", "h")} for i in own if "h" in i]
            assert sorted(local, key=repr) == sorted(held, key=repr)
            assert [each["h"] for each in local] == [
                each["h"] for each in _by("h", held)[:: 1 if forward else -1]
            ]
    entries = _read(cloud, "Scan", TableName=table, IndexName="global")
    indexed = [item for item in items if "g" in item and "h" in item]
    assert sorted(entries, key=repr) == sorted(indexed, key=repr)
    shown = cloud.call("dynamodb", "DescribeTable", {"TableName": table})["Table"]
    assert shown["ItemCount"] == len(items)
    assert shown["GlobalSecondaryIndexes"][0]["ItemCount"] == len(indexed)
