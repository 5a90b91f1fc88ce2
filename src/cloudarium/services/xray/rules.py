"""Sampling rules: rows of `sampling_rules`. `Default` has one only once it was changed.

https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.xray import errors, limits, settings

DEFAULT = "Default"
_CHANGED = "rules_changed"
_UNCHANGEABLE = ("RuleName", "RuleARN")
_OF_DEFAULT = {"FixedRate", "ReservoirSize", *_UNCHANGEABLE}


@dataclass(frozen=True)
class Rule:
    """A rule and its metadata; `document` is the shape `SamplingRule`. Times are epoch seconds."""

    document: dict[str, Any]
    created_at: float
    modified_at: float
    tags: dict[str, str]

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.document["RuleName"])

    @property
    def arn(self) -> str:
        """Its ARN."""
        return str(self.document["RuleARN"])

    def told(self) -> dict[str, Any]:
        """Return it as the shape `SamplingRuleRecord`."""
        return {
            "SamplingRule": self.document,
            "CreatedAt": self.created_at,
            "ModifiedAt": self.modified_at,
        }


def create(ctx: Context, wanted: dict[str, Any], tags: dict[str, str]) -> Rule:
    """Make a rule. Raises InvalidRequestException, RuleLimitExceededException."""
    name = wanted.get("RuleName")
    _check_named(name, wanted.get("RuleARN"))
    if not name:
        raise errors.RuleUnnamed()
    if wanted["Version"] != 1:
        raise errors.RuleVersion()
    known = listed(ctx)
    if any(rule.name == name for rule in known):
        raise errors.RuleExists()
    if len(known) > limits.SAMPLING_RULES:  # the default one does not count
        raise errors.TooManyRules(limit=limits.SAMPLING_RULES)
    document = {"Attributes": {}, **wanted, "RuleARN": ctx.arn(f"sampling-rule/{name}")}
    rule = Rule(document, ctx.now, ctx.now, tags)
    _put(ctx, rule)
    _note_change(ctx)
    return rule


def update(ctx: Context, rule: Rule, wanted: dict[str, Any]) -> Rule:
    """Change what is wanted of a rule. Raises InvalidRequestException."""
    if rule.name == DEFAULT and set(wanted) - _OF_DEFAULT:
        raise errors.RuleReserved(verb="changed but for its rate and reservoir")
    _between("Priority", wanted.get("Priority"), *limits.PRIORITIES)
    _between("FixedRate", wanted.get("FixedRate"), 0, 1)
    _between("ReservoirSize", wanted.get("ReservoirSize"), 0, None)
    changes = {key: value for key, value in wanted.items() if key not in _UNCHANGEABLE}
    changed = replace(rule, document={**rule.document, **changes}, modified_at=ctx.now)
    _put(ctx, changed)
    _note_change(ctx)
    return changed


def _between(name: str, value: float | None, least: float, most: float | None) -> None:
    if value is not None and not (least <= value and (most is None or value <= most)):
        raise errors.RuleValue(name=name, least=least, most="infinity" if most is None else most)


def _check_named(name: str | None, arn: str | None) -> None:
    if name and arn:
        raise errors.RuleNamedTwice()
    if not name and not arn:
        raise errors.RuleUnnamed()


def find(ctx: Context, name: str | None, arn: str | None) -> Rule:
    """Return the rule of that name or that ARN. Raises InvalidRequestException."""
    _check_named(name, arn)
    for rule in listed(ctx):
        if rule.name == name or rule.arn == arn:
            return rule
    raise errors.RuleNotFound()


def listed(ctx: Context) -> list[Rule]:
    """Return all rules by name."""
    rows = ctx.db.execute(
        "SELECT * FROM sampling_rules WHERE account = ? AND region = ?", (ctx.account, ctx.region)
    )
    found = {DEFAULT: _default(ctx)} | {row["name"]: _rule(row) for row in rows}
    return sorted(found.values(), key=lambda rule: rule.name)


def delete(ctx: Context, rule: Rule) -> None:
    """Remove a rule. Raises InvalidRequestException for the default one."""
    if rule.name == DEFAULT:
        raise errors.RuleReserved(verb="deleted")
    ctx.db.execute(
        "DELETE FROM sampling_rules WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, rule.name),
    )
    _note_change(ctx)


def set_tags(ctx: Context, rule: Rule, tags: dict[str, str]) -> None:
    """Replace a rule's tags."""
    _put(ctx, replace(rule, tags=tags))


def last_change(ctx: Context) -> float:
    """Return when the rules were last changed, epoch seconds; 0 for never."""
    return float(settings.get(ctx, _CHANGED) or 0.0)


def _note_change(ctx: Context) -> None:
    settings.put(ctx, _CHANGED, ctx.now)


def _put(ctx: Context, rule: Rule) -> None:
    ctx.db.execute(
        "INSERT OR REPLACE INTO sampling_rules VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            ctx.account,
            ctx.region,
            rule.name,
            orjson.dumps(rule.document).decode(),
            rule.created_at,
            rule.modified_at,
            orjson.dumps(rule.tags).decode(),
        ),
    )


def _rule(row: sqlite3.Row) -> Rule:
    return Rule(
        orjson.loads(row["rule"]), row["created_at"], row["modified_at"], orjson.loads(row["tags"])
    )


def _default(ctx: Context) -> Rule:
    anything = ("ResourceARN", "ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath")
    document = {
        "RuleName": DEFAULT,
        "RuleARN": ctx.arn(f"sampling-rule/{DEFAULT}"),
        **dict.fromkeys(anything, "*"),
        "Priority": limits.DEFAULT_PRIORITY,
        "FixedRate": limits.DEFAULT_RATE,
        "ReservoirSize": limits.DEFAULT_RESERVOIR,
        "Version": 1,
        "Attributes": {},
    }
    return Rule(document, 0.0, 0.0, {})
