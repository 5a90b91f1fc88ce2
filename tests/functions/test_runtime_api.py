"""The Runtime API, spoken to as a custom runtime does, and `provided` functions."""

from __future__ import annotations

import asyncio
import contextlib
import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from cloudarium.functions.environments import Environment
from cloudarium.functions.launch import Launch
from cloudarium.functions.outcomes import Outcome
from cloudarium.functions.pool import Pool
from cloudarium.functions.runtime_api import Invocation, RuntimeApi
from cloudarium.functions.sandbox import Sandbox

BOOTSTRAP = """#!/bin/sh
base="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  event=$(curl -sS -D /tmp/headers "$base/next")
  id=$(grep -i Lambda-Runtime-Aws-Request-Id /tmp/headers | tr -d '[:space:]' | cut -d: -f2)
  curl -sS -X POST "$base/$id/response" -d "{\\"got\\": $event}" > /dev/null
done
"""


def _request(method: str, url: str, body: bytes = b"", **headers: str) -> tuple[int, Any, bytes]:
    request = urllib.request.Request(url, body or None, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def _invocation(payload: bytes = b"{}") -> Invocation:
    return Invocation("id-1", payload, "arn:f", 123, "Root=1-2-3", '{"custom":1}', "")


def test_an_invocation_goes_out_with_its_headers_and_its_response_comes_back() -> None:
    async def run() -> None:
        api = RuntimeApi()
        base = f"http://{await api.start()}/2018-06-01/runtime/"
        reply = api.offer(_invocation(b'{"a":1}'))
        status, headers, body = await asyncio.to_thread(_request, "GET", f"{base}invocation/next")
        assert (status, body) == (200, b'{"a":1}')
        assert headers["Lambda-Runtime-Aws-Request-Id"] == "id-1"
        assert headers["Lambda-Runtime-Deadline-Ms"] == "123"
        assert headers["Lambda-Runtime-Invoked-Function-Arn"] == "arn:f"
        assert headers["Lambda-Runtime-Trace-Id"] == "Root=1-2-3"
        assert headers["Lambda-Runtime-Client-Context"] == '{"custom":1}'
        assert headers["Lambda-Runtime-Cognito-Identity"] is None
        url = f"{base}invocation/other/response"
        status, _, body = await asyncio.to_thread(_request, "POST", url, b"1")
        assert (status, json.loads(body)["errorType"]) == (400, "InvalidRequestID")
        url = f"{base}invocation/id-1/response"
        status, _, body = await asyncio.to_thread(_request, "POST", url, b'"x"')
        assert (status, json.loads(body)) == (202, {"status": "OK"})
        answer = await reply
        assert answer is not None
        assert (answer.payload, answer.error_type) == (b'"x"', None)
        api.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    "begin, more",
    [
        (b"GET /", b"a" * 65536),
        (b"GET / HTTP/1.1\r\n", b"name: value\r\n" * 5000),
        (b"GET / HTTP/1.1\r\nname: ", b"a" * 65536),
        (b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n" * 5000),
    ],
)
def test_who_asks_too_much_is_dropped(begin: bytes, more: bytes) -> None:
    async def run() -> None:
        api = RuntimeApi()
        host, port = (await api.start()).split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(begin)
        with contextlib.suppress(ConnectionError):
            for _ in range(50):
                writer.write(more)
                await writer.drain()
            await reader.read()
        assert not api._connections
        writer.close()
        api.close()

    asyncio.run(asyncio.wait_for(run(), 60))


def test_who_takes_in_no_answers_is_asked_no_more() -> None:
    async def run() -> None:
        api = RuntimeApi()
        host, port = (await api.start()).split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        request = b"GET /nothing HTTP/1.1\r\n\r\n" * 60
        waits = asyncio.create_task(asyncio.sleep(0))
        for _ in range(100_000):
            writer.write(request)
            waits = asyncio.create_task(writer.drain())
            done, _ = await asyncio.wait([waits], timeout=0.5)
            if not done:
                break
        assert not waits.done()
        writer.transport.abort()
        api.close()

    asyncio.run(asyncio.wait_for(run(), 60))


def test_an_environment_has_few_connections() -> None:
    async def run() -> None:
        api = RuntimeApi()
        host, port = (await api.start()).split(":")
        clients = [await asyncio.open_connection(host, int(port)) for _ in range(101)]
        assert await clients[-1][0].read() == b""
        for _, writer in clients:
            writer.close()
        api.close()

    asyncio.run(asyncio.wait_for(run(), 60))


def test_errors_of_invocation_and_initialization() -> None:
    async def run() -> None:
        api = RuntimeApi()
        base = f"http://{await api.start()}/2018-06-01/runtime/"
        reply = api.offer(_invocation())
        await asyncio.to_thread(_request, "GET", f"{base}invocation/next")
        body = b'{"errorMessage":"m","errorType":"E"}'
        url = f"{base}invocation/id-1/error"
        assert (await asyncio.to_thread(_request, "POST", url, body))[0] == 202
        answer = await reply
        assert answer is not None and answer.error_type == "E"
        headers = {"Lambda-Runtime-Function-Error-Type": "Runtime.Bad"}
        other = RuntimeApi()
        url = f"http://{await other.start()}/2018-06-01/runtime/init/error"
        assert (await asyncio.to_thread(lambda: _request("POST", url, body, **headers)))[0] == 202
        failure = await other.initialized
        assert failure and failure.error_type == "Runtime.Bad"
        assert (await asyncio.to_thread(_request, "GET", f"{base}nothing"))[0] == 404
        api.close()
        other.close()

    asyncio.run(run())


def test_what_a_runtime_may_not_do_now() -> None:
    async def run() -> None:
        api = RuntimeApi()
        base = f"http://{await api.start()}/2018-06-01/runtime/"

        async def post(path: str, **headers: str) -> tuple[int, str, str]:
            url, body = f"{base}{path}", b"{}"
            status, _, text = await asyncio.to_thread(
                lambda: _request("POST", url, body, **headers)
            )
            answer = json.loads(text)
            return status, answer.get("errorType", ""), answer.get("errorMessage", "")

        def refused(state: str, wanted: str) -> tuple[int, str, str]:
            message = f"State transition from {state} to {wanted} failed for runtime. Error: State"
            return 403, "InvalidStateTransition", f"{message} transition is not allowed"

        reply = api.offer(_invocation())
        await asyncio.to_thread(_request, "GET", f"{base}invocation/next")
        assert await post("init/error") == refused("Running", "InitError")
        assert (await post("invocation/id-1/response"))[0] == 202
        assert await reply
        state = "RuntimeResponseSentState"
        found = await post("invocation/id-1/response")
        assert found == refused(state, "InvocationResponse")
        found = await post("invocation/id-1/error")
        assert found == refused(state, "InvocationErrorResponse")
        reply = api.offer(_invocation())
        mode = {"Lambda-Runtime-Function-Response-Mode": "quickly"}
        assert await post("invocation/id-1/response", **mode) == (
            400,
            "InvalidFunctionResponseMode",
            "Invalid function response mode",
        )
        answer = await reply
        assert answer and answer.error_type == "Runtime.InvalidResponseModeHeader"
        api.close()

    asyncio.run(run())


def test_a_provided_bootstrap_serves(tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    (code / "bootstrap").write_text(BOOTSTRAP)
    (code / "bootstrap").chmod(0o755)

    async def run() -> list[Outcome]:
        pool = Pool(Sandbox(tmp_path / "run"))
        environment = pool.add(_launch(code))
        found = [
            await environment.invoke(_invocation(b'{"n":%d}' % number), lambda: None)
            for number in range(2)
        ]
        pool.release(environment)
        await pool.close()
        return found

    outcomes = asyncio.run(run())
    assert [json.loads(outcome.payload) for outcome in outcomes] == [
        {"got": {"n": 0}},
        {"got": {"n": 1}},
    ]
    assert outcomes[0].init_ms and outcomes[1].init_ms is None


class Quiet:
    """A log that keeps nothing."""

    def __call__(self, line: str) -> None:
        """A line."""

    def init_report(self, phase: str, outcome: Outcome) -> None:
        """An initialization."""

    def event(self, kind: str, record: dict[str, Any], text: str) -> None:
        """Something else."""


def _launch(code: Path, **options: Any) -> Launch:
    fields = {
        "key": "key",
        "function": "function",
        "runtime": "provided.al2023",
        "code": code,
        "environment": {"PATH": "/usr/bin:/bin", "_HANDLER": "app.handler"},
        "memory_megabytes": 128,
        "tmp_megabytes": 16,
        "timeout_seconds": 10,
        "expires_at": 100.0,
        "log": Quiet(),
    }
    return Launch(**{**fields, **options})


def test_the_pool_reuses_expires_and_retires(tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    (code / "bootstrap").write_text(BOOTSTRAP)
    (code / "bootstrap").chmod(0o755)

    async def served(pool: Pool, environment: Environment) -> Environment:
        await environment.invoke(_invocation(), lambda: None)
        pool.release(environment)
        return environment

    async def run() -> None:
        pool = Pool(Sandbox(tmp_path / "run"), keep_alive=0.2)
        first = await served(pool, pool.add(_launch(code)))
        assert pool.take("other", 0) is None
        assert pool.take("key", 0) is first
        pool.release(first)
        assert pool.take("key", 100) is None  # its credentials have expired
        second = await served(pool, pool.add(_launch(code)))
        assert pool.idle("key") == 1
        pool.retire("function")
        assert pool.idle("key") == 0
        third = await served(pool, pool.add(_launch(code)))
        await asyncio.wait_for(asyncio.shield(third.ended()), 60)
        assert pool.idle("key") == 0
        assert not second.alive and not third.alive
        busy = pool.add(_launch(code))
        pool.retire("function")
        await served(pool, busy)
        assert pool.idle("key") == 0
        await pool.close()

    asyncio.run(run())
