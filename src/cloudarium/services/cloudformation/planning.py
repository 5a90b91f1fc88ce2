"""What turning a stack into a new config changes: for change sets, and to refuse empty updates."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.cloudformation import exports, stack_resources
from cloudarium.services.cloudformation.configs import Config
from cloudarium.services.cloudformation.deployment import outputs
from cloudarium.services.cloudformation.deployment.run import pseudo_parameters, resource_type
from cloudarium.services.cloudformation.stacks import Stack
from cloudarium.services.cloudformation.template import rules
from cloudarium.services.cloudformation.template.evaluate import Evaluator, NotYetKnown
from cloudarium.services.cloudformation.template.plan import (
    Change,
    Current,
    Unknown,
    plan,
    preview,
)

_HIDDEN = "{{changeSet:KNOWN_AFTER_APPLY}}"


def evaluator(ctx: Context, stack: Stack, config: Config, *, strict: bool) -> Evaluator:
    """Return an evaluator for planning. A missing export is an error if `strict`."""

    def export(name: str) -> str:
        try:
            return exports.value(ctx, name)
        except AwsError:
            if strict:
                raise
            raise NotYetKnown(name) from None

    return Evaluator(
        config.template,
        config.values,
        pseudo_parameters(stack),
        export=export,
        extended=config.extended,
        references=config.references,
    )


def check(ctx: Context, stack: Stack, config: Config) -> None:
    """Raise if evaluating the template shows an error that needs no resource to show."""
    trial = evaluator(ctx, stack, config, strict=False)
    rules.check(trial)
    for logical_id in trial.resources():
        preview(trial, config.template.resources[logical_id].properties)
    for output in config.template.outputs.values():
        if trial.active(output.condition):
            with suppress(NotYetKnown):
                trial.evaluate(output.value)


def changes(
    ctx: Context, stack: Stack, config: Config, *, strict: bool = False
) -> tuple[list[Change], bool]:
    """Return what `config` changes, and whether there is anything to update at all."""
    trial = evaluator(ctx, stack, config, strict=strict)
    rows = stack_resources.of_stack(ctx, stack.stack_id)
    standing = {name: row.deployed() for name, row in rows.items() if row.exists}
    retagged = dict(stack.config.tags) != dict(config.tags)
    current = Current(
        standing, stack.config.values, lambda name: resource_type(ctx, name), retagged
    )
    found = plan(trial, current)
    return found, bool(found) or retagged or _new_outputs(trial, stack)


def _new_outputs(trial: Evaluator, stack: Stack) -> bool:
    try:
        return outputs.evaluated(trial) != stack.outputs
    except NotYetKnown:
        return True


def described(change: Change) -> dict[str, Any]:
    """Return a change as DescribeChangeSet keeps it, with its context."""
    shown: dict[str, Any] = {
        "Action": change.action,
        "LogicalResourceId": change.logical_id,
        "PhysicalResourceId": change.physical_id or None,
        "ResourceType": change.type,
        "Replacement": change.replacement or None,
        "PolicyAction": change.policy_action or None,
        "Scope": change.scope,
        "Details": change.details,
        "BeforeContext": _context(change.before),
        "AfterContext": _context(change.after),
    }
    return {name: value for name, value in shown.items() if value is not None}


def _context(properties: Any) -> str | None:
    if properties is None:
        return None
    known = {
        name: _HIDDEN if isinstance(value, Unknown) else value for name, value in properties.items()
    }
    return json.dumps({"Properties": known}, separators=(",", ":"))
