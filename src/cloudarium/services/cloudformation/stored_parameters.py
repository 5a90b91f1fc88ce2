"""Template parameters whose value names one of Parameter Store.

"Specify existing resources at runtime with CloudFormation-supplied parameter types", User Guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.cloudformation.errors import invalid
from cloudarium.services.cloudformation.template.model import ParameterDefinition

_NAMES_AT_ONCE = 10  # GetParameters, Names
SECURE = "SecureString"
_LIST = "StringList"


async def resolved(
    ctx: Context, declared: Mapping[str, ParameterDefinition], values: Mapping[str, str]
) -> dict[str, str]:
    """Return what Parameter Store has, read as the caller, by the template parameter's name.

    Raises ValidationError where it has nothing, or a secure string.
    """
    asked = {name: values[name] for name, each in declared.items() if each.is_stored}
    stored = await found(ctx, sorted(set(asked.values())))
    missing = [name for name in asked.values() if name not in stored]
    if missing:
        raise invalid(
            f"Unable to fetch parameters [{','.join(missing)}] from parameter store for this "
            "account."
        )
    secure = [name for name in asked.values() if stored[name]["Type"] == SECURE]
    if secure:
        raise invalid(
            f"Parameters [{','.join(secure)}] referenced by template have types not supported by "
            "CloudFormation."
        )
    valued = {name: key for name, key in asked.items() if declared[name].stored_type is not None}
    unlike = [
        key
        for name, key in valued.items()
        if declared[name].is_list != (stored[key]["Type"] == _LIST)
    ]
    if unlike:
        raise invalid(
            f"Types for SSM parameters [{','.join(unlike)}] defined in CFN template and SSM are "
            "incompatible"
        )
    return {name: _value(declared[name], stored[key]["Value"]) for name, key in valued.items()}


def _value(declared: ParameterDefinition, value: str) -> str:
    """Return a stored value; a list's elements come without the blanks around them."""
    if not declared.is_list:
        return value
    return ",".join(element.strip() for element in value.split(","))


async def found(ctx: Context, names: list[str]) -> dict[str, dict[str, Any]]:
    """Return the parameters there are, by the name they were asked for."""
    by_name: dict[str, dict[str, Any]] = {}
    for begin in range(0, len(names), _NAMES_AT_ONCE):
        params = {"Names": names[begin : begin + _NAMES_AT_ONCE]}
        answer = await ctx.call("ssm", "GetParameters", params, principal=ctx.principal)
        for each in answer["Parameters"]:
            by_name[each["Name"] + each.get("Selector", "")] = each
            by_name[each["ARN"] + each.get("Selector", "")] = each
    return by_name
