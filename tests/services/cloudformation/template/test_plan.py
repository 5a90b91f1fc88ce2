"""The planner says what an update changes, and how sure that is."""

from typing import Any

import pytest

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.cloudformation.template.evaluate import Evaluator
from cloudarium.services.cloudformation.template.plan import Change, Current, Deployed, plan
from cloudarium.services.cloudformation.template.structure import checked


async def _make(resource: ResourceRequest) -> Resource:
    return Resource(resource.logical_id)


async def _delete(resource: ResourceRequest) -> None:
    """Leave nothing behind: there was nothing."""


THING = ResourceType(
    "Test::A::Thing",
    {"Name": Property(replaces=True), "Size": Property()},
    create=_make,
    update=_make,
    delete=_delete,
)
STONE = ResourceType("Test::A::Stone", {"Size": Property()}, create=_make, delete=_delete)
TYPES = {"Test::A::Thing": THING, "Test::A::Stone": STONE}


def thing(**properties: Any) -> dict[str, Any]:
    return {"Type": "Test::A::Thing", "Properties": properties}


def planned(
    old: dict[str, Any],
    new: dict[str, Any],
    deployed: dict[str, dict[str, Any]] | None = None,
    values: tuple[dict[str, str], dict[str, str]] = ({}, {}),
) -> list[Change]:
    names = {*values[0], *values[1]}
    document = {"Resources": new, "Parameters": {name: {"Type": "String"} for name in names}}
    resolved = deployed or {name: body.get("Properties", {}) for name, body in old.items()}
    current = Current(
        {
            name: Deployed(body["Type"], f"id-{name}", resolved[name], {"Arn": f"arn-{name}"}, body)
            for name, body in old.items()
        },
        values[0],
        TYPES.get,
    )
    return plan(Evaluator(checked(document), values[1], {}), current)


def test_nothing_changed() -> None:
    resources = {"A": thing(Name="a"), "B": thing(Name={"Ref": "A"}, Size={"Fn::Sub": "${A.Arn}"})}
    resolved = {"A": {"Name": "a"}, "B": {"Name": "id-A", "Size": "arn-A"}}
    assert planned(resources, resources, resolved) == []


def test_added_and_removed_resources() -> None:
    added, removed = planned({"A": thing(Size=1)}, {"B": thing(Size=1)})
    assert (added.action, added.logical_id, added.after) == ("Add", "B", {"Size": 1})
    assert (removed.action, removed.physical_id, removed.policy_action) == (
        "Remove",
        "id-A",
        "Delete",
    )
    kept = {**thing(Size=1), "DeletionPolicy": "Retain"}
    assert planned({"A": kept}, {"B": thing()})[1].policy_action == "Retain"


def test_a_change_in_place() -> None:
    (change,) = planned({"A": thing(Size=1)}, {"A": thing(Size=2)})
    assert (change.action, change.replacement, change.scope) == ("Modify", "False", ["Properties"])
    assert change.details == [
        {
            "Target": {"Attribute": "Properties", "Name": "Size", "RequiresRecreation": "Never"},
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
    ]


def test_a_replacement_and_what_refers_to_it() -> None:
    new = {
        "A": {**thing(Name="b"), "UpdateReplacePolicy": "Retain"},
        "B": thing(Name={"Ref": "A"}),
        "C": thing(Size={"Fn::GetAtt": ["A", "Arn"]}),
    }
    old = {**new, "A": {**new["A"], "Properties": {"Name": "a"}}}
    resolved = {"A": {"Name": "a"}, "B": {"Name": "id-A"}, "C": {"Size": "arn-A"}}
    a, b, c = planned(old, new, resolved)
    assert (a.replacement, a.policy_action) == ("True", "ReplaceAndRetain")
    assert (b.replacement, b.details[0]["ChangeSource"]) == ("Conditional", "ResourceReference")
    assert (c.replacement, c.details[0]["CausingEntity"]) == ("False", "A.Arn")
    assert c.details[0]["Evaluation"] == "Dynamic"


def test_a_changed_parameter_is_named() -> None:
    resources = {"A": thing(Size={"Ref": "P"})}
    values = ({"P": "1"}, {"P": "2"})
    (change,) = planned(resources, resources, {"A": {"Size": "1"}}, values)
    sources = [(d["Evaluation"], d["ChangeSource"], d.get("CausingEntity")) for d in change.details]
    assert sources == [
        ("Static", "ParameterReference", "P"),
        ("Dynamic", "DirectModification", None),
    ]


def test_a_type_without_update_is_always_replaced() -> None:
    old = {"A": {"Type": "Test::A::Stone", "Properties": {"Size": 1}}}
    new = {"A": {"Type": "Test::A::Stone", "Properties": {"Size": 2}}}
    assert planned(old, new)[0].replacement == "True"


def test_metadata_alone_is_a_change_without_replacement() -> None:
    (change,) = planned({"A": thing()}, {"A": {**thing(), "Metadata": {"a": "b"}}})
    assert (change.scope, change.replacement) == (["Metadata"], "False")


def test_a_resource_keeps_its_type() -> None:
    with pytest.raises(AwsError) as refused:
        planned({"A": thing()}, {"A": {"Type": "Test::A::Stone"}})
    assert refused.value.message == (
        "Update of resource type is not permitted. The new template modifies resource type "
        "of the following resources: [A]"
    )
