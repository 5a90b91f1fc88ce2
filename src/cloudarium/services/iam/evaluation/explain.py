"""The message of a denial.

Source: "Troubleshoot access denied error messages", IAM User Guide. An explicit denial by a managed
policy ends with the policy's ARN. S3 writes the resource in quotation marks and leaves `*` out.
"""

from __future__ import annotations

from cloudarium.services.iam.evaluation.decision import Decision, Layer, Question


def explain(question: Question, decision: Decision) -> str:
    """Return the sentence AWS answers for the denial `decision` of `question`."""
    action = question.action
    principal = question.principal
    who = "anonymous" if principal.kind == "anonymous" else principal.arn
    head = f"User: {who} is not authorized to perform: {action}{_on(question)}"
    assert decision.layer is not None
    name = decision.layer.value
    if decision.rule is None:
        return f"{head} because no {name} allows the {action} action"
    article = {Layer.IDENTITY: "an", Layer.TRUST: "the"}.get(decision.layer, "a")
    policy = decision.rule.policy
    source = f": {policy}" if policy.startswith("arn:") else ""
    return f"{head} with an explicit deny in {article} {name}{source}"


def _on(question: Question) -> str:
    resource = question.resource
    if not question.action.startswith("s3:"):
        return f" on resource: {resource}"
    return "" if resource == "*" else f' on resource: "{resource}"'
