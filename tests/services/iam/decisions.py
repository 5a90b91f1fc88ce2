"""People, policies and questions for the decision tables."""

from __future__ import annotations

from typing import Any

from cloudarium.core.identity import Principal, service_principal
from cloudarium.services.iam.evaluation.decision import (
    Decision,
    Permissions,
    Question,
    decide,
)
from cloudarium.services.iam.evaluation.document import read
from cloudarium.services.iam.evaluation.explain import explain
from cloudarium.services.iam.evaluation.facts import RequestFacts, of_principal, of_time
from cloudarium.services.iam.evaluation.rules import Rules, compile_policy

HERE, THERE = "111122223333", "444455556666"
ANN = Principal("user", f"arn:aws:iam::{HERE}:user/ann", HERE, id="AIDAANN", name="ann")
JOB = Principal(
    "role",
    f"arn:aws:sts::{HERE}:assumed-role/job/run",
    HERE,
    id="AROAJOB:run",
    name="run",
    role_arn=f"arn:aws:iam::{HERE}:role/job",
    tags={"team": "blue"},
)
STRANGER = Principal("user", f"arn:aws:iam::{THERE}:user/eve", THERE, id="AIDAEVE", name="eve")
LAMBDA = service_principal("lambda.amazonaws.com", HERE)
QUEUE = f"arn:aws:sqs:us-east-1:{HERE}:jobs"
ROLE = f"arn:aws:iam::{HERE}:role/deploy"

Statement = dict[str, Any]


def rules(*statements: Statement, version: str = "2012-10-17", name: str = "") -> Rules:
    """Compile statements as one policy."""
    return Rules(compile_policy(read({"Version": version, "Statement": list(statements)}), name))


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> Statement:
    """Return a statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "*", resource: Any = "*", **more: Any) -> Statement:
    """Return a statement that denies."""
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def ask(
    principal: Principal,
    action: str = "sqs:SendMessage",
    resource: str = QUEUE,
    *,
    identity: Rules | None = None,
    boundary: Rules | None = None,
    session: Rules | None = None,
    policy: Rules | None = None,
    owner: str = HERE,
    **context: str | list[str],
) -> tuple[Question, Decision]:
    """Ask with these policies; `x__Key` gives the condition key `x:Key`."""
    keys = {key.replace("__", ":"): value for key, value in context.items()}
    facts = RequestFacts(of_time(1_700_000_000), of_principal(principal), keys)
    question = Question(principal, action, resource, owner, facts)
    everything = principal.kind == "root"
    permissions = Permissions(identity or rules(deny("none:*")), boundary, session, everything)
    return question, decide(question, permissions, policy)


def allowed(*args: Any, **kwargs: Any) -> bool:
    """Tell whether the answer is yes."""
    return ask(*args, **kwargs)[1].allowed


def message(*args: Any, **kwargs: Any) -> str:
    """Return the explanation of a denial."""
    return explain(*ask(*args, **kwargs))
