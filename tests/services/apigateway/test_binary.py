"""Binary payloads through an integration: every content type, handling and Accept.

The expectations are AWS's own, as recorded in public test suites for an integration with S3.
"""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import call, new_api

RAW = gzip.compress(b"compressed, so that it is no UTF-8", mtime=1676569620)
ENCODED = base64.b64encode(RAW)
TEXT = b"a text"
MANGLED = RAW.decode("utf-8", "replace").encode()
TWICE, TEXT_ENCODED = base64.b64encode(ENCODED), base64.b64encode(TEXT)
BODIES = (RAW, ENCODED, TEXT)
_TO_TEXT, _TO_BINARY = "CONVERT_TO_TEXT", "CONVERT_TO_BINARY"


def _role(cloud: CloudUnderTest) -> str:
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    grant = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    iam = cloud.client("iam")
    role = iam.create_role(RoleName="api", AssumeRolePolicyDocument=_policy(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName="api", PolicyName="s3", PolicyDocument=_policy(grant))
    return str(role)


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _serve(
    cloud: CloudUnderTest, client: Any, asked: str | None, answered: str | None, **more: Any
) -> str:
    """Return an API whose stages `text` and `media` put and get objects of the bucket `files`.

    `image/png` is binary to the stage `media` alone.
    """
    cloud.client("s3").create_bucket(Bucket="files")
    api, root = new_api(client)
    child = client.create_resource(restApiId=api, parentId=root, pathPart="{key}")["id"]
    place = {"restApiId": api, "resourceId": child, "httpMethod": "ANY"}
    client.put_method(**place, authorizationType="NONE")
    client.put_method_response(**place, statusCode="200")
    client.put_integration(
        **place,
        type="AWS",
        integrationHttpMethod="ANY",
        uri=f"arn:aws:apigateway:{cloud.region}:s3:path/files/{{key}}",
        credentials=_role(cloud),
        requestParameters={
            "integration.request.path.key": "method.request.path.key",
            "integration.request.querystring.response-content-type": "method.request.header.kind",
        },
        **({"contentHandling": asked} if asked else {}),
        **more,
    )
    handling = {"contentHandling": answered} if answered else {}
    client.put_integration_response(**place, statusCode="200", **handling)
    client.create_deployment(restApiId=api, stageName="text")
    patch = [{"op": "add", "path": "/binaryMediaTypes/image~1png"}]
    client.update_rest_api(restApiId=api, patchOperations=patch)
    client.create_deployment(restApiId=api, stageName="media")
    return api


@pytest.mark.parametrize(
    ("handling", "as_text", "as_binary"),
    [
        (None, (MANGLED, ENCODED, TEXT), BODIES),
        (_TO_TEXT, (MANGLED, ENCODED, TEXT), (ENCODED, TWICE, TEXT_ENCODED)),
        (_TO_BINARY, (None, RAW, None), BODIES),
    ],
)
def test_requests_are_converted(
    cloud: CloudUnderTest, client: Any, handling: str | None, as_text: Any, as_binary: Any
) -> None:
    api, s3 = _serve(cloud, client, handling, None), cloud.client("s3")

    def put(stage: str, kind: str, body: bytes) -> bytes | None:
        headers = {"Content-Type": kind}
        answer = call(cloud, api, f"/{stage}/it", method="PUT", headers=headers, body=body)
        if answer.status == 500:
            return None
        assert (answer.status, answer.body) == (200, b"")
        return bytes(s3.get_object(Bucket="files", Key="it")["Body"].read())

    assert tuple(put("text", "image/png", one) for one in BODIES) == as_text
    assert tuple(put("media", "text/plain", one) for one in BODIES) == as_text
    assert tuple(put("media", "image/png", one) for one in BODIES) == as_binary


@pytest.mark.parametrize(
    ("handling", "text_text", "text_binary", "binary_text", "binary_binary"),
    [
        (
            None,
            (MANGLED, ENCODED, TEXT),
            (None, RAW, None),
            (ENCODED, TWICE, TEXT_ENCODED),
            BODIES,
        ),
        (
            _TO_TEXT,
            (MANGLED, ENCODED, TEXT),
            (MANGLED, ENCODED, TEXT),
            (ENCODED, TWICE, TEXT_ENCODED),
            (ENCODED, TWICE, TEXT_ENCODED),
        ),
        (_TO_BINARY, (None, RAW, None), (None, RAW, None), BODIES, BODIES),
    ],
)
def test_responses_are_converted(
    cloud: CloudUnderTest,
    client: Any,
    handling: str | None,
    text_text: Any,
    text_binary: Any,
    binary_text: Any,
    binary_binary: Any,
) -> None:
    api, s3 = _serve(cloud, client, None, handling), cloud.client("s3")
    for at, body in enumerate(BODIES):
        s3.put_object(Bucket="files", Key=str(at), Body=body)

    def got(stage: str, kind: str, accept: str) -> tuple[bytes | None, ...]:
        headers = {"Accept": f"{accept}, */*", "kind": kind}
        answers = [call(cloud, api, f"/{stage}/{at}", headers=headers) for at in range(len(BODIES))]
        assert {one.status for one in answers} <= {200, 500}
        return tuple(one.body if one.status == 200 else None for one in answers)

    assert got("text", "image/png", "image/png") == text_text
    assert got("media", "text/plain", "text/plain") == text_text
    assert got("media", "text/plain", "image/png") == text_binary
    assert got("media", "image/png", "text/plain") == binary_text
    assert got("media", "image/png", "image/png") == binary_binary


def test_a_template_takes_no_binary_payload(cloud: CloudUnderTest, client: Any) -> None:
    template = {"application/json": "$input.body"}
    api = _serve(cloud, client, _TO_BINARY, None, requestTemplates=template)
    for kind, status in (("application/json", 500), ("image/png", 200)):
        headers = {"Content-Type": kind}
        sent = call(cloud, api, "/text/it", method="PUT", headers=headers, body=ENCODED)
        assert sent.status == status
