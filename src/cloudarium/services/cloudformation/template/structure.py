"""Structural validation: a document becomes a `Template`, or AWS's message says why not.

Messages: AWS's answers to such templates. Sections and attributes: "Template anatomy", User Guide.
"""

from __future__ import annotations

import re
from typing import Any

from cloudarium.services.cloudformation import limits
from cloudarium.services.cloudformation.errors import format_error, invalid, unsupported
from cloudarium.services.cloudformation.template import rules
from cloudarium.services.cloudformation.template.model import (
    OutputDefinition,
    ParameterDefinition,
    ResourceDefinition,
    Template,
)

_SECTIONS = (
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Rules",
    "Mappings",
    "Conditions",
    "Transform",
    "Resources",
    "Outputs",
    "Hooks",
)
_RESOURCE_ATTRIBUTES = (
    "Type",
    "Properties",
    "Condition",
    "DependsOn",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "UpdatePolicy",
    "CreationPolicy",
    "Metadata",
)
# Custom resources may say a version (cfn-lint's schema, and the Serverless Framework's do).
_CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")
_OUTPUT_ATTRIBUTES = ("Value", "Description", "Condition", "Export")
_PARAMETER_ATTRIBUTES = (
    "Type",
    "Default",
    "NoEcho",
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "Description",
    "MaxLength",
    "MinLength",
    "MaxValue",
    "MinValue",
)
_POLICIES = ("Delete", "Retain", "Snapshot", "RetainExceptOnCreate")
_ALPHANUMERIC = re.compile(r"[A-Za-z0-9]+")


def checked(document: dict[str, Any]) -> Template:
    """Return `document` taken apart. Raises `Template format error` with AWS's text."""
    _top_level(document)
    rules.check_structure(_section(document, "Rules"))
    return Template(
        document=document,
        parameters=declared_parameters(document),
        mappings=_mappings(_section(document, "Mappings")),
        conditions=_conditions(_section(document, "Conditions")),
        resources=_resources(document),
        outputs=_outputs(_section(document, "Outputs")),
    )


def _top_level(document: dict[str, Any]) -> None:
    unknown = [name for name in document if name not in _SECTIONS]
    if unknown:
        raise invalid(f"Invalid template property or properties [{', '.join(unknown)}]")
    if "Hooks" in document:
        raise unsupported("The template section Hooks")
    if str(document.get("AWSTemplateFormatVersion", "2010-09-09")) != "2010-09-09":
        raise format_error("unsupported value for AWSTemplateFormatVersion.")
    description = document.get("Description", "")
    if not isinstance(description, str):
        raise format_error("Every Description member must be a string.")
    if len(description.encode()) > limits.DESCRIPTION_BYTES:
        raise format_error(f"'Description' length is greater than {limits.DESCRIPTION_BYTES}.")


def _section(document: dict[str, Any], name: str) -> dict[str, Any]:
    section = document.get(name, {})
    if not isinstance(section, dict):
        raise format_error(f"{name} section must be an object.")
    for key, member in section.items():
        if not isinstance(member, dict):
            raise format_error(f"Every {name} member must be an object: {key}")
    return section


def _count(kind: str, section: dict[str, Any], maximum: int) -> None:
    if len(section) > maximum:
        raise format_error(
            f"Number of {kind}, {len(section)}, is greater than maximum allowed, {maximum}"
        )


def _name(kind: str, name: str) -> None:
    if not _ALPHANUMERIC.fullmatch(name):
        raise format_error(f"{kind} name {name} is non alphanumeric.")


def declared_parameters(document: dict[str, Any]) -> dict[str, ParameterDefinition]:
    """Return the parameters of a document whose macros are not applied yet."""
    return _parameters(_section(document, "Parameters"))


def _parameters(section: dict[str, Any]) -> dict[str, ParameterDefinition]:
    _count("parameters", section, limits.PARAMETERS)
    for name, body in section.items():
        _name("Parameter", name)
        if "Type" not in body:
            raise format_error("Every Parameters object must contain a Type member.")
        unknown = [key for key in body if key not in _PARAMETER_ATTRIBUTES]
        if unknown:
            raise invalid(f"Invalid template parameter property '{unknown[0]}'")
        if not isinstance(body.get("Default", ""), str | int | float):
            raise format_error("Every Default member must be a string.")
    return {name: ParameterDefinition(name, body["Type"], body) for name, body in section.items()}


