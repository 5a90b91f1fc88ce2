"""The planner: what turning one deployed stack into another template changes.

Shapes: DescribeChangeSet's `ResourceChange`. When a replacement is sure or conditional:
`ResourceChange.Replacement` and `ResourceChangeDetail.Evaluation` in the API reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudarium.core.resources import ResourceType
from cloudarium.services.cloudformation.errors import invalid
from cloudarium.services.cloudformation.template import references
from cloudarium.services.cloudformation.template.evaluate import NO_VALUE, Evaluator, NotYetKnown
from cloudarium.services.cloudformation.template.model import ResourceDefinition

_KEPT = ("Retain",)


@dataclass(frozen=True)
class Deployed:
    """A resource as it stands: its resolved properties and what it was declared as."""

    type: str
    physical_id: str
    properties: Mapping[str, Any]
    attributes: Mapping[str, Any]
    declared: Mapping[str, Any]


@dataclass(frozen=True)
class Current:
    """The stack as it stands, and how to look up resource types."""

    resources: Mapping[str, Deployed]
    values: Mapping[str, str]
    types: Callable[[str], ResourceType | None]
    tags_change: bool = False


@dataclass(frozen=True)
class Unknown:
    """A property whose value depends on `entity`, which this update makes or changes."""

    entity: str


@dataclass
class Change:
    """One resource's change: the members of `ResourceChange`, plus the values for its context."""

    action: str
    logical_id: str
    type: str
    physical_id: str = ""
    replacement: str = ""
    policy_action: str = ""
    scope: list[str] = field(default_factory=list)
    details: list[dict[str, Any]] = field(default_factory=list)
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def plan(evaluator: Evaluator, current: Current) -> list[Change]:
    """Return the changes, in the order of the template, removals last.

    `evaluator` is rewired to answer references from what stands and stays as it is.
    """
    _refuse_new_types(evaluator, current)
    changes: dict[str, Change] = {}
    _answer_from(evaluator, current, changes)
    for logical_id in evaluator.resources():
        change = _change(evaluator, current, changes, logical_id)
        if change is not None:
            changes[logical_id] = change
    present = evaluator.graph()
    ordered = [changes[name] for name in evaluator.template.resources if name in changes]
    removed = [_removal(n, r) for n, r in current.resources.items() if n not in present]
    return ordered + removed


def _refuse_new_types(evaluator: Evaluator, current: Current) -> None:
    renamed = [
        name
        for name in evaluator.graph()
        if name in current.resources
        and current.resources[name].type != evaluator.template.resources[name].type
    ]
    if renamed:
        raise invalid(
            "Update of resource type is not permitted. The new template modifies resource type "
            f"of the following resources: [{', '.join(renamed)}]"
        )


def _answer_from(evaluator: Evaluator, current: Current, changes: Mapping[str, Change]) -> None:
    def resource(logical_id: str) -> str:
        change, deployed = changes.get(logical_id), current.resources.get(logical_id)
        if deployed is None or (change is not None and change.replacement != "False"):
            raise NotYetKnown(logical_id)
        return deployed.physical_id

    def attribute(logical_id: str, name: str) -> Any:
        deployed = current.resources.get(logical_id)
        if deployed is None or logical_id in changes or name not in deployed.attributes:
            raise NotYetKnown(f"{logical_id}.{name}")
        return deployed.attributes[name]

    evaluator.resource, evaluator.attribute = resource, attribute


