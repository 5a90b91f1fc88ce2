"""Extensions: external ones in layers, internal ones, telemetry, wrappers of the runtime."""

from __future__ import annotations

import io
import json
import sys
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

HELLO = "def handler(event, context):\n    print('hello from the function')\n    return 'hello'\n"
# An extension that notes each event in a queue; `before` runs between its registration and Next.
EXTENSION = f"""#!{sys.executable}
import http.client, json, os, sys, threading, http.server
import boto3

name = os.path.basename(__file__)
base = "/2020-01-01/extension/"
sqs = boto3.client("sqs")
url = sqs.get_queue_url(QueueName="notes")["QueueUrl"]

def note(what):
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps([name, what]))

def ask(method, path, body=None, **headers):
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    connection.request(method, path, json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    return answer, answer.read()

wanted = {{"events": ["INVOKE", "SHUTDOWN"]}}
answer, body = ask("POST", base + "register", wanted, **{{"Lambda-Extension-Name": name}})
me = {{"Lambda-Extension-Identifier": answer.headers["Lambda-Extension-Identifier"]}}
note([answer.status, json.loads(body), sorted(n for n in os.environ if "HANDLER" in n)])
print("registered", flush=True)
# before
again = ask("POST", base + "register", wanted, **{{"Lambda-Extension-Name": name}})
assert again[0].status == 403 and b"from Registered to Registered failed" in again[1], again
while True:
    event = json.loads(ask("GET", base + "event/next", **me)[1])
    note(event)
    # at event
    if event["eventType"] == "SHUTDOWN":
        break
"""
LISTEN = """
class Listener(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers["Content-Length"])
        for told in json.loads(self.rfile.read(length)):
            note({"telemetry": told})
        self.send_response(200)
        self.end_headers()
    def log_message(self, *args):
        pass

server = http.server.ThreadingHTTPServer(("sandbox.localdomain", 4243), Listener)
threading.Thread(target=server.serve_forever, daemon=True).start()
wanted = {
    "schemaVersion": "2022-12-13",
    "destination": {"protocol": "HTTP", "URI": "http://sandbox.localdomain:4243/"},
    "types": ["platform", "function", "extension"],
    "buffering": {"timeoutMs": 25, "maxBytes": 262144, "maxItems": 1000},
}
far = {"protocol": "HTTP", "URI": "http://sandbox:123456/"}
for odd in {"types": 5}, {"types": [{}]}, {"buffering": {"maxItems": "x"}}, {"destination": far}:
    bad = ask("PUT", "/2022-07-01/telemetry", {**wanted, **odd}, **me)
    assert bad[0].status == 400, odd
good = ask("PUT", "/2022-07-01/telemetry", wanted, **me)
note([bad[0].status, json.loads(bad[1])["errorType"], good[0].status, json.loads(good[1])])
"""


class Notes:
    """Layers with extensions, and what those have noted."""

    def __init__(self, functions: Any) -> None:
        self.functions = functions
        self.sqs = functions.cloud.client("sqs")
        self.url = self.sqs.create_queue(QueueName="notes")["QueueUrl"]
        allowed = {"Effect": "Allow", "Action": ["sqs:*", "logs:*"], "Resource": "*"}
        self.role = functions.make_role("noting", [allowed])

    def make(self, source: str = HELLO, **files: str) -> None:
        """A function with executable files of a layer, by their path below /opt."""
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as package:
            for path, text in files.items():
                entry = zipfile.ZipInfo(path)
                entry.external_attr = 0o755 << 16
                package.writestr(entry, text)
        layer = self.functions.client.publish_layer_version(
            LayerName="extensions", Content={"ZipFile": data.getvalue()}
        )
        arn = layer["LayerVersionArn"]
        self.functions.make(source, Layers=[arn], Role=self.role, Timeout=10)

    def extension(self, before: str = "", at_event: str = "pass", source: str = HELLO) -> None:
        """A function with the extension above."""
        text = EXTENSION.replace("# before", before).replace("# at event", at_event)
        self.make(source, **{"extensions/watcher": text})

    def take(self) -> list[Any]:
        """What has been noted since the last time."""
        found = []
        while messages := self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for message in messages:
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
                found.append(json.loads(message["Body"])[1])
        return found

    def until(self, enough: Callable[[list[Any]], bool]) -> list[Any]:
        """What is noted, once it is enough."""
        deadline, found = time.monotonic() + 30, self.take()
        while not enough(found):
            assert time.monotonic() < deadline, found
            found += self.take()
        return found


