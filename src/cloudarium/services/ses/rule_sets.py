"""Receipt rule sets with their rules, in order."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.ses import errors, limits

Rule = dict[str, Any]
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?")


@dataclass(frozen=True)
class RuleSet:
    """A rule set; `rules` are the API's ReceiptRules in order, `created_at` epoch seconds."""

    name: str
    created_at: float
    active: bool
    rules: list[Rule]

    @property
    def metadata(self) -> dict[str, Any]:
        """The API's ReceiptRuleSetMetadata."""
        return {"Name": self.name, "CreatedTimestamp": self.created_at}

    def position(self, name: str) -> int:
        """Return where the rule `name` stands. Raises RuleDoesNotExist."""
        for position, rule in enumerate(self.rules):
            if rule["Name"] == name:
                return position
        raise errors.RuleDoesNotExist(members={"Name": name}, name=name)

    def has(self, name: str) -> bool:
        """Tell whether there is a rule `name`."""
        return any(rule["Name"] == name for rule in self.rules)


def check_name(name: str, what: str) -> None:
    """Raise InvalidParameterValue for a name that neither rules nor rule sets may have."""
    if not _NAME.fullmatch(name):
        raise errors.InvalidParameterValue(message=f"Invalid {what} name: {name}")


def _rule_set(row: sqlite3.Row) -> RuleSet:
    return RuleSet(row["name"], row["created_at"], bool(row["active"]), json.loads(row["rules"]))


def lookup(ctx: Context, name: str) -> RuleSet | None:
    """Return the rule set `name`, or None."""
    row = ctx.db.execute(
        "SELECT * FROM rule_sets WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return _rule_set(row) if row else None


def find(ctx: Context, name: str) -> RuleSet:
    """Return the rule set `name`. Raises RuleSetDoesNotExist."""
    found = lookup(ctx, name)
    if found is None:
        raise errors.RuleSetDoesNotExist(members={"Name": name}, name=name)
    return found


def of_account(ctx: Context) -> list[RuleSet]:
    """Return this account's and region's rule sets by name."""
    rows = ctx.db.execute(
        "SELECT * FROM rule_sets WHERE account = ? AND region = ? ORDER BY name",
        (ctx.account, ctx.region),
    )
    return [_rule_set(row) for row in rows]


def active(ctx: Context) -> RuleSet | None:
    """Return the active rule set of this account and region, or None."""
    return next((each for each in of_account(ctx) if each.active), None)


def actives(db: sqlite3.Connection) -> Iterator[tuple[str, str, RuleSet]]:
    """Yield every active rule set with its account and region."""
    for row in db.execute("SELECT * FROM rule_sets WHERE active ORDER BY account, region"):
        yield row["account"], row["region"], _rule_set(row)


def create(ctx: Context, name: str, rules: list[Rule]) -> None:
    """Make an inactive rule set. Raises AlreadyExists and LimitExceeded."""
    check_name(name, "rule set")
    existing = of_account(ctx)
    if any(each.name == name for each in existing):
        raise errors.RuleSetAlreadyExists(members={"Name": name}, name=name)
    if len(existing) >= limits.RULE_SETS:
        raise errors.LimitExceeded(what="receipt rule sets", limit=limits.RULE_SETS)
    ctx.db.execute(
        "INSERT INTO rule_sets VALUES (?, ?, ?, ?, 0, ?)",
        (ctx.account, ctx.region, name, ctx.now, json.dumps(rules)),
    )


def set_rules(ctx: Context, name: str, rules: list[Rule]) -> None:
    """Replace a rule set's rules."""
    ctx.db.execute(
        "UPDATE rule_sets SET rules = ? WHERE account = ? AND region = ? AND name = ?",
        (json.dumps(rules), ctx.account, ctx.region, name),
    )


def activate(ctx: Context, name: str | None) -> None:
    """Make `name`, or none, the active rule set."""
    ctx.db.execute(
        "UPDATE rule_sets SET active = (name IS ?) WHERE account = ? AND region = ?",
        (name, ctx.account, ctx.region),
    )


def delete(ctx: Context, name: str) -> None:
    """Remove a rule set with its rules, if it is there."""
    ctx.db.execute(
        "DELETE FROM rule_sets WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    )


def arn(ctx: Context, rule_set: str, rule: str) -> str:
    """Return a rule's ARN: the `aws:SourceArn` of what its actions do."""
    return ctx.arn(f"receipt-rule-set/{rule_set}:receipt-rule/{rule}", "ses")
