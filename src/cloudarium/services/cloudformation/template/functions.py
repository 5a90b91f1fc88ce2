"""The intrinsic functions, one Python function each.

Arguments and error texts: "Intrinsic function reference", User Guide, and AWS's answers.
"""

from __future__ import annotations

import base64
import ipaddress
import json
from typing import TYPE_CHECKING, Any

from cloudarium.services.cloudformation.errors import format_error, invalid, template_error
from cloudarium.services.cloudformation.limits import CIDR_BLOCKS, CONDITION_OPERANDS
from cloudarium.services.cloudformation.template import references
from cloudarium.services.cloudformation.template.parameters import text

if TYPE_CHECKING:
    from cloudarium.services.cloudformation.template.evaluate import Evaluator

_EXTENSIONS = ("Fn::Length", "Fn::ToJsonString")


def call(evaluator: Evaluator, name: str, argument: Any) -> Any:
    """Carry out the function `name`. Raises AWS's `Template error` for a wrong argument."""
    if name == "Fn::Transform":
        raise invalid(f"No transform named {_transform_name(argument)} found.")
    if name not in _FUNCTIONS or (name in _EXTENSIONS and not evaluator.extended):
        supported = ", ".join(n for n in _FUNCTIONS if n not in _EXTENSIONS)
        raise format_error(
            f"Encountered unsupported function: {name} Supported functions are: [{supported}]"
        )
    return _FUNCTIONS[name](evaluator, argument)


def boolean(value: Any) -> bool:
    """Return a condition's value. Raises unless it is one."""
    if isinstance(value, bool):
        return value
    raise format_error(
        "Conditions can only be boolean operations on parameters and other conditions"
    )


def _transform_name(argument: Any) -> str:
    return str(argument.get("Name")) if isinstance(argument, dict) else str(argument)


def _scalar(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _get_att(evaluator: Evaluator, argument: Any) -> Any:
    logical_id, attribute = references.get_att(argument)
    return evaluator.get_att(logical_id, str(evaluator.evaluate(attribute)))


def _sub(evaluator: Evaluator, argument: Any) -> str:
    template, variables = references.sub_parts(argument)
    known: dict[str, str] = {}
    for name, raw in variables.items():
        value = evaluator.evaluate(raw)
        if not _scalar(value):
            raise template_error(
                f"variable {name} in Fn::Sub expression does not resolve to a string"
            )
        known[name] = text(value)

    def replacement(match: Any) -> str:
        name = match.group(1).strip()
        return known[name] if name in known else evaluator.sub_variable(name)

    return references.SUB_VARIABLE.sub(replacement, template).replace("${!", "${")


def _join(evaluator: Evaluator, argument: Any) -> str:
    usage = template_error(
        "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of "
        "strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) "
        "to be joined."
    )
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
        raise usage
    parts = evaluator.evaluate(argument[1])
    if not isinstance(parts, list) or not all(_scalar(part) for part in parts):
        raise usage
    return argument[0].join(text(part) for part in parts)


def _select(evaluator: Evaluator, argument: Any) -> Any:
    usage = template_error(
        "Fn::Select requires a list argument with two elements: an integer index and a list"
    )
    if not isinstance(argument, list) or len(argument) != 2:
        raise usage
    index, items = evaluator.evaluate(argument[0]), evaluator.evaluate(argument[1])
    if not isinstance(items, list) or not _scalar(index) or not str(index).strip("-").isdigit():
        raise usage
    if not 0 <= int(index) < len(items):
        raise template_error(f"Fn::Select cannot select nonexistent value at index {index}")
    return items[int(index)]


def _split(evaluator: Evaluator, argument: Any) -> list[str]:
    value = evaluator.evaluate(argument)
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(v, str) for v in value):
        raise template_error(
            "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a "
            "string to be split or a function that returns a string to be split."
        )
    delimiter, source = value
    return list(source.split(delimiter)) if delimiter else [source]


def _find_in_map(evaluator: Evaluator, argument: Any) -> Any:
    extended = evaluator.extended and isinstance(argument, list) and len(argument) == 4
    if not isinstance(argument, list) or (len(argument) != 3 and not extended):
        raise template_error(
            "every Fn::FindInMap object requires three parameters, the map name, map key and "
            "the attribute for return value"
        )
    name, key, attribute = (text(evaluator.evaluate(part)) for part in argument[:3])
    found = evaluator.template.mappings.get(name, {}).get(key, {}).get(attribute)
    if found is not None:
        return found
    if extended and isinstance(argument[3], dict) and "DefaultValue" in argument[3]:
        return evaluator.evaluate(argument[3]["DefaultValue"])
    if name not in evaluator.template.mappings:
        raise template_error(
            f"Mapping named '{name}' is not present in the 'Mappings' section of template."
        )
    raise template_error(f"Unable to get mapping for {name}::{key}::{attribute}")


