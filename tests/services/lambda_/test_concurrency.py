"""Provisioned concurrency and the account's limit."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

ARN = "arn:aws:lambda:us-east-1:000000000000:function:hello"
KIND = """
import os
CALLS = []
def handler(event, context):
    CALLS.append(event)
    return [os.environ['AWS_LAMBDA_INITIALIZATION_TYPE'], len(CALLS)]
"""
SLOW = "import time\ndef handler(event, context):\n    time.sleep(event)\n"


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """The code and message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(FunctionName="hello", **params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def provision(functions: Any, count: int, qualifier: str = "1") -> dict[str, Any]:
    """Put a configuration and wait for it; as it is shown then."""
    where = {"FunctionName": "hello", "Qualifier": qualifier}
    answer = functions.client.put_provisioned_concurrency_config(
        **where, ProvisionedConcurrentExecutions=count
    )
    assert (answer["Status"], answer["ResponseMetadata"]["HTTPStatusCode"]) == ("IN_PROGRESS", 202)
    functions.cloud.settle()
    shown: dict[str, Any] = functions.client.get_provisioned_concurrency_config(**where)
    return shown


def figures(functions: Any, name: str, **dimensions: str) -> float:
    """The sum of a metric."""
    functions.cloud.settle()
    points = functions.cloud.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName=name,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=functions.cloud.now - 7200,
        EndTime=functions.cloud.now + 60,
        Period=3600,
        Statistics=["Sum"],
    )["Datapoints"]
    return float(sum(point["Sum"] for point in points))


def test_provisioned_environments_are_ready_before_the_first_call(functions: Any) -> None:
    functions.make(KIND, Publish=True)
    shown = provision(functions, 2)
    assert (shown["Status"], shown["RequestedProvisionedConcurrentExecutions"]) == ("READY", 2)
    assert shown["AllocatedProvisionedConcurrentExecutions"] == 2
    assert shown["AvailableProvisionedConcurrentExecutions"] == 2
    payload = functions.call(1, Qualifier="1")
    assert payload == ["provisioned-concurrency", 1]
    assert functions.call(1) == ["on-demand", 1]
    functions.cloud.advance(3600)
    assert functions.call(1, Qualifier="1") == ["provisioned-concurrency", 1]
    limit = functions.client.get_account_settings()["AccountLimit"]
    assert limit["UnreservedConcurrentExecutions"] == 998
    resource = {"FunctionName": "hello", "Resource": "hello:1"}
    assert figures(functions, "ProvisionedConcurrencyInvocations", **resource) == 2
    assert figures(functions, "ProvisionedConcurrencySpilloverInvocations", **resource) == 0
    assert figures(functions, "ProvisionedConcurrencyUtilization", **resource) == 1.0


def test_what_is_provisioned_is_there_again_after_a_restart(functions: Any) -> None:
    functions.make(KIND, Publish=True)
    provision(functions, 1)
    functions.cloud.restart()
    functions.cloud.settle()
    payload = functions.call(1, Qualifier="1")
    assert payload == ["provisioned-concurrency", 1]


def test_what_is_beyond_spills_over(functions: Any) -> None:
    functions.make(KIND.replace("CALLS.append", "__import__('time').sleep(.5);CALLS.append"))
    functions.client.publish_version(FunctionName="hello")
    functions.client.create_alias(FunctionName="hello", Name="live", FunctionVersion="1")
    provision(functions, 1, "live")
    kinds: list[str] = []
    threads = [
        threading.Thread(target=lambda: kinds.append(functions.call(1, Qualifier="live")[0]))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kinds) == ["on-demand", "provisioned-concurrency"]
    spilled = figures(
        functions,
        "ProvisionedConcurrencySpilloverInvocations",
        FunctionName="hello",
        Resource="hello:live",
        ExecutedVersion="1",
    )
    assert spilled == 1


