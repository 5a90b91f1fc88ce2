"""Environments whose runtime ended within an invocation: reset, and used again."""

from __future__ import annotations

from typing import Any

import pytest

# Remembers in memory and in its /tmp; does as the event says.
MEMORIES = """
import os, tempfile, time
time.sleep(0.25)
SEEN = []
def handler(event, context):
    left = context.get_remaining_time_in_millis()
    with open(tempfile.gettempdir() + "/seen", "a+") as file:
        file.seek(0)
        before = file.read()
        file.write(event["note"])
    SEEN.append(event["note"])
    exec(event.get("do", ""))
    return [before, SEEN, left]
"""
# Is not initialized the second and third time in the same environment.
STUBBORN = """
import os, tempfile
path = tempfile.gettempdir() + "/times"
with open(path, "a") as file:
    file.write("x")
if os.path.getsize(path) in (2, 3):
    raise ValueError("not yet")
def handler(event, context):
    if event == "end":
        os._exit(3)
    return os.path.getsize(path)
"""
ENDS = {"timeout": "time.sleep(60)", "exit": "os._exit(3)", "kill": "os.kill(os.getpid(), 9)"}


def _streams(functions: Any) -> list[str]:
    logs = functions.cloud.client("logs")
    found = logs.describe_log_streams(logGroupName="/aws/lambda/hello")["logStreams"]
    return [stream["logStreamName"] for stream in found]


@pytest.mark.parametrize("end", ENDS)
def test_the_next_invocation_finds_the_files_and_nothing_else(functions: Any, end: str) -> None:
    functions.make(MEMORIES, Timeout=2)
    assert functions.call({"note": "a"})[:2] == ["", ["a"]]
    failed = functions.call({"note": "b", "do": ENDS[end]})
    assert failed["errorType"] == {"timeout": "Sandbox.Timedout"}.get(end, "Runtime.ExitError")
    before, seen, left = functions.call({"note": "c"})
    assert (before, seen) == ("ab", ["c"])
    assert left < 1750  # ms: its initialization was in its time
    assert functions.call({"note": "d"})[:2] == ["abc", ["c", "d"]]
    log = functions.log()
    assert len(_streams(functions)) == 1
    assert len([line for line in log if line.startswith("INIT_START")]) == 1
    reports = [line for line in log if line.startswith("REPORT")]
    assert ["Init Duration" in line for line in reports] == [True, False, False, False]
    durations = [float(line.split("\tDuration: ")[1].split(" ms")[0]) for line in reports]
    assert durations[2] > 250 > durations[3]


def test_an_initialization_that_fails_again_is_tried_again(functions: Any) -> None:
    functions.make(STUBBORN)
    assert functions.call() == 1
    assert functions.call("end")["errorType"] == "Runtime.ExitError"
    for _ in range(2):
        assert functions.call()["errorMessage"] == "not yet"
    assert functions.call() == 4
    failures = [line for line in functions.log() if line.startswith("INIT_REPORT")]
    assert [line.split("\t")[1:] for line in failures] == [
        ["Phase: invoke", "Status: error", "Error Type: Runtime.Unknown\n"]
    ] * 2


def test_another_configuration_has_other_files(functions: Any) -> None:
    functions.make(MEMORIES)
    functions.call({"note": "a", "do": ENDS["exit"]})
    functions.client.update_function_configuration(FunctionName="hello", MemorySize=256)
    assert functions.call({"note": "b"})[:2] == ["", ["b"]]
