"""CRCs: the published check values, pieces, and combining parts."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloudarium.services.s3 import checksums

CRCS = ("CRC32", "CRC32C", "CRC64NVME")


def digest(algorithm: str, *pieces: bytes) -> bytes:
    """The checksum of the pieces, one after the other."""
    computing = checksums.new(algorithm)
    for piece in pieces:
        computing.update(piece)
    return computing.digest()


@pytest.mark.parametrize(
    ("algorithm", "check"),
    [("CRC32", 0xCBF43926), ("CRC32C", 0xE3069283), ("CRC64NVME", 0xAE8B14860A799888)],
)
def test_the_check_values(algorithm: str, check: int) -> None:
    assert int.from_bytes(digest(algorithm, b"123456789"), "big") == check


@settings(deadline=None)
@given(st.binary(max_size=40), st.binary(max_size=40), st.sampled_from(CRCS))
def test_pieces_and_parts_give_the_whole(one: bytes, two: bytes, algorithm: str) -> None:
    whole = digest(algorithm, one + two)
    assert digest(algorithm, one, two) == whole
    parts = [
        checksums.PartChecksum(base64.b64encode(digest(algorithm, data)).decode(), len(data))
        for data in (one, two)
    ]
    assert base64.b64decode(checksums.full_object(algorithm, parts)) == whole
