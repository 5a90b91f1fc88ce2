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
_SECURE = "SecureString"


async def resolved(
    ctx: Context, declared: Mapping[str, ParameterDefinition], values: Mapping[str, str]
) -> dict[str, str]:
    """Return what Parameter Store has, read as the caller, by the template parameter's name.

    Raises ValidationError where it has nothing, or a secure string.
    """
    asked = {name: values[name] for name, each in declared.items() if each.is_stored}
    found = await _found(ctx, sorted(set(asked.values())))
    missing = [name for name in asked.values() if name not in found]
    if missing:
        raise invalid(
            f"Unable to fetch parameters [{','.join(missing)}] from parameter store for this "
            "account."
        )
    secure = [name for name in asked.values() if found[name]["Type"] == _SECURE]
    if secure:
        raise invalid(
            f"Parameters [{','.join(secure)}] referenced by template have types not supported by "
            "CloudFormation."
        )
    return {
        name: found[key]["Value"]
        for name, key in asked.items()
        if declared[name].stored_type is not None
    }


async def _found(ctx: Context, names: list[str]) -> dict[str, dict[str, Any]]:
    """Return the parameters there are, by the name they were asked for."""
    found: dict[str, dict[str, Any]] = {}
    for begin in range(0, len(names), _NAMES_AT_ONCE):
        params = {"Names": names[begin : begin + _NAMES_AT_ONCE]}
        answer = await ctx.call("ssm", "GetParameters", params, principal=ctx.principal)
        for each in answer["Parameters"]:
            found[each["Name"] + each.get("Selector", "")] = each
            found[each["ARN"] + each.get("Selector", "")] = each
    return found
