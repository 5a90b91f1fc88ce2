"""How fast functions are, ours beside serverless-offline and MiniStack, in one run.

    python -m benchmarks.lambda.run [--seconds 3] [--rounds 3] [--peers FOLDER] [--only ours]
        [--keep-alive]

All servers run at the same time and are asked in turns; figures are medians of the rounds. The
load is a process of its own (benchmarks.dynamodb.load) on the same machine. Requests go through API
Gateway over 1 and 16 kept-alive connections; in brackets is the processor time of all of the
server's processes, functions included, per request. A cold start is the wall time of an Invoke of a
function that has never run (of ours, Python's imports boto3). The burst is 50 calls at once that
sleep 0.2 s each, all cold. Memory is the proportional set size of all processes below the server.
With `--keep-alive` the run waits for the warm environments to end. Ours alone checks permissions
and isolates functions; peers need npm and pip, and are installed into a temporary folder unless one
is named.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.dynamodb.servers import free_port, ours, running

servers = importlib.import_module("benchmarks.lambda.servers")  # `lambda` is a keyword
processes = importlib.import_module("benchmarks.lambda.processes")

_COLD, _BURST, _WARM = 10, 50, 100
_KEEP_ALIVE_SECONDS = 330
_OURS, _OFFLINE, _MINISTACK = "ours", "serverless-offline", "MiniStack"


@dataclass
class Place:
    """A running server: its process, its port, and the request that each kind of function has."""

    pid: int
    port: int
    emulator: Any = None
    hello: dict[str, bytes] = field(default_factory=dict)


def load(place: Place, request: bytes, connections: int, count: int) -> tuple[float, float]:
    """Ask a server so often; requests a second, and its processor time (µs) per request."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(pickle.dumps([request] * count))
        file.flush()
        before = processes.seconds(place.pid)
        command = ["benchmarks.dynamodb.load", str(place.port), str(connections), "0", file.name]
        output = subprocess.run(
            [sys.executable, "-m", *command], check=True, capture_output=True
        ).stdout
    figures = json.loads(output)
    if figures["failed"]:
        raise RuntimeError(f"{figures['failed']} requests failed: {figures['first_failure']}")
    return figures["rate"], (processes.seconds(place.pid) - before) / count * 1e6


def _timed(client: Any, name: str) -> float:
    began = time.perf_counter()
    answer = client.invoke(FunctionName=name)
    assert "FunctionError" not in answer, answer["Payload"].read()
    return (time.perf_counter() - began) * 1000


def cold(emulator: Any, kind: str, source: str) -> float:
    """The median of first invocations, in milliseconds."""
    client = emulator.client("lambda")
    names = [f"cold-{kind}-{number}" for number in range(_COLD)]
    for name in names:
        emulator.function(name, source, kind)
    return statistics.median(_timed(client, name) for name in names)


def burst(place: Place) -> float:
    """Seconds until all of the calls at once are answered."""
    with ThreadPoolExecutor(_BURST) as threads:
        if place.emulator is None:
            url = f"http://127.0.0.1:{place.port}/p/sleeps"
            began = time.perf_counter()
            list(threads.map(lambda _: urllib.request.urlopen(url).read(), range(_BURST)))
            return time.perf_counter() - began
        client = place.emulator.client("lambda", _BURST)
        for number in range(_BURST):
            place.emulator.function(f"burst-{number}", servers.SLEEPS)
        list(threads.map(lambda _: client.get_account_settings(), range(_BURST)))
        began = time.perf_counter()
        list(threads.map(lambda number: _timed(client, f"burst-{number}"), range(_BURST)))
        return time.perf_counter() - began