@pytest.fixture
def notes(functions: Any) -> Notes:
    """Functions with extensions."""
    return Notes(functions)


def test_an_extension_registers_and_is_told_of_invocations_and_the_end(notes: Notes) -> None:
    notes.extension()
    answer, payload = notes.functions.invoke()
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert payload == "hello"
    registered, invoked = notes.take()
    about = {"functionName": "hello", "functionVersion": "$LATEST", "handler": "app.handler"}
    assert registered == [200, about, []]
    assert (invoked["eventType"], invoked["requestId"]) == ("INVOKE", request_id)
    assert invoked["invokedFunctionArn"].endswith(":function:hello")
    assert invoked["tracing"]["type"] == "X-Amzn-Trace-Id"
    notes.functions.call()
    assert [event["eventType"] for event in notes.take()] == ["INVOKE"]
    log = notes.functions.log()
    assert "registered\n" in log
    assert "EXTENSION\tName: watcher\tState: Ready\tEvents: [INVOKE, SHUTDOWN]\n" in log
    notes.functions.client.update_function_configuration(FunctionName="hello", MemorySize=256)
    (end,) = notes.until(lambda found: bool(found))
    assert (end["eventType"], end["shutdownReason"]) == ("SHUTDOWN", "spindown")


def test_an_extension_is_told_of_a_timeout(notes: Notes) -> None:
    notes.extension(source="import time\ndef handler(event, context):\n    time.sleep(60)\n")
    notes.functions.client.update_function_configuration(FunctionName="hello", Timeout=1)
    assert notes.functions.call()["errorType"] == "Sandbox.Timedout"
    assert [each.get("shutdownReason") for each in notes.take()[1:]] == [None, "timeout"]


def test_an_extension_is_there_again_after_a_timeout(notes: Notes) -> None:
    source = "import time\ndef handler(event, context):\n    time.sleep(event['seconds'])\n"
    notes.extension(before=LISTEN, source=source)
    notes.functions.client.update_function_configuration(FunctionName="hello", Timeout=3)
    assert notes.functions.call({"seconds": 60})["errorType"] == "Sandbox.Timedout"
    notes.take()
    assert notes.functions.call({"seconds": 0}) is None
    # The report of the first invocation may come as late as this.
    awaited = ("platform.initReport", "platform.report")
    found = notes.until(lambda found: all(each in json.dumps(found) for each in awaited))
    told = [each["telemetry"] for each in found if isinstance(each, dict) and "telemetry" in each]
    inits = [each for each in told if each["type"].startswith("platform.init")]
    assert [(each["type"], each["record"]["phase"]) for each in inits] == [
        ("platform.initStart", "invoke"),
        ("platform.initRuntimeDone", "invoke"),
        ("platform.initReport", "invoke"),
    ]


def test_telemetry(notes: Notes) -> None:
    notes.extension(before=LISTEN)
    answer, _ = notes.functions.invoke()
    request_id = answer["ResponseMetadata"]["RequestId"]
    found = notes.until(lambda found: "platform.report" in json.dumps(found))
    assert [400, "ValidationError", 200, "OK"] in found
    told = [each["telemetry"] for each in found if isinstance(each, dict) and "telemetry" in each]
    records = {event["type"]: event["record"] for event in told}
    assert set(records) == {
        "platform.initStart",
        "platform.initRuntimeDone",
        "platform.initReport",
        "platform.telemetrySubscription",
        "platform.extension",
        "platform.start",
        "platform.runtimeDone",
        "platform.report",
        "function",
        "extension",
    }
    assert records["function"] == "hello from the function"
    assert records["extension"] == "registered"
    arn = "arn:aws:lambda:us-east-1:000000000000:function:hello"
    start = {"requestId": request_id, "functionArn": arn, "version": "$LATEST"}
    assert records["platform.start"] == start
    assert records["platform.runtimeDone"]["status"] == "success"
    assert records["platform.initStart"]["runtimeVersion"] == "python:3.11.v1"
    assert all(event["time"].endswith("Z") for event in told)
    log = notes.functions.log()
    line = "TELEMETRY\tName: watcher\tState: Subscribed\tTypes: [Platform, Function, Extension]\n"
    assert line in log


