"""The account's throttle: one for REST, HTTP and WebSocket APIs and for `@connections`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .backend import Backend
from .sockets import add_mock, management, opened
from .support import add_proxy, call, http_api, serve, websocket_api


def _limit(cloud: CloudUnderTest, rate: int, burst: int) -> None:
    """Have Service Quotas change the account's throttle, and fill its bucket."""
    quotas = cloud.client("service-quotas")
    for code, value in (("L-8A5B8E43", rate), ("L-CDF5615A", burst)):
        quotas.request_service_quota_increase(
            ServiceCode="apigateway", QuotaCode=code, DesiredValue=value
        )
    cloud.settle()
    cloud.advance(10)


def _rest_api(cloud: CloudUnderTest) -> str:
    """Deploy a REST API whose root is a mock, to the stage `prod`; return its id."""
    client = cloud.client("apigateway")
    made = client.create_rest_api(name="pets")
    place = {
        "restApiId": made["id"],
        "resourceId": made["rootResourceId"],
        "httpMethod": "GET",
    }
    client.put_method(authorizationType="NONE", **place)
    client.put_integration(
        type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'}, **place
    )
    client.put_method_response(statusCode="200", **place)
    client.put_integration_response(statusCode="200", **place)
    client.create_deployment(restApiId=made["id"], stageName="prod")
    return str(made["id"])


def test_an_accounts_throttle_is_changed_and_shared_with_rest_apis(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    rest, api = _rest_api(cloud), http_api(client)
    add_proxy(client, api, backend.url, "GET /")
    serve(client, api)
    assert call(cloud, api, "/").status == 200
    _limit(cloud, rate=1, burst=3)
    asked = [call(cloud, rest, "/prod"), *(call(cloud, api, "/") for _ in range(3))]
    assert [answer.status for answer in asked] == [200, 200, 200, 429]
    assert asked[-1].json == {"message": "Too Many Requests"}
    assert call(cloud, rest, "/prod").status == 429
    cloud.advance(1)
    assert [call(cloud, rest, "/prod").status, call(cloud, api, "/").status] == [200, 429]


def test_a_changed_throttle_outlives_a_restart(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    api = http_api(client)
    add_proxy(client, api, backend.url, "GET /")
    serve(client, api)
    _limit(cloud, rate=1, burst=1)
    cloud.restart()
    assert [call(cloud, api, "/").status for _ in range(2)] == [200, 429]


def test_messages_and_commands_count_too(cloud: CloudUnderTest, client: Any) -> None:
    api = websocket_api(client)
    add_mock(client, api, "id", "$context.connectionId")
    serve(client, api, "dev")
    connections = management(cloud, api)
    with opened(cloud, api) as socket:
        _limit(cloud, rate=1, burst=2)
        socket.send('{"action": "id"}')
        name = str(socket.recv(20))
        connections.get_connection(ConnectionId=name)
        with pytest.raises(connections.exceptions.LimitExceededException):
            connections.get_connection(ConnectionId=name)
        # The client asks again up to four times, in vain: the clock does not move by itself.
        socket.send('{"action": "id"}')
        assert json.loads(socket.recv(20))["message"] == "Too Many Requests"
        cloud.advance(1)
        socket.send('{"action": "id"}')
        assert socket.recv(20) == name
