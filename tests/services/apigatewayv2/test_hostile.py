"""What clients send that they should not, and quotas."""

from __future__ import annotations

import base64
import os
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.services.apigatewayv2.serving import answers, verdicts
from cloudarium.services.apigatewayv2.serving.failures import Failure

from .backend import Backend
from .functions import Functions, integrate
from .sockets import add_mock, opened
from .support import add_proxy, add_routes, call, http_api, refused, serve, websocket_api


def test_no_caller_sets_the_gateways_headers(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    api = http_api(client)
    add_routes(client, api, integrate(client, api, functions.make()), "$default")
    serve(client, api)
    sent = {"X-Forwarded-Proto": "https", "X-Amzn-Request-Context": "x", "X-Amz-Apigw-Id": "y"}
    headers = call(cloud, api, "/", headers=sent).json["headers"]
    assert headers["x-forwarded-proto"] == "http"
    assert "x-amz-apigw-id" not in headers


@pytest.mark.parametrize(
    "path", ["/pets/..%2f..%2fadmin", "/pets/%2e%2e/admin", "/pets/a%00b", "/pets/%252e"]
)
def test_paths_stay_below_the_endpoints(
    cloud: CloudUnderTest, client: Any, backend: Backend, path: str
) -> None:
    api = http_api(client)
    add_proxy(client, api, backend.url + "/in/{proxy}/end", "GET /pets/{proxy+}")
    serve(client, api)
    answer = call(cloud, api, path)
    assert answer.status in (200, 404, 500)
    assert all(one.startswith("/in/") and " " not in one for one in backend.asked)


def test_a_value_makes_no_header_of_its_own(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    api = http_api(client)
    parameters = {"append:header.x-a": "$request.querystring.a"}
    add_proxy(client, api, backend.url, "GET /", RequestParameters=parameters)
    serve(client, api)
    answer = call(cloud, api, "/?a=1%0d%0ax-evil:%202")
    assert answer.status == 200
    assert answer.json["headers"]["x-a"] == "1  x-evil: 2"
    assert "x-evil" not in answer.json["headers"]


@pytest.mark.parametrize(
    "body", ['{"a":' * 5000, '{"a": ' + "[" * 900 + "]" * 900 + "}", r'{"a": "\ud800"}']
)
def test_a_body_may_be_anything(
    cloud: CloudUnderTest, client: Any, backend: Backend, body: str
) -> None:
    api = http_api(client)
    parameters = {"append:header.x-a": "$request.body.a"}
    add_proxy(client, api, backend.url, "POST /", RequestParameters=parameters)
    serve(client, api)
    assert call(cloud, api, "/", method="POST", body=body.encode()).status == 200


@pytest.mark.parametrize(
    "payload", [b"[" * 100_000, b'{"a":' * 5000, b"NaN", b"\xff", rb'"\ud800"']
)
def test_a_functions_answer_may_be_anything(payload: bytes) -> None:
    with pytest.raises(Failure):
        answers.response(payload, "1.0")
    with pytest.raises(Failure):
        verdicts.read(payload, "", simple=True)


def _handshake(cloud: CloudUnderTest, api: str) -> socket.socket:
    """Open a connection by hand."""
    port = urlsplit(cloud.endpoint).port
    line = socket.create_connection(("127.0.0.1", port), timeout=20)
    key = base64.b64encode(os.urandom(16)).decode()
    line.sendall(
        f"GET /dev HTTP/1.1\r\nHost: {api}.execute-api.localhost\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    assert line.recv(4096).startswith(b"HTTP/1.1 101")
    return line


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\x81\x02hi", 1002),  # without a mask
        (b"\x83\x80\x00\x00\x00\x00", 1002),  # an opcode there is not
        (b"\xc1\x80\x00\x00\x00\x00", 1002),  # a reserved bit
        (b"\x80\x80\x00\x00\x00\x00", 1002),  # goes on with nothing
        (b"\x89\xfe\x00\x80\x00\x00\x00\x00", 1002),  # a long ping
        (b"\x81\x81\x00\x00\x00\x00\xff", 1007),  # no UTF-8
    ],
)
def test_broken_frames_end_a_connection_and_nothing_else(
    cloud: CloudUnderTest, client: Any, frame: bytes, code: int
) -> None:
    api = websocket_api(client)
    add_mock(client, api, "$default", "ok")
    serve(client, api, "dev")
    with _handshake(cloud, api) as line:
        line.sendall(frame)
        answer = line.recv(4096)
        assert answer[0] == 0x88
        assert int.from_bytes(answer[2:4], "big") == code
        assert line.recv(4096) == b""
    with opened(cloud, api) as good:
        good.send("x")
        assert good.recv(20) == "ok"


def test_quotas(client: Any) -> None:
    api = http_api(client)
    for number in range(10):
        client.create_stage(ApiId=api, StageName=f"s{number}")
    assert refused(lambda: client.create_stage(ApiId=api, StageName="one-more")) == (
        "ConflictException",
        409,
        "Maximum number of Stages for this API has been reached. Please contact AWS if you need "
        "additional Stages.",
    )
