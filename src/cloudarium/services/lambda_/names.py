"""Function names as requests give them: a name or a (partial) ARN, perhaps with a qualifier."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from cloudarium.core.context import Context, Request
from cloudarium.services.lambda_ import errors

LATEST = "$LATEST"
_NAME = re.compile(
    r"(?:(?:arn:[^:]+:lambda:(?P<region>[^:]+):)?(?:(?P<account>\d{12}):)?function:|"
    r"(?P<partial>\d{12}):)?(?P<name>[A-Za-z0-9_-]+)(?::(?P<qualifier>[A-Za-z0-9_$-]+))?$"
)


class Reference(NamedTuple):
    """A function, and the version or alias meant ("" if none was named)."""

    account: str
    region: str
    name: str
    qualifier: str = ""

    @property
    def function_arn(self) -> str:
        """The ARN without a qualifier."""
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{self.name}"

    @property
    def arn(self) -> str:
        """The ARN with the qualifier, if there is one."""
        return f"{self.function_arn}:{self.qualifier}" if self.qualifier else self.function_arn

    @property
    def session_name(self) -> str:
        """The name of its role's sessions: STS wants 2 characters at least."""
        return self.name if len(self.name) > 1 else f"{self.name}@lambda_function"

    def qualified(self, qualifier: str) -> Reference:
        """The same function, with another qualifier."""
        return Reference(self.account, self.region, self.name, qualifier)


def reference(ctx: Context, request: Request) -> Reference:
    """What a request's FunctionName and Qualifier mean.

    Raises InvalidParameterValueException when both name a qualifier and they differ.
    """
    found = parse(ctx, request["FunctionName"])
    wanted = request.get("Qualifier") or ""
    if found.qualifier and wanted and found.qualifier != wanted:
        raise errors.invalid(errors.QUALIFIERS_DIFFER)
    return found.qualified(wanted) if wanted else found


def parse(ctx: Context, text: str) -> Reference:
    """What a name or ARN means in the caller's account and region.

    Raises ResourceNotFoundException for an ARN of another region.
    """
    return _parsed(text, ctx.account, ctx.region)


@lru_cache(1024)
def _parsed(text: str, own_account: str, own_region: str) -> Reference:
    match = _NAME.match(text)
    if match is None:
        raise errors.function_not_found(text)
    region = match["region"]
    if region and region != own_region:
        raise errors.other_region(region, own_region)
    account = match["account"] or match["partial"] or own_account
    return Reference(account, own_region, match["name"], match["qualifier"] or "")
