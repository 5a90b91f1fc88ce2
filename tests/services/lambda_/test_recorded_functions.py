"""What AWS was seen to refuse of functions themselves: names, packages and images.

Facts recorded from AWS between 2023 and 2025 by public test suites.
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.services.lambda_ import limits

SOURCE = "def handler(event, context): return 1"


def refused(call: Any, **params: Any) -> dict[str, Any]:
    """The error that a call gets, and its status."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    found = caught.value.response
    return {**found["Error"], "status": found["ResponseMetadata"]["HTTPStatusCode"]}


def test_a_name_has_64_characters(functions: Any) -> None:
    long = "a" * 65
    found = refused(functions.make, source=SOURCE, FunctionName=long)
    assert (found["Code"], found["Message"]) == (
        "InvalidParameterValueException",
        f"1 validation error detected: Value '{long}' at 'functionName' failed to satisfy"
        " constraint: Member must have length less than or equal to 64",
    )


def test_a_package_in_a_request_has_50_megabytes_zipped(
    functions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    functions.make(SOURCE)
    update = functions.client.update_function_code
    package = functions.zip(SOURCE)
    monkeypatch.setattr(limits, "ZIPPED_BYTES", len(package) - 1)
    found = refused(update, FunctionName="hello", ZipFile=package)
    assert found == {
        "Code": "RequestEntityTooLargeException",
        "Message": f"Zipped size must be smaller than {len(package) - 1} bytes",
        "status": 413,
    }


def test_a_request_has_70_megabytes(functions: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REQUEST_BYTES", 100)
    found = refused(functions.make, source=SOURCE)
    assert found == {
        "Code": "RequestEntityTooLargeException",
        "Message": "Request must be smaller than 100 bytes for the CreateFunction operation",
        "status": 413,
    }


def test_a_function_of_a_package_gets_no_image(functions: Any) -> None:
    functions.make(SOURCE)
    image = "000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:latest"
    found = refused(functions.client.update_function_code, FunctionName="hello", ImageUri=image)
    assert (found["Code"], found["Message"]) == (
        "InvalidParameterValueException",
        "Please don't provide ImageUri when updating a function with packageType Zip.",
    )


def test_each_architecture_has_its_own_runtime(functions: Any) -> None:
    made = functions.make(SOURCE)["RuntimeVersionConfig"]["RuntimeVersionArn"]
    functions.client.update_function_code(
        FunctionName="hello", ZipFile=functions.zip(SOURCE), Architectures=["arm64"]
    )
    found = functions.client.get_function_configuration(FunctionName="hello")
    assert found["Architectures"] == ["arm64"]
    assert found["RuntimeVersionConfig"]["RuntimeVersionArn"] != made


def test_a_name_of_one_letter_is_too_short_for_a_session(functions: Any) -> None:
    source = "import boto3\ndef handler(event, context):\n"
    functions.make(
        source + "    return boto3.client('sts').get_caller_identity()['Arn']\n", FunctionName="f"
    )
    found = functions.call(FunctionName="f")
    assert found == "arn:aws:sts::000000000000:assumed-role/function-role/f@lambda_function"
