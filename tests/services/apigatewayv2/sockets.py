"""WebSocket APIs under test: made with boto3, reached by a real client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import boto3
from websockets.sync.client import ClientConnection, connect

from cloudarium.pytest_plugin import CloudUnderTest

from .functions import uri
from .support import add_routes


@contextmanager
def opened(
    cloud: CloudUnderTest, api: str, query: str = "", stage: str = "dev", **options: Any
) -> Iterator[ClientConnection]:
    """Connect to an API by its own host name."""
    port = urlsplit(cloud.endpoint).port
    url = f"ws://{api}.execute-api.localhost:{port}/{stage}{query}"
    options = {"compression": None, "proxy": None, **options}
    with connect(url, address=("127.0.0.1", port), **options) as socket:
        yield socket


def add_function(client: Any, api: str, function: str, *keys: str, **route: Any) -> None:
    """Let a function answer routes."""
    made = client.create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationUri=uri(function),
        IntegrationMethod="POST",
    )
    add_routes(client, api, made["IntegrationId"], *keys, **route)


def add_answer(client: Any, api: str, key: str) -> None:
    """Let a route answer its messages."""
    routes = client.get_routes(ApiId=api)["Items"]
    route = next(one["RouteId"] for one in routes if one["RouteKey"] == key)
    client.create_route_response(ApiId=api, RouteId=route, RouteResponseKey="$default")


def add_mock(client: Any, api: str, key: str, answer: str, status: int = 200) -> None:
    """Let a mock answer a route."""
    made = client.create_integration(
        ApiId=api,
        IntegrationType="MOCK",
        RequestTemplates={"$default": json.dumps({"statusCode": status})},
        TemplateSelectionExpression="\\$default",
    )["IntegrationId"]
    client.create_integration_response(
        ApiId=api,
        IntegrationId=made,
        IntegrationResponseKey="$default",
        ResponseTemplates={"$default": answer},
        TemplateSelectionExpression="\\$default",
    )
    add_routes(client, api, made, key, RouteResponseSelectionExpression="$default")
    add_answer(client, api, key)


def management(cloud: CloudUnderTest, api: str) -> Any:
    """Return a client for an API's connections."""
    return boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=f"{cloud.endpoint}/_aws/execute-api/{api}/dev",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="us-east-1",
    )
