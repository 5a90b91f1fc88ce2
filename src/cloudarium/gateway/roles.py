"""Roles that API Gateway is given: who gives it one passes it (`iam:PassRole`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cloudarium.core.context import Context
from cloudarium.core.errors import AccessDenied
from cloudarium.core.identity import Access

# What an integration has in place of a role to be called as who calls the API.
CALLER = "arn:aws:iam::*:user/*"
_ROLE = re.compile(r"arn:aws[\w-]*:iam::(?P<account>\d{12}):role/.+")


def passed(ctx: Context, role: object) -> Iterator[Access]:
    """Yield what passing `role` to API Gateway needs, if it is a role.

    Raises AccessDenied for a role of another account, as recorded (aws-apigateway-importer #25).
    """
    match = _ROLE.fullmatch(role) if isinstance(role, str) else None
    if match is None:
        return
    if match["account"] != ctx.account:
        raise AccessDenied(message="Cross-account pass role is not allowed.")
    yield Access("iam:PassRole", match[0], {"iam:PassedToService": "apigateway.amazonaws.com"})


def check(ctx: Context, roles: Iterable[object]) -> None:
    """Raise AccessDenied unless the caller may give API Gateway the roles a document names."""
    for role in roles:
        for access in passed(ctx, role):
            ctx.authorize(access)
