"""CreateReceiptRule, UpdateReceiptRule, DeleteReceiptRule, DescribeReceiptRule, positions."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.ses import errors, limits, receipt_rules, rule_sets
from cloudarium.services.ses.rule_sets import Rule, RuleSet


async def create_receipt_rule(ctx: Context, request: Request) -> Response:
    """Add a rule after another one, or before all; its actions are tried out first."""
    set_name, after = request["RuleSetName"], request.get("After")
    rule = receipt_rules.completed(request["Rule"])
    with ctx.transaction():
        _position(ctx, set_name, rule, after)
    receipt_rules.check(rule)
    await receipt_rules.try_out(ctx, set_name, rule)
    with ctx.transaction():
        found, position = _position(ctx, set_name, rule, after)
        rules = [*found.rules[:position], rule, *found.rules[position:]]
        rule_sets.set_rules(ctx, set_name, rules)
    return {}


def _position(ctx: Context, set_name: str, rule: Rule, after: str | None) -> tuple[RuleSet, int]:
    """Return the rule set and where a new rule goes. Raises what forbids it."""
    found = rule_sets.find(ctx, set_name)
    name = rule["Name"]
    if found.has(name):
        raise errors.RuleAlreadyExists(members={"Name": name}, name=name)
    if len(found.rules) >= limits.RULES:
        raise errors.LimitExceeded(what="rules of a rule set", limit=limits.RULES)
    return found, 0 if after is None else found.position(after) + 1


async def update_receipt_rule(ctx: Context, request: Request) -> Response:
    """Replace a rule; its actions are tried out first."""
    set_name = request["RuleSetName"]
    rule = receipt_rules.completed(request["Rule"])
    with ctx.transaction():
        rule_sets.find(ctx, set_name).position(rule["Name"])
    receipt_rules.check(rule)
    await receipt_rules.try_out(ctx, set_name, rule)
    with ctx.transaction():
        found = rule_sets.find(ctx, set_name)
        rules = list(found.rules)
        rules[found.position(rule["Name"])] = rule
        rule_sets.set_rules(ctx, set_name, rules)
    return {}


def delete_receipt_rule(ctx: Context, request: Request) -> Response:
    """Remove a rule; one that is not there is no error."""
    found = rule_sets.find(ctx, request["RuleSetName"])
    kept = [rule for rule in found.rules if rule["Name"] != request["RuleName"]]
    rule_sets.set_rules(ctx, found.name, kept)
    return {}


def describe_receipt_rule(ctx: Context, request: Request) -> Response:
    """Return a rule."""
    found = rule_sets.find(ctx, request["RuleSetName"])
    return {"Rule": found.rules[found.position(request["RuleName"])]}


def set_receipt_rule_position(ctx: Context, request: Request) -> Response:
    """Move a rule behind another one, or before all."""
    found = rule_sets.find(ctx, request["RuleSetName"])
    rules = list(found.rules)
    rule = rules.pop(found.position(request["RuleName"]))
    after = request.get("After")
    position = 0
    if after is not None:
        found.position(after)
        position = next((n + 1 for n, each in enumerate(rules) if each["Name"] == after), 0)
    rules.insert(position, rule)
    rule_sets.set_rules(ctx, found.name, rules)
    return {}
