"""Random and broken requests to every operation: never a 500, and the cloud lives on."""

from __future__ import annotations

import random

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.wire.http import Body, HttpRequest
from tests.wire import generated

_SEED = 20
_EVERY = 3


def _signed(request: HttpRequest, service: str, body: bytes) -> HttpRequest:
    headers = {name: text for name, text in request.headers.items() if name != "content-length"}
    prepared = AWSRequest(request.method, generated.URL + request.target, headers, body)
    SigV4Auth(Credentials("test", "test"), service, "us-east-1").add_auth(prepared)
    named = {name.lower(): text for name, text in prepared.headers.items()}
    return HttpRequest(request.method, request.target, {**headers, **named}, Body(body))


def _broken(chance: random.Random, body: bytes) -> bytes:
    kind = chance.randrange(6)
    if kind < 3 or not body:
        return body
    at = chance.randrange(len(body))
    if kind == 3:
        return body[:at]
    if kind == 4:
        return body[:at] + chance.choice([b"null", b"[]", b'"x"', b"\xff", b"-1"]) + body[at + 1 :]
    return body[:at] + body[at:] * 2


@pytest.mark.parametrize("name", generated.MODELS)
def test_no_request_is_answered_with_500(cloud: CloudUnderTest, name: str) -> None:
    chance = random.Random(_SEED)
    generator = generated.Generator(chance)
    model = generated.model(name)
    protocol = model.metadata["protocol"]
    failed = []
    runtime = cloud.kernel.runtime_of(name)
    for operation in generated.operations(name):
        if runtime.operation(name, operation.name) is None:
            continue
        for _ in range(_EVERY):
            shape = operation.input_shape
            params = generator.value(shape) if shape is not None else {}
            request = generated.sent(operation, params, protocol)
            body = _broken(chance, request.body.read())
            answer = cloud.send(_signed(request, model.signing_name, body))
            if answer[0] >= 500 and b"NotImplemented" not in answer[2]:
                failed.append((operation.name, answer[0], body[:200]))
    assert failed == []
    assert cloud.client("sts").get_caller_identity()["Account"] == cloud.account
