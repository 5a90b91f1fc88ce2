"""Policies tried out on requests nobody made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cloudarium.core import arn as arns
from cloudarium.core.identity import Principal
from cloudarium.services.iam.evaluation.decision import (
    Decision,
    Layer,
    Permissions,
    Question,
    decide,
)
from cloudarium.services.iam.evaluation.document import Document
from cloudarium.services.iam.evaluation.facts import RequestFacts, of_principal, of_time
from cloudarium.services.iam.evaluation.matching import variables
from cloudarium.services.iam.evaluation.rules import Rule, Rules

# What AWS says of every policy, whatever the model lists (public records of its answers).
_TYPE = "IAM Policy"


@dataclass(frozen=True)
class Source:
    """A policy that takes part, by the id results name it with."""

    id: str
    rules: tuple[Rule, ...]
    document: Document


@dataclass(frozen=True)
class Trial:
    """What a simulation goes by."""

    principal: Principal
    sources: Sequence[Source]
    boundary: Rules | None
    resource_policy: Rules | None
    owner: str
    context: Mapping[str, str | list[str]]
    now: float

    def result(self, action: str, resource: str, *, is_named: bool) -> dict[str, Any]:
        """Return the evaluation result of one action on one resource.

        One that `is_named` in the request is told of once more, as AWS's answers have it.
        """
        facts = RequestFacts(of_time(self.now), of_principal(self.principal), self.context)
        parsed = arns.parse(resource)
        owner = self.owner or (parsed.account if parsed else "") or self.principal.account
        question = Question(self.principal, action, resource, owner, facts)
        rules = Rules(rule for source in self.sources for rule in source.rules)
        permissions = Permissions(rules, self.boundary)
        decision = decide(question, permissions, self.resource_policy)
        shown: dict[str, Any] = {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "EvalDecision": _named(decision),
            "MatchedStatements": self._matched(question, decision),
            "MissingContextValues": self._missing(question),
        }
        if self.boundary is not None:
            allowed = self._within(question, self.boundary)
            shown["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": allowed}
        if is_named:
            specific = {
                "EvalResourceName": resource,
                "EvalResourceDecision": shown["EvalDecision"],
                "MatchedStatements": shown["MatchedStatements"],
                "MissingContextValues": shown["MissingContextValues"],
            }
            shown["ResourceSpecificResults"] = [specific]
        return shown

    def _within(self, question: Question, boundary: Rules) -> bool:
        asked = (question.action, question.resource, question.facts)
        return boundary.denying(*asked) is None and boundary.allowing(*asked) is not None

    def _matched(self, question: Question, decision: Decision) -> list[dict[str, str]]:
        matched = []
        for source in self.sources:
            rules = Rules(source.rules)
            asked = (question.action, question.resource, question.facts)
            rule = rules.denying(*asked) if decision.explicit else rules.allowing(*asked)
            if rule is not None and decision.layer is not Layer.BOUNDARY:
                matched.append({"SourcePolicyId": source.id, "SourcePolicyType": _TYPE})
        return matched

    def _missing(self, question: Question) -> list[str]:
        """Return the context keys statements about the action ask for and nobody gave."""
        action = question.action.lower()
        asked = {
            key
            for source in self.sources
            for rule, statement in zip(source.rules, source.document.statements, strict=True)
            if rule.actions(action, question.facts)
            for _, key, _ in statement.conditions
        }
        return sorted(key for key in asked if question.facts.values(key.lower()) is None)


def context_keys(sources: Sequence[Source]) -> list[str]:
    """Return the condition keys policies speak of, in conditions and as variables, in order."""
    statements = [each for source in sources for each in source.document.statements]
    keys = {key for statement in statements for _, key, _ in statement.conditions}
    for statement in statements:
        values = [value for _, _, values in statement.conditions for value in values]
        for text in (*(statement.resources or ()), *values):
            keys.update(variables(text))
    return sorted(keys)


def _named(decision: Decision) -> str:
    if decision.allowed:
        return "allowed"
    return "explicitDeny" if decision.explicit else "implicitDeny"
