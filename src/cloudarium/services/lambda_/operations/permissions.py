"""Resource policies."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.lambda_ import aliases, errors, functions, policies
from cloudarium.services.lambda_.names import LATEST, Reference, parse, reference


def add_permission(ctx: Context, request: Request) -> Response:
    """AddPermission: one statement, for the function or one of its versions or aliases."""
    wanted = _existing(ctx, request)
    made = policies.statement(wanted, request)
    _check_revision(ctx, wanted, request)
    policies.add(ctx, wanted, made)
    return {"Statement": json.dumps(made, separators=(",", ":"))}


def _existing(ctx: Context, request: Request) -> Reference:
    return _checked(ctx, reference(ctx, request))


def _checked(ctx: Context, wanted: Reference) -> Reference:
    if wanted.qualifier == LATEST:
        raise errors.invalid(errors.NO_POLICY_ON_LATEST)
    functions.find(ctx, wanted)
    if aliases.is_alias(wanted.qualifier):
        aliases.find(ctx, wanted)
    elif wanted.qualifier:
        functions.find_version(ctx, wanted, wanted.qualifier)
    return wanted


def _check_revision(ctx: Context, wanted: Reference, request: Request) -> None:
    if request.get("RevisionId") not in (None, policies.revision(ctx, wanted)):
        raise errors.revision_differs()


def remove_permission(ctx: Context, request: Request) -> Response:
    """RemovePermission."""
    named = reference(ctx, request).qualified("")
    if functions.get(ctx, named) is None:
        raise errors.no_policy(named.arn)
    wanted = _existing(ctx, request)
    _check_revision(ctx, wanted, request)
    policies.remove(ctx, wanted, request["StatementId"])
    return {}


def get_policy(ctx: Context, request: Request) -> Response:
    """GetPolicy: a version that is not there has none, of a function that is there."""
    wanted = reference(ctx, request)
    if wanted.qualifier == LATEST:
        raise errors.invalid(errors.NO_POLICY_ON_LATEST)
    functions.find(ctx, wanted.qualified(""))
    policy = policies.get(ctx, wanted)
    if policy is None:
        raise errors.policy_not_found()
    return _answer(ctx, wanted, policy)


def _answer(ctx: Context, wanted: Reference, policy: dict[str, Any]) -> Response:
    text = json.dumps(policy, separators=(",", ":"))
    return {"Policy": text, "RevisionId": policies.revision(ctx, wanted)}


def put_resource_policy(ctx: Context, request: Request) -> Response:
    """PutResourcePolicy: a whole policy, in place of all permissions that were added."""
    wanted = _checked(ctx, parse(ctx, request["ResourceArn"]))
    policy = policies.document(request["Policy"])
    _check_revision(ctx, wanted, request)
    policies.put(ctx, wanted, policy)
    return _answer(ctx, wanted, policy)


def get_resource_policy(ctx: Context, request: Request) -> Response:
    """GetResourcePolicy."""
    wanted = _checked(ctx, parse(ctx, request["ResourceArn"]))
    policy = policies.get(ctx, wanted)
    if policy is None:
        raise errors.policy_not_found()
    return _answer(ctx, wanted, policy)


def delete_resource_policy(ctx: Context, request: Request) -> Response:
    """DeleteResourcePolicy: all permissions, however they came."""
    wanted = _checked(ctx, parse(ctx, request["ResourceArn"]))
    _check_revision(ctx, wanted, request)
    policies.delete(ctx, wanted)
    return {}
