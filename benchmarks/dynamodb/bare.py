"""As little as a DynamoDB in Python can do: what the machine gives to any.

    python -m benchmarks.dynamodb.bare PORT FOLDER

GetItem and PutItem of the benchmark's one table over the same parts as ours: uvloop, httptools,
orjson, RocksDB, signatures checked, what comes together synced together. No validation, no
permissions, no metrics, no indexes, no streams, and none of the house's code.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import httptools
import orjson
import rocksdict
import uvloop

_SECRET = b"AWS4test"
_HEAD = b"HTTP/1.1 %d .\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: %d\r\n\r\n"


@lru_cache(64)
def _signing_key(scope: str) -> bytes:
    key = _SECRET
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


class Items:
    """The items, by key. Writes that come in one turn of the loop are synced in one go."""

    def __init__(self, folder: Path) -> None:
        self._db = rocksdict.Rdict(str(folder), rocksdict.Options(raw_mode=True))
        self._synced = rocksdict.WriteOptions()
        self._synced.sync = True
        self._written: dict[bytes, bytes] = {}
        self._waiting: list[Connection] = []

    def get(self, key: bytes) -> bytes | None:
        """Return an item as JSON."""
        return cast("bytes | None", self._db.get(key))

    def put(self, key: bytes, item: bytes, connection: Connection) -> None:
        """Write an item, and answer when it is on disk."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._commit)
        self._written[key] = item
        self._waiting.append(connection)

    def _commit(self) -> None:
        batch = rocksdict.WriteBatch(raw_mode=True)
        for key, item in self._written.items():
            batch.put(key, item)
        self._db.write(batch, self._synced)
        waiting, self._waiting, self._written = self._waiting, [], {}
        for connection in waiting:
            connection.answer(200, b"{}")


class Connection(asyncio.Protocol):
    """One client's."""

    def __init__(self, items: Items) -> None:
        self._items = items
        self._parser = httptools.HttpRequestParser(self)
        self._headers: dict[str, str] = {}
        self._body = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Parse."""
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._headers[name.decode().lower()] = value.decode()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._body += body

    def on_message_complete(self) -> None:
        """Answer."""
        headers, body = self._headers, self._body
        self._headers, self._body = {}, b""
        if not _is_signed(headers, body):
            self.answer(403, b"{}")
            return
        request: dict[str, Any] = orjson.loads(body)
        if headers["x-amz-target"].endswith(".PutItem"):
            item = request["Item"]
            self._items.put(_place(item), orjson.dumps(item), self)
        else:
            found = self._items.get(_place(request["Key"]))
            self.answer(200, b"{}" if found is None else b'{"Item":' + found + b"}")

    def answer(self, status: int, body: bytes) -> None:
        """Send an answer."""
        self._transport.write(_HEAD % (status, len(body)) + body)


def _place(key: dict[str, Any]) -> bytes:
    return f"{key['id']['S']}/{key['at']['N']}".encode()


def _is_signed(headers: dict[str, str], body: bytes) -> bool:
    credential, names, signature = [
        part.partition("=")[2] for part in headers["authorization"].split(", ")
    ]
    scope = credential.partition("/")[2]
    lines = "".join([f"{name}:{headers[name]}\n" for name in names.split(";")])
    canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{headers['x-amz-date']}\n{scope}\n{digest}"
    expected = hmac.new(_signing_key(scope), text.encode(), "sha256").hexdigest()
    return hmac.compare_digest(expected, signature)


async def _serve(port: int, folder: Path) -> None:
    items = Items(folder)
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: Connection(items), "127.0.0.1", port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), Path(sys.argv[2])))
