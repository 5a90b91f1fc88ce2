"""Environments: used again, renewed, side by side, throttled, replaced."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.functions import interpreters

HELLO = "def handler(event, context):\n    return {'hello': event}\n"
PROCESS = """
import os, uuid
IDENTITY = str(uuid.uuid4())
def handler(event, context):
    return IDENTITY
"""

# Three children, with so much memory of their own and as much that they share.
FAMILY = """
import os, time
def handler(event, context):
    shared = b'x' * (event['shared'] << 20)
    children = []
    for _ in range(3):
        children.append(os.fork())
        if not children[-1]:
            own = b'x' * (event['own'] << 20)
            time.sleep(event['seconds'])
            os._exit(0)
    return [os.waitpid(child, 0)[1] for child in children]
"""


def test_an_environment_is_used_again(functions: Any) -> None:
    functions.make(PROCESS)
    assert functions.call() == functions.call()


def test_new_code_and_new_configuration_get_new_environments(functions: Any) -> None:
    functions.make(PROCESS)
    first = functions.call()
    functions.client.update_function_configuration(FunctionName="hello", MemorySize=256)
    second = functions.call()
    functions.client.update_function_code(
        FunctionName="hello", ZipFile=functions.zip("def handler(e, c): return 'new'")
    )
    assert len({first, second, functions.call()}) == 3
    assert functions.call() == "new"


def test_an_environment_ends_before_its_credentials_do(functions: Any) -> None:
    functions.make(PROCESS)
    first = functions.call()
    functions.cloud.advance(3000)
    assert functions.call() != first


def test_invocations_run_side_by_side(functions: Any) -> None:
    functions.make(
        "import time, uuid\nme = str(uuid.uuid4())\n"
        "def handler(e, c):\n    time.sleep(0.3)\n    return me\n"
    )
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(lambda _: functions.call(), range(3)))
    assert len(set(found)) == 3


def test_reserved_concurrency_throttles(functions: Any) -> None:
    functions.make(HELLO)
    functions.client.put_function_concurrency(FunctionName="hello", ReservedConcurrentExecutions=0)
    with pytest.raises(ClientError) as caught:
        functions.call()
    response = caught.value.response
    assert response["Error"] == {"Code": "TooManyRequestsException", "Message": "Rate Exceeded."}
    assert response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 429
    functions.client.delete_function_concurrency(FunctionName="hello")
    assert functions.call(1) == {"hello": 1}


def test_an_environment_that_crashed_while_idle_is_replaced(functions: Any) -> None:
    functions.make(
        "import os, threading\n"
        "def handler(e, c):\n"
        "    if e.get('die'):\n"
        "        threading.Timer(0.1, os._exit, [1]).start()\n"
        "    return 'alive'\n"
    )
    assert functions.call({"die": True}) == "alive"
    functions.make("import time\ndef handler(e, c): time.sleep(0.3)", FunctionName="pause")
    functions.call(FunctionName="pause")
    assert functions.call({}) == "alive"


def test_without_node_on_the_machine_the_invocation_says_so(
    functions: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(interpreters, "_NODE_FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    source = "exports.handler = async () => 1;"
    functions.make(source, file="index.js", Runtime="nodejs20.x", Handler="index.handler")
    answer, payload = functions.invoke()
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert payload == {
        "errorType": "Runtime.InvalidEntrypoint",
        "errorMessage": f"RequestId: {request_id} Error: nodejs20.x needs Node.js,"
        " and this machine has no `node`.",
    }


def test_processes_that_together_have_too_much_memory_are_killed(functions: Any) -> None:
    functions.make(FAMILY, Timeout=60)
    assert functions.call({"shared": 60, "own": 1, "seconds": 0.7}) == [0, 0, 0]
    answer, error = functions.invoke({"shared": 0, "own": 90, "seconds": 50}, LogType="Tail")
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"].endswith("Error: Runtime exited with error: signal: killed")
    log = base64.b64decode(answer["LogResult"]).decode()
    assert "Memory Size: 128 MB\tMax Memory Used: 128 MB" in log
    assert "Error Type: Runtime.OutOfMemory" in log
    assert functions.call({"shared": 0, "own": 1, "seconds": 0}) == [0, 0, 0]
