"""LoggingConfig: lines in JSON, levels, a log group of one's own."""

from __future__ import annotations

import json
import re
import shutil
from typing import Any

import pytest
from botocore.exceptions import ClientError

PYTHON = """
import logging
logger = logging.getLogger("shop")
def handler(event, context):
    print("as it is")
    logger.debug("small")
    logger.info("sold %d", 3, extra={"item": "pen"})
    try:
        raise KeyError("gone")
    except KeyError:
        logger.exception("lost")
    if event.get("fail"):
        raise ValueError("no")
    return context.log_group_name
"""
NODE = """
exports.handler = async (event) => {
  console.debug("small");
  console.log("sold %d", 3);
  console.info({ item: "pen" });
  console.error("lost", new TypeError("gone"));
  if (event.fail) throw new RangeError("no");
};
"""


def lines(functions: Any, group: str = "/aws/lambda/hello") -> list[Any]:
    """The group's messages, decoded where they are JSON."""
    functions.cloud.settle()
    logs = functions.cloud.client("logs")
    found = [e["message"] for e in logs.filter_log_events(logGroupName=group)["events"]]
    return [json.loads(line) if line.startswith("{") else line for line in found]


def make(functions: Any, source: str = PYTHON, **config: str) -> dict[str, Any]:
    """Make a function that logs in JSON; its LoggingConfig."""
    options = {"LoggingConfig": {"LogFormat": "JSON", **config}, "Timeout": 10}
    if "exports" in source:
        options |= {"file": "app.js", "Runtime": "nodejs22.x"}
    made: dict[str, Any] = functions.make(source, **options)["LoggingConfig"]
    return made


def test_python_logs_in_json(functions: Any) -> None:
    assert make(functions) == {
        "LogFormat": "JSON",
        "ApplicationLogLevel": "INFO",
        "SystemLogLevel": "INFO",
        "LogGroup": "/aws/lambda/hello",
    }
    answer, payload = functions.invoke({})
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert payload == "/aws/lambda/hello"
    init, *_, start, printed, sold, lost, report = lines(functions)
    assert (init["type"], init["record"]["initializationType"]) == (
        "platform.initStart",
        "on-demand",
    )
    assert start["type"] == "platform.start"
    arn = "arn:aws:lambda:us-east-1:000000000000:function:hello"
    assert start["record"] == {
        "requestId": request_id,
        "functionArn": arn,
        "version": "$LATEST",
    }
    assert printed == "as it is\n"
    assert sold["timestamp"].endswith("Z")
    del sold["timestamp"]
    assert sold == {
        "level": "INFO",
        "message": "sold 3",
        "logger": "shop",
        "requestId": request_id,
        "item": "pen",
    }
    assert (lost["level"], lost["errorType"], lost["errorMessage"]) == (
        "ERROR",
        "KeyError",
        "'gone'",
    )
    assert lost["location"].endswith("/app.py:handler:11")
    assert report["type"] == "platform.report"
    assert (report["record"]["requestId"], report["record"]["status"]) == (request_id, "success")
    assert report["record"]["metrics"]["memorySizeMB"] == 128
    assert report["record"]["metrics"]["initDurationMs"] > 0


def test_errors_in_json(functions: Any) -> None:
    make(functions, SystemLogLevel="DEBUG", ApplicationLogLevel="FATAL")
    assert functions.call({"fail": True})["errorType"] == "ValueError"
    *_, printed, done, report = lines(functions)
    assert printed == "as it is\n"
    # An error that the runtime tells is one of the function's: the platform's part is a success.
    assert (done["type"], done["record"]["status"]) == ("platform.runtimeDone", "success")
    assert done["record"]["metrics"]["producedBytes"] == 0
    assert (report["record"]["status"], "errorType" in report["record"]) == ("success", False)
    functions.client.update_function_configuration(
        FunctionName="hello",
        LoggingConfig={
            "LogFormat": "JSON",
            "ApplicationLogLevel": "ERROR",
            "SystemLogLevel": "WARN",
            "LogGroup": "/errors",
        },
    )
    functions.invoke({"fail": True})
    _, lost, raised = lines(functions, "/errors")
    assert (lost["level"], raised["level"]) == ("ERROR", "ERROR")
    assert (raised["errorType"], raised["errorMessage"]) == ("ValueError", "no")
    assert raised["requestId"] and raised["stackTrace"]


def test_streams_of_a_group_of_ones_own_name_the_function(functions: Any) -> None:
    make(functions, LogGroup="/shared")
    functions.invoke({})
    about = lines(functions, "/shared")[0]["record"]
    assert (about["functionName"], about["functionVersion"]) == ("hello", "$LATEST")
    assert about["instanceMaxMemory"] == 128 << 20
    streams = functions.cloud.client("logs").describe_log_streams(logGroupName="/shared")
    (stream,) = [each["logStreamName"] for each in streams["logStreams"]]
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/hello\[\$LATEST\][0-9a-f]{32}", stream)
    assert about["instanceId"] == stream


def test_all_levels(functions: Any) -> None:
    make(functions, SystemLogLevel="DEBUG", ApplicationLogLevel="TRACE")
    functions.invoke({})
    found = [line for line in lines(functions) if isinstance(line, dict)]
    assert [line.get("type") or line["level"] for line in found] == [
        "platform.initStart",
        "platform.initRuntimeDone",
        "platform.initReport",
        "platform.start",
        "DEBUG",
        "INFO",
        "ERROR",
        "platform.runtimeDone",
        "platform.report",
    ]


def test_a_failed_initialization_in_json(functions: Any) -> None:
    make(functions, "raise ValueError('no')")
    functions.invoke({})
    reports = [
        line["record"]
        for line in lines(functions)
        if isinstance(line, dict) and line.get("type") == "platform.initReport"
    ]
    assert [(each["phase"], each["status"], each["errorType"]) for each in reports] == [
        ("init", "error", "Runtime.Unknown"),
        ("invoke", "error", "Runtime.Unknown"),
    ]


def test_levels_are_of_json(functions: Any) -> None:
    with pytest.raises(ClientError) as caught:
        functions.make(PYTHON, LoggingConfig={"LogFormat": "Text", "SystemLogLevel": "WARN"})
    assert caught.value.response["Error"]["Message"] == (
        'LogLevel is not supported when LogFormat is set to "Text". Remove LogLevel from your'
        ' request or change the LogFormat to "JSON" and try again.'
    )
    make(functions, ApplicationLogLevel="WARN")
    changed = functions.client.update_function_configuration(
        FunctionName="hello", LoggingConfig={"LogFormat": "Text"}
    )
    assert changed["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/hello"}


def test_node_logs_in_json(functions: Any) -> None:
    make(functions, NODE)
    if shutil.which("node") is None:
        assert functions.call({})["errorType"] == "Runtime.InvalidEntrypoint"
        return
    answer, _ = functions.invoke({"fail": True})
    request_id = answer["ResponseMetadata"]["RequestId"]
    found = [line for line in lines(functions) if isinstance(line, dict)]
    _, _, sold, item, lost, raised, report = found
    assert (sold["level"], sold["message"], sold["requestId"]) == ("INFO", "sold 3", request_id)
    assert item["message"] == {"item": "pen"}
    assert lost["message"].startswith("lost TypeError: gone")
    assert (lost["errorType"], lost["errorMessage"]) == ("TypeError", "gone")
    assert lost["stackTrace"][0] == "TypeError: gone"
    assert raised["level"] == "ERROR"
    assert raised["message"]["errorType"] == "RangeError"
    assert report["record"]["status"] == "success"
