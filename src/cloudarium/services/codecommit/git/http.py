"""Git over HTTP: the smart protocol at `/v1/repos/<name>`.

Source: git's documentation, "gitprotocol-http" and "gitprotocol-v2".
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from cloudarium.core.context import Context
from cloudarium.core.errors import AccessDenied, AwsError
from cloudarium.services.codecommit import repositories
from cloudarium.services.codecommit.git import access, authentication, packets, processes, pushes
from cloudarium.services.codecommit.repositories import Repository
from cloudarium.wire.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from cloudarium.core.runtime import ServiceRuntime

_CHUNK = processes.CHUNK
_PATH = re.compile(r"/v1/repos/([\w.-]+)/(info/refs|git-upload-pack|git-receive-pack)")


async def serve(runtime: ServiceRuntime, request: HttpRequest) -> HttpResponse:
    """Answer one request of git's smart HTTP protocol."""
    matched = _PATH.fullmatch(request.decoded_path)
    if matched is None:
        return _plain(404, "Not found")
    name, what = matched.groups()
    advertising = what == "info/refs"
    service = request.query.get("service", "") if advertising else what
    if service not in access.ACTIONS or request.method != ("GET" if advertising else "POST"):
        return _plain(403, "Only git's smart HTTP protocol is served here.")
    principal = authentication.principal(runtime, request, name)
    if principal is None:
        challenge = ("www-authenticate", 'Basic realm="AWS CodeCommit"')
        return _plain(401, "Git credentials of an IAM user are required.", challenge)
    try:
        ctx, repository = access.admitted(runtime, principal, request.client, service, name)
    except AwsError as error:
        return _plain(error.status if AccessDenied.matches(error) else 404, error.message)
    if advertising:
        return await _advertise(ctx, repository, service, _protocol(request))
    if service == "git-upload-pack":
        return _answer(service, "result", _upload(ctx, repository, request))
    try:
        return _answer(service, "result", await _receive(ctx, repository, request))
    except (packets.ProtocolError, zlib.error) as error:
        return _plain(400, f"Bad request: {error}")


def _plain(status: int, message: str, *headers: tuple[str, str]) -> HttpResponse:
    """Return a refusal; git shows a plain text to its user."""
    kind = ("content-type", "text/plain; charset=utf-8")
    return HttpResponse(status, [kind, *headers], f"{message}\n".encode())


def _answer(service: str, kind: str, body: bytes | AsyncIterator[bytes]) -> HttpResponse:
    headers = [
        ("content-type", f"application/x-{service}-{kind}"),
        ("cache-control", "no-cache, max-age=0, must-revalidate"),
    ]
    return HttpResponse(200, headers, body)


def _protocol(request: HttpRequest) -> str:
    return request.headers.get("git-protocol", "")


async def _advertise(
    ctx: Context, repository: Repository, service: str, protocol: str
) -> HttpResponse:
    folder = repositories.folder(ctx, repository)
    options = ("--stateless-rpc", "--advertise-refs")
    async with processes.running(service, folder, *options, protocol=protocol) as process:
        references = await processes.text(process.stdout)
    if service == "git-upload-pack" and "version=2" in protocol:
        return _answer(service, "advertisement", references)
    return _answer(service, "advertisement", packets.advertisement(service) + references)


async def _upload(
    ctx: Context, repository: Repository, request: HttpRequest
) -> AsyncIterator[bytes]:
    """Yield the pack a clone or fetch asks for, as git makes it."""
    folder = repositories.folder(ctx, repository)
    service, protocol = "git-upload-pack", _protocol(request)
    async with processes.running(service, folder, "--stateless-rpc", protocol=protocol) as process:
        feeding = asyncio.ensure_future(processes.feed(process, _body(request)))
        try:
            async for chunk in processes.output(process.stdout):
                yield chunk
        finally:
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)


async def _receive(ctx: Context, repository: Repository, request: HttpRequest) -> bytes:
    """Take a push and return git's report, once what it changed is announced and on disk."""
    body = _body(request)

    async def read() -> bytes:
        return await anext(body, b"")

    commands = await packets.read_commands(read)
    try:
        if commands.references:
            access.check_references(ctx, repository, commands.references)
    except AwsError as error:
        return packets.refusal(commands, error.message)
    folder = repositories.folder(ctx, repository)
    service, protocol = "git-receive-pack", _protocol(request)
    async with (
        pushes.announced(ctx, repository),
        processes.running(service, folder, "--stateless-rpc", protocol=protocol) as process,
    ):
        feeding = processes.feed(process, packets.chained(commands.data, body))
        report, _, _ = await asyncio.gather(
            processes.text(process.stdout), processes.text(process.stderr), feeding
        )
    return report


async def _body(request: HttpRequest) -> AsyncIterator[bytes]:
    """Yield the request's body, unpacked if it is compressed."""
    packed = request.headers.get("content-encoding", "") in ("gzip", "x-gzip")
    with request.body.open() as source:
        for chunk in _unpacked(source) if packed else iter(partial(source.read, _CHUNK), b""):
            yield chunk


def _unpacked(source: BinaryIO) -> Iterator[bytes]:
    """Yield what a gzip file holds, a little at a time. Raises zlib.error."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    while not unpacker.eof and (packed := source.read(_CHUNK)):
        while packed:
            yield unpacker.decompress(packed, _CHUNK)
            packed = unpacker.unconsumed_tail
    yield unpacker.flush()
