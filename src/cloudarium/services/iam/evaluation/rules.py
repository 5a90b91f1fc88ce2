"""Compiled policies: statements as closures, found by action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cloudarium.core.identity import Principal
from cloudarium.services.iam.evaluation.conditions import Condition, compile_condition
from cloudarium.services.iam.evaluation.document import Document, Statement
from cloudarium.services.iam.evaluation.matching import (
    Facts,
    Test,
    any_of,
    glob,
    negated,
    wildcard_test,
)
from cloudarium.services.iam.evaluation.principals import Grant, Naming, naming

_REMEMBERED_ACTIONS = 500


def _nobody(_: Principal) -> Grant:
    return Grant.NONE


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A compiled statement; `policy` names the policy it comes from (an ARN if managed).

    `names` counts in resources' policies only, where a statement without a principal is nobody's.
    """

    policy: str
    sid: str
    deny: bool
    actions: Test
    covers: Test | None
    conditions: tuple[Condition, ...]
    names: Naming

    def applies(self, resource: str, facts: Facts) -> bool:
        """Tell whether resource and conditions fit (the action is known to)."""
        if self.covers is not None and not self.covers(resource, facts):
            return False
        return all(condition(facts) for condition in self.conditions)


def compile_policy(document: Document, policy: str = "") -> tuple[Rule, ...]:
    """Compile the statements of `document`; `policy` is how a denial names it."""
    variables = document.version == "2012-10-17"
    return tuple(_rule(statement, policy, variables) for statement in document.statements)


def _rule(statement: Statement, policy: str, variables: bool) -> Rule:
    return Rule(
        policy=policy,
        sid=statement.sid,
        deny=statement.effect == "Deny",
        actions=_actions(statement),
        covers=_resources(statement, variables),
        conditions=tuple(
            compile_condition(operator, key, values, variables)
            for operator, key, values in statement.conditions
        ),
        names=_nobody
        if statement.principals is None
        else naming(statement.principals, statement.not_principal),
    )


def _actions(statement: Statement) -> Test:
    patterns = [glob(action.lower()) for action in statement.actions]

    def test(action: str, _: Facts) -> bool:
        return any(matches(action) for matches in patterns)

    return negated(test) if statement.not_action else test


def _resources(statement: Statement, variables: bool) -> Test | None:
    if statement.resources is None or (not statement.not_resource and "*" in statement.resources):
        return None
    test = any_of([wildcard_test(resource, variables) for resource in statement.resources])
    return negated(test) if statement.not_resource else test


class _NoFacts:
    def values(self, key: str) -> None:
        return None


_NO_FACTS = _NoFacts()


class Rules:
    """The statements of policies that count as one: what they deny and what they allow.

    Statements are looked up by action once; the answer is remembered.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._by_action: dict[str, tuple[tuple[Rule, ...], tuple[Rule, ...]]] = {}

    def about(self, action: str) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
        """Return the statements that deny and those that allow `action`, whatever else they ask."""
        found = self._by_action.get(action)
        if found is None:
            lowered = action.lower()
            matching = [rule for rule in self._rules if rule.actions(lowered, _NO_FACTS)]
            found = (
                tuple(rule for rule in matching if rule.deny),
                tuple(rule for rule in matching if not rule.deny),
            )
            if len(self._by_action) >= _REMEMBERED_ACTIONS:
                self._by_action.clear()
            self._by_action[action] = found
        return found

    def denying(self, action: str, resource: str, facts: Facts) -> Rule | None:
        """Return a statement that denies, or None."""
        for rule in self.about(action)[0]:
            if rule.applies(resource, facts):
                return rule
        return None

    def allowing(self, action: str, resource: str, facts: Facts) -> Rule | None:
        """Return a statement that allows, or None."""
        for rule in self.about(action)[1]:
            if rule.applies(resource, facts):
                return rule
        return None

    def denying_principal(
        self, principal: Principal, action: str, resource: str, facts: Facts
    ) -> Rule | None:
        """Return a statement of this resource policy that denies `principal`, or None."""
        for rule in self.about(action)[0]:
            if rule.names(principal) and rule.applies(resource, facts):
                return rule
        return None

    def granting(
        self, principal: Principal, action: str, resource: str, facts: Facts
    ) -> tuple[Grant, Rule | None]:
        """Return how closely this resource policy allows `principal`, and by which statement."""
        best: tuple[Grant, Rule | None] = (Grant.NONE, None)
        for rule in self.about(action)[1]:
            grant = rule.names(principal)
            if grant > best[0] and rule.applies(resource, facts):
                best = (grant, rule)
        return best
