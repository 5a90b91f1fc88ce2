"""Deployments and stages."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import add_mock, call, deploy, new_api, refused

_TRAFFIC = "Canary percent traffic must be between 0.0 and 100.0"


@pytest.fixture
def api(client: Any) -> str:
    """An API with one mock method."""
    api, root = new_api(client)
    add_mock(client, api, root)
    return api


def test_a_deployment_is_a_snapshot(cloud: CloudUnderTest, client: Any, api: str) -> None:
    deploy(client, api)
    root = client.get_rest_api(restApiId=api)["rootResourceId"]
    client.delete_method(restApiId=api, resourceId=root, httpMethod="GET")
    add_mock(client, api, root, body='{"version": 2}')
    assert call(cloud, api, "/prod").json == {"ok": True}
    deploy(client, api)
    assert call(cloud, api, "/prod").json == {"version": 2}


def test_a_deployment_lives(client: Any, api: str) -> None:
    made = client.create_deployment(restApiId=api, description="one")
    assert set(made) == {"id", "description", "createdDate", "ResponseMetadata"}
    place = {"restApiId": api, "deploymentId": made["id"]}
    patch = [{"op": "replace", "path": "/description", "value": "two"}]
    assert client.update_deployment(**place, patchOperations=patch)["description"] == "two"
    summary = client.get_deployment(**place, embed=["apisummary"])["apiSummary"]
    assert summary == {"/": {"GET": {"authorizationType": "NONE", "apiKeyRequired": False}}}
    assert [one["id"] for one in client.get_deployments(restApiId=api)["items"]] == [made["id"]]
    client.delete_deployment(**place)
    error = refused(lambda: client.get_deployment(**place))
    assert error == ("NotFoundException", 404, "Invalid Deployment identifier specified")


def test_only_what_can_be_served_is_deployed(client: Any) -> None:
    api, root = new_api(client)
    error = refused(lambda: client.create_deployment(restApiId=api))
    assert error == ("BadRequestException", 400, "The REST API doesn't contain any methods")
    client.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    error = refused(lambda: client.create_deployment(restApiId=api, stageName="prod"))
    assert error == ("BadRequestException", 400, "No integration defined for method")
    assert client.get_stages(restApiId=api)["item"] == []


def test_a_stage_lives(cloud: CloudUnderTest, client: Any, api: str) -> None:
    deployment = client.create_deployment(restApiId=api)["id"]
    place = {"restApiId": api, "stageName": "prod"}
    made = client.create_stage(**place, deploymentId=deployment, variables={"a": "1"})
    del made["ResponseMetadata"]
    assert made == {
        "stageName": "prod",
        "deploymentId": deployment,
        "cacheClusterEnabled": False,
        "cacheClusterStatus": "NOT_AVAILABLE",
        "methodSettings": {},
        "tracingEnabled": False,
        "variables": {"a": "1"},
        "createdDate": made["createdDate"],
        "lastUpdatedDate": made["lastUpdatedDate"],
    }
    error = refused(lambda: client.create_stage(**place, deploymentId=deployment))
    assert error == ("ConflictException", 409, "Stage already exists")
    error = refused(lambda: client.delete_deployment(restApiId=api, deploymentId=deployment))
    assert error[2] == "Active stages pointing to this deployment must be moved or deleted"
    assert len(client.get_stages(restApiId=api, deploymentId=deployment)["item"]) == 1
    arn = f"arn:aws:apigateway:{cloud.region}::/restapis/{api}/stages/prod"
    client.tag_resource(resourceArn=arn, tags={"x": "y"})
    assert client.get_stage(**place)["tags"] == {"x": "y"}
    client.delete_stage(**place)
    error = refused(lambda: client.get_stage(**place))
    assert error == ("NotFoundException", 404, "Invalid stage identifier specified")


def test_a_stage_is_patched(client: Any, api: str) -> None:
    deploy(client, api)
    patched = client.update_stage(
        restApiId=api,
        stageName="prod",
        patchOperations=[
            {"op": "replace", "path": "/description", "value": "live"},
            {"op": "replace", "path": "/variables/color", "value": "blue"},
            {"op": "replace", "path": "/tracingEnabled", "value": "true"},
            {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "123"},
            {"op": "replace", "path": "/~1pets~1{id}/GET/metrics/enabled", "value": "true"},
        ],
    )
    assert patched["description"] == "live"
    assert patched["variables"] == {"color": "blue"}
    assert patched["tracingEnabled"] is True
    assert patched["methodSettings"]["*/*"] == {
        "metricsEnabled": False,
        "dataTraceEnabled": False,
        "throttlingBurstLimit": 123,
        "throttlingRateLimit": 10000.0,
        "cachingEnabled": False,
        "cacheTtlInSeconds": 300,
        "cacheDataEncrypted": False,
        "requireAuthorizationForCacheControl": True,
        "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER",
    }
    assert patched["methodSettings"]["pets~1{id}/GET"]["metricsEnabled"] is True
    patched = client.update_stage(
        restApiId=api,
        stageName="prod",
        patchOperations=[
            {"op": "remove", "path": "/*/*"},
            {"op": "remove", "path": "/variables/color"},
        ],
    )
    assert list(patched["methodSettings"]) == ["pets~1{id}/GET"]
    assert "variables" not in patched


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("/deploymentId", "nope", "Deployment id does not exist"),
        ("/canarySettings/percentTraffic", "101", _TRAFFIC),
        (
            "/*/*/throttling/burstLimit",
            "many",
            "Invalid value for method setting /*/*/throttling/burstLimit: many",
        ),
        (
            "/variables/a-b",
            "x",
            "Invalid stage variable name: a-b. Please use names with only word characters.",
        ),
    ],
)
def test_bad_stage_patches_are_refused(
    client: Any, api: str, path: str, value: str, message: str
) -> None:
    deploy(client, api)
    patch = [{"op": "replace", "path": path, "value": value}]
    error = refused(
        lambda: client.update_stage(restApiId=api, stageName="prod", patchOperations=patch)
    )
    assert error == ("BadRequestException", 400, message)


def test_an_unknown_stage_path_is_answered_with_all_there_are(client: Any, api: str) -> None:
    deploy(client, api)
    patch = [{"op": "replace", "path": "/documentation_version", "value": "1"}]
    error = refused(
        lambda: client.update_stage(restApiId=api, stageName="prod", patchOperations=patch)
    )
    assert error[2].startswith(
        "Invalid method setting path: /documentation_version. Must be one of: [/deploymentId, "
    )
    assert error[2].endswith("/variables/{variable_name}, /tracingEnabled]")


def test_stage_names_are_checked(client: Any, api: str) -> None:
    error = refused(lambda: client.create_deployment(restApiId=api, stageName="a b"))
    assert error == ("BadRequestException", 400, "Stage name only allows a-zA-Z0-9_")


def test_a_deployment_outlives_a_restart(cloud: CloudUnderTest, client: Any, api: str) -> None:
    deploy(client, api)
    cloud.restart()
    assert call(cloud, api, "/prod").json == {"ok": True}
