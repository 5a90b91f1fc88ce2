"""Template parameters: which values a stack gets, and whether they satisfy their declaration.

Types and constraints: "Parameters section syntax", CloudFormation User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cloudarium.core.matching import BadExpression, expression
from cloudarium.services.cloudformation import limits
from cloudarium.services.cloudformation.errors import format_error, invalid
from cloudarium.services.cloudformation.template.model import ParameterDefinition

MASK = "****"

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_PLAIN_TYPES = ("String", "Number", "List<Number>", "List<String>", "CommaDelimitedList")
_STORABLE_TYPES = ("String", "List<String>", "CommaDelimitedList")
_STORED_NAME = "AWS::SSM::Parameter::Name"


def given(
    declarations: Mapping[str, ParameterDefinition],
    request: Sequence[Mapping[str, Any]],
    previous: Mapping[str, str] | None,
) -> dict[str, str]:
    """Return the value of every declared parameter as a string.

    `request` is the API's `Parameters`, `previous` the stack's current values (None on create).
    """
    keys = [entry.get("ParameterKey", "null") for entry in request]
    unknown = [key for key in keys if key not in declarations]
    if unknown:
        raise invalid(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    values = {name: _default(declared) for name, declared in declarations.items()}
    for entry in request:
        values[entry["ParameterKey"]] = _requested(entry, previous)
    missing = [name for name, value in values.items() if value is None]
    if missing:
        raise invalid(f"Parameters: [{', '.join(missing)}] must have values")
    present = {name: value for name, value in values.items() if value is not None}
    for name, value in present.items():
        check(declarations[name], value)
    return present


def _default(declared: ParameterDefinition) -> str | None:
    default = declared.body.get("Default")
    return None if default is None else text(default)


def _requested(entry: Mapping[str, Any], previous: Mapping[str, str] | None) -> str:
    name = entry["ParameterKey"]
    if not entry.get("UsePreviousValue"):
        if "ParameterValue" not in entry:
            raise invalid(f"Parameter {name} should either have input value or default value")
        return str(entry["ParameterValue"])
    if "ParameterValue" in entry:
        raise invalid(
            f"Invalid input for parameter key {name}. Cannot specify usePreviousValue "
            "as true and non empty value for a parameter"
        )
    if previous is None or name not in previous:
        raise invalid(
            f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true "
            "for a parameter key not in the previous template"
        )
    return previous[name]


def text(value: Any) -> str:
    """Return a template's scalar as the string CloudFormation makes of it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def reference(declared: ParameterDefinition, value: str) -> str | list[str]:
    """Return what `Ref` gives: the string, or its comma-separated parts."""
    if not declared.is_list:
        return value
    return [part.strip() for part in value.split(",")] if value else []


def check(declared: ParameterDefinition, value: str) -> None:
    """Raise AWS's message if `value` breaks the declaration of its parameter."""
    _check_type(declared)
    if len(value.encode()) > limits.PARAMETER_VALUE_BYTES:
        raise _violation(declared, "must contain at most 4096 characters")
    for part in _parts(declared, value):
        _check_part(declared, part)


def _check_type(declared: ParameterDefinition) -> None:
    kind = declared.stored_type or declared.type
    if declared.is_stored and declared.stored_type is None and kind != _STORED_NAME:
        raise format_error(f"Unrecognized parameter type: {declared.type}")
    plain = _STORABLE_TYPES if declared.stored_type else _PLAIN_TYPES
    if kind not in plain and not kind.startswith(("AWS::", "List<AWS::")):
        raise format_error(f"Unrecognized parameter type: {declared.type}")


def _parts(declared: ParameterDefinition, value: str) -> list[str]:
    if declared.is_stored:
        return [value]
    referenced = reference(declared, value)
    return referenced if isinstance(referenced, list) else [referenced]


def _check_part(declared: ParameterDefinition, value: str) -> None:
    body = declared.body
    if "Number" in declared.type:
        _check_number(declared, value)
    allowed = body.get("AllowedValues")
    if allowed is not None and value not in [text(item) for item in allowed]:
        raise _violation(declared, "must be one of AllowedValues")
    pattern = body.get("AllowedPattern")
    if pattern is not None and not _matches(pattern, value):
        raise _violation(declared, f"must match pattern {pattern}")
    if "MinLength" in body and len(value) < int(body["MinLength"]):
        raise _violation(declared, f"must contain at least {body['MinLength']} characters")
    if "MaxLength" in body and len(value) > int(body["MaxLength"]):
        raise _violation(declared, f"must contain at most {body['MaxLength']} characters")


def _check_number(declared: ParameterDefinition, value: str) -> None:
    if not _NUMBER.fullmatch(value):
        raise _violation(declared, "must be a number")
    body = declared.body
    if "MinValue" in body and float(value) < float(body["MinValue"]):
        raise _violation(declared, f"must be a number not less than {body['MinValue']}")
    if "MaxValue" in body and float(value) > float(body["MaxValue"]):
        raise _violation(declared, f"must be a number not greater than {body['MaxValue']}")


def _matches(pattern: str, value: str) -> bool:
    try:
        return expression(pattern).fullmatch(value) is not None
    except BadExpression:
        raise invalid(f"Invalid AllowedPattern: {pattern}") from None


def _violation(declared: ParameterDefinition, rule: str) -> Exception:
    described = declared.body.get("ConstraintDescription")
    if described is not None:
        return invalid(f"Parameter {declared.name} failed to satisfy constraint: {described}")
    return invalid(f"Parameter '{declared.name}' {rule}")