def test_an_alias_takes_its_provision_along(functions: Any) -> None:
    functions.make(KIND, Publish=True)
    client = functions.client
    client.create_alias(FunctionName="hello", Name="live", FunctionVersion="1")
    provision(functions, 1, "live")
    client.update_function_configuration(FunctionName="hello", Description="second")
    client.publish_version(FunctionName="hello")
    client.update_function_configuration(FunctionName="hello", MemorySize=256)
    version = client.publish_version(FunctionName="hello")["Version"]
    client.update_alias(FunctionName="hello", Name="live", FunctionVersion=version)
    functions.cloud.settle()
    where = {"FunctionName": "hello", "Qualifier": "live"}
    assert client.get_provisioned_concurrency_config(**where)["Status"] == "READY"
    assert functions.call(1, Qualifier="live")[0] == "provisioned-concurrency"
    assert functions.call(1, Qualifier="1")[0] == "on-demand"
    listed = client.list_provisioned_concurrency_configs(FunctionName="hello")
    (shown,) = listed["ProvisionedConcurrencyConfigs"]
    assert shown["FunctionArn"] == f"{ARN}:live"
    client.delete_provisioned_concurrency_config(**where)
    functions.cloud.settle()
    assert functions.call(1, Qualifier="live")[0] == "on-demand"
    assert refused(client.get_provisioned_concurrency_config, Qualifier="live") == (
        "ProvisionedConcurrencyConfigNotFoundException",
        "No Provisioned Concurrency Config found for this function",
    )


def test_a_failed_initialization_is_told(functions: Any) -> None:
    functions.make("raise ValueError('no')", Publish=True)
    shown = provision(functions, 1)
    assert (shown["Status"], shown["StatusReason"]) == ("FAILED", "FUNCTION_ERROR_INIT_FAILURE")
    assert shown["AllocatedProvisionedConcurrentExecutions"] == 0


def test_provisioning_is_checked(functions: Any) -> None:
    functions.make(KIND, Publish=True)
    client = functions.client
    put = client.put_provisioned_concurrency_config
    bad = "InvalidParameterValueException"
    code, message = refused(put, Qualifier="$LATEST", ProvisionedConcurrentExecutions=1)
    assert (code, message.split()[-3:]) == (bad, ["unpublished", "function", "versions."])
    code, _ = refused(put, Qualifier="9", ProvisionedConcurrentExecutions=1)
    assert code == "ResourceNotFoundException"
    code, message = refused(put, Qualifier="1", ProvisionedConcurrentExecutions=901)
    assert (code, message.endswith("[100].")) == (bad, True)
    client.put_function_concurrency(FunctionName="hello", ReservedConcurrentExecutions=2)
    code, message = refused(put, Qualifier="1", ProvisionedConcurrentExecutions=3)
    assert message.startswith("Requested Provisioned Concurrency should not be greater")
    provision(functions, 2)
    code, message = refused(client.put_function_concurrency, ReservedConcurrentExecutions=1)
    assert (code, message.endswith("[2].")) == (bad, True)
    client.create_alias(FunctionName="hello", Name="live", FunctionVersion="1")
    assert refused(put, Qualifier="live", ProvisionedConcurrentExecutions=1) == (
        "ResourceConflictException",
        "Alias can't be used for Provisioned Concurrency configuration on an already"
        " Provisioned version",
    )


def test_beyond_the_accounts_limit_calls_are_refused(functions: Any) -> None:
    functions.make(SLOW)
    functions.cloud.client("service-quotas").request_service_quota_increase(
        ServiceCode="lambda", QuotaCode="L-B99A9384", DesiredValue=1
    )
    functions.cloud.settle()
    answers: list[Any] = []

    def call(seconds: int) -> None:
        try:
            functions.call(seconds)
        except ClientError as error:
            answers.append(error.response)

    thread = threading.Thread(target=call, args=(2,))
    thread.start()
    while thread.is_alive() and not answers:
        call(0)
    thread.join()
    assert answers[0]["Error"]["Code"] == "TooManyRequestsException"
    assert answers[0]["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert answers[0]["Reason"] == "ConcurrentInvocationLimitExceeded"
    assert figures(functions, "Throttles", FunctionName="hello") >= 1
    reserve = functions.client.put_function_concurrency
    message = refused(reserve, ReservedConcurrentExecutions=1)[1]
    assert message.endswith("below its minimum value of [1].")
