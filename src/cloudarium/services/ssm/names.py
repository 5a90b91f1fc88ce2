"""Names of parameters: what they may be, and what a reader may add to them.

"About requirements and constraints for parameter names", Systems Manager User Guide.
"""

from __future__ import annotations

import re

from cloudarium.core import arn
from cloudarium.core.context import Context
from cloudarium.services.ssm import errors, limits

_NAME = re.compile(r"[a-zA-Z0-9_.\-/]+")
_RESERVED = ("aws", "ssm")
_RESOURCE = "parameter"


def arn_of(ctx: Context, name: str) -> str:
    """Return the ARN of the parameter `name`, of this account and region."""
    return ctx.arn(_RESOURCE + (name if name.startswith("/") else f"/{name}"), service="ssm")


def check(ctx: Context, name: str) -> None:
    """Raise ValidationException or HierarchyLevelLimitExceededException for no name."""
    plain = name.removeprefix("/").lower()
    prefix = next((each for each in _RESERVED if plain.startswith(each)), None)
    if prefix is not None or not _NAME.fullmatch(name) or "//" in name or name.endswith("/"):
        raise errors.BadName(prefix=prefix or "ssm")
    if "/" in name and not name.startswith("/"):
        raise errors.NotQualified()
    if name.strip("/").count("/") >= limits.LEVELS:
        raise errors.TooDeep()
    if len(arn_of(ctx, name)) > limits.NAME_WITH_ARN:
        raise errors.LongName()


def parsed(ctx: Context, given: str) -> tuple[str, str]:
    """Return the name and the selector (a version's number or label, or "") in a reader's `Name`.

    An ARN is one of this account and region, or names nothing. Raises ParameterNotFound.
    """
    name = given
    if found := arn.parse(given):
        if (found.account, found.region) != (ctx.account, ctx.region):
            raise errors.ParameterNotFound()
        name = found.resource.removeprefix(_RESOURCE)
        if name.count("/") == 1:  # The ARN of a name without a slash has one all the same.
            return _split(name.removeprefix("/"))
    return _split(name)


def _split(name: str) -> tuple[str, str]:
    name, _, selector = name.partition(":")
    return name, selector
