"""Extensions that cannot keep up with their telemetry."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from cloudarium.functions.extensions.telemetry import Telemetry


def test_who_does_not_take_its_events_misses_some_and_is_told() -> None:
    async def run() -> None:
        bodies: list[bytes] = []
        may_answer = asyncio.Event()

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await may_answer.wait()
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            bodies.append(await reader.readexactly(length))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        telemetry = Telemetry("127.0.0.1", lambda name, types: None)
        wish = {
            "schemaVersion": "2022-12-13",
            "types": ["function", "platform"],
            "destination": {"protocol": "HTTP", "URI": f"http://sandbox.localdomain:{port}"},
        }
        assert telemetry.subscribe("slow", wish) == ""
        for _ in range(40):
            telemetry.publish("function", "x" * 262_144)
        assert len(telemetry._posts) == 8
        may_answer.set()
        while telemetry._posts:
            await telemetry.flush()
        telemetry.publish("function", "the end")
        while not bodies or b"the end" not in bodies[-1]:
            await telemetry.flush()
        events: list[dict[str, Any]] = [each for body in bodies for each in json.loads(body)]
        lost = [each["record"] for each in events if each["type"] == "platform.logsDropped"]
        kept = [each for each in events if each["type"] == "function"]
        assert len(kept) == 9
        assert [each["droppedRecords"] for each in lost] == [32]
        assert lost[0]["droppedBytes"] > 32 * 262_144
        server.close()

    asyncio.run(asyncio.wait_for(run(), 60))
