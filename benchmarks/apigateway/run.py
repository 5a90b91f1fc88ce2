"""What API Gateway adds to the HTTP server: `python -m benchmarks.apigateway.run [seconds]`.

Three addresses of one process take turns: a constant body straight from the HTTP server (floor),
a MOCK integration of an API with 10 resources, and one of an API with 1,000. Each is asked over 16
kept-alive connections; figures are requests a second and the server's processor time (µs) per
request, medians of the rounds. The ratios are of processor time, which other work on the machine
disturbs less; those of the rates, where the load shares the cores, are a little nearer to 1.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from cloudarium.cli.up import rest_collector
from cloudarium.cloud import Cloud
from cloudarium.core.identity import root
from cloudarium.wire.http import HttpRequest, HttpResponse
from cloudarium.wire.server import serve

processes = importlib.import_module("benchmarks.lambda.processes")  # `lambda` is a keyword

_BODY = b'{"ok": true}'
_CONNECTIONS = 16
_ROUNDS = 5


async def _constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(200, [("Content-Type", "application/json")], _BODY)


def _document(resources: int) -> dict[str, Any]:
    integration = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {
            "default": {
                "statusCode": "200",
                "responseTemplates": {"application/json": _BODY.decode()},
            }
        },
    }
    operation = {
        "responses": {"200": {"description": "ok"}},
        "x-amazon-apigateway-integration": integration,
    }
    paths = {f"/kind{number}/{{id}}": {"get": operation} for number in range(resources)}
    return {"openapi": "3.0.1", "info": {"title": f"of {resources}"}, "paths": paths}


async def _call(cloud: Cloud, model: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
    return await cloud.kernel.dispatch(
        model,
        operation,
        params,
        principal=root("000000000000"),
        account="000000000000",
        region="us-east-1",
        conditions={},
    )


async def _lift_throttle(cloud: Cloud) -> None:
    """Let the account's APIs take more requests than anybody sends: they are still counted."""
    for code in ("L-8A5B8E43", "L-CDF5615A"):
        wanted = {"ServiceCode": "apigateway", "QuotaCode": code, "DesiredValue": 1e6}
        await _call(cloud, "service-quotas", "RequestServiceQuotaIncrease", wanted)


async def _api(cloud: Cloud, resources: int) -> str:
    """Deploy an API with as many resources; return the path that asks its last one."""
    body = json.dumps(_document(resources)).encode()
    api = (await _call(cloud, "apigateway", "ImportRestApi", {"body": body}))["id"]
    deployment = {"restApiId": api, "stageName": "prod"}
    await _call(cloud, "apigateway", "CreateDeployment", deployment)
    return f"/_aws/execute-api/{api}/prod/kind{resources - 1}/7"


async def _host(pipe: Connection) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cloud = Cloud(Path(folder), ports=dict.fromkeys(("http", "ssh", "smtp"), 0), durable=True)
        await cloud.start()
        rest_collector()  # as `cloudarium up` does
        url = await cloud.listen()
        await _lift_throttle(cloud)
        floor = await serve(_constant)
        port = int(url.rpartition(":")[2])
        pipe.send(
            {
                "floor": (floor.port, "/constant"),
                "10 resources": (port, await _api(cloud, 10)),
                "1,000 resources": (port, await _api(cloud, 1000)),
            }
        )
        await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
        await floor.close()
        await cloud.close()


def _child(pipe: Connection) -> None:
    import uvloop

    uvloop.run(_host(pipe))


async def _client(port: int, path: str, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()
    done = 0
    while time.perf_counter() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200") or body != _BODY:
            raise RuntimeError(f"{path}: {head!r} {body!r}")
        done += 1
    writer.close()
    return done


async def _measure(port: int, path: str, seconds: float) -> float:
    until = time.perf_counter() + seconds
    counts = await asyncio.gather(*(_client(port, path, until) for _ in range(_CONNECTIONS)))
    return sum(counts) / seconds


def main() -> None:
    """Run the benchmark and print its figures as JSON."""
    import uvloop

    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_child, args=(there,), daemon=True
    )
    process.start()
    places: dict[str, tuple[int, str]] = here.recv()
    rates: dict[str, list[float]] = {name: [] for name in places}
    costs: dict[str, list[float]] = {name: [] for name in places}
    for _ in range(_ROUNDS):
        for name, (port, path) in places.items():
            before = processes.seconds(process.pid)
            rate = uvloop.run(_measure(port, path, seconds))
            rates[name].append(rate)
            costs[name].append((processes.seconds(process.pid) - before) / rate / seconds * 1e6)
    here.send("done")
    process.join()
    cost = {name: statistics.median(found) for name, found in costs.items()}
    for name, found in rates.items():
        print(f"{name}: {statistics.median(found):,.0f} requests/s, {cost[name]:.1f} µs")
    print(f"of the floor: {cost['floor'] / cost['10 resources']:.2f}")
    print(f"routing 1,000 to 10: {cost['1,000 resources'] / cost['10 resources']:.2f}")


if __name__ == "__main__":
    main()
