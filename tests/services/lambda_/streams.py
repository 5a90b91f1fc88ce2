"""Calls of functions that stream: InvokeWithResponseStream and function URLs."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit


def events(functions: Any, kind: str, **options: Any) -> list[dict[str, Any]]:
    """Invoke `hello`; all events of its answer."""
    payload = json.dumps({"kind": kind})
    answer = functions.client.invoke_with_response_stream(
        FunctionName="hello", Payload=payload, **options
    )
    assert answer["ExecutedVersion"] == "$LATEST"
    assert answer["ResponseStreamContentType"] == "application/vnd.amazon.eventstream"
    return list(answer["EventStream"])


def text(events: list[dict[str, Any]]) -> bytes:
    """What an answer's chunks hold."""
    return b"".join(event["PayloadChunk"]["Payload"] for event in events[:-1])


class UrlConnection(http.client.HTTPConnection):
    """A connection to the cloud for a function URL, which is told by the Host `host_header`."""

    host_header = ""


def open_url(functions: Any, mode: str) -> UrlConnection:
    """A connection to a new URL of `hello` that anybody may use."""
    made = functions.client.create_function_url_config(
        FunctionName="hello", AuthType="NONE", InvokeMode=mode
    )
    assert made["InvokeMode"] == mode
    for action, condition in (
        ("InvokeFunctionUrl", {"FunctionUrlAuthType": "NONE"}),
        ("InvokeFunction", {"InvokedViaFunctionUrl": True}),
    ):
        functions.client.add_permission(
            FunctionName="hello",
            StatementId=action,
            Action=f"lambda:{action}",
            Principal="*",
            **condition,
        )
    place = urlsplit(functions.cloud.endpoint)
    connection = UrlConnection(place.hostname or "", place.port)
    connection.host_header = urlsplit(made["FunctionUrl"]).netloc
    return connection


def get(connection: UrlConnection, path: str) -> http.client.HTTPResponse:
    """GET a path of a function URL."""
    connection.request("GET", path, headers={"Host": connection.host_header})
    return connection.getresponse()
