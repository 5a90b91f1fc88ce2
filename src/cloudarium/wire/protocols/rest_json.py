"""REST with JSON bodies."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from cloudarium.core.errors import AwsError
from cloudarium.wire.http import HttpRequest, HttpResponse
from cloudarium.wire.model import OperationModel, ServiceModel
from cloudarium.wire.protocols import values
from cloudarium.wire.protocols.base import Params, error_shape_name, status_of
from cloudarium.wire.protocols.event_stream import frames
from cloudarium.wire.protocols.json import embedded, json_timestamp, load, parse_blob
from cloudarium.wire.protocols.rest import Bindings, BoundOperations, respond_stream
from cloudarium.wire.protocols.tree import TreeParser, TreeWriter


class RestJsonCodec:
    """Paths, queries, headers and JSON bodies."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._parser = TreeParser(parse_blob, values.parse_timestamp)
        self._writer = TreeWriter(values.encode_blob, json_timestamp, embedded)
        self._bound = BoundOperations()

    def parse(
        self, operation: OperationModel, request: HttpRequest, labels: Mapping[str, str]
    ) -> Params:
        """Return the params of path, query, headers and body."""
        bound = self._bound.of(operation, "input")
        if bound is None:
            return {}
        params = bound.parse_head(operation, request, labels)
        if bound.payload is None:
            if bound.at("body") and request.body.size:
                params.update(self._parser.compile(bound.shape)(load(request.body.read())))
        elif request.body.size:
            name, member = bound.payload
            if member.type == "blob":
                params[name] = request.body if member.streaming else request.body.read()
            elif member.type == "string":
                params[name] = request.body.read().decode("utf-8", "replace")
            else:
                params[name] = self._parser.compile(member)(load(request.body.read()))
        return params

    def answer(self, operation: OperationModel, result: Params, request_id: str) -> HttpResponse:
        """Return the answer."""
        bound = self._bound.of(operation, "output")
        common = [("x-amzn-requestid", request_id)]
        if bound is None:
            return HttpResponse(operation.status, common, b"")
        status, headers = bound.answer_head(operation, result)
        headers += common
        if bound.payload is not None:
            name, member = bound.payload
            if member.traits.get("eventstream") and name in result:
                events = frames(member, result[name], lambda s, each: self._writer.compile(s)(each))
                return HttpResponse(status, headers, events)
            if member.type in ("blob", "string"):
                return respond_stream(status, headers, result.get(name))
            value = self._writer.compile(member)(result.get(name) or {})
        else:
            value = self._writer.compile(bound.shape)(bound.body_of(result))
        if status == 204 or (not value and not bound.at("body") and bound.payload is None):
            return HttpResponse(status, headers, b"")
        headers.append(("content-type", "application/json"))
        return HttpResponse(status, headers, orjson.dumps(value))

    def error(self, error: AwsError, request_id: str) -> HttpResponse:
        """Return the message, with the code in `x-amzn-ErrorType`; modelled members as bound."""
        name = error_shape_name(self._model, error, "message")
        shape = self._model.errors.get(error.code)
        bound = Bindings(shape) if shape is not None else None
        headers = [
            ("x-amzn-requestid", request_id),
            ("x-amzn-errortype", error.code),
            ("content-type", "application/json"),
        ]
        members = {**error.members, name: error.message}
        if bound is not None:
            for member_name, member in bound.at("header"):
                if member_name in members:
                    headers.append((member.wire_name(member_name), str(members.pop(member_name))))
            for member_name, member in bound.at("body"):
                if member_name in members:
                    members[member.wire_name(member_name)] = members.pop(member_name)
        return HttpResponse(status_of(self._model, error), headers, orjson.dumps(members))
