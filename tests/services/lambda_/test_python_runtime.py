"""What AWS's Python runtime does with errors, answers and the context, by its client's source."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

ANSWERS = """
def handler(event, context):
    if event == "bytes":
        return b"no JSON"
    if event == "error":
        raise ValueError("£")
    return {"price": "£1"}
"""
W3C = "def handler(event, context):\n    return [context.w3c(), repr(context.client_context)]\n"
CONTEXT = """
def handler(event, context):
    context.log("one\\nevent")
    return [repr(context.identity), repr(context.client_context), repr(context)]
"""


@pytest.mark.parametrize(("runtime", "pound"), [("python3.11", b"\\u00a3"), ("python3.13", "£")])
def test_letters_beyond_ascii_are_escaped_by_the_older_runtimes(
    functions: Any, runtime: str, pound: bytes | str
) -> None:
    shown = pound if isinstance(pound, bytes) else pound.encode()
    functions.make(ANSWERS, Runtime=runtime)
    invoke = functions.client.invoke
    answer = invoke(FunctionName="hello", Payload=b"{}")["Payload"].read()
    assert answer == b'{"price": "' + shown + b'1"}'
    error = invoke(FunctionName="hello", Payload=b'"error"')["Payload"].read()
    assert error.startswith(b'{"errorMessage": "' + shown + b'", "errorType": "ValueError"')


def test_decimals_are_numbers(functions: Any) -> None:
    source = "from decimal import Decimal\ndef handler(event, context):\n"
    functions.make(
        source + "    return {'pi': Decimal('3.14159'), 'x': [Decimal('nan'), 1, '0']}\n"
    )
    answer = functions.client.invoke(FunctionName="hello")["Payload"].read()
    assert answer == b'{"pi": 3.14159, "x": [NaN, 1, "0"]}'


def test_bytes_are_answered_as_they_are(functions: Any) -> None:
    functions.make(ANSWERS)
    answer = functions.client.invoke(FunctionName="hello", Payload=b'"bytes"')
    assert (answer["Payload"].read(), "FunctionError" in answer) == (b"no JSON", False)


def test_the_context_shows_its_fields(functions: Any) -> None:
    functions.make(CONTEXT)
    client = {"custom": {"a": 1}, "client": {"app_title": "Shop"}}
    context = base64.b64encode(json.dumps(client).encode()).decode()
    answer = functions.client.invoke(FunctionName="hello", ClientContext=context, LogType="Tail")
    identity, shown, whole = json.loads(answer["Payload"].read())
    assert identity == "CognitoIdentity([cognito_identity_id=None,cognito_identity_pool_id=None])"
    assert shown == (
        "ClientContext([custom={'a': 1},env=None,client=Client([installation_id=None,"
        "app_title=Shop,app_version_name=None,app_version_code=None,app_package_name=None])])"
    )
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert whole.startswith(f"LambdaContext([aws_request_id={request_id},log_group_name=/aws/")
    assert whole.endswith(f",client_context={shown},identity={identity},tenant_id=None])")
    assert "one\nevent\n" in functions.log()


def test_a_built_in_module_is_no_handlers(functions: Any) -> None:
    functions.make("", Handler="time.time")
    payload = functions.call()
    assert (payload["errorType"], payload["errorMessage"]) == (
        "Runtime.BuiltInModuleConflict",
        "Cannot use built-in module time as a handler module",
    )


def test_an_error_without_words(functions: Any) -> None:
    functions.make("def handler(event, context):\n    raise KeyError\n")
    functions.call()
    assert (
        "[ERROR] KeyError\nTraceback (most recent call last):\n"
        '\u00a0\u00a0File "/var/task/app.py", line 2, in handler\n'
        "\u00a0\u00a0\u00a0\u00a0raise KeyError\n"
    ) in functions.log()


def test_only_the_line_of_an_error_is_shown(functions: Any) -> None:
    functions.make("def handler(event, context):\n    return 1 + (1 / 0)\n")
    assert functions.call()["stackTrace"] == [
        '  File "/var/task/app.py", line 2, in handler\n    return 1 + (1 / 0)\n'
    ]


def test_the_warning_of_a_failed_initialization_in_json(functions: Any) -> None:
    functions.make("raise ValueError('no')", LoggingConfig={"LogFormat": "JSON"})
    functions.call()
    found = [json.loads(line) for line in functions.log()]
    (warning, *_) = [line for line in found if line.get("level") == "WARNING"]
    assert warning["message"].startswith("LAMBDA_WARNING: Unhandled exception. ")
    assert (warning["logger"], warning["requestId"]) == ("root", "")


def test_the_context_has_the_trace_context_of_the_w3c(functions: Any) -> None:
    functions.make(W3C)
    assert functions.call() == [{}, "None"]
    fields = {"traceparent": "00-0af7-b7ad-01", "tracestate": 1, "baggage": "a=b", "more": "c"}
    for given, found in ((fields, ["traceparent", "baggage"]), ("a=b", []), (["a=b"], [])):
        client = json.dumps({"custom": {"a": 1}, "w3c": given}).encode()
        context = base64.b64encode(client).decode()
        _, payload = functions.invoke(ClientContext=context)
        assert payload == [
            {name: fields[name] for name in found},
            "ClientContext([custom={'a': 1},env=None,client=None])",
        ]
