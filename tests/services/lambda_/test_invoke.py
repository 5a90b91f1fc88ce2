"""Invoke: answers, errors, logs, limits, warm environments, roles."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

HELLO = "def handler(event, context):\n    return {'hello': event}\n"


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """The code and message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_function_answers_with_what_its_handler_returns(functions: Any) -> None:
    functions.make(HELLO)
    answer, payload = functions.invoke({"name": "Ada"})
    assert payload == {"hello": {"name": "Ada"}}
    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer
    assert "LogResult" not in answer
    assert functions.call() == {"hello": {}}


def test_the_context_has_all_documented_fields(functions: Any) -> None:
    functions.make(
        "def handler(event, c):\n"
        "    return [c.function_name, c.function_version, c.invoked_function_arn,\n"
        "            c.memory_limit_in_mb, c.log_group_name, c.log_stream_name[10:20],\n"
        "            c.client_context.custom, c.client_context.env,\n"
        "            c.identity.cognito_identity_id,\n"
        "            0 < c.get_remaining_time_in_millis() <= 3000, len(c.aws_request_id)]\n"
    )
    client = {"custom": {"a": "b"}, "env": {"locale": "en"}}
    encoded = base64.b64encode(json.dumps(client).encode()).decode()
    answer, payload = functions.invoke({}, ClientContext=encoded)
    arn = "arn:aws:lambda:us-east-1:000000000000:function:hello"
    assert payload == [
        *("hello", "$LATEST", arn, "128", "/aws/lambda/hello", "/[$LATEST]"),
        *({"a": "b"}, {"locale": "en"}, None, True, 36),
    ]
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_the_environment_has_the_reserved_variables_and_the_functions_own(functions: Any) -> None:
    source = "import os\ndef handler(event, context):\n    return dict(os.environ)\n"
    functions.make(source, Environment={"Variables": {"STAGE": "test"}})
    found = functions.call()
    assert found["STAGE"] == "test"
    assert found["AWS_REGION"] == found["AWS_DEFAULT_REGION"] == "us-east-1"
    assert found["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.11"
    assert found["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "128"
    assert found["AWS_LAMBDA_INITIALIZATION_TYPE"] == "on-demand"
    assert found["AWS_ENDPOINT_URL"] == functions.cloud.endpoint
    assert found["_HANDLER"] == "app.handler"
    assert found["_X_AMZN_TRACE_ID"].startswith("Root=1-")
    assert found["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert found["PWD"] == found["LAMBDA_TASK_ROOT"]
    assert found["LD_LIBRARY_PATH"].startswith(f"{found['PWD']}:{found['PWD']}/lib:")
    assert (found["SHLVL"], "AWS_SECRET_KEY" in found) == ("0", False)
    assert "VIRTUAL_ENV" not in found and "HOME" not in found


def test_a_runtime_of_ones_own_is_not_named_in_its_environment(functions: Any) -> None:
    package, entry = io.BytesIO(), zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    with zipfile.ZipFile(package, "w") as files:
        files.writestr(entry, "#!/bin/sh\nenv\n")
    functions.make("", Runtime="provided.al2023", Code={"ZipFile": package.getvalue()})
    functions.call()
    names = {line.partition("=")[0] for line in functions.log()}
    assert "AWS_LAMBDA_FUNCTION_NAME" in names
    assert "AWS_EXECUTION_ENV" not in names


def test_an_error_has_its_type_message_trace_and_request_id(functions: Any) -> None:
    functions.make("def handler(event, context):\n    raise KeyError('no such thing')\n")
    answer, payload = functions.invoke(LogType="Tail")
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert answer["StatusCode"] == 200
    assert answer["FunctionError"] == "Unhandled"
    assert payload == {
        "errorMessage": "'no such thing'",
        "errorType": "KeyError",
        "requestId": request_id,
        "stackTrace": [
            "  File \"/var/task/app.py\", line 2, in handler\n    raise KeyError('no such thing')\n"
        ],
    }
    tail = base64.b64decode(answer["LogResult"]).decode().splitlines()
    assert tail[0] == f"START RequestId: {request_id} Version: $LATEST"
    assert tail[1] == "[ERROR] KeyError: 'no such thing'"
    assert tail[-2] == f"END RequestId: {request_id}"
    assert tail[-1].startswith(f"REPORT RequestId: {request_id}\tDuration: ")
    assert "\tMemory Size: 128 MB\tMax Memory Used: " in tail[-1]
    assert "\tInit Duration: " in tail[-1]


@pytest.mark.parametrize(
    ("source", "handler", "error", "message"),
    [
        (
            "import nothing_of_the_kind",
            "app.handler",
            "Runtime.ImportModuleError",
            "Unable to import module 'app': No module named 'nothing_of_the_kind'",
        ),
        (
            "x = 1",
            "app.handler",
            "Runtime.HandlerNotFound",
            "Handler 'handler' missing on module 'app'",
        ),
        (
            "x = 1",
            "handler",
            "Runtime.MalformedHandlerName",
            "Bad handler 'handler': not enough values to unpack (expected 2, got 1)",
        ),
        ("1/0", "app.handler", "ZeroDivisionError", "division by zero"),
        (
            "def handler(event, context): return object()",
            "app.handler",
            "Runtime.MarshalError",
            "Unable to marshal response: Object of type object is not JSON serializable",
        ),
    ],
)
def test_a_function_that_cannot_be_loaded_says_why(
    functions: Any, source: str, handler: str, error: str, message: str
) -> None:
    functions.make(source, Handler=handler)
    answer, payload = functions.invoke()
    assert answer["FunctionError"] == "Unhandled"
    assert (payload["errorType"], payload["errorMessage"]) == (error, message)


def test_a_syntax_error_is_told_with_its_line(functions: Any) -> None:
    functions.make("def handler(\n")
    payload = functions.call()
    assert payload["errorType"] == "Runtime.UserCodeSyntaxError"
    assert payload["errorMessage"].startswith("Syntax error in module 'app': '(' was never closed")


def test_a_timeout_kills_the_function_and_says_so(functions: Any) -> None:
    functions.make("import time\ndef handler(e, c):\n    time.sleep(60)\n", Timeout=1)
    answer, payload = functions.invoke(LogType="Tail")
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert answer["FunctionError"] == "Unhandled"
    assert payload == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {request_id} Error: Task timed out after 1.00 seconds",
    }
    tail = base64.b64decode(answer["LogResult"]).decode()
    line = next(line for line in tail.splitlines() if "timed out" in line)
    moment = datetime.fromtimestamp(functions.cloud.now, UTC)
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert line == f"{stamp} {request_id} Task timed out after 1.00 seconds"
    assert "\tStatus: timeout" in tail


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("os._exit(3)", "Runtime exited with error: exit status 3"),
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
    ],
)
def test_a_function_that_exits_is_reported(functions: Any, statement: str, reason: str) -> None:
    functions.make(f"import os\ndef handler(e, c):\n    {statement}\n")
    answer, payload = functions.invoke()
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert payload == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {request_id} Error: {reason}",
    }


