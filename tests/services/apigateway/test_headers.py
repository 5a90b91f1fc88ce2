"""Which headers pass the gateway, and under which names: both ways, for all integrations."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .functions import Functions
from .support import Answer, call, deploy, new_api

_SENT = {
    "Accept": "application/json",
    "Accept-Encoding": "br",
    "Content-Encoding": "deflate",
    "Content-MD5": "md5",
    "Max-Forwards": "2",
    "Proxy-Authenticate": "Basic",
    "Server": "x",
    "TE": "deflate",
    "Trailer": "Expires",
    "Upgrade": "HTTP/2.0",
    "User-Agent": "me",
    "Via": "p.example.net",
    "WWW-Authenticate": "Basic",
    "aUThorization": "mine",
}
_KEPT = {"accept", "accept-encoding", "user-agent", "via", "authorization"}
_REMAPPED = [
    "Authorization",
    "Connection",
    "Content-Length",
    "Content-MD5",
    "Date",
    "Expect",
    "Host",
    "Max-Forwards",
    "Proxy-Authenticate",
    "Server",
    "Trailer",
    "Upgrade",
    "User-Agent",
    "WWW-Authenticate",
]
_AS_THEY_ARE = [
    "Accept",
    "Age",
    "Content-Encoding",
    "Pragma",
    "Range",
    "Referer",
    "TE",
    "Via",
    "Warn",
]
_FUNCTION = "def handler(event, context):\n    return event\n"


def _api(client: Any, integration: dict[str, Any], mapped: dict[str, str] | None = None) -> str:
    """Return an API whose `GET /` the integration answers, with response headers `mapped`."""
    api, root = new_api(client, endpointConfiguration={"types": ["REGIONAL"]})
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    headers = {f"method.response.header.{name}": one for name, one in (mapped or {}).items()}
    client.put_method(**place, authorizationType="NONE")
    client.put_method_response(
        **place, statusCode="200", responseParameters=dict.fromkeys(headers, True)
    )
    client.put_integration(**place, integrationHttpMethod="POST", **integration)
    client.put_integration_response(**place, statusCode="200", responseParameters=headers)
    deploy(client, api)
    return api


def _mapping(**headers: str) -> dict[str, str]:
    return {
        f"integration.request.header.{name.replace('_', '-')}": f"'{value}'"
        for name, value in headers.items()
    }


def _get(cloud: CloudUnderTest, api: str) -> Answer:
    return call(cloud, api, "/prod", headers=_SENT)


def test_an_endpoint_is_told_what_the_caller_may_say(
    cloud: CloudUnderTest, client: Any, echo: str
) -> None:
    answer = _get(cloud, _api(client, {"type": "HTTP_PROXY", "uri": echo}))
    seen = answer.json["headers"]
    assert set(map(str.lower, _SENT)) & set(seen) == _KEPT
    assert "content-type" not in seen
    for name in ("Date", "Server", "Content-Length"):
        assert answer.headers[f"x-amzn-Remapped-{name}"]
    assert "X-Amzn-Trace-Id" not in answer.headers


def test_an_endpoint_is_told_what_is_mapped(cloud: CloudUnderTest, client: Any, echo: str) -> None:
    mapped = _mapping(
        Content_MD5="m", Max_Forwards="3", Server="s", WWW_Authenticate="w", Upgrade="u"
    )
    gone = _mapping(Connection="keep-alive", Expect="200-ok", Proxy_Authenticate="p", TE="gzip")
    host = {"integration.request.header.Host": "method.request.header.Host"}
    integration = {"type": "HTTP", "uri": echo, "requestParameters": {**mapped, **gone, **host}}
    seen = _get(cloud, _api(client, integration)).json["headers"]
    assert seen["host"] == cloud.endpoint.removeprefix("http://")
    assert (seen["content-md5"], seen["max-forwards"], seen["server"]) == ("m", "3", "s")
    assert (seen["www-authenticate"], seen["upgrade"]) == ("w", "u")
    assert not {"expect", "proxy-authenticate", "te", "content-type"} & set(seen)


@pytest.mark.parametrize("name", ["Content_Length", "Transfer_Encoding"])
@pytest.mark.parametrize("kind", ["HTTP", "HTTP_PROXY"])
def test_framing_is_not_mapped(
    cloud: CloudUnderTest, client: Any, echo: str, kind: str, name: str
) -> None:
    integration = {"type": kind, "uri": echo, "requestParameters": _mapping(**{name: "0"})}
    answer = _get(cloud, _api(client, integration))
    assert (answer.status, answer.body) == (500, b'{"message": "Internal server error"}')
    assert answer.headers["x-amzn-ErrorType"] == "InternalServerErrorException"


@pytest.mark.parametrize("kind", ["AWS", "AWS_PROXY"])
def test_what_concerns_the_connection_is_not_mapped_to_functions(
    cloud: CloudUnderTest, client: Any, functions: Functions, kind: str
) -> None:
    uri = (
        f"arn:aws:apigateway:{cloud.region}:lambda:path/2015-03-31/functions/"
        f"{functions.make(_FUNCTION)}/invocations"
    )
    for name in ("Authorization", "Connection", "Content_Length", "Expect", "TE"):
        mapping = _mapping(**{name: "x"})
        api = _api(client, {"type": kind, "uri": uri, "requestParameters": mapping})
        functions.allow(api)
        assert _get(cloud, api).status == 500


def test_an_answers_headers_come_out_under_names_of_their_own(
    cloud: CloudUnderTest, client: Any, echo: str
) -> None:
    names = [*_REMAPPED, *_AS_THEY_ARE, "Transfer-Encoding"]
    mapped = {name: f"'mine {name}'" for name in names}
    headers = _get(cloud, _api(client, {"type": "HTTP", "uri": echo}, mapped)).headers
    assert {headers[f"x-amzn-Remapped-{name}"] for name in _REMAPPED} == {
        f"mine {name}" for name in _REMAPPED
    }
    assert {headers[name] for name in _AS_THEY_ARE} == {f"mine {name}" for name in _AS_THEY_ARE}
    assert "transfer-encoding" not in str(headers).lower()


def test_an_encoded_answer_passes_as_it_is(cloud: CloudUnderTest, client: Any, echo: str) -> None:
    answer = _get(cloud, _api(client, {"type": "HTTP_PROXY", "uri": f"{echo}/encoded"}))
    assert (answer.headers["Content-Encoding"], answer.body) == ("br", b"\xff\xfe")
