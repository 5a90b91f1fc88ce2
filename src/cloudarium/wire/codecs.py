"""Which protocol a request speaks, and the codec for it."""

from __future__ import annotations

from cloudarium.wire.http import HttpRequest
from cloudarium.wire.model import ServiceModel
from cloudarium.wire.protocols.base import Codec


def protocol_of(model: ServiceModel, request: HttpRequest) -> str:
    """Return which of its service's protocols a request speaks."""
    if model.protocol.startswith("rest-"):
        return model.protocol
    if "smithy-protocol" in request.headers:
        return "cbor"
    if "x-amz-target" in request.headers:
        return "json-1.0" if "json-1.0" in request.headers.get("content-type", "") else "json-1.1"
    if model.protocol == "query" or "query" in model.metadata.get("protocols", ()):
        return "query"
    return f"json-{model.metadata.get('jsonVersion', '1.1')}"


def build(model: ServiceModel, kind: str) -> Codec:
    """Return the codec of a protocol as `protocol_of` names it, its module loaded now."""
    if kind == "rest-json":
        from cloudarium.wire.protocols.rest_json import RestJsonCodec

        return RestJsonCodec(model)
    if kind == "rest-xml":
        from cloudarium.wire.protocols.rest_xml import RestXmlCodec

        return RestXmlCodec(model)
    if kind == "cbor":
        from cloudarium.wire.protocols.rpc_v2_cbor import CborCodec

        return CborCodec(model)
    if kind == "query":
        from cloudarium.wire.protocols.query import QueryCodec

        return QueryCodec(model)
    from cloudarium.wire.protocols.json import JsonCodec

    return JsonCodec(model, kind.removeprefix("json-"))


def operation_name(request: HttpRequest) -> str:
    """Return the operation a request that is not REST names, empty if it names none."""
    if "smithy-protocol" in request.headers:
        return request.path.rpartition("/")[2]
    target = request.headers.get("x-amz-target")
    if target is not None:
        return target.rpartition(".")[2]
    return request.form.get("Action", "")
