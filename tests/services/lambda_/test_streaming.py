"""Response streaming: InvokeWithResponseStream and function URLs."""

from __future__ import annotations

import base64
import http.client
import io
import json
import socket
import sys
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.lambda_.streams import events, get, open_url, text

# A runtime of its own, so that these tests need no Node.js: it answers by the event's `kind`.
BOOTSTRAP = """
import base64, http.client, json, os, socket, time, urllib.request
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
base = "/2018-06-01/runtime/invocation/"

def begin(kind):
    api.putrequest("POST", f"{base}{request_id}/response")
    api.putheader("Transfer-Encoding", "chunked")
    api.putheader("Content-Type", kind)
    api.putheader("Lambda-Runtime-Function-Response-Mode", "streaming")
    api.endheaders()

def write(data):
    api.send(b"%x\\r\\n%b\\r\\n" % (len(data), data))

def end(**trailers):
    lines = [f"{k.replace('_', '-')}: {v}\\r\\n" for k, v in trailers.items()]
    api.send(("0\\r\\n" + "".join(lines) + "\\r\\n").encode())
    api.getresponse().read()

def flood(megabytes, port):
    # Tells the port how much it has written when it has to wait for the first time.
    api.sock.settimeout(0.5 if port else None)
    chunk = memoryview(b"100000\\r\\n" + bytes(1 << 20) + b"\\r\\n")
    for number in range(megabytes):
        left = chunk
        while left:
            try:
                left = left[api.sock.send(left):]
            except TimeoutError:
                api.sock.settimeout(None)
                socket.create_connection(("127.0.0.1", port)).sendall(b"%d" % number)

def wait_for(url):
    while True:
        try:
            return urllib.request.urlopen(url).read()
        except urllib.error.HTTPError:
            time.sleep(0.01)

while True:
    api.request("GET", base + "next")
    answer = api.getresponse()
    request_id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
    event = json.loads(answer.read())
    kind = event.get("kind") or event.get("rawPath", "")[1:]
    if kind == "head":
        begin("application/vnd.awslambda.http-integration-response")
        write(b'{"statusCode": 201, "headers": {"X-A": "b"}, "cookies": ["k=v"]}' + bytes(3))
        write(bytes(5) + b"bo")
        write(b"dy")
        end()
    elif kind == "no-head":
        begin("application/vnd.awslambda.http-integration-response")
        end()
    elif kind == "half-a-head":
        begin("application/vnd.awslambda.http-integration-response")
        write(b"{}")
        end()
    elif kind == "huge":
        begin("text/plain")
        write(bytes(6 * 1024 * 1024 + 101))
        end()
    elif kind == "flood":
        begin("text/plain")
        flood(64, int(event["rawQueryString"]))
        end()
    elif kind == "too-much":
        begin("text/plain")
        flood(201, 0)
        end()
    elif kind == "buffered":
        api.request("POST", f"{base}{request_id}/response", b'{"statusCode": 404}')
        api.getresponse().read()
    elif kind == "error":
        api.request("POST", f"{base}{request_id}/error", b'{"errorType": "Bad"}')
        api.getresponse().read()
    else:
        begin("text/plain")
        write(b"one")
        if event.get("url"):
            wait_for(event["url"])
        write(b"two")
        if kind == "more":
            end()
            while event.get("rawQueryString") == "forever":
                time.sleep(1)
            print("more", flush=True)
        elif kind == "fail":
            body = base64.b64encode(b'{"errorType":"Broken"}').decode()
            end(Lambda_Runtime_Function_Error_Type="Broken",
                Lambda_Runtime_Function_Error_Body=body)
        else:
            end()
"""


