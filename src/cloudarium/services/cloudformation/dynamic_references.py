"""What the dynamic references of a template ask for, and what Parameter Store has for them.

Their form: "Get a plaintext value from Systems Manager Parameter Store", User Guide. That they are
looked up at each operation, and the words of refusals, were measured on AWS by others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.cloudformation import stored_parameters
from cloudarium.services.cloudformation.errors import invalid, template_error, unsupported
from cloudarium.services.cloudformation.template.dynamic import named
from cloudarium.services.cloudformation.template.evaluate import Evaluator
from cloudarium.services.cloudformation.template.model import ResourceDefinition

_PLAIN, _SECURE = "ssm:", "ssm-secure:"
_FORM = re.compile(r"ssm(-secure)?:[a-zA-Z0-9_.\-/]+(:\d+)?")
_VERSIONED = re.compile(r".*:\d+")


async def of_parameters(ctx: Context, values: Mapping[str, str]) -> dict[str, str]:
    """Return what the references in parameters' values give; they have to name a version."""
    asked: list[str] = []
    for name, value in values.items():
        for reference in named(value):
            if not reference.startswith(_PLAIN):
                raise unsupported(f"A dynamic reference to {reference.partition(':')[0]} here")
            _check(reference)
            if not _VERSIONED.fullmatch(reference):
                raise template_error(
                    f"parameter {name} should not contain ssm versionless resolver"
                )
            asked.append(reference)
    return await _found(ctx, asked)


async def of_resources(
    ctx: Context, evaluator: Evaluator, resources: Iterable[ResourceDefinition]
) -> dict[str, str]:
    """Return what the references in resources' properties give, as far as these are known.

    `evaluator` is rewired to have something for what resources and exports give.
    """
    evaluator.resource = evaluator.attribute = evaluator.export = _to_be_known
    asked: list[str] = []
    secure: list[str] = []
    for resource in resources:
        path = f"{resource.type}/Properties"
        for place, text in _texts(evaluator, dict(resource.properties), path):
            for reference in named(text):
                _check(reference)
                asked.append(reference)
                if reference.startswith(_SECURE):
                    secure.append(place)
    if secure:
        raise invalid(f"SSM Secure reference is not supported in: [{','.join(secure)}]")
    return await _found(ctx, asked)


def _check(reference: str) -> None:
    if not reference.startswith((_PLAIN, _SECURE)):
        raise unsupported(f"A dynamic reference to {reference.partition(':')[0]}")
    if not _FORM.fullmatch(reference):
        written = "{{resolve:" + reference + "}}"
        raise invalid(f"Incorrect format is used in the following SSM reference: [{written}]")


async def _found(ctx: Context, asked: list[str]) -> dict[str, str]:
    names = {reference: reference.removeprefix(_PLAIN) for reference in dict.fromkeys(asked)}
    found = await stored_parameters.found(ctx, sorted(names.values()))
    missing = [reference for reference, name in names.items() if name not in found]
    if missing:
        raise invalid(f"Parameters: [{','.join(missing)}] cannot be found.")
    for name in names.values():
        if found[name]["Type"] == stored_parameters.SECURE:
            raise invalid(
                f"Non-secure ssm prefix was used for secure parameter {found[name]['Name']}"
            )
    return {reference: found[name]["Value"] for reference, name in names.items()}


def _to_be_known(*_: str) -> str:
    """Stand for what a resource is to give; no reference has such a part."""
    return "{}"


def _texts(evaluator: Evaluator, value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the texts in a property's value that may have references, each with where it is."""
    if "resolve:" not in json.dumps(value):
        return
    try:
        yield from _strings(evaluator.evaluate(value), path)
    except AwsError:
        # What a resource is to give is more than a text; references stand beside it.
        items = value.items() if isinstance(value, dict) else [("Fn::", item) for item in value]
        for name, item in items:
            place = path if name.startswith("Fn::") else f"{path}/{name}"
            yield from _texts(evaluator, item, place)


def _strings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, path)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _strings(item, f"{path}/{name}")
