"""Response streaming from Node.js: `awslambda.streamifyResponse` and `HttpResponseStream`."""

from __future__ import annotations

import base64
import http.client
import json
from typing import Any

import boto3
import pytest
from tests.services.lambda_.streams import events, get, open_url, text

# It answers by the event's `kind`, or by the path of its URL.
SOURCE = """
const { pipeline } = require('stream/promises');
const { Readable } = require('stream');
const { HttpResponseStream, streamifyResponse } = awslambda;
const METADATA = { statusCode: 201, headers: { 'X-A': 'b' }, cookies: ['k=v'] };

const kinds = {
  async plain(event, out) {
    out.setContentType('text/plain');
    out.write('one');
    out.write('');
    out.write(Buffer.from('two'));
    out.write({ three: 3 });
    out.end();
  },
  async pipeline(event, out) {
    await pipeline(Readable.from(['one', 'two']), out);
  },
  async large(event, out) {
    await pipeline(Readable.from(Array.from({ length: 64 }, () => 'x'.repeat(1 << 16))), out);
  },
  async later(event, out) {
    setTimeout(() => out.end('late'), 1);
  },
  async head(event, out) {
    out = HttpResponseStream.from(out, METADATA);
    out.write('bo');
    out.end('dy');
  },
  async redirect(event, out) {
    out = HttpResponseStream.from(out, { statusCode: 302, headers: { Location: '/' } });
    out.write('');
    out.end();
  },
  async endOnly(event, out) {
    HttpResponseStream.from(out, METADATA).end('body');
  },
  async endEmpty(event, out) {
    HttpResponseStream.from(out, METADATA).end();
  },
  async empty(event, out) { out.end(); },
  async early(event, out) {
    HttpResponseStream.from(out, METADATA);
    throw new TypeError('early');
  },
  async midway(event, out) {
    out.write('one');
    throw new RangeError('ö\\n');
  },
  async source(event, out) {
    async function* parts() { yield 'one'; throw new RangeError('source'); }
    await pipeline(Readable.from(parts()), out);
  },
  async after(event, out) {
    out.end('one');
    throw new Error('after');
  },
  async tooLate(event, out) {
    out.write('one');
    out.setContentType('text/html');
  },
  async crash(event, out) {
    out.write('one');
    setImmediate(() => { throw new SyntaxError('crash'); });
    await new Promise(() => {});
  },
  async rejection(event, out) {
    out.write('one');
    Promise.reject(new Error('unhandled'));
    await new Promise(() => {});
  },
  async exit(event, out) {
    out.write('one');
    process.exit(3);
  },
  async open(event, out) { out.write('one'); },
  async destroyed(event, out) { out.write('one'); out.destroy(); },
  async gate(event, out) {
    out.write('one');
    while (!(await fetch(event.url)).ok) await new Promise((r) => setTimeout(r, 10));
    out.end('two');
  },
  async context(event, out, context) {
    const { awsRequestId, functionName, done, succeed, fail } = context;
    const left = context.getRemainingTimeInMillis();
    out.end(JSON.stringify([awsRequestId, functionName, left > 0, typeof done, typeof fail]));
    return 'ignored';
  },
  async left(event, out, context) {
    if ('waits' in event) context.callbackWaitsForEmptyEventLoop = event.waits;
    setTimeout(() => console.log('left to do'), event.ms ?? 1);
    out.end('one');
  },
  sync(event, out) { out.end('sync'); },
};

exports.handler = streamifyResponse((event, out, context) =>
  kinds[event.kind ?? event.rawPath.slice(1)](event, out, context), { highWaterMark: 1024 });
"""


@pytest.fixture
def streams(functions: Any) -> Any:
    """The function `hello`, which streams."""
    return _make(functions, SOURCE)


def _make(functions: Any, source: str, **options: Any) -> Any:
    options.setdefault("Runtime", "nodejs20.x")
    functions.make(source, file="index.js", Handler="index.handler", **options)
    return functions


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("plain", b'onetwo{"three":3}'),
        ("pipeline", b"onetwo"),
        ("large", b"x" * (1 << 22)),
        ("later", b"late"),
        ("empty", b""),
    ],
)
def test_what_is_written_comes(streams: Any, kind: str, body: bytes) -> None:
    for _ in range(2):
        answer = events(streams, kind)
        assert text(answer) == body
        assert answer[-1] == {"InvokeComplete": {}}
    buffered = streams.client.invoke(FunctionName="hello", Payload=json.dumps({"kind": kind}))
    assert buffered["Payload"].read() == body
    assert "FunctionError" not in buffered


@pytest.mark.parametrize(
    ("kind", "body", "error", "message"),
    [
        ("early", b"", "TypeError", "early"),
        ("midway", b"one", "RangeError", "ö\n"),
        ("source", b"one", "RangeError", "source"),
        ("tooLate", b"one", "Runtime.InvalidStreamingOperation", "Cannot set content-type"),
        ("crash", b"one", "SyntaxError", "crash"),
        ("rejection", b"one", "Runtime.UnhandledPromiseRejection", "Error: unhandled"),
        ("exit", b"one", "Runtime.ExitError", "exit status 3"),
        ("destroyed", b"one", "string", "Response stream is not finished."),
        ("sync", b"sync", "", ""),
        ("after", b"one", "", ""),
    ],
)
def test_failures_end_the_stream(
    streams: Any, kind: str, body: bytes, error: str, message: str
) -> None:
    answer = events(streams, kind, LogType="Tail")
    assert text(answer) == body
    complete = answer[-1]["InvokeComplete"]
    log = base64.b64decode(complete["LogResult"]).decode()
    assert complete.get("ErrorCode", "") == error
    details = json.loads(complete.get("ErrorDetails", '{"errorMessage": ""}'))
    assert message in details["errorMessage"]
    assert ("Invoke Error" in log) is (kind not in ("crash", "rejection", "exit"))
    assert text(events(streams, "plain")) == b'onetwo{"three":3}'