def test_log_lines_and_metrics_arrive(functions: Any) -> None:
    functions.make(
        "import logging\nlogging.getLogger().setLevel('INFO')\n"
        "def handler(event, context):\n"
        "    print('printed')\n    logging.info('two\\nlines')\n    return 1\n"
    )
    answer, _ = functions.invoke()
    request_id = answer["ResponseMetadata"]["RequestId"]
    init, start, printed, logged, end, report = functions.log()
    assert init.startswith("INIT_START Runtime Version: python:3.11.v1\tRuntime Version ARN: arn:")
    assert start == f"START RequestId: {request_id} Version: $LATEST\n"
    assert printed == "printed\n"
    assert logged.startswith("[INFO]\t") and logged.endswith(f"Z\t{request_id}\ttwo\nlines\n")
    assert end == f"END RequestId: {request_id}\n"
    assert report.startswith(f"REPORT RequestId: {request_id}\t")
    cloudwatch = functions.cloud.client("cloudwatch")
    totals = {}
    for name in ("Invocations", "Errors", "Throttles"):
        points = cloudwatch.get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName=name,
            Dimensions=[{"Name": "FunctionName", "Value": "hello"}],
            StartTime=functions.cloud.now - 600,
            EndTime=functions.cloud.now + 600,
            Period=60,
            Statistics=["Sum"],
        )["Datapoints"]
        totals[name] = sum(point["Sum"] for point in points)
    assert totals == {"Invocations": 1, "Errors": 0, "Throttles": 0}


def test_without_the_right_to_write_logs_there_are_none(functions: Any) -> None:
    role = functions.make_role("silent", [])
    functions.make("def handler(e, c): print('x')", Role=role)
    answer, _ = functions.invoke(LogType="Tail")
    assert "x\n" in base64.b64decode(answer["LogResult"]).decode()
    functions.cloud.settle()
    groups = functions.cloud.client("logs").describe_log_groups()["logGroups"]
    assert [group["logGroupName"] for group in groups] == []


def test_a_function_has_its_roles_rights_and_no_more(functions: Any) -> None:
    allowed = {"Effect": "Allow", "Action": "sqs:ListQueues", "Resource": "*"}
    role = functions.make_role("lister", [allowed])
    functions.make(
        "import boto3\n"
        "def handler(event, context):\n"
        "    boto3.client('sqs').list_queues()\n"
        "    who = boto3.client('sts').get_caller_identity()['Arn']\n"
        "    try:\n"
        "        boto3.client('sqs').create_queue(QueueName='q')\n"
        "    except Exception as error:\n"
        "        return [who, error.response['Error']['Code'], str(error)]\n",
        Role=role,
        Timeout=10,
    )
    who, code, message = functions.call()
    assert who == "arn:aws:sts::000000000000:assumed-role/lister/hello"
    assert code in ("AccessDenied", "AccessDeniedException")
    assert "assumed-role/lister/hello is not authorized to perform: sqs:CreateQueue" in message


