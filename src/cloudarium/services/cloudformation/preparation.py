"""From a request to what a stack is to be: template, macros, parameters, checks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context, Request
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.core.tags import from_list
from cloudarium.services.cloudformation import (
    dynamic_references,
    includes,
    sources,
    stored_parameters,
)
from cloudarium.services.cloudformation.configs import Config, declared_macros
from cloudarium.services.cloudformation.deployment.run import resource_type
from cloudarium.services.cloudformation.errors import (
    format_error,
    invalid,
    template_error,
    unsupported,
)
from cloudarium.services.cloudformation.template import (
    capabilities,
    loops,
    parameters,
    references,
    serverless,
    structure,
)
from cloudarium.services.cloudformation.template.document import parse
from cloudarium.services.cloudformation.template.dynamic import filled
from cloudarium.services.cloudformation.template.evaluate import Evaluator
from cloudarium.services.cloudformation.template.model import (
    INCLUDE,
    LANGUAGE_EXTENSIONS,
    SERVERLESS,
    ResourceDefinition,
    Template,
)

_MACROS = (SERVERLESS, LANGUAGE_EXTENSIONS, INCLUDE)
_REFUSED = (
    "ResourcesToImport",
    "DeploymentMode",
)


class _Translator:
    """Runs the SAM translator off the event loop, once at a time: it keeps state in globals."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._one = asyncio.Lock()

    async def translated(
        self, document: dict[str, Any], values: Mapping[str, str], region: str
    ) -> dict[str, Any]:
        """Return `document` with its SAM resources expanded."""
        async with self._one:
            return await asyncio.to_thread(serverless.translated, document, values, region)


async def prepared(
    ctx: Context, request: Request, previous: Config | None, *, change_set: bool = False
) -> Config:
    """Return the config a request asks for; raises AWS's error if it cannot be had.

    `previous` is the stack's present config, None if there is no stack yet.
    """
    refuse_unsupported(request)
    body = await sources.submitted(ctx, request)
    if body is None:
        if not request.get("UsePreviousTemplate") or previous is None or not previous.body:
            raise invalid("Either Template URL or Template Body must be specified.")
        body = previous.body
    document = parse(body)
    macros = declared_macros(document)
    declared = structure.declared_parameters(document)
    values = parameters.given(
        declared, request.get("Parameters", []), previous.parameters if previous else None
    )
    resolved = await stored_parameters.resolved(ctx, declared, values)
    found = await dynamic_references.of_parameters(ctx, values)
    known = {**filled(values, found), **resolved}
    processed = await expanded(ctx, document, macros, known)
    template = structure.checked(processed)
    evaluator = _evaluator(ctx, request["StackName"], template, known)
    evaluator.extended = LANGUAGE_EXTENSIONS in macros
    present = [r for r in template.resources.values() if evaluator.active(r.condition)]
    checked(ctx, template, request.get("ResourceTypes"), present)
    capabilities.check(template, request, expanded=bool(macros) and not change_set)
    return Config(
        body=body,
        document=processed,
        macros=macros,
        parameters={name: values[name] for name in template.parameters if name in values},
        resolved=resolved,
        references={**found, **await dynamic_references.of_resources(ctx, evaluator, present)},
        tags=_tags(request, previous),
        capabilities=tuple(request.get("Capabilities", [])),
        role_arn=request.get("RoleARN") or (previous.role_arn if previous else None),
        disable_rollback=bool(request.get("DisableRollback")),
        timeout_minutes=request.get("TimeoutInMinutes"),
        notification_arns=_topics(request, previous),
    )


def refuse_unsupported(request: Request) -> None:
    """Raise if a request asks for what this service would not do."""
    for member in _REFUSED:
        if request.get(member):
            raise unsupported(member)
    rollback = request.get("RollbackConfiguration", {})
    if rollback.get("RollbackTriggers") or rollback.get("MonitoringTimeInMinutes"):
        raise unsupported("RollbackConfiguration")
    if request.get("DeploymentConfig", {}).get("Mode", "STANDARD") != "STANDARD":
        raise unsupported("DeploymentConfig Mode EXPRESS")


