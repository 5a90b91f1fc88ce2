"""Allow or deny, and why.

Source: "Policy evaluation logic" (within an account, across accounts, and "How AWS enforcement
code logic evaluates requests to allow or deny access"), IAM User Guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cloudarium.core.identity import Principal
from cloudarium.services.iam.evaluation.matching import Facts
from cloudarium.services.iam.evaluation.principals import Grant
from cloudarium.services.iam.evaluation.rules import Rule, Rules


class Layer(Enum):
    """A kind of policy, by the name messages give it."""

    IDENTITY = "identity-based policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    RESOURCE = "resource-based policy"
    TRUST = "role trust policy"


@dataclass(frozen=True, slots=True)
class Permissions:
    """The policies of one principal. No boundary or session policies: None.

    `everything` is the root user, whom only a resource's policy can stop.
    """

    identity: Rules
    boundary: Rules | None = None
    session: Rules | None = None
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Whether `principal` may do `action` on `resource`, which belongs to account `owner`."""

    principal: Principal
    action: str
    resource: str
    owner: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer. For a denial `layer` says which kind of policy, `rule` which statement denies."""

    allowed: bool
    layer: Layer | None = None
    rule: Rule | None = None

    @property
    def explicit(self) -> bool:
        """Whether a statement denies, rather than none allowing."""
        return not self.allowed and self.rule is not None


ALLOWED = Decision(True)
# The owner's root user can always repair a policy that locks everyone out ("Bucket policies for
# Amazon S3", S3 User Guide).
_REPAIRS = frozenset({"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"})


def is_trust(action: str, resource: str) -> bool:
    """Tell whether the resource's policy is a role's trust policy, which must always allow."""
    return action.startswith("sts:") and ":role/" in resource


def decide(question: Question, permissions: Permissions, policy: Rules | None) -> Decision:
    """Decide `question` by the principal's `permissions` and the resource's own `policy`."""
    denial = _explicit(question, permissions, policy)
    if denial is not None:
        return denial
    principal, facts = question.principal, question.facts
    trust = is_trust(question.action, question.resource)
    grant, rule = Grant.NONE, None
    if policy is not None:
        grant, rule = policy.granting(principal, question.action, question.resource, facts)
    without_policy = Decision(False, Layer.TRUST if trust else Layer.RESOURCE)
    if principal.kind in ("service", "anonymous"):
        return Decision(True, rule=rule) if grant else without_policy
    ours = question.owner == principal.account
    if ours and grant is Grant.SELF:
        return Decision(True, rule=rule)
    denial = _implicit(question, permissions, by_policy=ours and grant is Grant.ROLE)
    if denial is not None:
        return denial
    if (trust or not ours) and not grant:
        return without_policy
    return ALLOWED


def _explicit(
    question: Question, permissions: Permissions, policy: Rules | None
) -> Decision | None:
    action, resource, facts = question.action, question.resource, question.facts
    for layer, rules in (
        (Layer.IDENTITY, permissions.identity),
        (Layer.BOUNDARY, permissions.boundary),
        (Layer.SESSION, permissions.session),
    ):
        rule = None if rules is None else rules.denying(action, resource, facts)
        if rule is not None:
            return Decision(False, layer, rule)
    if policy is None:
        return None
    rule = policy.denying_principal(question.principal, action, resource, facts)
    if rule is None or (permissions.everything and action in _REPAIRS):
        return None
    return Decision(False, Layer.TRUST if is_trust(action, resource) else Layer.RESOURCE, rule)


def _implicit(question: Question, permissions: Permissions, by_policy: bool) -> Decision | None:
    """Return the denial of the first layer that allows nothing; `by_policy` needs no identity's."""
    action, resource, facts = question.action, question.resource, question.facts
    identity = None if by_policy or permissions.everything else permissions.identity
    for layer, rules in (
        (Layer.IDENTITY, identity),
        (Layer.BOUNDARY, permissions.boundary),
        (Layer.SESSION, permissions.session),
    ):
        if rules is not None and rules.allowing(action, resource, facts) is None:
            return Decision(False, layer)
    return None
