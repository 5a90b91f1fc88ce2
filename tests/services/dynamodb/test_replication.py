"""Global tables and replicas, of which there are none: what is asked of them is refused."""

from __future__ import annotations

from typing import Any

import pytest

from .support import make_table, refused

HERE = {"RegionName": "us-east-1"}
TABLE = {"TableName": "things"}
MISSING = "Global table with name: 'things' does not exist."
NOT_FOUND = f"Global table not found: {MISSING}"
VALUES = "One or more parameter values were invalid"
LEGACY = (
    f"{VALUES}: DynamoDB global tables version 2017.11.29 is not supported. We recommend using "
    "DynamoDB global tables version 2019.11.21, instead of version 2017.11.29 (Legacy)."
)
BOTH = (
    f"{VALUES}: A ReplicaUpdate structure cannot contain both a create replica action "
    "and a delete replica action"
)


@pytest.fixture(autouse=True)
def _table(db: Any) -> None:
    """A table `things`."""
    make_table(db, "things", "id")


@pytest.mark.parametrize(
    ("operation", "params", "message"),
    [
        ("describe_global_table", {}, NOT_FOUND),
        ("update_global_table", {"ReplicaUpdates": [{"Delete": HERE}]}, NOT_FOUND),
        ("describe_global_table_settings", {}, MISSING),
        ("update_global_table_settings", {"GlobalTableBillingMode": "PROVISIONED"}, MISSING),
    ],
)
def test_there_are_no_global_tables(
    db: Any, operation: str, params: dict[str, Any], message: str
) -> None:
    found = refused(getattr(db, operation), GlobalTableName="things", **params)
    assert found == ("GlobalTableNotFoundException", message)
    assert db.list_global_tables()["GlobalTables"] == []


@pytest.mark.parametrize(
    ("operation", "params", "message"),
    [
        (
            "create_global_table",
            {"ReplicationGroup": []},
            f"{VALUES}: Global table must have atleast one replica",
        ),
        (
            "create_global_table",
            {"ReplicationGroup": [HERE, {}]},
            f"{VALUES}: ReplicationGroup members must specify RegionName",
        ),
        ("create_global_table", {"ReplicationGroup": [HERE]}, LEGACY),
        ("update_global_table", {"ReplicaUpdates": []}, VALUES),
        ("update_global_table", {"ReplicaUpdates": [{}]}, VALUES),
        ("update_global_table", {"ReplicaUpdates": [{"Create": HERE, "Delete": HERE}]}, BOTH),
        ("update_global_table", {"ReplicaUpdates": [{"Delete": HERE}, {"Create": HERE}]}, LEGACY),
    ],
)
def test_global_tables_of_version_2017_are_not_made(
    db: Any, operation: str, params: dict[str, Any], message: str
) -> None:
    found = refused(getattr(db, operation), GlobalTableName="things", **params)
    assert found == ("ValidationException", message)


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("describe_table_replica_auto_scaling", {}),
        ("update_table_replica_auto_scaling", {"ReplicaUpdates": [HERE]}),
    ],
)
def test_no_replicas_scale(db: Any, operation: str, params: dict[str, Any]) -> None:
    found = refused(getattr(db, operation), **TABLE, **params)
    assert found == ("ResourceNotFoundException", MISSING)


def test_a_change_of_scaling_changes_something(db: Any) -> None:
    code, message = refused(db.update_table_replica_auto_scaling, **TABLE)
    assert code == "ValidationException"
    assert message.endswith(
        "\u2018things\u2019 because at least one update parameter must be specified."
    )
