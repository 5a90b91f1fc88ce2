"""Templates: read a stack's, look into one that is no stack yet."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.cloudformation import change_sets, preparation, sources, stacks
from cloudarium.services.cloudformation.configs import Config, declared_macros
from cloudarium.services.cloudformation.errors import SummaryOfReview, invalid, unsupported
from cloudarium.services.cloudformation.stacks import REVIEW
from cloudarium.services.cloudformation.template import capabilities, parameters, structure
from cloudarium.services.cloudformation.template.document import parse
from cloudarium.services.cloudformation.template.model import ParameterDefinition


def get_template(ctx: Context, request: Request) -> Response:
    """Return a stack's or change set's template: as submitted, or as its macros made it."""
    config = _config(ctx, request)
    processed = request.get("TemplateStage", "Original") == "Processed" and config.macros
    body = json.dumps(config.document) if processed else config.body
    return {"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]}


def _config(ctx: Context, request: Request) -> Config:
    name = request.get("ChangeSetName")
    if name is not None:
        if not name.startswith("arn:") and "StackName" not in request:
            raise invalid("StackName is a required parameter.")
        return change_sets.find(ctx, request).config
    if "StackName" not in request:
        raise invalid("StackName is a required parameter.")
    return stacks.find(ctx, request["StackName"]).config


async def validate_template(ctx: Context, request: Request) -> Response:
    """Check a template and tell its parameters and the capabilities it needs."""
    body = await sources.submitted(ctx, request)
    if body is None:
        raise invalid("Either Template URL or Template Body must be specified.")
    document = parse(body)
    return {
        "Parameters": [
            {
                "ParameterKey": declared.name,
                "DefaultValue": _default(declared),
                "NoEcho": declared.no_echo,
                "Description": declared.body.get("Description"),
            }
            for declared in structure.declared_parameters(document).values()
        ],
        "Description": document.get("Description"),
        **_needs(ctx, document),
    }


def _default(declared: ParameterDefinition) -> str | None:
    default = declared.body.get("Default")
    return None if default is None else parameters.text(default)


def _needs(ctx: Context, document: dict[str, Any]) -> dict[str, Any]:
    """Check a document and return the capabilities it needs, why, and its transforms."""
    macros = declared_macros(document)
    if macros:
        return {
            "Capabilities": [capabilities.AUTO_EXPAND],
            "CapabilitiesReason": "The following resource(s) require capabilities: "
            f"[{', '.join(macros)}]",
            "DeclaredTransforms": list(macros),
        }
    template = structure.checked(document)
    preparation.checked(ctx, template, None)
    needed, types = capabilities.needed(template)
    return {
        "Capabilities": needed or None,
        "CapabilitiesReason": capabilities.reason(types) if needed else None,
    }


async def get_template_summary(ctx: Context, request: Request) -> Response:
    """Return what a template, or a stack's template, declares."""
    if request.get("StackSetName"):
        raise unsupported("StackSetName")
    if request.get("StackName"):
        with ctx.transaction():
            stack = stacks.find(ctx, request["StackName"])
        if stack.status == REVIEW:
            raise SummaryOfReview()
        body: str | None = stack.config.body
    else:
        body = await sources.submitted(ctx, request)
    if body is None:
        raise invalid(
            "Either Template URL or Template Body or StackName or StackSetName must be specified."
        )
    document = parse(body)
    resources = document.get("Resources")
    if not resources:
        raise invalid("Template format error: At least one Resources member must be defined.")
    metadata = document.get("Metadata")
    declared = structure.declared_parameters(document).values()
    return {
        "Parameters": [_declaration(parameter) for parameter in declared],
        "Description": document.get("Description"),
        "ResourceTypes": [body["Type"] for body in resources.values() if "Type" in body],
        "Version": document.get("AWSTemplateFormatVersion"),
        "Metadata": None if metadata is None else json.dumps(metadata),
        "ResourceIdentifierSummaries": _identifiers(resources),
        **_needs(ctx, document),
    }


def _declaration(declared: ParameterDefinition) -> dict[str, Any]:
    allowed = declared.body.get("AllowedValues")
    constraints = {"AllowedValues": [parameters.text(value) for value in allowed or []]}
    return {
        "ParameterKey": declared.name,
        "DefaultValue": _default(declared),
        "ParameterType": declared.type,
        "NoEcho": declared.no_echo,
        "Description": declared.body.get("Description"),
        "ParameterConstraints": constraints if allowed else {},
    }


def _identifiers(resources: dict[str, Any]) -> list[dict[str, Any]]:
    by_type: dict[str, list[str]] = {}
    for name, body in resources.items():
        by_type.setdefault(body.get("Type", ""), []).append(name)
    return [{"ResourceType": kind, "LogicalResourceIds": names} for kind, names in by_type.items()]