def throughput(places: dict[str, Place], given: argparse.Namespace) -> Iterator[tuple[str, ...]]:
    """The rows of requests through API Gateway."""
    for kind in ("python", "node"):
        for connections in (1, 16):
            found: dict[str, list[tuple[float, float]]] = {name: [] for name in places}
            counts = {
                name: int(load(place, place.hello[kind], connections, _WARM)[0] * given.seconds)
                for name, place in places.items()
            }
            for _ in range(given.rounds):
                for name, place in places.items():
                    count = max(counts[name], _WARM)
                    found[name].append(load(place, place.hello[kind], connections, count))
            rates = {name: statistics.median(r for r, _ in each) for name, each in found.items()}
            costs = {name: statistics.median(c for _, c in each) for name, each in found.items()}
            shown = [
                f"{rates[name]:,.0f}/s ({costs[name]:,.0f} µs)" if name in rates else "-"
                for name in (_OFFLINE, _MINISTACK, _OURS)
            ]
            ratio = f"{rates[_OURS] / rates[_OFFLINE]:.2f}x" if _OFFLINE in rates else "-"
            yield (f"{kind} hello, c={connections}", *shown, ratio)


def starts(places: dict[str, Place], keep_alive: bool) -> Iterator[tuple[str, ...]]:
    """The rows of cold starts, of the burst, and of memory."""
    sources = {"python": servers.PYTHON, "node": servers.NODE}
    for kind, source in sources.items():
        told = []
        for name in (_OFFLINE, _MINISTACK, _OURS):
            emulator = places[name].emulator if name in places else None
            whole = f"import boto3\n{source}" if (name, kind) == (_OURS, "python") else source
            told.append(f"{cold(emulator, kind, whole):.0f} ms" if emulator else "-")
        yield (f"cold start, {kind}", *told, "")
    seconds, sizes = [], []
    for name in (_OFFLINE, _MINISTACK, _OURS):
        if name not in places:
            seconds.append("-")
            sizes.append("-")
            continue
        before = processes.memory(places[name].pid)
        seconds.append(f"{burst(places[name]):.2f} s")
        sizes.append(f"{processes.memory(places[name].pid) - before:.0f} MB")
    yield (f"{_BURST} calls of 0.2 s at once, all cold", *seconds, "")
    yield (f"PSS of {_BURST} warm Python environments", *sizes, "")
    if keep_alive:
        time.sleep(_KEEP_ALIVE_SECONDS)
        left = f"{processes.memory(places[_OURS].pid):.0f} MB"
        yield ("PSS of all environments after the keep-alive", "-", "-", left, "")


def _start(stack: contextlib.ExitStack, name: str, given: argparse.Namespace) -> Place:
    port = free_port()
    if name == _OFFLINE:
        command = servers.serverless_offline(given.peers, port, free_port())
    elif name == _MINISTACK:
        command = servers.ministack(given.peers, port)
    else:
        command = ours(given.folder / "cloud", port)
    process = stack.enter_context(running(command, port, given.folder / f"{name}.log"))
    place = Place(process.pid, port)
    if name == _OFFLINE:
        host = f"127.0.0.1:{port}"
        place.hello = {kind: servers.request(f"/p/{kind}", host) for kind in ("python", "node")}
    else:
        place.emulator = servers.Emulator(port)
        place.hello = {kind: place.emulator.hello(kind) for kind in ("python", "node")}
    return place


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=3.0, help="about, of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=Path, help="folder where the peers are or will be")
    parser.add_argument("--only", choices=(_OURS,))
    parser.add_argument("--keep-alive", action="store_true", help="wait for warm ones to end")
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        given.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        given.peers = (given.peers or given.folder / "peers").absolute()
        names = [_OURS] if given.only else [_OFFLINE, _MINISTACK, _OURS]
        places = {name: _start(stack, name, given) for name in names}
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
        print(f"| | {_OFFLINE} | {_MINISTACK} | {_OURS} | ours / {_OFFLINE} |")
        print("| --- | ---: | ---: | ---: | ---: |", flush=True)
        for row in chain(throughput(places, given), starts(places, given.keep_alive)):
            print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
