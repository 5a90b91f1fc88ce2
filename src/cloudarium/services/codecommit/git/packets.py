"""Git's pkt-line framing, as far as a server needs it to know what a push wants.

Source: git's documentation, "gitprotocol-common" and "gitprotocol-pack".
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

_FLUSH = b"0000"
_LARGEST_BAND = 900
# A push of more references than fit here is not one anybody makes.
_MOST_BYTES = 32 * 1024 * 1024
_MESSAGES = 2

Read = Callable[[], Awaitable[bytes]]


class ProtocolError(Exception):
    """The client does not speak git's protocol."""


@dataclass(frozen=True)
class Commands:
    """What a push asks for: the references it changes, the client's capabilities, the raw bytes."""

    references: tuple[str, ...]
    capabilities: frozenset[str]
    data: bytes


def packet(payload: bytes) -> bytes:
    """Return one pkt-line."""
    return f"{len(payload) + 4:04x}".encode() + payload


def advertisement(service: str) -> bytes:
    """Return what stands before a reference advertisement over HTTP (protocols 0 and 1)."""
    return packet(f"# service={service}\n".encode()) + _FLUSH


async def read_commands(read: Read) -> Commands:
    """Read a push's commands up to their flush packet. `read` answers b"" at the end.

    Raises ProtocolError. `Commands.data` holds everything read, which may go on into the pack.
    """
    data, place = bytearray(), 0
    lines: list[bytes] = []
    while True:
        while len(data) >= place + 4:
            size = _size(bytes(data[place : place + 4]))
            if size == 0:
                return _commands(lines, bytes(data))
            if len(data) < place + size:
                break
            lines.append(bytes(data[place + 4 : place + size]))
            place += size
        chunk = await read()
        if not chunk:
            return _commands(lines, bytes(data))
        if len(data) > _MOST_BYTES:
            raise ProtocolError("the commands of the push do not end")
        data += chunk


def _size(head: bytes) -> int:
    try:
        size = int(head, 16)
    except ValueError:
        raise ProtocolError("bad line length character") from None
    if 0 < size < 4:
        raise ProtocolError(f"bad line length {size}")
    return size


def _commands(lines: list[bytes], data: bytes) -> Commands:
    """Return the references named in `<old> <new> <name>[\\0<capabilities>]` lines."""
    references: list[str] = []
    capabilities: frozenset[str] = frozenset()
    for line in lines:
        command, _, rest = line.rstrip(b"\n").partition(b"\0")
        if rest:
            capabilities = frozenset(rest.decode(errors="replace").split())
        parts = command.decode(errors="replace").split(" ", 2)
        if len(parts) == 3 and len(parts[0]) == len(parts[1]) == 40:
            references.append(parts[2])
    return Commands(tuple(references), capabilities, data)


def refusal(commands: Commands, reason: str) -> bytes:
    """Return a push's report that refuses every reference, as `git receive-pack` would write it.

    The whole `reason` goes to the client's terminal too (`remote: ...`), if it listens there.
    """
    report = packet(b"unpack ok\n")
    for name in commands.references:
        report += packet(f"ng {name} {reason.splitlines()[0]}\n".encode())
    report += _FLUSH
    if "side-band-64k" not in commands.capabilities:
        return report
    return _band(_MESSAGES, f"{reason}\n".encode()) + _band(1, report) + _FLUSH


def _band(number: int, data: bytes) -> bytes:
    parts = [data[start : start + _LARGEST_BAND] for start in range(0, len(data), _LARGEST_BAND)]
    return b"".join(packet(bytes([number]) + part) for part in parts)


async def chained(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield `first`, then everything of `rest`."""
    if first:
        yield first
    async for chunk in rest:
        yield chunk
