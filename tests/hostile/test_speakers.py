"""Mail clients and SSH clients that do not keep to their protocols."""

from __future__ import annotations

import gc
import logging
import os
import random
import smtplib
import socket
import struct
from collections.abc import Iterable
from pathlib import Path

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

_MAIL = [
    *[
        b"EHLO x\r\n",
        b"HELO \r\n",
        b"MAIL FROM:<a@b>\r\n",
        b"MAIL FROM:<" + b"a" * 5000 + b"@b>\r\n",
    ],
    *[
        b"RCPT TO:<c@d>\r\n",
        b"RCPT TO:<>\r\n",
        b"DATA\r\n",
        b"Subject: x\r\n\r\nhi\r\n.\r\n",
        b".\r\n",
    ],
    *[b"BDAT 10 LAST\r\n1234567890", b"AUTH PLAIN AAAA\r\n", b"AUTH LOGIN\r\n", b"STARTTLS\r\n"],
    *[b"MAIL FROM:<a@b> SIZE=99999999999999999999\r\n", b"MAIL FROM:<\xc3\xa9@b> SMTPUTF8\r\n"],
    *[b"VRFY a\r\n", b"RSET\r\n", b"NOOP\r\n", b"QUIT\r\n", b"\x00\xff\r\n", b"x" * 100_000],
]
_ALGORITHMS = [
    *[b"curve25519-sha256", b"ssh-ed25519", b"aes128-ctr", b"aes128-ctr", b"hmac-sha2-256"],
    *[b"hmac-sha2-256", b"none", b"none", b"", b""],
]
_MESSAGES = [1, 2, 3, 4, 5, 6, 20, 21, 30, 31, 32, 50, 80, 90, 255]


def _say(port: int, parts: Iterable[bytes]) -> None:
    """Send one part after the other, and leave."""
    with socket.create_connection(("127.0.0.1", port), 30) as client:
        client.settimeout(0.01)
        try:
            for part in parts:
                client.sendall(part)
                try:
                    client.recv(65536)
                except TimeoutError:
                    continue
        except ConnectionError:
            return


def _packet(payload: bytes) -> bytes:
    """A packet of SSH's before there are keys (RFC 4253, 6)."""
    padding = 8 - (len(payload) + 5) % 8
    padding += 8 if padding < 4 else 0
    return struct.pack(">IB", len(payload) + padding + 1, padding) + payload + b"\0" * padding


def _offer(chance: random.Random) -> bytes:
    """The client's algorithms, one list of which may be nonsense or of no such length."""
    names = list(_ALGORITHMS)
    if chance.random() < 0.5:
        names[chance.randrange(len(names))] = chance.randbytes(chance.randrange(30))
    lengths = [len(name) if chance.random() < 0.97 else chance.getrandbits(32) for name in names]
    lists = (struct.pack(">I", length) + name for length, name in zip(lengths, names, strict=True))
    return b"\x14" + chance.randbytes(16) + b"".join(lists) + b"\0" * 5


def _ssh(chance: random.Random) -> list[bytes]:
    parts = [b"SSH-2.0-x\r\n", _packet(_offer(chance))]
    for _ in range(chance.randrange(4)):
        kind = bytes([chance.choice(_MESSAGES)])
        parts.append(_packet(kind + chance.randbytes(chance.choice((0, 1, 4, 20, 300)))))
    if chance.random() < 0.3:
        parts.append(chance.randbytes(chance.choice((10, 1000, 50_000))))
    return parts


def _mail(chance: random.Random) -> list[bytes]:
    parts = [chance.choice(_MAIL) for _ in range(chance.randrange(1, 12))]
    return [*parts, chance.randbytes(200)] if chance.random() < 0.3 else parts


@pytest.mark.parametrize("port", ["smtp", "ssh"])
def test_nothing_that_is_said_breaks_anything(
    cloud: CloudUnderTest, port: str, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(1)
    place = cloud.ports[port]
    _say(place, [b"\r\n"])
    before = _descriptors()
    for _ in range(80):
        _say(place, _mail(chance) if port == "smtp" else _ssh(chance))
    with smtplib.SMTP("127.0.0.1", cloud.ports["smtp"], "mailer.test", timeout=60) as client:
        assert client.noop()[0] == 250
    with socket.create_connection(("127.0.0.1", cloud.ports["ssh"]), 60) as other:
        assert other.recv(100).startswith(b"SSH-2.0-")
    cloud.settle()
    gc.collect()
    assert _descriptors() <= before + 10  # connections that are being closed
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


def _descriptors() -> int:
    return len(list(Path(f"/proc/{os.getpid()}/fd").iterdir()))
