"""What a cloud costs that has nothing to do.

    python -m benchmarks.lambda.idle [--functions 500] [--seconds 30] [--environments 50]
        [--keep-alive]

A server of its own is given so many functions, and then watched: its resident memory, and the share
of one core it takes while nobody asks anything. Then as many environments are started at once, and
their proportional memory (PSS) is measured warm and, with `--keep-alive`, once they have ended.
"""

from __future__ import annotations

import argparse
import importlib
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.dynamodb.servers import free_port, ours, running

servers = importlib.import_module("benchmarks.lambda.servers")  # `lambda` is a keyword
processes = importlib.import_module("benchmarks.lambda.processes")

_KEEP_ALIVE_SECONDS = 330
_SETTLING_SECONDS = 15  # what follows the last request: logs, metrics, the sandbox's end


def figures(pid: int, emulator: Any, given: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """What is measured, and the value."""
    yield "RSS of the server after its start", f"{processes.resident(pid):.0f} MB"
    for number in range(given.functions):
        emulator.function(f"idle-{number}", servers.PYTHON)
    yield f"the same with {given.functions} functions", f"{processes.resident(pid):.0f} MB"
    yield "processor time when idle", f"{_idle(pid, given.seconds):.2f} % of a core"
    client = emulator.client("lambda", given.environments)
    emulator.function("warm", servers.SLEEPS)
    with ThreadPoolExecutor(given.environments) as threads:
        list(threads.map(lambda _: client.invoke(FunctionName="warm"), range(given.environments)))
    name = f"PSS of {given.environments} warm environments"
    yield name, f"{processes.memory(pid):.0f} MB"
    yield "processor time with them", f"{_idle(pid, given.seconds):.2f} % of a core"
    if given.keep_alive:
        time.sleep(max(_KEEP_ALIVE_SECONDS - given.seconds, 0))
        yield "PSS of all below the server after the keep-alive", f"{processes.memory(pid):.0f} MB"
        yield "RSS of the server then", f"{processes.resident(pid):.0f} MB"


def _idle(pid: int, seconds: float) -> float:
    """The processor time that all processes take while nobody asks, in percent of a core."""
    time.sleep(_SETTLING_SECONDS)
    before = processes.seconds(pid)
    time.sleep(seconds)
    return float((processes.seconds(pid) - before) / seconds * 100)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--functions", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=30.0, help="how long to watch")
    parser.add_argument("--environments", type=int, default=50)
    parser.add_argument("--keep-alive", action="store_true", help="wait for warm ones to end")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        port, place = free_port(), Path(folder)
        with running(ours(place / "cloud", port), port, place / "log") as process:
            for name, value in figures(process.pid, servers.Emulator(port), given):
                print(f"| {name} | {value} |", flush=True)


if __name__ == "__main__":
    main()