def test_a_stream_that_is_not_ended_runs_into_the_timeout(functions: Any) -> None:
    answer = events(_make(functions, SOURCE, Timeout=1), "open")
    assert text(answer) == b"one"
    assert answer[-1]["InvokeComplete"]["ErrorCode"] == "Sandbox.Timedout"


@pytest.mark.parametrize("runtime", ["nodejs20.x", "nodejs24.x"])
def test_the_context_has_no_callbacks(functions: Any, runtime: str) -> None:
    _make(functions, SOURCE, Runtime=runtime)
    answer = events(functions, "context")
    request_id, *others = json.loads(text(answer))
    assert others == ["hello", True, "undefined", "undefined"]
    log = functions.log()
    assert any(request_id in line for line in log)
    assert any("Streaming handlers ignore return values." in line for line in log)


@pytest.mark.parametrize(
    ("runtime", "event", "is_done"),
    [
        ("nodejs22.x", {}, True),
        ("nodejs22.x", {"waits": False, "ms": 60_000}, False),
        ("nodejs24.x", {"ms": 60_000}, False),
    ],
)
def test_what_is_left_to_do_holds_the_next_invocation_up(
    functions: Any, runtime: str, event: dict[str, Any], is_done: bool
) -> None:
    _make(functions, SOURCE, Runtime=runtime)
    functions.client.invoke(FunctionName="hello", Payload=json.dumps({"kind": "left", **event}))
    assert text(events(functions, "pipeline")) == b"onetwo"
    lines = functions.log()
    assert any("left to do" in line for line in lines) is is_done
    assert sum(line.startswith("INIT_START") for line in lines) == 1


def test_only_responses_are_streamed(functions: Any) -> None:
    key = "aws.lambda.runtime.handler.streaming"
    source = f"exports.handler = async () => 1; exports.handler[Symbol.for('{key}')] = 'request';"
    error = _make(functions, source).call()
    assert error["errorType"] == "Runtime.MalformedStreamingHandler"
    assert error["errorMessage"] == "Only response streaming is supported."


def test_who_does_not_want_the_global_has_none(functions: Any) -> None:
    source = "exports.handler = async () => typeof awslambda;"
    variables = {"AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA": "1"}
    _make(functions, source, Environment={"Variables": variables})
    assert functions.call() == "undefined"


def test_a_part_leaves_before_the_next_is_written(streams: Any) -> None:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    where = {"endpoint_url": streams.cloud.endpoint, "region_name": "us-east-1", **keys}
    s3 = boto3.client("s3", **where)
    s3.create_bucket(Bucket="gate")
    params = {"Bucket": "gate", "Key": "open"}
    url = s3.generate_presigned_url("get_object", Params=params)
    answer = boto3.client("lambda", **where).invoke_with_response_stream(
        FunctionName="hello", Payload=json.dumps({"kind": "gate", "url": url})
    )
    parts = iter(answer["EventStream"])
    assert next(parts) == {"PayloadChunk": {"Payload": b"one"}}
    s3.put_object(**params)
    assert next(parts) == {"PayloadChunk": {"Payload": b"two"}}


def test_a_url_streams(streams: Any) -> None:
    connection = open_url(streams, "RESPONSE_STREAM")
    response = get(connection, "/plain")
    assert (response.status, response.headers["content-type"]) == (200, "text/plain")
    assert response.headers["transfer-encoding"] == "chunked"
    assert response.read() == b'onetwo{"three":3}'
    response = get(connection, "/pipeline")
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.read() == b"onetwo"
    response = get(connection, "/head")
    assert (response.status, response.headers["x-a"]) == (201, "b")
    assert response.headers["set-cookie"] == "k=v"
    assert response.read() == b"body"
    response = get(connection, "/redirect")
    assert (response.status, response.headers["location"]) == (302, "/")
    assert response.read() == b""


def test_a_url_whose_function_fails(streams: Any) -> None:
    connection = open_url(streams, "RESPONSE_STREAM")
    for path in ("/early", "/endOnly"):  # nothing before the failure; no head before the body
        response = get(connection, path)
        assert (response.status, response.read()) == (502, b"Internal Server Error")
    response = get(connection, "/endEmpty")
    assert (response.status, response.headers["x-a"], response.read()) == (200, None, b"")
    response = get(connection, "/midway")
    assert response.status == 200
    with pytest.raises(http.client.IncompleteRead):
        response.read()


def test_a_buffered_url_waits_for_all_of_it(functions: Any) -> None:
    source = """exports.handler = awslambda.streamifyResponse(async (event, out) => {
      out.write('{"statusCode": 201, ');
      out.end('"body": "all"}');
    });"""
    connection = open_url(_make(functions, source), "BUFFERED")
    response = get(connection, "/")
    assert (response.status, response.read()) == (201, b"all")
