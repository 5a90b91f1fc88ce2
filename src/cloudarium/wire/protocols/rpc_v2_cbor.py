"""Smithy RPC v2 CBOR: the path names the operation, the body is CBOR.

https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import cbor2

from cloudarium.core.documents import Kept
from cloudarium.core.errors import AwsError, SerializationException
from cloudarium.wire.http import HttpRequest, HttpResponse
from cloudarium.wire.model import OperationModel, ServiceModel, Shape
from cloudarium.wire.protocols import values
from cloudarium.wire.protocols.base import Params, error_shape_name, sender_fault, wire_code
from cloudarium.wire.protocols.tree import Convert, TreeParser, TreeWriter

_EPOCH_TAG = 1


def _parse_blob(value: Any) -> bytes:
    if not isinstance(value, bytes):
        raise SerializationException(message="A blob must be a byte string")
    return value


def _parse_timestamp(value: Any) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    return values.parse_timestamp(value)


def _write_blob(value: bytes | str) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _timestamp(_: Shape) -> Convert:
    return lambda value: cbor2.CBORTag(_EPOCH_TAG, values.epoch(value))


class CborCodec:
    """RPC v2 with CBOR bodies."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._parser = TreeParser(_parse_blob, _parse_timestamp)
        self._writer = TreeWriter(_write_blob, _timestamp, Kept.value)

    def parse(
        self, operation: OperationModel, request: HttpRequest, labels: Mapping[str, str]
    ) -> Params:
        """Return the body as params."""
        body = request.body.read()
        if operation.input is None or not body:
            return {}
        try:
            value = cbor2.loads(body)
        except (cbor2.CBORDecodeError, ValueError, OverflowError, RecursionError):
            raise SerializationException(message="The body is not CBOR") from None
        parsed: Params = self._parser.compile(operation.input)(value)
        return parsed

    def answer(self, operation: OperationModel, result: Params, request_id: str) -> HttpResponse:
        """Return the answer."""
        body = b""
        if operation.output is not None:
            body = cbor2.dumps(self._writer.compile(operation.output)(result))
        return self._response(200, body, request_id)

    def error(self, error: AwsError, request_id: str) -> HttpResponse:
        """Return `__type` and the message."""
        name = error_shape_name(self._model, error, "message")
        body = {"__type": error.code, name: error.message, **error.members}
        response = self._response(
            500 if error.status >= 500 else 400, cbor2.dumps(body), request_id
        )
        fault = "Sender" if sender_fault(self._model, error) else "Receiver"
        code = f"{wire_code(self._model, error)};{fault}"
        response.headers.append(("x-amzn-query-error", code))
        return response

    def _response(self, status: int, body: bytes, request_id: str) -> HttpResponse:
        headers = [
            ("smithy-protocol", "rpc-v2-cbor"),
            ("content-type", "application/cbor"),
            ("x-amzn-requestid", request_id),
        ]
        return HttpResponse(status, headers, body)
