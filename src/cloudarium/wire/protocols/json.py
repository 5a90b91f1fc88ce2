"""AWS JSON 1.0 and 1.1: `X-Amz-Target` names the operation, the body is its input."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import partial
from typing import Any

import orjson

from cloudarium.core.documents import Kept
from cloudarium.core.errors import AwsError, SerializationException
from cloudarium.wire.http import HttpRequest, HttpResponse
from cloudarium.wire.model import OperationModel, ServiceModel, Shape
from cloudarium.wire.protocols import coral, values
from cloudarium.wire.protocols.base import Params, error_shape_name, sender_fault, wire_code
from cloudarium.wire.protocols.tree import Convert, TreeParser, TreeWriter


def parse_blob(value: Any) -> bytes:
    """Return a JSON blob's bytes. Raises SerializationException."""
    if not isinstance(value, str):
        raise SerializationException(message="A blob must be a base64 string")
    return values.decode_blob(value)


def json_timestamp(shape: Shape) -> Convert:
    """Return the writer of a timestamp in a JSON body: epoch seconds unless the model says else."""
    form = shape.traits.get("timestampFormat", "unixTimestamp")
    return values.unix if form == "unixTimestamp" else partial(values.timestamp_text, form=form)


def embedded(value: Kept) -> orjson.Fragment:
    """Return a kept value as the part of a JSON body that it is."""
    return orjson.Fragment(value.json)


def load(body: bytes) -> Any:
    """Return a JSON body's value, an empty one's as {}. Raises SerializationException."""
    if not body:
        return {}
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise SerializationException(message="") from None


class JsonCodec:
    """JSON as the protocols `json` has it."""

    def __init__(self, model: ServiceModel, version: str) -> None:
        self._model = model
        self._type = f"application/x-amz-json-{version}"
        self._crc = model.name in ("dynamodb", "dynamodbstreams")
        self._parser = (
            TreeParser(coral.parse_blob, values.parse_timestamp, coral.mismatch, truncate=True)
            if self._crc
            else TreeParser(parse_blob, values.parse_timestamp)
        )
        self._writer = TreeWriter(values.encode_blob, json_timestamp, embedded)
        self._parsers: dict[str, Convert] = {}
        self._writers: dict[str, Convert] = {}

    def parse(
        self, operation: OperationModel, request: HttpRequest, labels: Mapping[str, str]
    ) -> Params:
        """Return the body as params."""
        value = load(request.body.read())
        if operation.input is None:
            return {}
        parse = self._parsers.get(operation.name)
        if parse is None:
            parse = self._parser.compile(operation.input)
            if self._crc and operation.name in coral.STRICT:
                parse = coral.strict(parse, operation.input)
            self._parsers[operation.name] = parse
        parsed: Params = parse(value)
        return parsed

    def answer(self, operation: OperationModel, result: Params, request_id: str) -> HttpResponse:
        """Return the answer; operations without an output have an empty body."""
        if operation.output is None:
            return self._response(200, b"", request_id)
        write = self._writers.get(operation.name)
        if write is None:
            write = self._writers[operation.name] = self._writer.compile(operation.output)
        return self._response(200, orjson.dumps(write(result)), request_id)

    def error(self, error: AwsError, request_id: str) -> HttpResponse:
        """Return `{"__type": …, "message": …}`."""
        name = error_shape_name(self._model, error, "message")
        code = self._model.metadata.get("errorNamespace", "") + error.code
        message = {name: error.message}
        if self._crc:
            message = coral.message(error, name)
        body = {"__type": self._prefix(error) + code, **message, **error.members}
        status = 500 if error.status >= 500 else 400
        encoded = orjson.dumps(body, default=values.encode_blob)  # members may hold blobs
        response = self._response(status, encoded, request_id)
        if "awsQueryCompatible" in self._model.metadata:
            fault = "Sender" if sender_fault(self._model, error) else "Receiver"
            code = f"{wire_code(self._model, error)};{fault}"
            response.headers.append(("x-amzn-query-error", code))
        return response

    def _prefix(self, error: AwsError) -> str:
        """The namespace before the code: the service's own for modelled errors."""
        target = self._model.metadata.get("targetPrefix", "")
        if error.code in self._model.errors and self._crc:
            return f"com.amazonaws.dynamodb.v{target.rpartition('_')[2]}#"
        return coral.namespace(error) if self._crc else ""

    def _response(self, status: int, body: bytes, request_id: str) -> HttpResponse:
        headers = [("x-amzn-requestid", request_id), ("content-type", self._type)]
        if self._crc:
            headers.append(("x-amz-crc32", str(zlib.crc32(body))))
        return HttpResponse(status, headers, body)