@pytest.mark.parametrize(
    ("schema", "is_object"), [("2022-07-01", False), ("2022-12-13", True), ("2025-01-29", True)]
)
def test_lines_in_json_are_objects(notes: Notes, schema: str, is_object: bool) -> None:
    source = (
        "def handler(event, context):\n    print('{\"a\": 1}')\n"
        "    print('{no')\n    print('{\"a\":' * 9000)\n"
    )
    notes.extension(before=LISTEN.replace("2022-12-13", schema), source=source)
    config = {"LogFormat": "JSON"}
    notes.functions.client.update_function_configuration(FunctionName="hello", LoggingConfig=config)
    notes.functions.call()
    found = notes.until(lambda found: "platform.report" in json.dumps(found))
    told = [each["telemetry"] for each in found if isinstance(each, dict) and "telemetry" in each]
    lines = [each["record"] for each in told if each["type"] == "function"]
    assert lines == [{"a": 1} if is_object else '{"a": 1}', "{no", '{"a":' * 9000]


def test_an_extension_that_ends_early_fails_the_initialization(notes: Notes) -> None:
    notes.extension(before="sys.exit(3)")
    payload = notes.functions.call()
    assert payload["errorType"] == "Extension.Crash"
    assert payload["errorMessage"].endswith(" Error: exit status 3")
    line = "EXTENSION\tName: watcher\tState: Registered\tEvents: [INVOKE, SHUTDOWN]\n"
    assert line in notes.functions.log()


def test_an_extension_that_does_not_register_has_only_started(notes: Notes) -> None:
    notes.make(**{"extensions/short": "#!/bin/sh\n"})
    payload = notes.functions.call()
    assert payload["errorType"] == "Extension.Crash"
    assert payload["errorMessage"].endswith(" Error: exit code 0")
    assert "EXTENSION\tName: short\tState: Started\tEvents: []\n" in notes.functions.log()


@pytest.mark.parametrize(
    ("interpreter", "kind"), [("/nothing/there", "UnknownError"), ("/tmp", "PermissionDenied")]
)
def test_a_file_that_cannot_be_run_fails_the_initialization(
    notes: Notes, interpreter: str, kind: str
) -> None:
    notes.make(**{"extensions/broken": f"#!{interpreter}\n"})
    payload = notes.functions.call()
    assert payload["errorType"] == "Extension.LaunchError"
    assert "extensions/broken" in payload["errorMessage"]
    line = f"EXTENSION\tName: broken\tState: LaunchError\tEvents: []\tError Type: {kind}\n"
    assert line in notes.functions.log()


@pytest.mark.parametrize(
    ("phase", "place"), [("init", "before"), ("exit", "before"), ("exit", "at_event")]
)
def test_an_extension_reports_an_error_and_exits(notes: Notes, phase: str, place: str) -> None:
    report = (
        f"kind = ask('POST', base + '{phase}/error', {{'errorMessage': 'no'}}, **me)\n"
        "me['Lambda-Extension-Function-Error-Type'] = 'Extension.Bad'\n"
        f"done = ask('POST', base + '{phase}/error', {{'errorMessage': 'no'}}, **me)\n"
        "more = ask('GET', base + 'event/next', **me)\n"
        "note([json.loads(each[1]) for each in (kind, done, more)])\n"
        "sys.exit()"
    )
    notes.extension(**{place: report.replace("\n", "\n    " if place == "at_event" else "\n")})
    payload = notes.functions.call()
    state = f"{phase.title()}Error"
    assert payload["errorType"] == f"Extension.{state}"
    assert payload["errorMessage"].endswith(" Error: exit code 0")
    missing, done, more = notes.take()[-1]
    assert missing == {
        "errorType": "Extension.MissingHeader",
        "errorMessage": "Lambda-Extension-Function-Error-Type not found",
    }
    assert done == {"status": "OK"}
    assert more == {
        "errorType": "Extension.InvalidExtensionState",
        "errorMessage": f"State transition from {state} to Ready failed for extension watcher."
        " Error: State transition is not allowed",
    }
    told = f"State: {state}\tEvents: [INVOKE, SHUTDOWN]\tError Type: Extension.Bad\n"
    log = "".join(notes.functions.log())
    assert (told in log) == (place == "before")
    assert f" Error: exit code 0\nExtension.{state}\nEND " in log
    assert f"Status: error\tError Type: Extension.{state}\t\n" in log


