"""Rules: put, describe, list, switch, delete."""

from __future__ import annotations

from dataclasses import replace

from cloudarium.core import tags
from cloudarium.core.context import Context, Request, Response
from cloudarium.core.documents import json_object
from cloudarium.services.events import (
    buses,
    errors,
    limits,
    patterns,
    rules,
    schedules,
    ticking,
)
from cloudarium.services.events.rules import Rule

_PAGE = 100


def put_rule(ctx: Context, request: Request) -> Response:
    """Make or change a rule."""
    bus = buses.find(ctx, buses.name_of(request.get("EventBusName"))).name
    schedule = request.get("ScheduleExpression")
    pattern = _pattern(request)
    if not pattern and not schedule:
        raise errors.PatternOrSchedule()
    if schedule:
        if bus != buses.DEFAULT:
            raise errors.ScheduleOnDefaultOnly()
        schedules.next_after(schedule, ctx.now, ctx.now)
    known = rules.lookup(ctx, bus, request["Name"])
    rule = Rule(
        ctx.account,
        ctx.region,
        bus,
        request["Name"],
        pattern,
        schedule or None,
        request.get("State", "ENABLED"),
        request.get("Description"),
        request.get("RoleArn"),
        known.tags if known else tags.from_list(request.get("Tags")),
    )
    rules.put(ctx, rule)
    ticking.plan(ctx, rule, ctx.now)
    return {"RuleArn": rule.arn}


def _pattern(request: Request) -> str | None:
    """The pattern asked for, checked; an empty one is none."""
    pattern: str = request.get("EventPattern") or ""
    if not pattern or json_object(pattern) == {}:
        return None
    if len(pattern.encode()) > limits.PATTERN_BYTES:
        raise errors.PatternTooLong(name=request["Name"], limit=limits.PATTERN_BYTES)
    patterns.compile_pattern(pattern)
    return pattern


def describe_rule(ctx: Context, request: Request) -> Response:
    """Describe one rule."""
    rule = _found(ctx, request)
    return {**_shown(rule), "CreatedBy": rule.account}


def list_rules(ctx: Context, request: Request) -> Response:
    """List a bus's rules by name."""
    bus = buses.find(ctx, buses.name_of(request.get("EventBusName"))).name
    limit = request.get("Limit", _PAGE)
    prefix, after = request.get("NamePrefix", ""), request.get("NextToken", "")
    found = rules.of_bus(ctx, bus, prefix, after, limit + 1)
    return {
        "Rules": [_shown(rule) for rule in found[:limit]],
        "NextToken": found[limit - 1].name if len(found) > limit else None,
    }


def enable_rule(ctx: Context, request: Request) -> Response:
    """Let a rule match."""
    return _switch(ctx, request, "ENABLED")


def disable_rule(ctx: Context, request: Request) -> Response:
    """Keep a rule from matching."""
    return _switch(ctx, request, "DISABLED")


def delete_rule(ctx: Context, request: Request) -> Response:
    """Remove a rule without targets; one that is not there is deleted already."""
    bus = buses.find(ctx, buses.name_of(request.get("EventBusName"))).name
    rule = rules.lookup(ctx, bus, request["Name"])
    if rule is not None:
        if rules.targets(ctx, rule):
            raise errors.RuleHasTargets()
        rules.delete(ctx, rule)
        ticking.plan(ctx, replace(rule, state="DISABLED"), ctx.now)
    return {}


def list_rule_names_by_target(ctx: Context, request: Request) -> Response:
    """List the names of the rules that have a target."""
    bus = buses.find(ctx, buses.name_of(request.get("EventBusName"))).name
    return {"RuleNames": rules.by_target(ctx, bus, request["TargetArn"])}


def _switch(ctx: Context, request: Request, state: str) -> Response:
    rule = replace(_found(ctx, request), state=state)
    rules.put(ctx, rule)
    ticking.plan(ctx, rule, ctx.now)
    return {}


def _found(ctx: Context, request: Request) -> Rule:
    bus = buses.find(ctx, buses.name_of(request.get("EventBusName"))).name
    return rules.find(ctx, bus, request["Name"])


def _shown(rule: Rule) -> Response:
    return {
        "Name": rule.name,
        "Arn": rule.arn,
        "EventPattern": rule.pattern,
        "ScheduleExpression": rule.schedule,
        "State": rule.state,
        "Description": rule.description,
        "RoleArn": rule.role_arn,
        "EventBusName": rule.bus,
    }
