"""The composition root: one cloud, made of a kernel, its services and the HTTP edge."""

from __future__ import annotations

import asyncio
import importlib
import socket
from collections.abc import Mapping
from pathlib import Path

from cloudarium.control import Control
from cloudarium.core.clock import Clock
from cloudarium.core.identity import Identity
from cloudarium.core.ids import Ids
from cloudarium.core.kernel import CloudInfo, Kernel
from cloudarium.core.service import Listener, Service
from cloudarium.wire.edge import Edge
from cloudarium.wire.server import Server, bind

SERVICES = (
    "iam",
    "s3",
    "sqs",
    "sns",
    "ses",
    "events",
    "scheduler",
    "autoscaling",
    "dynamodb",
    "lambda_",
    "quotas",
    "tagging",
    "ssm",
    "ecr",
    "apigatewayv2",
    "apigateway",
    "logs",
    "xray",
    "cloudwatch",
    "codecommit",
    "codebuild",
    "codepipeline",
    "cloudformation",
)
HTTP_PORT = 4566


def manifests() -> list[Service]:
    """Return every service's manifest; their code is loaded when it is first needed."""
    return [
        importlib.import_module(f"cloudarium.services.{name}.service").SERVICE for name in SERVICES
    ]


class Cloud:
    """A whole cloud over one state folder.

    `ports` maps `http` and the listeners' names to ports; 0 is any free one. Without `durable`
    nothing is synced to disk, for clouds that are thrown away. `root_key` is the root's access key
    id and secret, in place of the well-known one.
    """

    def __init__(
        self,
        folder: Path,
        *,
        host: str = "127.0.0.1",
        ports: Mapping[str, int] | None = None,
        clock: Clock | None = None,
        ids: Ids | None = None,
        durable: bool = True,
        root_key: tuple[str, str] | None = None,
    ) -> None:
        self._host = host
        self._ports = dict(ports or {})
        self._server: Server | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._listening = asyncio.Lock()
        self.kernel = Kernel(
            CloudInfo(folder),
            manifests(),
            identity=_iam_identity,
            endpoint=self.listen,
            clock=clock,
            ids=ids,
            durable=durable,
            root_key=root_key,
        )
        self.edge = Edge(self.kernel, Control(self.kernel).pages)

    async def start(self) -> None:
        """Take up where an earlier run left off; nothing listens yet."""
        await self.kernel.start()

    async def listen(self) -> str:
        """Open the ports if they are not open; return the HTTP endpoint's URL.

        Raises OSError if a port is taken.
        """
        async with self._listening:
            if self._server is None:
                await self._open()
        return f"http://127.0.0.1:{self.kernel.info.ports['http']}"

    async def _open(self) -> None:
        listeners = [
            (service, listener)
            for service in self.kernel.services
            for listener in service.listeners
        ]
        sockets = {"http": self._bind("http", HTTP_PORT)}
        for _, listener in listeners:
            sockets[listener.name] = self._bind(listener.name, listener.default_port)
        for name, sock in sockets.items():
            self.kernel.info.ports[name] = sock.getsockname()[1]
        self._server = Server(self.edge.handle)
        await self._server.listen(sockets["http"])
        for service, listener in listeners:
            self._serve(service, listener, sockets[listener.name])

    def _bind(self, name: str, default: int) -> socket.socket:
        return bind(self._host, self._ports.get(name, default))

    def _serve(self, service: Service, listener: Listener, sock: socket.socket) -> None:
        runtime = self.kernel.runtime(service.name)
        sock.listen(128)

        async def run() -> None:
            await runtime.load(listener.handler)(runtime, sock)

        self._tasks.append(asyncio.ensure_future(run()))

    async def close(self) -> None:
        """Close the ports, then the kernel."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            await self._server.close()
        await self.kernel.close()


def _iam_identity(kernel: Kernel) -> Identity:
    from cloudarium.services.iam.identity import IamIdentity

    return kernel.runtime("iam").state(IamIdentity)