INTERNAL = """
import http.client, json, os, threading
base = "/2020-01-01/extension/"
def ask(method, path, body=None, **headers):
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    connection.request(method, path, json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    return answer.status, dict(answer.headers), json.loads(answer.read())
name = {"Lambda-Extension-Name": "inside"}
me = "Lambda-Extension-Identifier"
account = {"Lambda-Extension-Accept-Feature": "other, accountId"}
refused = [
    ask("POST", base + "register", {"events": ["SHUTDOWN"]}, **name),
    ask("POST", base + "register", {"events": ["OTHER"]}, **name),
    ask("POST", base + "register", {"events": [], "configurationKeys": ["x"]}, **name),
    ask("POST", base + "register", {"events": "INVOKE"}, **name),
    ask("GET", base + "event/next"),
    ask("GET", base + "event/next", **{me: "x"}),
    ask("GET", base + "event/next", **{me: "0ac5f5a1-6c2f-4a2e-9a4e-5a2f6f0c9d51"}),
]
_, headers, about = ask("POST", base + "register", {"events": ["INVOKE"]}, **name, **account)
refused.append(ask("POST", base + "register", {"events": ["INVOKE"]}, **name))
seen = []
def follow():
    me = {"Lambda-Extension-Identifier": headers["Lambda-Extension-Identifier"]}
    while True:
        seen.append(ask("GET", base + "event/next", **me)[2]["requestId"])
threading.Thread(target=follow, daemon=True).start()
def handler(event, context):
    late = {"Lambda-Extension-Name": "late"}
    telemetry = "/2022-07-01/telemetry"
    closed = [
        ask("POST", base + "register", {"events": ["INVOKE"]}, **late),
        ask("PUT", telemetry, {}, **{me: headers["Lambda-Extension-Identifier"]}),
    ]
    return [seen, about, [[status, *told.values()] for status, _, told in refused + closed]]
"""


def test_an_internal_extension(functions: Any) -> None:
    functions.make(INTERNAL)
    first, _ = functions.invoke()
    _, (seen, about, refused) = functions.invoke()
    assert seen[0] == first["ResponseMetadata"]["RequestId"]
    assert about == {
        "functionName": "hello",
        "functionVersion": "$LATEST",
        "handler": "app.handler",
        "accountId": "000000000000",
    }
    assert {status for status, _, _ in refused} == {403}
    assert [(kind, text) for _, text, kind in refused] == [
        ("Extension.InvalidEventType", "SHUTDOWN: ShutdownEventNotSupportedForInternalExtension"),
        ("Extension.InvalidEventType", "OTHER: ErrorInvalidEventType"),
        (
            "InvalidRequestFormat",
            "configurationKeys are deprecated; use environment variables instead",
        ),
        ("InvalidRequestFormat", "events must be a list."),
        (
            "Extension.MissingExtensionIdentifier",
            "Missing Lambda-Extension-Identifier header",
        ),
        ("Extension.InvalidExtensionIdentifier", "Invalid Lambda-Extension-Identifier"),
        ("Extension.UnknownExtensionIdentifier", "Unknown Lambda-Extension-Identifier"),
        ("Extension.InvalidExtensionState", "Extension with this name already registered"),
        ("Extension.RegistrationClosed", "Extension registration closed already"),
        ("Telemetry.SubscriptionClosed", "Telemetry API subscription is closed already"),
    ]


WRAPPER = """#!/bin/sh
export WRAPPED=yes
echo "wrapped: $#"
exec "$@"
"""


def test_a_wrapper_starts_the_runtime(notes: Notes) -> None:
    source = "import os\ndef handler(event, context):\n    return os.environ.get('WRAPPED')\n"
    notes.make(source, **{"wrapper": WRAPPER})
    assert notes.functions.call() is None
    wrapper = {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrapper"}
    notes.functions.client.update_function_configuration(
        FunctionName="hello", Environment={"Variables": wrapper}
    )
    assert notes.functions.call() == "yes"
    assert "wrapped: 2\n" in notes.functions.log()
