"""A cloud per test: `def test_x(cloud): cloud.client("sqs")`.

The cloud runs in this process on a thread of its own, with a clock that stands still until the test
moves it. Clients are real boto3 clients whose requests are handed over without a socket;
`cloud.endpoint` opens real ports.
"""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import Coroutine, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import pytest
import uvloop

from cloudarium.cloud import Cloud
from cloudarium.core.clock import Clock
from cloudarium.core.identity import root
from cloudarium.core.ids import Ids
from cloudarium.wire.authentication import DEFAULT_ACCOUNT, DEFAULT_REGION
from cloudarium.wire.http import Body, HttpRequest, answered, content

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse

T = TypeVar("T")
_PATIENCE = 120.0
_URL = "http://127.0.0.1:4566"


class CloudUnderTest:
    """A cloud of a test's own. Times are epoch seconds by its clock."""

    account = DEFAULT_ACCOUNT
    region = DEFAULT_REGION

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.clock = Clock(frozen_at=float(int(time.time())))
        self._ids = Ids(seed=1)
        self._cloud = self._start()

    def _start(self) -> Cloud:
        async def start() -> Cloud:
            ports = dict.fromkeys(("http", "ssh", "smtp"), 0)
            cloud = Cloud(self.folder, ports=ports, clock=self.clock, ids=self._ids, durable=False)
            await cloud.start()
            return cloud

        return self.run(start())

    @property
    def kernel(self) -> Any:
        """The cloud's kernel."""
        return self._cloud.kernel

    @property
    def now(self) -> float:
        """The cloud's time."""
        return self.clock.now()

    @property
    def endpoint(self) -> str:
        """The URL of the cloud's HTTP port, opened on first use together with the other ports."""
        return self.run(self._cloud.listen())

    @property
    def ports(self) -> dict[str, int]:
        """The open ports by name (`http`, `ssh`)."""
        self.run(self._cloud.listen())
        return self._cloud.kernel.info.ports

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the cloud's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE)

    def advance(self, seconds: float) -> None:
        """Move the clock and return when all that fell due is done."""
        self.run(self._cloud.kernel.advance(seconds))

    def settle(self) -> None:
        """Return when no fact, due job or figure is outstanding."""
        self.run(self._cloud.kernel.settle())

    def call(self, model: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """Call an operation as the account's root, without HTTP."""
        return self.run(
            self._cloud.kernel.dispatch(
                model,
                operation,
                params,
                principal=root(self.account),
                account=self.account,
                region=self.region,
                conditions={},
            )
        )

    def client(
        self,
        service: str,
        *,
        region: str = DEFAULT_REGION,
        credentials: tuple[str, ...] = ("test", "test"),
        **config: Any,
    ) -> Any:
        """Return a boto3 client; `credentials` are key id, secret and perhaps a session token."""
        from botocore.config import Config

        names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
        client = _session().client(
            service,
            region_name=region,
            endpoint_url=_URL,
            config=Config(retries={"total_max_attempts": 1}, **config),
            **dict(zip(names, credentials, strict=False)),
        )
        client.meta.events.register("before-send", self._send)
        return client

    def _send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        from botocore.awsrequest import AWSResponse

        response = self.run(self._answer(_received(request)))
        status, headers, body = response
        return AWSResponse(request.url, status, headers, _Raw(body))

    def send(self, request: HttpRequest) -> tuple[int, dict[str, str], bytes]:
        """Answer a request as it came from the wire: status, headers, body."""
        return self.run(self._answer(request))

    async def _answer(self, request: HttpRequest) -> tuple[int, dict[str, str], bytes]:
        (answer,) = self._cloud.edge.handle([request])
        response = await answered(answer)
        body = b"" if request.method == "HEAD" else await content(response.body)
        headers = {name.lower(): value for name, value in response.headers}
        headers.setdefault("content-length", str(len(body)))
        return response.status, headers, body

    def restart(self) -> None:
        """Stop the cloud in the middle of whatever it does, and start it on the same folder."""
        self.run(self._cloud.close())
        self._cloud = self._start()

    def close(self) -> None:
        """Stop the cloud and its thread."""
        self.run(self._cloud.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()


@cache
def _session() -> Any:
    """Return the session all clients are made of: making it takes longer than making a client."""
    import boto3

    return boto3.Session()


class _Raw(io.BytesIO):
    """What botocore expects of urllib3's response."""

    def stream(self, amt: int = 65536, decode_content: bool | None = None) -> Iterator[bytes]:
        while chunk := self.read(amt):
            yield chunk


def _received(request: AWSPreparedRequest) -> HttpRequest:
    parts = urlsplit(request.url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    raw = [
        (name, value.decode() if isinstance(value, bytes) else str(value))
        for name, value in request.headers.items()
    ]
    headers = {"host": parts.netloc, **{name.lower(): value for name, value in raw}}
    return HttpRequest(request.method, target or "/", headers, _sent(request.body), raw)


def _sent(body: Any) -> Body:
    if body is None:
        return Body()
    if hasattr(body, "read"):
        body = body.read()
    return Body(body.encode() if isinstance(body, str) else bytes(body))


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[CloudUnderTest]:
    """A fresh cloud."""
    under_test = CloudUnderTest(tmp_path / "cloud")
    yield under_test
    under_test.close()
