"""Requests to what is no API call: pages, git, functions' and APIs' addresses."""

from __future__ import annotations

import random
import re

from cloudarium.pytest_plugin import CloudUnderTest

from .sending import status

_ADDRESSES = [
    *["/_cloudarium/health", "/_cloudarium/time", "/_localstack/health", "/_localstack/info"],
    *["/_cloudarium/lambda/code/x", "/_cloudarium/lambda/debug", "/_aws/lambda-url/x/"],
    *["/_aws/execute-api/a/b/c", "/_aws/execute-api//", "/_aws/cloudformation/responses/x"],
    *["/_aws/sns/", "/_aws/sns/x?Action=ConfirmSubscription", "/_aws/ses", "/_aws/ses/?id=1"],
    *["/v1/repos/x/info/refs?service=git-upload-pack", "/v1/repos/x/git-receive-pack"],
    *["/", "/_", "/_aws/", "/x", "/2015-03-31/functions/", "/restapis"],
]
_HOSTS = [
    *["a.execute-api.localhost", "a.lambda-url.us-east-1.on.aws", "b.s3.amazonaws.com", "x.test"],
    *["a.execute-api.", ".execute-api.x", "a" * 300, "[::1", "localhost:99999"],
]
_PARTS = ["%00", "%2e%2e/", "../", "//", "?", "&a=", "%ff", "%", "x" * 300, ";", ":", "@"]
_METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "PROPFIND"]
_BODIES = [
    *[b"", b"{}", b"[]", b"null", b"{", b"\xff", b"1", b"[" * 3000, b"a=b&c=%"],
    *[b'{"advance": -1}', b'{"advance": 1e400}', b'{"advance": NaN}', b'{"function": "f"}'],
    b'{"function": "f", "event": "{}", "port": 9229}',
]
_VALUES = [
    *["", "x", "a" * 500, "AWS4-HMAC-SHA256 Credential=a/b", "Basic zzz", "Bearer x", "gzip"],
    *["application/json", "\xff", "websocket"],
]
_NAMES = [
    *["Authorization", "X-Amz-Date", "Content-Type", "Accept", "Cookie", "X-Forwarded-For"],
    *["Content-Encoding", "X-Amz-Target", "Upgrade", "Sec-WebSocket-Key", "Git-Protocol"],
]


def test_no_request_is_answered_with_a_500(cloud: CloudUnderTest) -> None:
    chance = random.Random(1)
    place = cloud.endpoint.removeprefix("http://")
    statuses = [_status(place, chance) for _ in range(1500)]
    assert {each for each in statuses if each >= 500} <= {501}
    assert {200, 400, 403, 404} <= set(statuses)


def _status(place: str, chance: random.Random) -> int:
    """Send a request made up of what is above; the status it is answered with."""
    path = chance.choice(_ADDRESSES)
    if chance.random() < 0.5:
        at = chance.randrange(1, len(path) + 1)
        path = path[:at] + chance.choice(_PARTS) + path[at:]
    headers = {"Host": chance.choice(_HOSTS)} if chance.random() < 0.3 else {}
    if chance.random() < 0.5:
        headers[chance.choice(_NAMES)] = chance.choice(_VALUES)
    return status(place, chance.choice(_METHODS), path, chance.choice(_BODIES), headers)


def test_every_address_is_among_them(cloud: CloudUnderTest) -> None:
    routes = [route.path for service in cloud.kernel.services for route in service.http_routes]
    for route in routes:
        assert [one for one in _ADDRESSES if re.match(route, one.partition("?")[0])], route
