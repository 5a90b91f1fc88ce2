"""Response streaming: a proxy's answer leaves as it comes."""

from __future__ import annotations

import http.client
import io
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .functions import Functions
from .support import LAMBDA_URI, Answer, call, deploy, new_api, refused

# A runtime of its own, so that these tests need no Node.js: it answers by the path.
_BOOTSTRAP = """
import http.client, json, os
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
base = "/2018-06-01/runtime/invocation/"
HEAD = {"statusCode": 201, "headers": {"X-A": "b"}, "cookies": ["k=v", "l=w"]}
while True:
    api.request("GET", base + "next")
    answer = api.getresponse()
    request_id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
    kind = json.loads(answer.read())["path"].strip("/")
    head = json.dumps(HEAD).encode()
    parts = [head + bytes(3), bytes(5) + b"bo", bytes(range(256))]
    if kind == "headless":
        parts = [b"no head"]
    if kind == "long":
        parts = [head + bytes(8), *[b"x" * 65536] * 170]
    api.putrequest("POST", f"{base}{request_id}/response")
    api.putheader("Transfer-Encoding", "chunked")
    api.putheader("Content-Type", "application/vnd.awslambda.http-integration-response")
    api.putheader("Lambda-Runtime-Function-Response-Mode", "streaming")
    api.endheaders()
    for part in parts:
        api.send(b"%x\\r\\n%b\\r\\n" % (len(part), part))
    api.send(b"0\\r\\n\\r\\n")
    api.getresponse().read()
"""


@pytest.fixture
def streaming(functions: Functions) -> str:
    """An API whose `ANY /{proxy+}` a streaming function answers."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        package.writestr(entry, f"#!{sys.executable}\n{_BOOTSTRAP}")
    code = {"ZipFile": data.getvalue()}
    arn = functions.make("", Runtime="provided.al2023", Code=code)
    uri = (
        f"arn:aws:apigateway:{functions.cloud.region}:lambda:path/2021-11-15/functions/{arn}/"
        "response-streaming-invocations"
    )
    return functions.serve(arn, uri=uri, responseTransferMode="STREAM")


def test_a_function_streams(functions: Functions, streaming: str) -> None:
    answer: Answer = call(functions.cloud, streaming, "/prod/x")
    assert (answer.status, answer.headers["X-A"]) == (201, "b")
    assert answer.headers.get_all("Set-Cookie") == ["k=v", "l=w"]
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.body == b"bo" + bytes(range(256))
    assert len(call(functions.cloud, streaming, "/prod/long").body) == 170 * 65536


def test_a_stream_without_a_head_is_none(functions: Functions, streaming: str) -> None:
    answer = call(functions.cloud, streaming, "/prod/headless")
    assert (answer.status, answer.json) == (502, {"message": "Internal server error"})


class _Slow(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    goes_on = threading.Event()

    def do_GET(self) -> None:
        self.send_response(203)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("X-Own", "mine")
        self.end_headers()
        self.wfile.write(b"3\r\none\r\n")
        self.wfile.flush()
        self.goes_on.wait(30)
        if self.path != "/cut":
            self.wfile.write(b"3\r\ntwo\r\n0\r\n\r\n")
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def slow() -> Iterator[str]:
    """The address of an endpoint that says the rest once it is told to go on."""
    _Slow.goes_on.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Slow)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    _Slow.goes_on.set()
    server.shutdown()
    thread.join()
    server.server_close()


def _asked(cloud: CloudUnderTest, client: Any, uri: str) -> http.client.HTTPResponse:
    api, root = new_api(client)
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    client.put_method(**place, authorizationType="NONE")
    proxied = {"type": "HTTP_PROXY", "integrationHttpMethod": "GET", "uri": uri}
    client.put_integration(**place, **proxied, responseTransferMode="STREAM")
    deploy(client, api)
    connection = http.client.HTTPConnection(urlsplit(cloud.endpoint).netloc, timeout=30)
    connection.request("GET", f"/_aws/execute-api/{api}/prod")
    return connection.getresponse()


def test_an_endpoints_parts_leave_one_by_one(cloud: CloudUnderTest, client: Any, slow: str) -> None:
    response = _asked(cloud, client, f"{slow}/")
    assert (response.status, response.headers["X-Own"]) == (203, "mine")
    assert response.read1() == b"one"
    _Slow.goes_on.set()
    assert response.read() == b"two"


def test_an_endpoint_that_breaks_off_is_seen_to(
    cloud: CloudUnderTest, client: Any, slow: str
) -> None:
    response = _asked(cloud, client, f"{slow}/cut")
    assert response.read1() == b"one"
    _Slow.goes_on.set()
    with pytest.raises(http.client.IncompleteRead):
        response.read()


def test_only_proxies_stream(client: Any) -> None:
    api, root = new_api(client)
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    client.put_method(**place, authorizationType="NONE")
    mock = {"type": "MOCK", "responseTransferMode": "STREAM"}
    assert refused(lambda: client.put_integration(**place, **mock))[1] == 400
    buffered = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": LAMBDA_URI}
    wrong = refused(
        lambda: client.put_integration(**place, **buffered, responseTransferMode="STREAM")
    )
    assert wrong[0] == "BadRequestException"
    proxied = {"type": "HTTP_PROXY", "integrationHttpMethod": "GET", "uri": "http://localhost"}
    long = client.put_integration(
        **place, **proxied, responseTransferMode="STREAM", timeoutInMillis=900_000
    )
    assert (long["responseTransferMode"], long["timeoutInMillis"]) == ("STREAM", 900_000)
    short = refused(lambda: client.put_integration(**place, **proxied, timeoutInMillis=900_000))
    assert short[2] == "Timeout should be between 50 ms and 29000 ms"
