"""The Node.js runtime's own ways."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cloudarium.functions.runtimes import Runtimes


def _make(functions: Any, source: str, file: str = "index.js", **options: Any) -> None:
    options.setdefault("Runtime", "nodejs20.x")
    functions.make(source, file=file, Handler="index.handler", **options)


@pytest.mark.parametrize(
    "source",
    [
        "exports.handler = async (event) => ({ hello: event });",
        "exports.handler = (event) => Promise.resolve({ hello: event });",
        "exports.handler = function (event, context, cb) { cb(null, { hello: event }); };",
        "exports.handler = (event, context, cb) => "
        "{ setTimeout(() => cb(null, { hello: event }), 5); };",
        "exports.handler = (event, context) => { context.succeed({ hello: event }); };",
        "module.exports = { handler: async (event) => ({ hello: event }) };",
    ],
)
def test_handlers_of_every_form(functions: Any, source: str) -> None:
    _make(functions, source)
    assert functions.call({"a": 1}) == {"hello": {"a": 1}}
    assert functions.call({"a": 2}) == {"hello": {"a": 2}}


def test_es_modules(functions: Any) -> None:
    source = "import os from 'os';\nexport const handler = async () => os.platform();"
    _make(functions, source, file="index.mjs")
    assert functions.call() == "linux"


def test_errors_carry_a_trace(functions: Any) -> None:
    _make(functions, "exports.handler = async () => { throw new TypeError('boom'); };")
    answer, payload = functions.invoke()
    assert answer["FunctionError"] == "Unhandled"
    assert payload["errorType"] == "TypeError"
    assert payload["errorMessage"] == "boom"
    assert payload["trace"][0] == "TypeError: boom"
    assert "/var/task/index.js:1:" in payload["trace"][1]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("exports.other = 1;", "Runtime.HandlerNotFound"),
        ("require('./missing');", "Runtime.ImportModuleError"),
        ("exports.handler = (", "Runtime.UserCodeSyntaxError"),
        ("throw new RangeError('x');", "RangeError"),
        (
            "exports.handler = () => { Promise.reject(new Error('x')); "
            "return new Promise((r) => setTimeout(r, 1000)); };",
            "Runtime.UnhandledPromiseRejection",
        ),
    ],
)
def test_faults_have_awss_names(functions: Any, source: str, kind: str) -> None:
    _make(functions, source)
    assert functions.call()["errorType"] == kind


def test_node_24_has_no_callbacks(functions: Any) -> None:
    source = "exports.handler = function (event, context, cb) { cb(null, 1); };"
    _make(functions, source, Runtime="nodejs24.x")
    error = functions.call()
    assert error["errorType"] == "Runtime.CallbackHandlerDeprecated"
    assert error["errorMessage"] == (
        "ERROR: AWS Lambda has removed support for callback-based function handlers starting with"
        " Node.js 24. You need to modify this function to use a supported handler signature to use"
        " Node.js 24 or later. For more information see"
        " https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html."
    )


def test_another_node_is_named_in_the_log(functions: Any) -> None:
    there = int(subprocess.check_output(["node", "--version"]).decode()[1:].split(".")[0])
    _make(functions, "exports.handler = async () => process.version;", Runtime="nodejs24.x")
    assert functions.call().startswith("v")
    note = f"Cloudarium: this machine has no Node.js 24; the function runs on Node.js {there}.\n"
    assert (functions.log()[1] == note) is (there != 24)


def test_console_lines_carry_time_request_and_level(functions: Any) -> None:
    _make(functions, "exports.handler = async () => { console.warn('a\\nb', { c: 1 }); };")
    answer, payload = functions.invoke()
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert payload is None
    (line,) = [each for each in functions.log() if "\tWARN\t" in each]
    pattern = rf"\d{{4}}-\d\d-\d\dT[\d:.]+Z\t{request_id}\tWARN\ta\nb {{ c: 1 }}\n$"
    assert re.match(pattern, line), line


def test_the_context(functions: Any) -> None:
    _make(
        functions,
        "exports.handler = async (e, c) => [c.functionName, c.functionVersion, "
        "c.memoryLimitInMB, c.logGroupName, c.getRemainingTimeInMillis() > 0, c.awsRequestId];",
    )
    answer, payload = functions.invoke()
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert payload == ["hello", "$LATEST", "128", "/aws/lambda/hello", True, request_id]


def test_the_context_has_the_trace_context_of_the_w3c(functions: Any) -> None:
    _make(functions, "exports.handler = async (e, c) => [c.w3c(), c.clientContext ?? null];")
    assert functions.call() == [{}, None]
    fields = {"traceparent": "00-0af7-b7ad-01", "tracestate": 1, "baggage": "a=b", "more": "c"}
    for given, found in ((fields, ["traceparent", "baggage"]), ("a=b", []), (None, [])):
        client = json.dumps({"custom": {"a": 1}, "w3c": given}).encode()
        _, payload = functions.invoke(ClientContext=base64.b64encode(client).decode())
        assert payload == [{name: fields[name] for name in found}, {"custom": {"a": 1}}]


def test_the_runtime_goes_on_after_a_response_that_is_too_large(functions: Any) -> None:
    source = "let calls = 0; exports.handler = async (size) => ['x'.repeat(size), ++calls];"
    _make(functions, source)
    answer, payload = functions.invoke(6_300_000, LogType="Tail")
    assert payload["errorType"] == "Function.ResponseSizeTooLarge"
    _, refusal, _, report = base64.b64decode(answer["LogResult"]).decode().splitlines()[-4:]
    assert refusal.endswith('"errorType":"RequestEntityTooLarge"}')
    assert "Failed to post handler success response. Http response code: 413. {" in refusal
    assert "Status" not in report
    assert functions.call(2_000_000) == ["x" * 2_000_000, 2]


def test_what_is_left_to_do_goes_on_with_the_next_invocation(functions: Any) -> None:
    source = (
        "let done = 0; exports.handler = async (event) => {"
        " if (event === 1) { setTimeout(() => { done = 'later'; }, 1); return done; }"
        " await new Promise((r) => setTimeout(r, 20)); return done; };"
    )
    _make(functions, source)
    assert functions.call(1) == 0
    assert functions.call(2) == "later"


def test_a_large_event_and_answer_come_whole(functions: Any) -> None:
    _make(functions, "exports.handler = async (event) => event + 'ä';")
    event = "é" * 1_000_000
    assert functions.call(event) == event + "ä"


def test_a_rejection_after_the_answer_ends_the_environment(functions: Any) -> None:
    source = (
        "let calls = 0; exports.handler = async () => {"
        " if (calls === 0) Promise.reject(new Error('late')); return ++calls; };"
    )
    _make(functions, source)
    assert [functions.call(), functions.call()] == [1, 1]
    assert any("Unhandled Promise Rejection" in line for line in functions.log())


def test_the_aws_sdk_is_missed_in_clear_words(functions: Any) -> None:
    _make(functions, "require('@aws-sdk/client-none'); exports.handler = async () => 1;")
    _, payload = functions.invoke()
    assert payload["errorType"] == "Runtime.ImportModuleError"
    assert any("npm install --global @aws-sdk" in line for line in functions.log())


def test_global_modules_are_there_if_the_aws_sdk_is_among_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = tmp_path / "bin" / "node"
    node.parent.mkdir()
    node.write_text("#!/bin/sh\necho v20.1.0\n")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", f"{node.parent}:/bin")
    monkeypatch.setenv("HOME", str(tmp_path))
    modules = tmp_path / "lib" / "node_modules"
    (modules / "typescript").mkdir(parents=True)
    without = asyncio.run(Runtimes(tmp_path / "scratch").launcher("nodejs20.x", 128))
    assert str(modules) not in [mount.source for mount in without.mounts]
    (modules / "@aws-sdk").mkdir()
    launcher = asyncio.run(Runtimes(tmp_path / "scratch").launcher("nodejs20.x", 128))
    (mount,) = [mount for mount in launcher.mounts if mount.source == str(modules)]
    assert launcher.search_paths["NODE_PATH"][-1] == mount.target


def test_the_user_has_a_name_and_a_home(functions: Any) -> None:
    source = (
        "const os = require('os');\n"
        "exports.handler = async () => [os.homedir(), os.userInfo().username];"
    )
    _make(functions, source)
    assert functions.call() == ["/home/sbx_user1051", "sbx_user1051"]
