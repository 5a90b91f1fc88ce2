"""Payload compression, and the sizes that are taken."""

from __future__ import annotations

import gzip
import zlib
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import MOCK, add_mock, call, deploy, new_api

_LONG = '{"long": "' + "x" * 200 + '"}'


@pytest.fixture
def api(client: Any) -> str:
    """An API that compresses from 100 bytes on; its `POST /` answers with what it was sent."""
    made, root = new_api(client, minimumCompressionSize=100)
    add_mock(client, made, root, body=_LONG)
    add_mock(client, made, root, "POST", body="$input.body")
    deploy(client, made)
    return made


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        ("gzip", "gzip"),
        ("br, deflate;q=0.5", "deflate"),
        ("gzip;q=0, *", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
def test_long_answers_are_compressed(
    cloud: CloudUnderTest, api: str, accepts: str, encoding: str | None
) -> None:
    answer = call(cloud, api, "/prod", headers={"Accept-Encoding": accepts})
    assert answer.headers["Content-Encoding"] == encoding
    body = answer.body
    if encoding is not None:
        body = gzip.decompress(body) if encoding == "gzip" else zlib.decompress(body)
    assert body.decode() == _LONG


def test_short_answers_are_not(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client, minimumCompressionSize=1000)
    add_mock(client, api, root, body=_LONG)
    deploy(client, api)
    answer = call(cloud, api, "/prod", headers={"Accept-Encoding": "gzip"})
    assert (answer.headers["Content-Encoding"], answer.body.decode()) == (None, _LONG)


def test_compressed_requests_are_read(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client, minimumCompressionSize=0)
    place = {"restApiId": api, "resourceId": root, "httpMethod": "POST"}
    client.put_method(**place, authorizationType="NONE")
    body = "#set($context.responseOverride.header.x-body = $input.body)" + MOCK["application/json"]
    client.put_integration(**place, type="MOCK", requestTemplates={"application/json": body})
    client.put_method_response(**place, statusCode="200")
    client.put_integration_response(
        **place, statusCode="200", responseTemplates={"application/json": "$context.requestId"}
    )
    deploy(client, api)
    kind = {"Content-Type": "application/json"}

    def sent(data: bytes, encoding: str) -> tuple[int, str | None]:
        headers = {**kind, "Content-Encoding": encoding}
        answer = call(cloud, api, "/prod", method="POST", headers=headers, body=data)
        return answer.status, answer.headers["x-body"]

    assert sent(gzip.compress(b"hello"), "gzip") == (200, "hello")
    assert sent(zlib.compress(b"hello"), "deflate") == (200, "hello")
    assert sent(b"not gzip", "gzip") == (400, None)
    assert sent(gzip.compress(bytes(11 << 20)), "gzip") == (413, None)


def test_a_head_has_a_limit(cloud: CloudUnderTest, api: str) -> None:
    assert call(cloud, api, "/prod", headers={"X-Long": "x" * 10_000}).status == 200
    answer = call(cloud, api, "/prod", headers={"X-Long": "x" * 10_240})
    assert answer.status == 413
    assert answer.body == b"HTTP header is larger than 10240 bytes."
    assert call(cloud, api, f"/prod?q={'x' * 10_240}").status == 413
