"""Stages at work: caches and canaries."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import add_mock, call, deploy, measured, new_api, refused

_BODY = '{"id": "$context.requestId", "q": "$input.params(\'q\')"}'


def _patch(client: Any, api: str, **patches: str) -> Any:
    operations = [
        {"op": "replace", "path": path.replace("_", "/"), "value": value}
        for path, value in patches.items()
    ]
    return client.update_stage(restApiId=api, stageName="prod", patchOperations=operations)


_BY = {"method.request.querystring.q": False}


def _cached(client: Any) -> str:
    """Return an API whose `GET /` is cached by `q` for a minute."""
    api, root = new_api(client)
    for name in ("GET", "POST"):
        add_mock(client, api, root, name, body=_BODY, requestParameters=_BY)
    client.update_integration(
        restApiId=api,
        resourceId=root,
        httpMethod="GET",
        patchOperations=[{"op": "add", "path": "/cacheKeyParameters/method.request.querystring.q"}],
    )
    deploy(client, api)
    all_methods = "_*_*_caching_"
    stage = _patch(
        client,
        api,
        **{
            "_cacheClusterEnabled": "true",
            "_cacheClusterSize": "1.6",
            f"{all_methods}enabled": "true",
            f"{all_methods}ttlInSeconds": "60",
        },
    )
    assert (stage["cacheClusterStatus"], stage["cacheClusterSize"]) == ("AVAILABLE", "1.6")
    return api


def test_a_stage_caches(cloud: CloudUnderTest, client: Any) -> None:
    api = _cached(client)

    def get(query: str = "q=1", **more: Any) -> str:
        answer = call(cloud, api, f"/prod?{query}", **more)
        return f"{answer.json['q']} {answer.json['id']}"

    first = get()
    assert first.startswith("1 ")
    assert get() == get("q=1&x=2") == first
    assert get("q=2").startswith("2 ")
    assert get(method="POST") != get(method="POST")
    cloud.advance(61)
    second = get()
    assert second != first
    client.flush_stage_cache(restApiId=api, stageName="prod")
    assert get() != second
    stage = {"ApiName": "pets", "Stage": "prod"}
    assert measured(cloud, "CacheHitCount", stage) == 2
    assert measured(cloud, "CacheMissCount", stage) == 4
    client.flush_stage_authorizers_cache(restApiId=api, stageName="prod")


def test_a_caller_may_renew_an_entry(cloud: CloudUnderTest, client: Any) -> None:
    api = _cached(client)
    renew = {"Cache-Control": "max-age=0"}
    first = call(cloud, api, "/prod").json
    answer = call(cloud, api, "/prod", headers=renew)
    assert answer.json == first
    assert answer.headers["Warning"] == '199 cache-control "Unauthorized Cache-Control header"'
    strategy = "_*_*_caching_unauthorizedCacheControlHeaderStrategy"
    _patch(client, api, **{strategy: "SUCCEED_WITHOUT_RESPONSE_HEADER"})
    assert call(cloud, api, "/prod", headers=renew).headers["Warning"] is None
    _patch(client, api, **{strategy: "FAIL_WITH_403"})
    assert call(cloud, api, "/prod", headers=renew).status == 403
    _patch(client, api, **{"_*_*_caching_requireAuthorizationForCacheControl": "false"})
    assert call(cloud, api, "/prod", headers=renew).json != first


def test_a_canary_takes_its_share(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    body = '"$stageVariables.color $context.isCanaryRequest"'
    add_mock(client, api, root, body=body)
    base = deploy(client, api)
    _patch(client, api, _variables_color="blue")
    made = client.create_deployment(
        restApiId=api,
        stageName="prod",
        canarySettings={"percentTraffic": 50.0, "stageVariableOverrides": {"color": "red"}},
    )["id"]
    stage = client.get_stage(restApiId=api, stageName="prod")
    assert (stage["deploymentId"], stage["canarySettings"]["deploymentId"]) == (base, made)
    answers = {call(cloud, api, "/prod").json for _ in range(40)}
    assert answers == {"blue false", "red true"}
    in_use = refused(lambda: client.delete_deployment(restApiId=api, deploymentId=made))
    assert in_use[2] == "Active stages pointing to this deployment must be moved or deleted"
    wrong = {"op": "copy", "from": "/variables", "path": "/canarySettings/stageVariableOverrides"}
    error = refused(
        lambda: client.update_stage(restApiId=api, stageName="prod", patchOperations=[wrong])
    )
    assert error[2].startswith(
        "Invalid copy operation with path: /canarySettings/stageVariableOverrides and from "
        "/variables. Valid copy:path are [/deploymentId, /variables]"
    )
    promote = [
        {"op": "copy", "from": "/canarySettings/deploymentId", "path": "/deploymentId"},
        {"op": "copy", "from": "/canarySettings/stageVariableOverrides", "path": "/variables"},
        {"op": "remove", "path": "/canarySettings"},
    ]
    stage = client.update_stage(restApiId=api, stageName="prod", patchOperations=promote)
    assert (stage["deploymentId"], stage["variables"]) == (made, {"color": "red"})
    assert "canarySettings" not in stage
    again = refused(
        lambda: client.update_stage(restApiId=api, stageName="prod", patchOperations=promote)
    )
    assert again[2] == "Promotion not available. Canary does not exist."
    patched = _patch(
        client,
        api,
        _canarySettings_percentTraffic="100",
        _canarySettings_deploymentId=base,
        _canarySettings_useStageCache="true",
        _canarySettings_stageVariableOverrides_color="green",
    )
    assert patched["canarySettings"]["useStageCache"] is True
    assert call(cloud, api, "/prod").json == "green true"


@pytest.mark.parametrize(
    ("op", "path", "message"),
    [
        (
            "remove",
            "/canarySettings/stageVariableOverrides",
            "Cannot remove method setting canarySettings/stageVariableOverrides because there is "
            "no method setting for this method ",
        ),
        (
            "remove",
            "/canarySettings/odd",
            "Cannot remove method setting canarySettings/odd because there is no method setting "
            "for this method ",
        ),
        ("replace", "/canarySettings/odd", "Invalid method setting path: /canarySettings/odd."),
        (
            "add",
            "/canarySettings/deploymentId",
            "Invalid add operation with path: /canarySettings/deploymentId",
        ),
    ],
)
def test_canaries_take_known_patches(client: Any, op: str, path: str, message: str) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    deploy(client, api)
    patch = {"op": op, "path": path, "value": "x"}
    stage = {"restApiId": api, "stageName": "prod"}
    error = refused(lambda: client.update_stage(**stage, patchOperations=[patch]))
    assert (error[0], error[2].startswith(message)) == ("BadRequestException", True)


def test_a_canary_needs_its_stage(client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    canary = {"percentTraffic": 50.0}
    start = "Invalid deployment content specified."
    error = refused(lambda: client.create_deployment(restApiId=api, canarySettings=canary))
    assert error[2] == (
        f"{start}Non null and non empty stageName must be provided for canary deployment. "
        "Provided value is null"
    )
    error = refused(
        lambda: client.create_deployment(restApiId=api, stageName="prod", canarySettings=canary)
    )
    assert error[2] == (
        f"{start}Stage prod must already be created before making a canary release deployment"
    )
