"""`ParameterFilters`: which keys and options there are, and which parameters fit.

"ParameterStringFilter", Systems Manager API Reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.ssm import errors, parameters
from cloudarium.services.ssm.parameters import Parameter

BY_PATH = ("Type", "KeyId")
DESCRIBING = ("Name", "Type", "KeyId", "Path", "Tier", "DataType", "tag")

_VALUES: dict[str, Callable[[Parameter], str]] = {
    "Name": lambda each: each.name,
    "Type": lambda each: each.type,
    "KeyId": lambda each: each.key_id,
    "Tier": lambda each: each.tier,
    "DataType": lambda each: "text",
}


def fitting(
    ctx: Context,
    found: Iterable[Parameter],
    asked: Iterable[Mapping[str, Any]],
    keys: tuple[str, ...],
) -> list[Parameter]:
    """Return those of `found` that fit all filters, whose keys must be of `keys`."""
    result = list(found)
    for each in asked:
        key, _, tag = each["Key"].partition(":")
        if key not in keys:
            raise errors.InvalidFilterKey(key=each["Key"])
        values = each.get("Values") or []
        if not values and key != "tag":
            raise errors.InvalidFilterValue(key=key)
        fits = _path(each, values) if key == "Path" else _plain(ctx, each, key, tag, values)
        result = [parameter for parameter in result if fits(parameter)]
    return result


def _path(each: Mapping[str, Any], values: list[str]) -> Callable[[Parameter], bool]:
    option = each.get("Option", "OneLevel")
    if option not in ("Recursive", "OneLevel"):
        raise errors.InvalidFilterOption(option=option, key="Path")
    starts = [value.rstrip("/") + "/" for value in values]

    def fits(parameter: Parameter) -> bool:
        below = [parameter.name[len(s) :] for s in starts if parameter.name.startswith(s)]
        return any(option == "Recursive" or "/" not in rest for rest in below)

    return fits


def _plain(
    ctx: Context, each: Mapping[str, Any], key: str, tag: str, values: list[str]
) -> Callable[[Parameter], bool]:
    option = each.get("Option", "Equals")
    if option not in ("Equals", "BeginsWith") and (key, option) != ("Name", "Contains"):
        raise errors.InvalidFilterOption(option=option, key=each["Key"])

    def fits(parameter: Parameter) -> bool:
        if key == "tag":
            own = parameters.tags(ctx, parameter.name).get(tag)
            return own is not None and (not values or _matches(own, option, values))
        return _matches(_VALUES[key](parameter), option, values)

    return fits


def _matches(own: str, option: str, values: list[str]) -> bool:
    if option == "Equals":
        return own in values
    if option == "BeginsWith":
        return own.startswith(tuple(values))
    return any(value in own for value in values)
