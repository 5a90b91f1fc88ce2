"""The load: sends requests made ahead over so many connections, in a process of its own.

    python -m benchmarks.dynamodb.load PORT CONNECTIONS SECONDS REQUESTS

REQUESTS is a pickled list of whole HTTP requests. Each connection sends the next one when it has
its answer. Prints JSON: answers per second after a second of warming up, 50th and 99th percentile
in milliseconds, and how many answers were not 200. With SECONDS 0 every request is sent once.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import sys
import time
from itertools import cycle
from pathlib import Path
from typing import cast

import uvloop

_WARM_SECONDS = 1.0


class Run:
    """What all connections share: the requests left and the times of the answers."""

    def __init__(self, requests: list[bytes], seconds: float) -> None:
        self.requests = iter(requests) if not seconds else cycle(requests)
        self.began = time.perf_counter() + (_WARM_SECONDS if seconds else 0.0)
        self.end = self.began + (seconds or 3600.0)
        self.times: list[float] = []
        self.failed = 0
        self.first_failure = b""


class Connection(asyncio.Protocol):
    """One connection; `done` is set when it has nothing more to send."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._answer = b""
        self._sent = 0.0
        self._transport: asyncio.Transport
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop; a connection that the server closed counts as a failure."""
        if not self.done.done():
            self._run.failed += 1
            self.done.set_result(None)

    def _send(self) -> None:
        request = next(self._run.requests, None)
        self._sent = time.perf_counter()
        if request is None or self._sent > self._run.end:
            if not self.done.done():
                self.done.set_result(None)
            return
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Count a whole answer and send the next request."""
        answer = self._answer = self._answer + data if self._answer else data
        head = answer.find(b"\r\n\r\n")
        if head < 0:
            return
        at = answer.lower().find(b"content-length:", 0, head)
        if len(answer) < head + 4 + int(answer[at + 15 : answer.index(b"\r", at)]):
            return
        self._answer = b""
        run = self._run
        if self._sent >= run.began:
            run.times.append(time.perf_counter() - self._sent)
        if answer[9:12] != b"200":
            run.failed += 1
            run.first_failure = run.first_failure or answer
        self._send()


async def _drive(port: int, connections: int, run: Run) -> float:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    made = [
        await loop.create_connection(lambda: Connection(run), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(protocol.done for _, protocol in made))
    return time.perf_counter() - max(began, run.began)


def main() -> None:
    """Send, and print the figures."""
    port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    run = Run(pickle.loads(Path(sys.argv[4]).read_bytes()), seconds)
    elapsed = uvloop.run(_drive(port, connections, run))
    times = sorted(run.times) or [0.0]
    figures = {
        "rate": len(run.times) / elapsed,
        "p50": times[len(times) // 2] * 1000,
        "p99": times[len(times) * 99 // 100] * 1000,
        "failed": run.failed,
        "first_failure": run.first_failure.decode("latin-1")[-300:],
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
