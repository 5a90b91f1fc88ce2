"""What IAM's older parser cannot read of a statement that follows the grammar.

It reads the values of conditions that are no text, and takes ARNs apart. Source: the documents
that IAM was seen to take and to refuse with "The policy failed legacy parsing": moto's
test_iam_policies.py, cdk-preflight's rules for IAM.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from cloudarium.services.iam.evaluation.conditions import base_of
from cloudarium.services.iam.evaluation.document import Statement

_VARIABLE = re.compile(r"\$\{[^}]*\}")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_SECONDS = re.compile(r"-?\d+")
_LATEST = 2**63 - 1
_DATE = re.compile(
    r"-?\d+(-(0?[1-9]|1[0-2])(-(0?[1-9]|[12]\d|3[01]))?)?"
    r"([Tt](([01]?\d|2[0-3])(:[0-5]\d(:[0-5]\d(\.\d{1,9})?)?)?(Z|[+-]\d\d(:?[0-5]\d)?)?)?)?"
)
_ADDRESS = re.compile(r"[0-9A-Fa-f.:]+(/\d{1,3})?")
_ACCOUNT = re.compile(r"[a-z0-9\-*?]*|.*\$\{.*")


def arn_parts(resource: str) -> list[str]:
    """Return the six parts of a resource's ARN; the last it leaves out are `*`."""
    hidden = _VARIABLE.sub(lambda variable: variable[0].replace(":", "\0"), resource)
    parts = [part.replace("\0", ":") for part in hidden.split(":", 5)]
    return ["arn", *parts[1:], *["*"] * (6 - len(parts))]


def can_read_arn(resource: str) -> bool:
    """Tell whether an ARN of a known partition names a service, and an account that may be."""
    _, _, vendor, _, account, _ = arn_parts(resource)
    return bool(vendor) and _ACCOUNT.fullmatch(account) is not None


def can_read_conditions(statement: Statement) -> bool:
    """Tell whether the values of the conditions are what their operators compare."""
    return all(
        _readable(base_of(operator))(value)
        for operator, _, values in statement.conditions
        for value in values
    )


def _readable(operator: str) -> Callable[[str], bool]:
    for prefix, is_value in _VALUES.items():
        if operator.removeprefix("Not").startswith(prefix):
            return is_value
    return lambda _: True


def _is_number(value: str) -> bool:
    return _NUMBER.fullmatch(value) is not None


def _is_date(value: str) -> bool:
    if _SECONDS.fullmatch(value):
        return abs(int(value)) <= _LATEST
    return _DATE.fullmatch(value) is not None


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return _ADDRESS.fullmatch(value) is not None


def _is_arn(value: str) -> bool:
    parts = _VARIABLE.sub("", value).split(":", 5)
    return value == "*" or (parts[0] == "arn" and (len(parts) == 6 or parts[-1] == "*"))


_VALUES = {"Numeric": _is_number, "Date": _is_date, "IpAddress": _is_address, "Arn": _is_arn}