def test_a_role_that_no_longer_trusts_lambda_stops_the_function(functions: Any) -> None:
    functions.make(HELLO)
    functions.cloud.client("iam").update_assume_role_policy(
        RoleName="function-role",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "ec2.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            }
        ),
    )
    assert refused(functions.client.invoke, FunctionName="hello") == (
        "AccessDeniedException",
        "The role defined for the function cannot be assumed by Lambda.",
    )


def test_a_function_calls_a_function(functions: Any) -> None:
    arn = "arn:aws:lambda:us-east-1:000000000000:function:hello"
    call = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": arn}
    role = functions.make_role("calling", [call])
    functions.make(HELLO)
    functions.make(
        "import boto3, json\n"
        "def handler(event, context):\n"
        "    answer = boto3.client('lambda').invoke(FunctionName='hello', Payload='2')\n"
        "    return json.load(answer['Payload'])\n",
        FunctionName="caller",
        Role=role,
        Timeout=10,
    )
    assert functions.call(FunctionName="caller") == {"hello": 2}


def test_dry_run_checks_only(functions: Any) -> None:
    functions.make(HELLO)
    answer, payload = functions.invoke(InvocationType="DryRun")
    assert (answer["StatusCode"], payload) == (204, None)


def test_what_is_not_there_is_not_found(functions: Any) -> None:
    base = "arn:aws:lambda:us-east-1:000000000000:function:hello"
    with pytest.raises(ClientError) as caught:
        functions.call()
    response = caught.value.response
    assert response["Error"]["Code"] == "ResourceNotFoundException"
    assert response["Error"]["Message"] == f"Function not found: {base}:$LATEST"
    assert response["Type"] == "User"
    functions.make(HELLO)
    for qualifier in ("7", "live"):
        _, message = refused(functions.client.invoke, FunctionName="hello", Qualifier=qualifier)
        assert message == f"Function not found: {base}:{qualifier}"


def test_bad_payloads_are_refused(functions: Any) -> None:
    functions.make(HELLO)
    code, message = refused(functions.client.invoke, FunctionName="hello", Payload=b"{no")
    assert code == "InvalidRequestContentException"
    assert message.startswith("Could not parse request body into json: ")
    code, message = refused(
        functions.client.invoke, FunctionName="hello", Payload=b'"' + b"x" * 6_291_456 + b'"'
    )
    assert code == "RequestTooLargeException"
    assert message == (
        "Request must be smaller than 6291456 bytes for the InvokeFunction operation"
    )


def test_a_response_over_the_limit_is_an_error_and_ends_the_runtime(functions: Any) -> None:
    functions.make(
        "SEEN = []\ndef handler(e, c):\n    SEEN.append(e)\n    return 'x' * e, len(SEEN)\n"
    )
    assert functions.call(1) == ["x", 1]
    answer, payload = functions.invoke(6_300_000, LogType="Tail")
    assert payload == {
        "errorMessage": "Response payload size exceeded maximum allowed payload size"
        " (6291556 bytes).",
        "errorType": "Function.ResponseSizeTooLarge",
    }
    _, refusal, *trace, exit_, kind, _, report, _ = (
        base64.b64decode(answer["LogResult"]).decode().split("\n")
    )
    assert refusal.startswith("[ERROR] [1") and refusal.endswith(
        "] LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413."
        ' {"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).",'
        '"errorType":"RequestEntityTooLarge"}'
    )
    assert trace[0] == "Traceback (most recent call last):"
    assert trace[-1] == "RuntimeError: Failed to post invocation response"
    request_id = answer["ResponseMetadata"]["RequestId"]
    text = f"RequestId: {request_id} Error: Runtime exited with error: exit status 1"
    assert (exit_, kind) == (text, "Runtime.ExitError")
    assert report.endswith("\tStatus: error\tError Type: Runtime.ExitError\t")
    assert functions.call(3_000_000) == ["x" * 3_000_000, 1]


def test_names_and_qualifiers_come_in_every_form(functions: Any) -> None:
    functions.make(HELLO)
    arn = "arn:aws:lambda:us-east-1:000000000000:function:hello"
    for name in (arn, f"{arn}:$LATEST", "000000000000:function:hello", "hello:$LATEST"):
        assert functions.call(1, FunctionName=name) == {"hello": 1}
    code, message = refused(functions.client.invoke, FunctionName="hello:$LATEST", Qualifier="live")
    assert code == "InvalidParameterValueException"
    assert message == (
        "The derived qualifier from the function name does not match the specified qualifier."
    )
