"""What functions answer to batches and to their addresses, whatever it is."""

from __future__ import annotations

import pytest

from cloudarium.services.lambda_.sources import responses
from cloudarium.services.lambda_.urls import events

BATCH = ["a", "b"]


@pytest.mark.parametrize(
    "payload", [b"[" * 100_000, b"[" * 300 + b"]" * 300, b"NaN", b"\xff", rb'"\ud800"']
)
def test_an_answer_may_be_anything(payload: bytes) -> None:
    with pytest.raises(ValueError):
        events.response(b'{"statusCode": 200, "body": ' + payload + b"}")
    assert responses.failures(payload, BATCH) == {"a", "b"}


@pytest.mark.parametrize("name", ["[]", "{}", "5", "null", '""', '"c"'])
def test_a_batch_has_only_its_own_records(name: str) -> None:
    payload = f'{{"batchItemFailures": [{{"itemIdentifier": {name}}}]}}'.encode()
    assert responses.failures(payload, BATCH) == {"a", "b"}
