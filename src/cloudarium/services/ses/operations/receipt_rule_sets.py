"""Receipt rule sets: made, cloned, removed, shown, activated, put in order."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.ses import errors, rule_sets


def create_receipt_rule_set(ctx: Context, request: Request) -> Response:
    """Make an empty rule set."""
    rule_sets.create(ctx, request["RuleSetName"], [])
    return {}


def clone_receipt_rule_set(ctx: Context, request: Request) -> Response:
    """Make a rule set with another one's rules."""
    original = rule_sets.find(ctx, request["OriginalRuleSetName"])
    rule_sets.create(ctx, request["RuleSetName"], original.rules)
    return {}


def delete_receipt_rule_set(ctx: Context, request: Request) -> Response:
    """Remove a rule set that is not active; one that is not there is no error."""
    name = request["RuleSetName"]
    found = rule_sets.lookup(ctx, name)
    if found is not None and found.active:
        raise errors.CannotDelete(members={"Name": name}, name=name)
    rule_sets.delete(ctx, name)
    return {}


def describe_receipt_rule_set(ctx: Context, request: Request) -> Response:
    """Return a rule set with its rules."""
    found = rule_sets.find(ctx, request["RuleSetName"])
    return {"Metadata": found.metadata, "Rules": found.rules}


def describe_active_receipt_rule_set(ctx: Context, request: Request) -> Response:
    """Return the active rule set with its rules; nothing if none is active."""
    found = rule_sets.active(ctx)
    return {"Metadata": found.metadata, "Rules": found.rules} if found else {}


def list_receipt_rule_sets(ctx: Context, request: Request) -> Response:
    """Return all rule sets: an account has few enough for one page."""
    return {"RuleSets": [each.metadata for each in rule_sets.of_account(ctx)]}


def set_active_receipt_rule_set(ctx: Context, request: Request) -> Response:
    """Make a rule set the active one; without a name, none."""
    name = request.get("RuleSetName")
    if name is not None:
        rule_sets.find(ctx, name)
    rule_sets.activate(ctx, name)
    return {}


def reorder_receipt_rule_set(ctx: Context, request: Request) -> Response:
    """Put all rules of a rule set into another order."""
    found = rule_sets.find(ctx, request["RuleSetName"])
    names = request["RuleNames"]
    positions = [found.position(name) for name in names]
    if sorted(positions) != list(range(len(found.rules))):
        raise errors.InvalidParameterValue(
            message="All rules of the rule set must be given, each of them once."
        )
    rule_sets.set_rules(ctx, found.name, [found.rules[position] for position in positions])
    return {}
