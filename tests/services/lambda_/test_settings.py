"""Concurrency, tags, the configuration of asynchronous invocation, the account's figures."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

ARN = "arn:aws:lambda:us-east-1:000000000000:function:hello"
HELLO = "def handler(event, context):\n    return 'hello'\n"


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """The code and message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(FunctionName="hello", **params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_reserved_concurrency_is_taken_from_the_accounts(functions: Any) -> None:
    functions.make(HELLO)
    client = functions.client
    answer = client.put_function_concurrency(FunctionName="hello", ReservedConcurrentExecutions=900)
    assert answer["ReservedConcurrentExecutions"] == 900
    assert client.get_function(FunctionName="hello")["Concurrency"] == {
        "ReservedConcurrentExecutions": 900
    }
    assert "Concurrency" not in client.get_function(FunctionName="hello", Qualifier="$LATEST")
    settings = client.get_account_settings()
    assert settings["AccountLimit"]["ConcurrentExecutions"] == 1000
    assert settings["AccountLimit"]["UnreservedConcurrentExecutions"] == 100
    assert settings["AccountUsage"] == {
        "FunctionCount": 1,
        "TotalCodeSize": len(functions.zip(HELLO)),
    }
    code, message = refused(client.put_function_concurrency, ReservedConcurrentExecutions=901)
    assert code == "InvalidParameterValueException"
    assert message == (
        "Specified ReservedConcurrentExecutions for function decreases account's"
        " UnreservedConcurrentExecution below its minimum value of [100]."
    )
    client.delete_function_concurrency(FunctionName="hello")
    found = client.get_function_concurrency(FunctionName="hello")
    assert "ReservedConcurrentExecutions" not in found


def test_tags(functions: Any) -> None:
    functions.make(HELLO, Tags={"a": "1"})
    functions.client.tag_resource(Resource=ARN, Tags={"b": "2", "c": "3"})
    functions.client.untag_resource(Resource=ARN, TagKeys=["a", "b"])
    assert functions.client.list_tags(Resource=ARN)["Tags"] == {"c": "3"}
    functions.client.untag_resource(Resource=ARN, TagKeys=["c"])
    assert "Tags" not in functions.client.get_function(FunctionName="hello")


def test_the_configuration_of_asynchronous_invocation(functions: Any) -> None:
    sending = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    functions.make(HELLO, Role=functions.make_role("sender", [sending]))
    client = functions.client
    queue = "arn:aws:sqs:us-east-1:000000000000:failures"
    code, message = refused(client.get_function_event_invoke_config)
    assert code == "ResourceNotFoundException"
    assert message == f"The function {ARN}:$LATEST doesn't have an EventInvokeConfig"
    answer = client.put_function_event_invoke_config(
        FunctionName="hello",
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": queue}},
    )
    assert answer["FunctionArn"] == f"{ARN}:$LATEST"
    assert answer["DestinationConfig"]["OnFailure"] == {"Destination": queue}
    client.update_function_event_invoke_config(FunctionName="hello", MaximumEventAgeInSeconds=60)
    found = client.get_function_event_invoke_config(FunctionName="hello")
    assert (found["MaximumRetryAttempts"], found["MaximumEventAgeInSeconds"]) == (1, 60)
    assert found["LastModified"].timestamp() == functions.cloud.now
    listed = client.list_function_event_invoke_configs(FunctionName="hello")
    assert len(listed["FunctionEventInvokeConfigs"]) == 1
    client.delete_function_event_invoke_config(FunctionName="hello")
    assert refused(client.delete_function_event_invoke_config)[0] == "ResourceNotFoundException"
    code, _ = refused(
        client.put_function_event_invoke_config,
        DestinationConfig={"OnFailure": {"Destination": "arn:aws:ec2:us-east-1:000000000000:x"}},
    )
    assert code == "InvalidParameterValueException"


def test_recursion_and_runtime_management_are_read_back(functions: Any) -> None:
    functions.make("def handler(event, context): ...")
    name = {"FunctionName": "hello"}
    client = functions.client
    assert client.get_function_recursion_config(**name)["RecursiveLoop"] == "Terminate"
    client.put_function_recursion_config(**name, RecursiveLoop="Allow")
    assert client.get_function_recursion_config(**name)["RecursiveLoop"] == "Allow"
    assert client.get_runtime_management_config(**name)["UpdateRuntimeOn"] == "Auto"
    client.put_runtime_management_config(**name, UpdateRuntimeOn="FunctionUpdate")
    shown = client.get_runtime_management_config(**name)
    assert shown["UpdateRuntimeOn"] == "FunctionUpdate"
    assert shown["FunctionArn"].endswith(":hello:$LATEST")
    with pytest.raises(ClientError, match="Missing runtime version ARN"):
        client.put_runtime_management_config(**name, UpdateRuntimeOn="Manual")
