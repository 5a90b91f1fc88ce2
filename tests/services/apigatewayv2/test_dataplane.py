"""Requests to HTTP APIs: routes, endpoints, mappings, CORS, throttles, figures and logs."""

from __future__ import annotations

from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .backend import Backend
from .support import add_proxy, call, fetch, http_api, measured, serve

LOG = "arn:aws:logs:us-east-1:000000000000:log-group:access"


def test_the_most_specific_route_answers(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    api = http_api(client)
    for name, key in (
        ("one", "GET /pets/dog/1"),
        ("id", "GET /pets/dog/{id}"),
        ("pets", "GET /pets/{proxy+}"),
        ("any", "ANY /{proxy+}"),
        ("default", "$default"),
    ):
        add_proxy(client, api, f"{backend.url}/{name}", key)
    serve(client, api)
    found = {
        (method, path): call(cloud, api, path, method=method).json["target"]
        for method, path in (
            ("GET", "/pets/dog/1"),
            ("GET", "/pets/dog/2"),
            ("GET", "/pets/cat/1"),
            ("POST", "/pets/dog/1"),
            ("GET", "/"),
            ("GET", "/pets/dog/1/"),
        )
    }
    assert found == {
        ("GET", "/pets/dog/1"): "/one",
        ("GET", "/pets/dog/2"): "/id",
        ("GET", "/pets/cat/1"): "/pets",
        ("POST", "/pets/dog/1"): "/any",
        ("GET", "/"): "/default",
        ("GET", "/pets/dog/1/"): "/pets",
    }


def test_what_is_not_there_is_not_found(cloud: CloudUnderTest, client: Any) -> None:
    api = http_api(client)
    answer = call(cloud, api, "/")
    assert (answer.status, answer.json) == (404, {"message": "Not Found"})
    add_proxy(client, api, "http://127.0.0.1:1", "GET /pets")
    serve(client, api)
    assert call(cloud, api, "/other").status == 404
    assert call(cloud, api, "/pets/").status == 404
    answer = call(cloud, api, "/pets")
    assert (answer.status, answer.json) == (503, {"message": "Service Unavailable"})
    client.update_api(ApiId=api, DisableExecuteApiEndpoint=True)
    assert call(cloud, api, "/pets").status == 404


def test_an_api_is_reached_by_host_and_by_named_stage(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    api = http_api(client)
    add_proxy(client, api, backend.url + "/{id}", "GET /pets/{id}")
    serve(client, api)
    serve(client, api, "dev")
    host = {"Host": f"{api}.execute-api.localhost:4566"}
    assert fetch(f"{cloud.endpoint}/pets/1?a=b", headers=host).json["target"] == "/1?a=b"
    assert fetch(f"{cloud.endpoint}/dev/pets/2", headers=host).json["target"] == "/2"
    assert fetch(f"{cloud.endpoint}/other/pets/2", headers=host).status == 404


def test_an_endpoint_gets_the_request_and_its_answer_goes_back(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    api = http_api(client)
    add_proxy(client, api, backend.url + "/in/{proxy}", "ANY /{proxy+}")
    serve(client, api)
    backend.headers = [("X-Own", "1")]
    headers = {"X-Mine": "2", "X-Forwarded-For": "1.2.3.4", "Content-Type": "text/plain"}
    answer = call(cloud, api, "/a/b%20c?q=1&q=2", method="POST", headers=headers, body=b"hi")
    asked = answer.json
    assert (asked["method"], asked["target"]) == ("POST", "/in/a/b%20c?q=1&q=2")
    assert asked["body"] == "hi"
    assert asked["headers"]["x-mine"] == "2"
    assert asked["headers"]["forwarded"].startswith("by=127.0.0.1;for=127.0.0.1;host=")
    assert answer.headers["X-Own"] == "1"
    assert answer.headers["apigw-requestid"]


def test_parameters_are_appended_overwritten_and_removed(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    api = http_api(client)
    add_proxy(
        client,
        api,
        backend.url + "/in",
        "POST /pets/{id}",
        RequestParameters={
            "append:header.x-pet": "$request.path.id",
            "overwrite:header.x-two": "${stageVariables.name}-${request.header.x}",
            "remove:header.x-secret": "''",
            "append:querystring.name": "$request.body.owner.name",
            "remove:querystring.gone": "''",
            "overwrite:path": "/moved/${context.stage}",
        },
        ResponseParameters={
            "200": {
                "overwrite:statuscode": "201",
                "append:header.x-from": "$response.body.method",
                "remove:header.x-own": "''",
            }
        },
    )
    serve(client, api, StageVariables={"name": "v1"})
    backend.headers = [("X-Own", "1")]
    answer = call(
        cloud,
        api,
        "/pets/7?gone=1&kept=2",
        method="POST",
        headers={"x-secret": "s", "x": "y", "Content-Type": "application/json"},
        body=b'{"owner": {"name": "ann"}}',
    )
    asked = answer.json
    assert asked["target"] == "/moved/$default?kept=2&name=ann"
    assert asked["headers"]["x-pet"] == "7"
    assert asked["headers"]["x-two"] == "v1-y"
    assert "x-secret" not in asked["headers"]
    assert (answer.status, answer.headers["x-from"]) == (201, "POST")
    assert "X-Own" not in answer.headers


def test_cors_is_answered_by_the_gateway(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    cors = {
        "AllowOrigins": ["https://example.com"],
        "AllowMethods": ["GET", "POST"],
        "AllowHeaders": ["x-a"],
        "ExposeHeaders": ["x-b"],
        "AllowCredentials": True,
        "MaxAge": 60,
    }
    api = http_api(client, CorsConfiguration=cors)
    add_proxy(client, api, backend.url, "GET /")
    serve(client, api)
    asks = {"Origin": "https://example.com", "Access-Control-Request-Method": "GET"}
    preflight = call(cloud, api, "/", method="OPTIONS", headers=asks)
    assert (preflight.status, preflight.body) == (204, b"")
    shown = {name: one for name, one in preflight.headers.items() if name.startswith("access")}
    assert shown == {
        "access-control-allow-origin": "https://example.com",
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "x-a",
        "access-control-max-age": "60",
    }
    asks["Origin"] = "https://other.example"
    refused = call(cloud, api, "/", method="OPTIONS", headers=asks)
    assert "access-control-allow-origin" not in refused.headers
    backend.headers = [("Access-Control-Allow-Origin", "https://backend.example")]
    origin = {"Origin": "https://example.com"}
    answer = call(cloud, api, "/", headers=origin)
    assert answer.headers.get_all("access-control-allow-origin") == ["https://example.com"]
    assert answer.headers["access-control-expose-headers"] == "x-b"
    missing = call(cloud, api, "/missing", headers=origin)
    assert missing.status == 404
    assert missing.headers["access-control-allow-origin"] == "https://example.com"


def test_a_route_is_throttled(cloud: CloudUnderTest, client: Any, backend: Backend) -> None:
    api = http_api(client)
    add_proxy(client, api, backend.url, "GET /a", "GET /b")
    limits = {"ThrottlingBurstLimit": 2, "ThrottlingRateLimit": 1.0}
    serve(client, api, RouteSettings={"GET /a": limits})
    statuses = [call(cloud, api, "/a").status for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert call(cloud, api, "/a").json == {"message": "Too Many Requests"}
    assert call(cloud, api, "/b").status == 200
    cloud.advance(1)
    assert call(cloud, api, "/a").status == 200


def test_a_body_over_ten_megabytes_is_refused(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    api = http_api(client)
    add_proxy(client, api, backend.url, "POST /")
    serve(client, api)
    answer = call(cloud, api, "/", method="POST", body=b"x" * (10 * 1024 * 1024 + 1))
    assert (answer.status, answer.json) == (413, {"message": "Request Entity Too Large"})


def test_figures_by_api_stage_and_route(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    api = http_api(client)
    add_proxy(client, api, backend.url, "GET /pets")
    serve(client, api, DefaultRouteSettings={"DetailedMetricsEnabled": True})
    call(cloud, api, "/pets")
    call(cloud, api, "/missing")
    assert measured(cloud, "Count", ApiId=api) == 2
    assert measured(cloud, "4xx", ApiId=api, Stage="$default") == 1
    assert measured(cloud, "5xx", ApiId=api, Stage="$default") == 0
    route = {"ApiId": api, "Stage": "$default", "Method": "GET", "Resource": "/pets"}
    assert measured(cloud, "Count", **route) == 1
    for name in ("Latency", "IntegrationLatency", "DataProcessed"):
        assert measured(cloud, name, "SampleCount", **route) == 1


def test_a_line_is_written_per_request(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    cloud.client("logs").create_log_group(logGroupName="access")
    api = http_api(client)
    add_proxy(client, api, backend.url, "GET /pets/{id}")
    line = "$context.path $context.routeKey $context.status $context.error.message"
    line = f"{line} $context.requestId"
    serve(client, api, AccessLogSettings={"DestinationArn": LOG, "Format": line})
    call(cloud, api, "/pets/1")
    call(cloud, api, "/missing")
    cloud.settle()
    events = cloud.client("logs").filter_log_events(logGroupName="access")["events"]
    assert [one["message"].rpartition(" ")[0] for one in events] == [
        "/pets/1 GET /pets/{id} 200 -",
        "/missing - 404 Not Found",
    ]


def test_a_custom_domain_maps_its_paths_to_stages(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    api = http_api(client)
    add_proxy(client, api, backend.url + "/v1", "GET /pets")
    serve(client, api, "dev")
    client.create_domain_name(
        DomainName="api.example.com",
        DomainNameConfigurations=[{"CertificateArn": "arn:aws:acm:us-east-1:0:certificate/a"}],
    )
    place = {"DomainName": "api.example.com", "ApiId": api, "Stage": "dev"}
    client.create_api_mapping(**place, ApiMappingKey="shop/v1")
    assert call(cloud, "api.example.com", "/shop/v1/pets").json["target"] == "/v1"
    assert call(cloud, "api.example.com", "/pets").status == 403
    host = {"Host": "api.example.com.execute-api.localhost"}
    assert fetch(f"{cloud.endpoint}/shop/v1/pets", headers=host).status == 200


def test_rest_apis_are_served_beside(cloud: CloudUnderTest, client: Any) -> None:
    assert call(cloud, "abcdefghij", "/prod/").status == 403