def _topics(request: Request, previous: Config | None) -> tuple[str, ...]:
    if "NotificationARNs" not in request:
        return previous.notification_arns if previous else ()
    for arn in request["NotificationARNs"]:
        if not arn.startswith("arn:aws:sns:"):
            raise invalid(f"Invalid notification ARN: {arn}")
    return tuple(request["NotificationARNs"])


def _tags(request: Request, previous: Config | None) -> dict[str, str]:
    if "Tags" not in request:
        return dict(previous.tags) if previous else {}
    return from_list(request["Tags"])


async def expanded(
    ctx: Context, document: dict[str, Any], macros: tuple[str, ...], values: Mapping[str, str]
) -> dict[str, Any]:
    """Return a template document with its macros applied, in the order they are declared."""
    for macro in macros:
        if macro not in _MACROS:
            raise invalid(f"No transform named {macro} found.")
    processed = await includes.expanded(ctx, document)
    for macro in macros:
        if macro == SERVERLESS:
            processed = await ctx.state(_Translator).translated(processed, values, ctx.region)
        elif macro == LANGUAGE_EXTENSIONS:
            processed = loops.expanded(processed, _collection(ctx, processed, values))
    processed.pop("Transform", None)
    return processed


def _collection(ctx: Context, document: dict[str, Any], values: Mapping[str, str]) -> Any:
    """Return what gives the value of a loop's collection: parameters and mappings, no resources."""
    known = Template(
        document,
        structure.declared_parameters(document),
        document.get("Mappings", {}),
        document.get("Conditions", {}),
    )
    return Evaluator(known, values, _pseudo(ctx), extended=True).evaluate


def _evaluator(
    ctx: Context, stack: str, template: Template, values: Mapping[str, str]
) -> Evaluator:
    """Return what evaluates the conditions."""
    pseudo = {
        **_pseudo(ctx),
        "AWS::NotificationARNs": [],
        "AWS::StackId": stack,
        "AWS::StackName": stack,
        "AWS::URLSuffix": "amazonaws.com",
    }
    references.check(template)
    return Evaluator(template, values, pseudo)


def _pseudo(ctx: Context) -> dict[str, Any]:
    return {"AWS::Region": ctx.region, "AWS::AccountId": ctx.account, "AWS::Partition": "aws"}


def checked(
    ctx: Context,
    template: Template,
    allowed: list[str] | None,
    present: list[ResourceDefinition] | None = None,
) -> None:
    """Raise unless the template refers to what is there and to types that are known.

    `present` are the resources that are to be, as far as is known; a type only others have need
    not be known.
    """
    references.check(template)
    considered = template.resources.values() if present is None else present
    types = list(dict.fromkeys(r.type for r in considered))
    unknown = [name for name in types if resource_type(ctx, name) is None]
    if unknown:
        raise format_error(f"Unrecognized resource types: [{', '.join(unknown)}]")
    for name in types:
        if allowed is not None and not any(_allows(pattern, name) for pattern in allowed):
            raise invalid(
                f"Resource type {name} is not allowed by parameter ResourceTypes "
                f"[{', '.join(allowed)}]"
            )
    _check_attributes(ctx, template)


def _allows(pattern: str, name: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"::\*", "::.*"), name) is not None


def _check_attributes(ctx: Context, template: Template) -> None:
    """Raise if an attribute is asked for that its resource's type does not have."""
    values = [dict(r.properties) for r in template.resources.values()]
    values += [{"Value": o.value} for o in template.outputs.values()]
    for reference in references.references(values):
        resource = template.resources.get(reference.target)
        if resource is None or not reference.attribute:
            continue
        known = resource_type(ctx, resource.type)
        if known is not None and known.attributes and reference.attribute not in known.attributes:
            raise template_error(
                f"resource {reference.target} does not support attribute type "
                f"{reference.attribute} in {reference.function}"
            )
