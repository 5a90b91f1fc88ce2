"""Every operation's input, answer and errors, against botocore's serializers and parsers."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from cloudarium.core.errors import AwsError
from cloudarium.wire import codecs
from cloudarium.wire.model import Models
from cloudarium.wire.protocols.xml import escape
from cloudarium.wire.routing import Router
from tests.wire import generated

_MODELS = Models()
_KINDS = {
    "json": "json-1.0",
    "query": "query",
    "rest-json": "rest-json",
    "rest-xml": "rest-xml",
    "smithy-rpc-v2-cbor": "cbor",
}
SPOKEN = [
    (name, protocol)
    for name in generated.MODELS
    for protocol in generated.model(name).metadata.get("protocols", [])
    or [generated.model(name).metadata["protocol"]]
    if protocol in _KINDS
]
# Told apart from others by their host alone (S3 Express, Object Lambda).
_BY_HOST = ("ListDirectoryBuckets", "WriteGetObjectResponse")
# Its root element is the answer, which botocore reads in a handler of its own.
_ODD_ANSWERS = ("GetBucketLocation",)
_LOOSE = ("query", "rest-xml")


def _generator(seed: int, protocol: str) -> generated.Generator:
    return generated.Generator(random.Random(seed), empty=protocol not in _LOOSE)


@pytest.mark.parametrize(("name", "protocol"), SPOKEN)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_botocore_sends_is_what_is_read(name: str, protocol: str, seed: int) -> None:
    ours = _MODELS.load(name)
    codec = codecs.build(ours, _KINDS[protocol])
    router = Router(ours) if protocol.startswith("rest-") else None
    generator = _generator(seed, protocol)
    for operation in generated.operations(name):
        if operation.deprecated or operation.name in _BY_HOST:
            continue
        shape = operation.input_shape
        params = generator.value(shape) if shape is not None else {}
        request = generated.sent(operation, params, protocol)
        match = router.match(request) if router is not None else None
        if router is not None:
            assert match is not None, (operation.name, request)
            assert match.operation.name == operation.name
        modelled = ours.operation(operation.name)
        assert modelled is not None
        labels = match.labels if match is not None else {}
        found = generated.plain(codec.parse(modelled, request, labels))
        expected = generated.plain(params)
        if protocol in _LOOSE or router is not None:
            found, expected = generated.filled(found), generated.filled(expected)
        if name == "s3" and "Expires" in expected:
            # botocore serializes this one as a time but has the model say text.
            found.pop("Expires"), expected.pop("Expires")
        assert found == expected, operation.name


@pytest.mark.parametrize(("name", "protocol"), SPOKEN)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_answered_is_what_botocore_reads(name: str, protocol: str, seed: int) -> None:
    ours = _MODELS.load(name)
    codec = codecs.build(ours, _KINDS[protocol])
    generator = _generator(seed, protocol)
    for operation in generated.operations(name):
        shape = operation.output_shape
        if shape is None or operation.has_event_stream_output or operation.deprecated:
            continue
        if operation.name in _ODD_ANSWERS:
            continue
        answer = _answerable(generator.value(shape), shape)
        modelled = ours.operation(operation.name)
        assert modelled is not None
        response = codec.answer(modelled, answer, "an-id")
        found = generated.read(operation, response, protocol)
        metadata = found.pop("ResponseMetadata")
        assert metadata["HTTPStatusCode"] < 300, operation.name
        found = generated.plain(found)
        expected = generated.plain(answer)
        if protocol in _LOOSE or protocol == "rest-json":
            found, expected = generated.filled(found), generated.filled(expected)
        assert found == expected, operation.name


def _answerable(value: dict[str, Any], shape: Any) -> dict[str, Any]:
    """Give status codes that are none of their own a member bound to the status line."""
    for name, member in shape.members.items():
        if member.serialization.get("location") == "statusCode":
            value[name] = 202
        if member.name == "ContentRange":
            value.pop(name, None)
    return value


@pytest.mark.parametrize(("name", "protocol"), SPOKEN)
def test_errors_are_read_as_their_code_and_message(name: str, protocol: str) -> None:
    ours = _MODELS.load(name)
    codec = codecs.build(ours, _KINDS[protocol])
    operation = generated.operations(name)[0]
    for shape in generated.model(name).error_shapes:
        error = AwsError(shape.name, "It <failed> & so on", 400)
        response = codec.error(error, "an-id")
        found = generated.read(operation, response, protocol)["Error"]
        query_code = shape.metadata.get("error", {}).get("code", shape.name)
        wanted = {shape.name, query_code} if protocol != "query" else {query_code}
        assert found["Code"] in wanted, shape.name
        if response.status != 304:
            assert found["Message"] == "It <failed> & so on", shape.name


def test_xml_tells_by_number_what_it_cannot_hold() -> None:
    assert escape("a\x01<b>&\r\n\ufffe") == "a&#x1;&lt;b&gt;&amp;&#13;\n&#xfffe;"


def test_members_of_errors_have_their_names_on_the_wire() -> None:
    codec = codecs.build(_MODELS.load("apigatewayv2"), _KINDS["rest-json"])
    error = AwsError("NotFoundException", "no", 404, {"ResourceType": "api"})
    body = codec.error(error, "an-id").body
    assert isinstance(body, bytes)
    assert json.loads(body) == {"message": "no", "resourceType": "api"}