def _mappings(section: dict[str, Any]) -> dict[str, Any]:
    _count("mappings", section, limits.MAPPINGS)
    for mapping in section.values():
        for key, attributes in mapping.items():
            if not isinstance(attributes, dict):
                raise format_error(f"Every Mappings member {key} must be a map")
            if any(isinstance(value, dict) for value in attributes.values()):
                raise format_error("Every Mappings attribute must be a String or a List.")
    return section


def _conditions(section: dict[str, Any]) -> dict[str, Any]:
    for condition in section.values():
        if len(condition) != 1:
            raise format_error("Every Conditions member must be an object with a single function.")
    return section


def _resources(document: dict[str, Any]) -> dict[str, ResourceDefinition]:
    section = document.get("Resources")
    if not section or not isinstance(section, dict):
        raise format_error("At least one Resources member must be defined.")
    _count("resources", section, limits.RESOURCES)
    for body in section.values():
        if not isinstance(body, dict):
            raise format_error("Any Resources member must be an object.")
    return {name: _resource(name, body) for name, body in section.items()}


def _resource(name: str, body: dict[str, Any]) -> ResourceDefinition:
    _name("Resource", name)
    if not isinstance(body.get("Type"), str):
        raise format_error(
            f"[/Resources/{name}] Every Resources object must contain a Type member."
        )
    is_custom = body["Type"].startswith(_CUSTOM)
    for key in body:
        if key not in _RESOURCE_ATTRIBUTES and not (is_custom and key == "Version"):
            raise invalid(f"Invalid template resource property '{key}'")
    for key in ("CreationPolicy", "UpdatePolicy"):
        if key in body:
            raise unsupported(f"[/Resources/{name}/{key}] The resource attribute {key}")
    properties = body.get("Properties", {})
    if not isinstance(properties, dict):
        raise format_error(f"[/Resources/{name}/Properties] Properties must be an object.")
    return ResourceDefinition(
        logical_id=name,
        type=body["Type"],
        properties=properties,
        condition=body.get("Condition"),
        depends_on=_depends_on(body.get("DependsOn", [])),
        deletion_policy=_policy(name, body, "DeletionPolicy", "Delete"),
        update_replace_policy=_policy(name, body, "UpdateReplacePolicy", "Delete"),
        metadata=body.get("Metadata"),
    )


def _depends_on(value: Any) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    if not all(isinstance(name, str) for name in names):
        raise format_error("Every DependsOn value must be a string.")
    return tuple(names)


def _policy(name: str, body: dict[str, Any], key: str, default: str) -> Any:
    value = body.get(key, default)
    allowed = _POLICIES if key == "DeletionPolicy" else _POLICIES[:3]
    if isinstance(value, str) and value not in allowed:
        raise format_error(f"Unrecognized {key} {value} for resource {name}")
    if value == "Snapshot":
        raise unsupported(f"[/Resources/{name}/{key}] {key} Snapshot")
    return value


def _outputs(section: dict[str, Any]) -> dict[str, OutputDefinition]:
    _count("outputs", section, limits.OUTPUTS)
    return {name: _output(name, body) for name, body in section.items()}


def _output(name: str, body: dict[str, Any]) -> OutputDefinition:
    _name("Output", name)
    if "Value" not in body:
        raise format_error("Every Outputs member must contain a Value object")
    unknown = [key for key in body if key not in _OUTPUT_ATTRIBUTES]
    if unknown:
        raise invalid(f"Invalid outputs property : [{', '.join(unknown)}]")
    export = body.get("Export", {})
    if not isinstance(export, dict) or ("Export" in body and "Name" not in export):
        raise format_error("Output Export must contain a Name.")
    return OutputDefinition(
        name, body["Value"], body.get("Description"), body.get("Condition"), export.get("Name")
    )
