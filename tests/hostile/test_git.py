"""Git's requests over HTTP with something wrong in them."""

from __future__ import annotations

import base64
import gc
import logging
import random
import subprocess
from typing import Any
from urllib.parse import unquote

import pytest

from cloudarium.pytest_plugin import CloudUnderTest
from tests.services.calls import fetch
from tests.services.codecommit.conftest import Git, codecommit, git, profile
from tests.services.codecommit.test_http import alice, commit

from .writing import spoilt

__all__ = ["alice", "codecommit", "git", "profile"]
_PARTS = [b"0000", b"0001", b"0002", b"0003", b"0004", b"ffff", b"zzzz", b"\0", b"0" * 40, b"/../x"]


def _packet(text: bytes) -> bytes:
    return b"%04x" % (len(text) + 4) + text


def _requests(tip: bytes, pack: bytes) -> list[tuple[str, bytes, dict[str, str]]]:
    """A push, and a fetch in both versions of the protocol."""
    push = _packet(b"0" * 40 + b" " + tip + b" refs/heads/main\0 report-status side-band-64k")
    want = _packet(b"want " + tip + b" multi_ack_detailed side-band-64k ofs-delta\n")
    words = (b"no-progress", b"want " + tip, b"done")
    fetched = _packet(b"command=fetch") + b"0001" + b"".join(map(_packet, words)) + b"0000"
    return [
        ("receive-pack", push + b"0000" + pack, {}),
        ("upload-pack", want + b"0000" + _packet(b"done\n"), {}),
        ("upload-pack", fetched, {"Git-Protocol": "version=2"}),
    ]


def test_no_request_of_git_is_answered_with_a_500(
    cloud: CloudUnderTest,
    alice: str,
    profile: Any,
    git: Git,
    caplog: pytest.LogCaptureFixture,
) -> None:
    chance = random.Random(1)
    tip = commit(git, "a", "x" * 2000).encode()
    folder = git("rev-parse", "--show-toplevel").stdout.strip()
    command = ("git", "pack-objects", "--revs", "--stdout")
    pack = subprocess.run(command, input=tip, cwd=folder, capture_output=True, check=True).stdout
    login = base64.b64encode(unquote(alice).encode()).decode()

    def status(service: str, body: bytes, headers: dict[str, str]) -> int:
        address = f"{cloud.endpoint}/v1/repos/profile/git-{service}"
        given = {"Authorization": f"Basic {login}", **headers}
        return fetch(address, method="POST", headers=given, body=body).status

    requests = _requests(tip, pack)
    assert [status(*each) for each in requests] == [200, 200, 200]
    for _ in range(100):
        service, body, headers = chance.choice(requests)
        for _ in range(chance.randrange(1, 4)):
            body = spoilt(chance, body, _PARTS)
        assert status(service, body, headers) < 500, body
    assert [status(*each) for each in requests[1:]] == [200, 200]
    gc.collect()
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []
