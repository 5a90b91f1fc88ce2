"""The variables a build is given: by its specification, its project and whoever starts it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.services.codebuild.buildspec import Buildspec
from cloudarium.services.codebuild.errors import PhaseFailed

# GetParameters takes ten names at once (API reference).
_AT_ONCE = 10
_STORED = "PARAMETER_STORE"


@dataclass(frozen=True)
class Variable:
    """A variable; the value of a stored one is the name of its parameter."""

    name: str
    value: str
    stored: bool


def of(spec: Buildspec, given: Sequence[Mapping[str, Any]]) -> list[Variable]:
    """Return a build's variables; those `given` with it count more than the specification's.

    Source: "Environment variables in build environments", User Guide.
    """
    found = [Variable(name, value, False) for name, value in spec.variables.items()]
    found += [Variable(name, value, True) for name, value in spec.parameters.items()]
    found += [Variable(one["name"], one["value"], one["type"] == _STORED) for one in given]
    return list({each.name: each for each in found}.values())


async def stored(ctx: Context, role: Principal, names: Sequence[str]) -> dict[str, str]:
    """Return the values of parameters, read as the build's role. Raises PhaseFailed.

    The phase's code and messages are those that builds' logs on AWS show.
    """
    values: dict[str, str] = {}
    wanted = list(dict.fromkeys(names))
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        params = {"Names": some, "WithDecryption": True}
        try:
            answer = await ctx.call("ssm", "GetParameters", params, principal=role)
        except AwsError as error:
            raise _undecrypted(f"{error.code}: {error.message}") from None
        for missing in answer["InvalidParameters"]:
            raise _undecrypted(f"parameter does not exist: {missing}")
        for one in answer["Parameters"]:
            asked = {one[key] + one.get("Selector", "") for key in ("Name", "ARN")}
            values.update(dict.fromkeys(asked, one["Value"]))
    return values


def _undecrypted(message: str) -> PhaseFailed:
    return PhaseFailed("Decrypted Variables Error", message)


def exportable(names: Sequence[str], given: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return those variables that a build may export.

    Source: "env/exported-variables", build specification reference.
    """
    kept = {each["name"] for each in given if each["type"] == _STORED}
    return [name for name in names if name not in kept and not name.startswith("AWS_")]
