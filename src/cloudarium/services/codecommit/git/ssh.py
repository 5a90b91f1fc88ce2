"""Git over SSH: `ssh://<SSH public key id>@<host>:<port>/v1/repos/<name>`.

The SSH implementation is loaded with the first connection: a cloud nobody pushes to over SSH
does not carry it.
"""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.services.codecommit.git import access
from cloudarium.services.codecommit.git.packets import ProtocolError
from cloudarium.services.codecommit.git.session import Session

if TYPE_CHECKING:
    import asyncssh

    from cloudarium.core.runtime import ServiceRuntime

_PATH = re.compile(r"/?v1/repos/([\w.-]+?)/?")
# What CodeCommit answers to `ssh` without a command.
_GREETING = (
    "You have successfully authenticated over SSH. You can use Git to interact with AWS "
    "CodeCommit. Interactive shells are not supported.\n"
)


async def serve(runtime: ServiceRuntime, listening: socket.socket) -> None:
    """Serve SSH connections until cancelled."""
    loop = asyncio.get_running_loop()
    listening.setblocking(False)
    connections: set[asyncio.Task[None]] = set()
    try:
        while True:
            client, _ = await loop.sock_accept(listening)
            task = asyncio.ensure_future(_connection(runtime, client))
            connections.add(task)
            task.add_done_callback(connections.discard)
    finally:
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


async def _connection(runtime: ServiceRuntime, client: socket.socket) -> None:
    import asyncssh

    folder = Path(runtime.kernel.info.folder) / "git"
    try:
        connection = await asyncssh.run_server(
            client,
            server_factory=lambda: _server(runtime),
            server_host_keys=[host_key(folder)],
            process_factory=lambda process: _session(runtime, process),
            encoding=None,
            allow_scp=False,
            agent_forwarding=False,
            x11_forwarding=False,
        )
    except (asyncssh.Error, ValueError, OSError):  # a malformed packet is a ValueError
        client.close()
        return
    async with connection:
        await connection.wait_closed()


def host_key(folder: Path) -> asyncssh.SSHKey:
    """Return the cloud's own SSH key, made and kept at first use."""
    import asyncssh

    path = folder / "ssh_host_ed25519_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        key = asyncssh.generate_private_key("ssh-ed25519")
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key.export_private_key())
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)
    return asyncssh.read_private_key(path)


def _server(runtime: ServiceRuntime) -> asyncssh.SSHServer:
    import asyncssh

    class Server(asyncssh.SSHServer):
        """Lets in whoever holds the private key of an IAM user's active SSH public key."""

        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            """Keep the connection, to note on it who logs in."""
            self._connection = conn

        def public_key_auth_supported(self) -> bool:
            """Keys are the only way in."""
            return True

        def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
            """Tell whether `key` is the active one with the id `username`."""
            found = runtime.kernel.identity.ssh_key(username)
            if found is None or asyncssh.import_public_key(found[0]) != key:
                return False
            self._connection.set_extra_info(principal=found[1])
            return True

    return Server()


async def _session(runtime: ServiceRuntime, process: asyncssh.SSHServerProcess[bytes]) -> None:
    """Run the one git command a session asks for."""
    import asyncssh

    try:
        process.exit(await _command(runtime, process))
    except (asyncssh.Error, ConnectionError):
        process.close()


async def _command(runtime: ServiceRuntime, process: asyncssh.SSHServerProcess[bytes]) -> int:
    if process.command is None:
        return _refuse(process, _GREETING)
    service, name = _parsed(process.command)
    if service not in access.ACTIONS:
        return _refuse(process, f"Invalid command: {process.command}\n")
    principal: Principal = process.get_extra_info("principal")
    client = process.get_extra_info("peername")[0]
    try:
        ctx, repository = access.admitted(runtime, principal, client, service, name)
    except AwsError as error:
        return _refuse(process, f"{error.message}\n")
    protocol = process.env.get("GIT_PROTOCOL", "")
    session = Session(ctx, repository, process, protocol)
    if service == "git-upload-pack":
        return await session.upload()
    try:
        return await session.receive()
    except ProtocolError as error:
        return _refuse(process, f"{error}\n")


def _parsed(command: str) -> tuple[str, str]:
    """Return service and repository name of `git-upload-pack '/v1/repos/<name>'`."""
    try:
        words = shlex.split(command)
    except ValueError:
        return "", ""
    matched = _PATH.fullmatch(words[1]) if len(words) == 2 else None
    return (words[0], matched[1]) if matched else ("", "")


def _refuse(process: Any, message: str) -> int:
    process.stderr.write(message.encode())
    return 1
