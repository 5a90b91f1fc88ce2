"""Who refers to whom: the names a piece of template mentions, and the order that follows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.services.cloudformation.errors import format_error, invalid, template_error
from cloudarium.services.cloudformation.template.model import ResourceDefinition, Template

PSEUDO_PARAMETERS = (
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
)
SUB_VARIABLE = re.compile(r"\$\{([^!][^}]*)\}")


@dataclass(frozen=True)
class Reference:
    """A mention of `target` by `function` (`Ref`, `Fn::GetAtt` or `Fn::Sub`)."""

    function: str
    target: str
    attribute: str = ""


def references(value: Any) -> Iterator[Reference]:
    """Yield every Ref, GetAtt and Sub variable inside `value`, whichever way conditions fall."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        if len(value) == 1:
            yield from _own(*next(iter(value.items())))
        for item in value.values():
            yield from references(item)


def _own(name: str, argument: Any) -> Iterator[Reference]:
    if name == "Ref":
        if not isinstance(argument, str):
            raise template_error("every Ref object must have a single String value.")
        yield Reference("Ref", argument)
    elif name == "Fn::GetAtt":
        target, attribute = get_att(argument)
        yield Reference(name, target, attribute if isinstance(attribute, str) else "")
    elif name == "Fn::Sub":
        yield from _sub(argument)


def get_att(argument: Any) -> tuple[str, Any]:
    """Return the logical id and the attribute an `Fn::GetAtt` asks for."""
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    if isinstance(parts, list) and len(parts) > 2 and all(isinstance(p, str) for p in parts):
        parts = [parts[0], ".".join(parts[1:])]
    well_formed = isinstance(parts, list) and len(parts) == 2 and all(parts)
    if not well_formed or not isinstance(parts[0], str):
        raise template_error(
            "every Fn::GetAtt object requires two non-empty parameters, "
            "the resource name and the resource attribute"
        )
    return parts[0], parts[1]


def sub_parts(argument: Any) -> tuple[str, dict[str, Any]]:
    """Return the text and the variable map of an `Fn::Sub`, in either form."""
    if isinstance(argument, str):
        return argument, {}
    if (
        isinstance(argument, list)
        and len(argument) in (1, 2)
        and isinstance(argument[0], str)
        and all(isinstance(variables, dict) for variables in argument[1:])
    ):
        return argument[0], argument[1] if len(argument) == 2 else {}
    raise template_error(
        "One or more Fn::Sub intrinsic functions don't specify expected arguments. "
        "Specify a string as first argument, and an optional second argument to specify "
        "a mapping of values to replace in the string"
    )


def _sub(argument: Any) -> Iterator[Reference]:
    text, variables = sub_parts(argument)
    for name in SUB_VARIABLE.findall(text):
        if name not in variables:
            target, _, attribute = name.strip().partition(".")
            yield Reference("Fn::Sub", target, attribute)


def check(template: Template) -> None:
    """Raise if anything refers to a parameter, resource or condition that is not there."""
    for resource in template.resources.values():
        _check_condition(template, resource.condition)
    for output in template.outputs.values():
        _check_condition(template, output.condition)
    _check_block(template, _resource_values(template), "Resources")
    _check_block(template, [[o.value, o.export_name] for o in template.outputs.values()], "Outputs")
    _check_conditions(template)
    order({name: dependencies(template, name) for name in template.resources})


def _resource_values(template: Template) -> list[Any]:
    return [
        [dict(r.properties), [{"Ref": name} for name in r.depends_on]]
        for r in template.resources.values()
    ]


def _check_condition(template: Template, name: str | None) -> None:
    if name is not None and name not in template.conditions:
        raise format_error(f"Condition {name} is not defined.")


def _check_block(template: Template, values: list[Any], block: str) -> None:
    unresolved: dict[str, None] = {}
    for reference in references(values):
        if reference.target in template.resources:
            continue
        if reference.function == "Fn::GetAtt":
            raise template_error(
                f"instance of Fn::GetAtt references undefined resource {reference.target}"
            )
        if reference.attribute:
            raise template_error(
                "instance of Fn::Sub references invalid resource attribute "
                f"{reference.target}.{reference.attribute}"
            )
        if reference.target not in (*template.parameters, *PSEUDO_PARAMETERS):
            unresolved[reference.target] = None
    if unresolved:
        raise format_error(
            f"Unresolved resource dependencies [{', '.join(unresolved)}] "
            f"in the {block} block of the template"
        )


def _check_conditions(template: Template) -> None:
    known = (*template.parameters, *PSEUDO_PARAMETERS)
    mentioned = references(list(template.conditions.values()))
    unresolved = {r.target: None for r in mentioned if r.target not in known}
    if unresolved:
        raise format_error(
            f"Unresolved dependencies [{', '.join(unresolved)}]. "
            "Cannot reference resources in the Conditions block of the template"
        )


def dependencies(template: Template, logical_id: str) -> list[str]:
    """Return the resources `logical_id` waits for: those it names and its `DependsOn`."""
    resource: ResourceDefinition = template.resources[logical_id]
    named = [reference.target for reference in references(dict(resource.properties))]
    wanted = dict.fromkeys([*resource.depends_on, *named])
    return [name for name in wanted if name in template.resources]


def order(graph: Mapping[str, list[str]]) -> list[str]:
    """Return the names of `graph`, each after those it depends on. Raises if they go round."""
    done: dict[str, None] = {}
    waiting = dict(graph)
    while waiting:
        ready = [name for name, needs in waiting.items() if all(n not in waiting for n in needs)]
        if not ready:
            raise invalid(f"Circular dependency between resources: [{', '.join(_cycle(waiting))}]")
        for name in ready:
            done[name] = None
            del waiting[name]
    return list(done)


def _cycle(waiting: Mapping[str, list[str]]) -> list[str]:
    """Return those that are on a cycle: leave out what nothing on it depends on."""
    remaining = dict(waiting)
    while True:
        needed = {name for needs in remaining.values() for name in needs}
        free = [name for name in remaining if name not in needed]
        if not free:
            return list(remaining)
        for name in free:
            del remaining[name]
