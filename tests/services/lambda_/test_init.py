"""The Init phase: what is logged of it, and that it is tried again at the invocation."""

from __future__ import annotations

from typing import Any

ALWAYS = "raise ValueError('no')\n"
# Fails in its first environment.
ONCE = """
import boto3
sqs = boto3.client("sqs")
try:
    sqs.get_queue_url(QueueName="been-here")
except sqs.exceptions.QueueDoesNotExist:
    sqs.create_queue(QueueName="been-here")
    raise ValueError("the first time") from None
def handler(event, context):
    return context.get_remaining_time_in_millis() <= 10_000
"""
DIES = "import os\nos._exit(3)\n"
SLEEPS = "import time\ntime.sleep(60)\n"


def test_a_failed_initialization_is_tried_again(functions: Any) -> None:
    role = functions.make_role("queues", [{"Effect": "Allow", "Action": "*", "Resource": "*"}])
    functions.make(ONCE, Role=role, Timeout=10)
    answer, payload = functions.invoke()
    assert (payload, answer.get("FunctionError")) == (True, None)
    init, warning, error, report, start, *_, ended = functions.log()
    assert init.startswith("INIT_START Runtime Version: ")
    level, _, request_id, text = warning.split("\t")
    assert (level, request_id) == ("[WARNING]", "")
    assert text.startswith("LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue")
    assert text.endswith("/latest/dg/runtimes-update.html\r\n")
    title, _, first, *_, raised = error.splitlines()
    assert title == "[ERROR] ValueError: the first time"
    assert first.startswith('\u00a0\u00a0File "') and first.endswith(" in import_module")
    assert raised == '\u00a0\u00a0\u00a0\u00a0raise ValueError("the first time") from None'
    assert report.startswith("INIT_REPORT Init Duration: ")
    assert report.endswith(" ms\tPhase: init\tStatus: error\tError Type: Runtime.Unknown\n")
    assert start.startswith("START RequestId: ")
    assert "Init Duration" not in ended


def test_a_second_failure_is_the_answer(functions: Any) -> None:
    functions.make(ALWAYS)
    answer, payload = functions.invoke()
    assert answer["FunctionError"] == "Unhandled"
    assert (payload["errorType"], payload["errorMessage"]) == ("ValueError", "no")
    log = functions.log()
    assert [line.split("\t")[1] for line in log if line.startswith("INIT_REPORT")] == [
        "Phase: init",
        "Phase: invoke",
    ]
    assert len([line for line in log if line.startswith("[ERROR] ValueError: no")]) == 2
    assert log[-1].endswith("\tStatus: error\tError Type: Runtime.Unknown\t\n")


def test_a_process_that_ends_in_its_initialization(functions: Any) -> None:
    functions.make(DIES)
    payload = functions.call()
    assert payload["errorType"] == "Runtime.ExitError"
    assert payload["errorMessage"].endswith("Runtime exited with error: exit status 3")
    reports = [line for line in functions.log() if line.startswith("INIT_REPORT")]
    assert all(line.endswith("Error Type: Runtime.ExitError\n") for line in reports)


def test_an_initialization_has_ten_seconds_and_then_the_functions_timeout(functions: Any) -> None:
    functions.make(SLEEPS, Timeout=1)
    payload = functions.call()
    assert payload["errorType"] == "Sandbox.Timedout"
    assert payload["errorMessage"].endswith("Error: Task timed out after 1.00 seconds")
    reports = [line for line in functions.log() if line.startswith("INIT_REPORT")]
    assert [line.rstrip("\n").split("\t")[1:] for line in reports] == [
        ["Phase: init", "Status: timeout"],
        ["Phase: invoke", "Status: timeout"],
    ]


def test_versions_of_runtimes(functions: Any) -> None:
    for runtime in ("nodejs22.x", "provided.al2023"):
        name = runtime.replace(".", "-")
        made = functions.make(ALWAYS, FunctionName=name, Runtime=runtime)
        arn = made["RuntimeVersionConfig"]["RuntimeVersionArn"]
        assert arn.startswith("arn:aws:lambda:us-east-1::runtime:")
        functions.call(FunctionName=name)
        (init, *_) = functions.log(name)
        version = {"nodejs22.x": "nodejs:22.v1", "provided.al2023": "provided:al2023.v1"}[runtime]
        assert init == f"INIT_START Runtime Version: {version}\tRuntime Version ARN: {arn}\n"
