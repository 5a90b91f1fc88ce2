"""Permissions: statements of the queue's policy, by label."""

from __future__ import annotations

from typing import Any

import orjson

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.sqs import errors, queues
from cloudarium.services.sqs.queues import Queue


def add_permission(ctx: Context, request: Request) -> Response:
    """Allow other accounts to use the queue."""
    queue = queues.find(ctx, request["QueueUrl"])
    policy = _policy(queue)
    if any(statement.get("Sid") == request["Label"] for statement in policy["Statement"]):
        raise errors.LabelExists(label=request["Label"])
    accounts = [f"arn:aws:iam::{account}:root" for account in request["AWSAccountIds"]]
    actions = [f"SQS:{action}" for action in request["Actions"]]
    statement = {
        "Sid": request["Label"],
        "Effect": "Allow",
        "Principal": {"AWS": accounts[0] if len(accounts) == 1 else accounts},
        "Action": actions[0] if len(actions) == 1 else actions,
        "Resource": queue.arn,
    }
    _set(ctx, queue, {**policy, "Statement": [*policy["Statement"], statement]})
    return {}


def remove_permission(ctx: Context, request: Request) -> Response:
    """Remove the statement with the label."""
    queue = queues.find(ctx, request["QueueUrl"])
    policy = _policy(queue)
    kept = [s for s in policy["Statement"] if s.get("Sid") != request["Label"]]
    if len(kept) == len(policy["Statement"]):
        raise errors.LabelMissing(label=request["Label"])
    _set(ctx, queue, {**policy, "Statement": kept} if kept else None)
    return {}


def _policy(queue: Queue) -> dict[str, Any]:
    policy = queue.policy or {
        "Version": "2008-10-17",
        "Id": f"{queue.arn}/SQSDefaultPolicy",
        "Statement": [],
    }
    statements = policy.get("Statement", [])
    return {**policy, "Statement": statements if isinstance(statements, list) else [statements]}


def _set(ctx: Context, queue: Queue, policy: dict[str, Any] | None) -> None:
    kept = {name: value for name, value in queue.attributes.items() if name != "Policy"}
    if policy is not None:
        kept["Policy"] = orjson.dumps(policy).decode()
    queues.set_attributes(ctx, queue, kept)
