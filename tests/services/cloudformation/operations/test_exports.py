"""Exports, imports, and what they hold in place."""

from typing import Any

import pytest
from botocore.exceptions import ClientError


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def exporting(value: Any = None) -> dict[str, Any]:
    return {"Name": {"Value": value or {"Fn::GetAtt": "A.QueueName"}, "Export": {"Name": "name"}}}


IMPORTING = {"B": queue(QueueName={"Fn::Sub": ["${N}-copy", {"N": {"Fn::ImportValue": "name"}}]})}


def test_a_value_is_exported_and_imported(stacks: Any) -> None:
    owner = stacks.create("owner", {"A": queue(QueueName="a")}, Outputs=exporting())
    assert stacks.client.list_exports()["Exports"] == [
        {"ExportingStackId": owner["StackId"], "Name": "name", "Value": "a"}
    ]
    with pytest.raises(ClientError) as unused:
        stacks.client.list_imports(ExportName="name")
    assert unused.value.response["Error"]["Message"] == (
        "Export 'name' is not imported by any stack."
    )
    stacks.create("user", IMPORTING)
    assert stacks.physical_ids("user")["B"].endswith("/a-copy")
    assert stacks.client.list_imports(ExportName="name")["Imports"] == ["user"]


def test_what_is_imported_cannot_be_deleted(stacks: Any) -> None:
    owner = stacks.create("owner", {"A": queue(QueueName="a")}, Outputs=exporting())
    stacks.create("user", IMPORTING)
    stacks.client.delete_stack(StackName="owner")
    stacks.cloud.settle()
    stack = stacks.described("owner")
    assert (stack["StackStatus"], stack["StackStatusReason"]) == (
        "CREATE_COMPLETE",
        "Delete canceled. Cannot delete export name as it is in use by user.",
    )
    for name in ("user", "owner"):
        stacks.client.delete_stack(StackName=name)
        stacks.cloud.settle()
    assert stacks.described(owner["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.client.list_exports()["Exports"] == []


@pytest.mark.parametrize(
    ("outputs", "reason"),
    [
        ({}, "Delete canceled. Cannot delete export name as it is in use by user. "),
        (exporting("other"), "Export name cannot be updated as it is in use by user. "),
    ],
)
def test_what_is_imported_cannot_be_changed(
    stacks: Any, outputs: dict[str, Any], reason: str
) -> None:
    stacks.create("owner", {"A": queue(QueueName="a")}, Outputs=exporting())
    stacks.create("user", IMPORTING)
    stack = stacks.update("owner", {"A": queue(QueueName="a", DelaySeconds=1)}, Outputs=outputs)
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert ("owner", "UPDATE_ROLLBACK_IN_PROGRESS", reason) in stacks.events("owner")
    assert stacks.client.list_exports()["Exports"][0]["Value"] == "a"


def test_a_name_is_exported_once(stacks: Any) -> None:
    stacks.create("owner", {"A": queue(QueueName="a")}, Outputs=exporting())
    stacks.create("thief", {"A": queue(QueueName="b")}, Outputs=exporting())
    reason = "Export with name name is already exported by stack owner. Rollback requested by user."
    assert ("thief", "ROLLBACK_IN_PROGRESS", reason) in stacks.events("thief")


def test_a_missing_export_fails_the_resource(stacks: Any) -> None:
    stack = stacks.create("user", IMPORTING)
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert ("B", "CREATE_FAILED", "No export named name found.") in stacks.events("user")


def test_an_import_ends_with_the_update_that_drops_it(stacks: Any) -> None:
    stacks.create("owner", {"A": queue(QueueName="a")}, Outputs=exporting())
    stacks.create("user", IMPORTING)
    stacks.update("user", {"B": queue(QueueName="b")})
    with pytest.raises(ClientError, match="is not imported by any stack"):
        stacks.client.list_imports(ExportName="name")