def _base64(evaluator: Evaluator, argument: Any) -> str:
    value = evaluator.evaluate(argument)
    if not isinstance(value, str):
        raise template_error("every Fn::Base64 object must have a String-typed value.")
    return base64.b64encode(value.encode()).decode()


def _get_azs(evaluator: Evaluator, argument: Any) -> list[str]:
    region = evaluator.evaluate(argument)
    if not isinstance(region, str):
        raise template_error("every Fn::GetAZs object must have a String-typed value.")
    return [f"{region or evaluator.pseudo['AWS::Region']}{zone}" for zone in "abc"]


def _cidr(evaluator: Evaluator, argument: Any) -> list[str]:
    value = evaluator.evaluate(argument)
    if not isinstance(value, list) or len(value) not in (2, 3):
        raise template_error(
            "every Fn::Cidr object requires an ipBlock, a count and, optionally, cidrBits"
        )
    try:
        network = ipaddress.ip_network(value[0])
        count = int(value[1])
        bits = int(value[2]) if len(value) == 3 else network.max_prefixlen - network.prefixlen
        least, most = CIDR_BLOCKS
        if not least <= count <= most:
            raise ValueError(count)
        subnets = network.subnets(new_prefix=network.max_prefixlen - bits)
        return [str(next(subnets)) for _ in range(count)]
    except (ValueError, TypeError, StopIteration, RuntimeError):
        raise template_error(f"Fn::Cidr cannot make {value[1]} blocks of {value[0]}") from None


def _import_value(evaluator: Evaluator, argument: Any) -> str:
    for reference in references.references([argument]):
        if reference.target in evaluator.template.resources:
            raise template_error(
                "the attribute in Fn::ImportValue must not depend on any resources, "
                "imported values, or Fn::GetAZs"
            )
    return evaluator.export(text(evaluator.evaluate(argument)))


def _if(evaluator: Evaluator, argument: Any) -> Any:
    if not isinstance(argument, list) or len(argument) != 3 or not isinstance(argument[0], str):
        raise template_error("Fn::If requires a list argument with three elements")
    if argument[0] not in evaluator.template.conditions:
        raise template_error(f"unresolved condition dependency {argument[0]} in Fn::If")
    return evaluator.evaluate(argument[1] if evaluator.condition(argument[0]) else argument[2])


def _equals(evaluator: Evaluator, argument: Any) -> bool:
    value = evaluator.evaluate(argument)
    if not isinstance(value, list) or len(value) != 2:
        raise template_error("every Fn::Equals object requires a list of 2 string parameters.")
    left, right = (text(item) if _scalar(item) else item for item in value)
    return bool(left == right)


def _operands(evaluator: Evaluator, name: str, argument: Any) -> list[bool]:
    least, most = CONDITION_OPERANDS
    if not isinstance(argument, list) or not least <= len(argument) <= most:
        raise template_error(
            f"every {name} object requires a list of at least {least} "
            f"and at most {most} boolean parameters."
        )
    return [boolean(evaluator.evaluate(item)) for item in argument]


def _and(evaluator: Evaluator, argument: Any) -> bool:
    return all(_operands(evaluator, "Fn::And", argument))


def _or(evaluator: Evaluator, argument: Any) -> bool:
    return any(_operands(evaluator, "Fn::Or", argument))


def _not(evaluator: Evaluator, argument: Any) -> bool:
    if not isinstance(argument, list) or len(argument) != 1:
        raise template_error("every Fn::Not object requires one boolean parameter.")
    return not boolean(evaluator.evaluate(argument[0]))


def _length(evaluator: Evaluator, argument: Any) -> int:
    value = evaluator.evaluate(argument)
    if not isinstance(value, list):
        raise template_error("every Fn::Length object requires a list.")
    return len(value)


def _to_json_string(evaluator: Evaluator, argument: Any) -> str:
    value = evaluator.evaluate(argument)
    if not isinstance(value, dict | list):
        raise template_error("every Fn::ToJsonString object requires an object or a list.")
    return json.dumps(value, separators=(",", ":"))


_FUNCTIONS = {
    "Fn::Base64": _base64,
    "Fn::GetAtt": _get_att,
    "Fn::GetAZs": _get_azs,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::FindInMap": _find_in_map,
    "Fn::Select": _select,
    "Fn::Equals": _equals,
    "Fn::If": _if,
    "Fn::Not": _not,
    "Fn::And": _and,
    "Fn::Or": _or,
    "Fn::Sub": _sub,
    "Fn::Cidr": _cidr,
    "Fn::Length": _length,
    "Fn::ToJsonString": _to_json_string,
}