@pytest.fixture
def streams(functions: Any) -> Any:
    """The function `hello`, which streams."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        package.writestr(entry, f"#!{sys.executable}\n{BOOTSTRAP}")
    functions.make("", Runtime="provided.al2023", Code={"ZipFile": data.getvalue()})
    return functions


def test_parts_come_as_events(streams: Any) -> None:
    answer = events(streams, "plain", LogType="Tail")
    assert text(answer) == b"onetwo"
    assert list(answer[-1]) == ["InvokeComplete"]
    log = base64.b64decode(answer[-1]["InvokeComplete"]["LogResult"]).decode()
    assert log.startswith("START RequestId: ") and "REPORT" in log
    assert text(events(streams, "buffered")) == b'{"statusCode": 404}'


def test_failures_end_the_stream(streams: Any) -> None:
    answer = events(streams, "fail")
    assert text(answer) == b"onetwo"
    complete = answer[-1]["InvokeComplete"]
    assert complete == {"ErrorCode": "Broken", "ErrorDetails": '{"errorType":"Broken"}'}
    (only,) = events(streams, "error")
    assert only["InvokeComplete"]["ErrorCode"] == "Bad"
    with pytest.raises(ClientError, match="Function not found"):
        streams.client.invoke_with_response_stream(FunctionName="nobody")
    dry = streams.client.invoke_with_response_stream(FunctionName="hello", InvocationType="DryRun")
    assert dry["StatusCode"] == 204


def test_a_part_leaves_before_the_next_is_written(streams: Any) -> None:
    cloud = streams.cloud
    cloud.endpoint  # noqa: B018 - opens the port
    import boto3

    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    where = {"endpoint_url": cloud.endpoint, "region_name": "us-east-1", **keys}
    s3 = boto3.client("s3", **where)
    s3.create_bucket(Bucket="gate")
    params = {"Bucket": "gate", "Key": "open"}
    event = {"url": s3.generate_presigned_url("get_object", Params=params)}
    answer = boto3.client("lambda", **where).invoke_with_response_stream(
        FunctionName="hello", Payload=json.dumps(event)
    )
    parts = iter(answer["EventStream"])
    assert next(parts) == {"PayloadChunk": {"Payload": b"one"}}
    s3.put_object(**params)
    assert next(parts) == {"PayloadChunk": {"Payload": b"two"}}


def test_the_function_goes_on_after_its_response(streams: Any) -> None:
    answer = events(streams, "more", LogType="Tail")
    assert text(answer) == b"onetwo"
    log = base64.b64decode(answer[-1]["InvokeComplete"]["LogResult"]).decode()
    assert log.index("\nmore\n") < log.index("REPORT")
    connection = open_url(streams, "RESPONSE_STREAM")
    assert get(connection, "/more?forever").read() == b"onetwo"
    assert get(connection, "/plain").read() == b"onetwo"  # by another environment


def test_a_url_streams(streams: Any) -> None:
    connection = open_url(streams, "RESPONSE_STREAM")
    response = get(connection, "/plain")
    assert (response.status, response.headers["content-type"]) == (200, "text/plain")
    assert response.headers["transfer-encoding"] == "chunked"
    assert response.read() == b"onetwo"
    response = get(connection, "/head")
    assert (response.status, response.headers["x-a"]) == (201, "b")
    assert response.headers["set-cookie"] == "k=v"
    assert response.read() == b"body"
    response = get(connection, "/no-head")
    assert (response.status, response.read()) == (200, b"")
    response = get(connection, "/buffered")
    assert (response.status, response.read()) == (200, b'{"statusCode": 404}')
    for path in ("/error", "/half-a-head"):
        response = get(connection, path)
        assert (response.status, response.read()) == (502, b"Internal Server Error")
    response = get(connection, "/fail")
    with pytest.raises(http.client.IncompleteRead):
        response.read()


def test_who_waits_for_all_of_it_gets_all_of_it(streams: Any) -> None:
    answer = streams.client.invoke(FunctionName="hello", Payload=b"{}")
    assert answer["Payload"].read() == b"onetwo"
    answer, error = streams.invoke({"kind": "huge"})
    assert answer["FunctionError"] == "Unhandled"
    assert error["errorType"] == "Function.ResponseSizeTooLarge"


def test_a_function_waits_for_a_slow_reader(streams: Any) -> None:
    connection = open_url(streams, "RESPONSE_STREAM")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        host = {"Host": connection.host_header}
        connection.request("GET", f"/flood?{server.getsockname()[1]}", headers=host)
        with server.accept()[0] as waits:
            written = int(waits.makefile().read())
    assert written < 24  # of 64: what the sockets' buffers hold, and a quarter beside
    response = connection.getresponse()
    assert len(response.read()) == 64 << 20


def test_a_function_goes_on_when_its_reader_leaves(streams: Any) -> None:
    connection = open_url(streams, "RESPONSE_STREAM")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        host = {"Host": connection.host_header}
        connection.request("GET", f"/flood?{server.getsockname()[1]}", headers=host)
        server.accept()[0].close()
    connection.close()
    assert text(events(streams, "plain")) == b"onetwo"
    reports: list[str] = []
    while len(reports) < 2:
        streams.cloud.settle()
        reports = [line for line in streams.log() if line.startswith("REPORT")]


def test_a_response_has_an_end(streams: Any) -> None:
    answer = events(streams, "too-much")
    assert sum(len(event["PayloadChunk"]["Payload"]) for event in answer[:-1]) <= 200 << 20
    complete = answer[-1]["InvokeComplete"]
    assert complete["ErrorCode"] == "Function.ResponseSizeTooLarge"
    assert json.loads(complete["ErrorDetails"])["errorMessage"].endswith("(209715200 bytes).")
