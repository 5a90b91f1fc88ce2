"""Who a resource's policy means by its `Principal` element.

Source: "AWS JSON policy elements: Principal" and "NotPrincipal", IAM User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum

from cloudarium.core.identity import Principal

_ACCOUNT = re.compile(r"(?:arn:aws:iam::)?(\d{4}-?\d{4}-?\d{4})(?::root)?")

# Some services act under a name with their region in it too (`logs.us-east-1.amazonaws.com`).
_REGIONAL = re.compile(r"^([a-z0-9-]+)\.[a-z]{2}(?:-[a-z]+)+-\d(\.amazonaws\.com)$")


class Grant(IntEnum):
    """How closely a resource's policy names a principal; the closer, the fewer others count.

    ACCOUNT delegates to the account, whose own policies then decide. ROLE names the role (or
    everyone): session policies and the boundary still limit it. SELF names the very principal.
    """

    NONE = 0
    ACCOUNT = 1
    ROLE = 2
    SELF = 3


Naming = Callable[[Principal], Grant]


def naming(elements: tuple[tuple[str, str], ...], excluded: bool) -> Naming:
    """Compile a `Principal` element, or with `excluded` a `NotPrincipal` element."""
    tests = [_named(kind, value) for kind, value in elements]

    def grant(principal: Principal) -> Grant:
        return max((test(principal) for test in tests), default=Grant.NONE)

    if not excluded:
        return grant
    return lambda principal: Grant.NONE if grant(principal) else _everyone(principal)


def _named(kind: str, value: str) -> Naming:
    if kind == "Service":
        service = _REGIONAL.sub(r"\1\2", value)
        return lambda principal: Grant.SELF if principal.service == service else Grant.NONE
    if kind == "Federated":
        return lambda principal: Grant.SELF if principal.arn == value else Grant.NONE
    if kind == "CanonicalUser":
        return lambda _: Grant.NONE
    if value == "*":
        return _everyone
    account = _ACCOUNT.fullmatch(value)
    return _of_account(account[1].replace("-", "")) if account else _of_arn(value)


def _everyone(principal: Principal) -> Grant:
    return Grant.ROLE if principal.kind in ("role", "federated") else Grant.SELF


def _of_account(account: str) -> Naming:
    def grant(principal: Principal) -> Grant:
        if principal.account != account or principal.kind in ("service", "anonymous"):
            return Grant.NONE
        return Grant.SELF if principal.kind == "root" else Grant.ACCOUNT

    return grant


def _of_arn(arn: str) -> Naming:
    def grant(principal: Principal) -> Grant:
        if principal.arn == arn:
            return Grant.SELF
        return Grant.ROLE if principal.role_arn == arn else Grant.NONE

    return grant
