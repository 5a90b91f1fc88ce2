"""How inputs are refused that are not as Lambda's model wants them.

Recorded from AWS between 2023 and 2026 by public test suites and in public reports.
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

SOURCE = "def handler(event, context): return 1"
PART = "Member must satisfy constraint: "
ARCHITECTURES = "[Member must satisfy enum value set: [x86_64, arm64]"
NOT_NULL = ", Member must not be null]"


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """The code and the message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def wrong(place: str, constraint: str) -> tuple[str, str]:
    """The error of one value at `place`, `at` left out."""
    message = f"1 validation error detected: Value {place} failed to satisfy constraint: "
    return "ValidationException", message + constraint


@pytest.mark.parametrize("runtime", ["non-existent-runtime", "PYTHON3.9"])
def test_a_runtime_that_is_none(functions: Any, runtime: str) -> None:
    functions.make(SOURCE)
    expected = (
        f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum"
    )
    change = {"FunctionName": "hello", "Runtime": runtime}
    for code, message in (
        refused(functions.make, source=SOURCE, FunctionName="other", Runtime=runtime),
        refused(functions.client.update_function_configuration, **change),
    ):
        assert code == "InvalidParameterValueException"
        assert message.startswith(f"{expected} value set: [nodejs20.x, python3.14, ")
        assert message.endswith("java8.al2, java11.al2023] or be a valid ARN")


def test_architectures_are_looked_at_as_one(functions: Any) -> None:
    found = refused(functions.make, source=SOURCE, Architectures=["X86_64"])
    place = "'[X86_64]' at 'architectures'"
    assert found == wrong(place, f"{PART}{ARCHITECTURES}{NOT_NULL}")


def test_methods_allowed_of_other_origins(functions: Any) -> None:
    functions.make(SOURCE)
    params = {"FunctionName": "hello", "AuthType": "NONE"}
    cors = {"AllowMethods": ["GET", "POST", "OPTIONS"]}
    found = refused(functions.client.create_function_url_config, **params, Cors=cors)
    length = "Member must have length"
    assert found == wrong(
        "'[GET, POST, OPTIONS]' at 'cors.allowMethods'",
        f"{PART}[{length} less than or equal to 6, {length} greater than or equal to 0,"
        f" Member must satisfy regular expression pattern: .*{NOT_NULL}",
    )


def test_weights_of_an_alias(functions: Any) -> None:
    functions.make(SOURCE, Publish=True)
    alias = {"FunctionName": "hello", "Name": "live", "FunctionVersion": "1"}
    create = functions.client.create_alias
    at = "at 'routingConfig.additionalVersionWeights'"
    found = refused(create, **alias, RoutingConfig={"AdditionalVersionWeights": {"1": 2.0}})
    value = "Member must have value"
    assert found == wrong(
        f"'{{1=2.0}}' {at}",
        f"Map value must satisfy constraint: [{value} less than or equal to 1.0,"
        f" {value} greater than or equal to 0.0{NOT_NULL}",
    )
    found = refused(create, **alias, RoutingConfig={"AdditionalVersionWeights": {"$LATEST": 0.5}})
    length = "Member must have length"
    assert found == wrong(
        f"'{{$LATEST=0.5}}' {at}",
        f"Map keys must satisfy constraint: [{length} less than or equal to 1024,"
        f" {length} greater than or equal to 1,"
        f" Member must satisfy regular expression pattern: [0-9]+]",
    )


def test_what_is_secret_is_not_quoted(functions: Any) -> None:
    found = refused(functions.make, source=SOURCE, Environment={"Variables": {"1st": "secret"}})
    assert found == (
        "ValidationException",
        "1 validation error detected: Value at 'environment.variables' failed to satisfy"
        " constraint: Map keys must satisfy constraint:"
        " [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]",
    )


def test_what_a_layer_is_for(functions: Any) -> None:
    code, message = refused(
        functions.client.publish_layer_version,
        LayerName="tools",
        Content={"ZipFile": functions.zip("", "python/tools.py")},
        CompatibleRuntimes=["odd"],
        CompatibleArchitectures=["odder"],
    )
    first, _, second = message.partition("; ")
    assert code == "ValidationException"
    assert first.startswith(
        "2 validation errors detected: Value '[odd]' at 'compatibleRuntimes' failed to satisfy"
        " constraint: Member must satisfy enum value set: [nodejs20.x, "
    )
    assert second == (
        "Value '[odder]' at 'compatibleArchitectures' failed to satisfy constraint:"
        f" {PART}{ARCHITECTURES}{NOT_NULL}"
    )