def preview(evaluator: Evaluator, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties resolved as far as they can be; `Unknown` stands for the others."""
    result: dict[str, Any] = {}
    for name, raw in properties.items():
        try:
            value = evaluator.property(raw)
        except NotYetKnown as reason:
            value = Unknown(reason.entity)
        if value is not NO_VALUE:
            result[name] = value
    return result


def _change(
    evaluator: Evaluator, current: Current, changes: Mapping[str, Change], logical_id: str
) -> Change | None:
    declared = evaluator.template.resources[logical_id]
    after = preview(evaluator, declared.properties)
    deployed = current.resources.get(logical_id)
    if deployed is None:
        return Change("Add", logical_id, declared.type, after=after)
    resource_type = current.types(declared.type)
    assert resource_type is not None
    details = [
        detail
        for name in changed_properties(deployed.properties, after)
        for detail in _details(evaluator, current, changes, declared, name, resource_type)
    ]
    scope = ["Properties"] if details else []
    if current.tags_change and resource_type.update is not None:
        scope.append("Tags")
        details.append(_detail({"Attribute": "Tags", "RequiresRecreation": "Never"}, "Static"))
    for attribute in ("Metadata", "DeletionPolicy", "UpdateReplacePolicy"):
        if deployed.declared.get(attribute) != _body(evaluator, logical_id).get(attribute):
            scope.append(attribute)
            target = {"Attribute": attribute, "RequiresRecreation": "Never"}
            details.append(_detail(target, "Static"))
    if not scope:
        return None
    replacement = _replacement(details)
    return Change(
        "Modify", logical_id, declared.type, deployed.physical_id, replacement,
        _replace_policy(declared) if replacement != "False" else "",
        scope, details, deployed.properties, after,
    )  # fmt: skip


def _body(evaluator: Evaluator, logical_id: str) -> Mapping[str, Any]:
    body: Mapping[str, Any] = evaluator.template.document["Resources"][logical_id]
    return body


def changed_properties(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the names of the properties whose values differ, or may."""
    names = dict.fromkeys([*before, *after])
    return [name for name in names if before.get(name, NO_VALUE) != after.get(name, NO_VALUE)]


def _details(
    evaluator: Evaluator,
    current: Current,
    changes: Mapping[str, Change],
    declared: ResourceDefinition,
    name: str,
    resource_type: ResourceType,
) -> Iterator[dict[str, Any]]:
    recreation = "Always" if replaces(resource_type, name) else "Never"
    target = {"Attribute": "Properties", "Name": name, "RequiresRecreation": recreation}
    old = current.resources[declared.logical_id].declared.get("Properties", {}).get(name)
    new = declared.properties.get(name)
    causes = dict.fromkeys(references.references([new]))
    yielded = False
    for reference in causes:
        cause = _cause(evaluator, current, changes, reference)
        if cause is not None:
            yielded = True
            yield _detail(target, *cause)
    if new != old or not yielded:
        yield _detail(target, "Static")
    elif any(reference.target in evaluator.values for reference in causes):
        yield _detail(target, "Dynamic")


def _cause(
    evaluator: Evaluator,
    current: Current,
    changes: Mapping[str, Change],
    reference: references.Reference,
) -> tuple[str, str, str] | None:
    target = reference.target
    if target in evaluator.values:
        same = evaluator.values[target] == current.values.get(target)
        return None if same else ("Static", "ParameterReference", target)
    if target not in changes:
        return None
    if reference.attribute:
        return "Dynamic", "ResourceAttribute", f"{target}.{reference.attribute}"
    return (
        None if changes[target].replacement == "False" else ("Dynamic", "ResourceReference", target)
    )


def _detail(
    target: Mapping[str, str], evaluation: str, source: str = "DirectModification", entity: str = ""
) -> dict[str, Any]:
    detail = {"Target": dict(target), "Evaluation": evaluation, "ChangeSource": source}
    return {**detail, "CausingEntity": entity} if entity else detail


def replaces(resource_type: ResourceType, name: str) -> bool:
    """Tell whether a change of the property `name` makes a new resource."""
    declared = resource_type.properties.get(name)
    return resource_type.update is None or (declared is not None and declared.replaces)


def _replacement(details: list[dict[str, Any]]) -> str:
    recreating = [d for d in details if d["Target"]["RequiresRecreation"] == "Always"]
    if not recreating:
        return "False"
    sure = any(detail["Evaluation"] == "Static" for detail in recreating)
    return "True" if sure else "Conditional"


def _replace_policy(declared: ResourceDefinition) -> str:
    kept = declared.update_replace_policy in _KEPT
    return "ReplaceAndRetain" if kept else "ReplaceAndDelete"


def _removal(logical_id: str, deployed: Deployed) -> Change:
    policy = deployed.declared.get("DeletionPolicy", "Delete")
    kept = policy in ("Retain", "RetainExceptOnCreate")
    return Change(
        "Remove", logical_id, deployed.type, deployed.physical_id,
        policy_action="Retain" if kept else "Delete", before=deployed.properties,
    )  # fmt: skip
