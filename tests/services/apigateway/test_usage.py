"""API keys and usage plans: kept by the control plane, held by the data plane."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import add_mock, call, deploy, new_api, refused

_VALUE = "a-value-of-a-key-that-is-long"


def _keyed(client: Any, **plan: Any) -> tuple[str, str, str]:
    """Return an API whose `GET /` wants a key, a plan for its stage, and a key of the plan."""
    api, root = new_api(client)
    add_mock(client, api, root, apiKeyRequired=True, body='{"key": "$context.identity.apiKey"}')
    deploy(client, api)
    made = client.create_usage_plan(
        name="gold", apiStages=[{"apiId": api, "stage": "prod"}], **plan
    )["id"]
    key = client.create_api_key(name="mine", enabled=True, value=_VALUE)["id"]
    client.create_usage_plan_key(usagePlanId=made, keyId=key, keyType="API_KEY")
    return api, made, key


def _get(cloud: CloudUnderTest, api: str, value: str = _VALUE) -> tuple[int, Any]:
    answer = call(cloud, api, "/prod", headers={"x-api-key": value})
    return answer.status, answer.json


def test_a_key_is_kept_and_hidden(cloud: CloudUnderTest, client: Any) -> None:
    made = client.create_api_key(name="mine", description="d", tags={"a": "b"})
    assert (len(made["value"]), made["enabled"], made["stageKeys"]) == (40, False, [])
    key = made["id"]
    assert "value" not in client.get_api_key(apiKey=key)
    assert client.get_api_key(apiKey=key, includeValue=True)["value"] == made["value"]
    patches = [
        {"op": "replace", "path": "/enabled", "value": "true"},
        {"op": "replace", "path": "/customerId", "value": "c1"},
    ]
    assert client.update_api_key(apiKey=key, patchOperations=patches)["enabled"] is True
    assert [one["id"] for one in client.get_api_keys(customerId="c1")["items"]] == [key]
    assert client.get_api_keys(nameQuery="other")["items"] == []
    assert client.get_api_keys(nameQuery="mi", includeValues=True)["items"][0]["value"]
    arn = f"arn:aws:apigateway:{cloud.region}::/apikeys/{key}"
    client.tag_resource(resourceArn=arn, tags={"c": "d"})
    client.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert client.get_tags(resourceArn=arn)["tags"] == {"c": "d"}
    assert refused(lambda: client.create_api_key(name="n", value="short")) == (
        "BadRequestException",
        400,
        "API Key value should be at least 20 characters",
    )
    again = refused(lambda: client.create_api_key(name="n", value=made["value"]))
    assert again == ("ConflictException", 409, "API Key already exists")
    client.delete_api_key(apiKey=key)
    assert refused(lambda: client.get_api_key(apiKey=key)) == (
        "NotFoundException",
        404,
        "Invalid API Key identifier specified",
    )


def test_keys_are_imported(client: Any) -> None:
    plan = client.create_usage_plan(name="gold")["id"]
    rows = f"name,key,description,Enabled,usageplanIds\nfirst,{_VALUE},d,true,{plan}\nbad,short,,,"
    answer = client.import_api_keys(body=rows.encode(), format="csv")
    assert answer["warnings"] == ["bad: API Key value should be at least 20 characters"]
    (key,) = answer["ids"]
    assert client.get_usage_plan_keys(usagePlanId=plan)["items"][0]["id"] == key
    assert client.get_api_key(apiKey=key)["enabled"] is True


def test_a_plan_is_kept_and_patched(client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    deploy(client, api)
    plan = client.create_usage_plan(name="gold", throttle={"rateLimit": 5.0, "burstLimit": 2})["id"]
    add = {"op": "add", "path": "/apiStages", "value": f"{api}:prod"}
    method = f"/apiStages/{api}:prod/throttle/~1/GET"
    patches = [
        add,
        {"op": "replace", "path": f"{method}/rateLimit", "value": "1"},
        {"op": "replace", "path": "/quota/limit", "value": "9"},
        {"op": "replace", "path": "/quota/period", "value": "WEEK"},
        {"op": "remove", "path": "/throttle"},
        {"op": "replace", "path": "/description", "value": "d"},
    ]
    client.update_usage_plan(usagePlanId=plan, patchOperations=patches)
    kept = client.get_usage_plan(usagePlanId=plan)
    assert kept["quota"] == {"limit": 9, "period": "WEEK"}
    assert "throttle" not in kept
    assert kept["apiStages"] == [
        {"apiId": api, "stage": "prod", "throttle": {"//GET": {"rateLimit": 1.0}}}
    ]
    client.update_usage_plan(usagePlanId=plan, patchOperations=[{**add, "op": "remove"}])
    assert client.get_usage_plans()["items"][0]["apiStages"] == []
    bad = {"op": "add", "path": "/apiStages", "value": "nope:prod"}
    refusal = refused(lambda: client.update_usage_plan(usagePlanId=plan, patchOperations=[bad]))
    assert refusal == ("NotFoundException", 404, "API Stage not found: nope:prod")
    client.delete_usage_plan(usagePlanId=plan)
    gone = refused(lambda: client.get_usage_plan(usagePlanId=plan))
    assert gone == ("NotFoundException", 404, "Invalid Usage Plan ID specified")


def test_a_plan_takes_no_stage_of_an_http_api(cloud: CloudUnderTest, client: Any) -> None:
    v2 = cloud.client("apigatewayv2")
    api = v2.create_api(Name="http", ProtocolType="HTTP")["ApiId"]
    v2.create_stage(ApiId=api, StageName="prod")
    stages = [{"apiId": api, "stage": "prod"}]
    refusal = refused(lambda: client.create_usage_plan(name="gold", apiStages=stages))
    assert refusal[2] == "Usage plans are not allowed for HTTP Apis"


def test_a_key_of_a_plan_is_let_in(cloud: CloudUnderTest, client: Any) -> None:
    api, plan, key = _keyed(client)
    forbidden = (403, {"message": "Forbidden"})
    assert _get(cloud, api) == (200, {"key": _VALUE})
    assert _get(cloud, api, "no-such-key-is-there-at-all") == forbidden
    assert call(cloud, api, "/prod").status == 403
    disable = [{"op": "replace", "path": "/enabled", "value": "false"}]
    client.update_api_key(apiKey=key, patchOperations=disable)
    assert _get(cloud, api) == forbidden
    client.update_api_key(apiKey=key, patchOperations=[{**disable[0], "value": "true"}])
    assert client.get_usage_plan_key(usagePlanId=plan, keyId=key)["name"] == "mine"
    assert client.get_usage_plans(keyId=key)["items"][0]["id"] == plan
    twice = refused(
        lambda: client.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")
    )
    assert twice[1] == 409
    client.delete_usage_plan_key(usagePlanId=plan, keyId=key)
    assert _get(cloud, api) == forbidden


@pytest.mark.parametrize("of_method", [False, True])
def test_a_plan_throttles(cloud: CloudUnderTest, client: Any, of_method: bool) -> None:
    slow = {"rateLimit": 1.0, "burstLimit": 2}
    api, plan, _ = _keyed(client, throttle={"rateLimit": 100.0, "burstLimit": 100})
    patches = [
        {
            "op": "replace",
            "path": f"/apiStages/{api}:prod/throttle/~1/GET/{name}"
            if of_method
            else f"/throttle/{name}",
            "value": str(value),
        }
        for name, value in slow.items()
    ]
    client.update_usage_plan(usagePlanId=plan, patchOperations=patches)
    assert [_get(cloud, api)[0] for _ in range(2)] == [200, 200]
    assert _get(cloud, api) == (429, {"message": "Too Many Requests"})
    cloud.advance(1)
    assert _get(cloud, api)[0] == 200


def test_a_quotas_offset_counts_in_its_first_period(cloud: CloudUnderTest, client: Any) -> None:
    quota = {"limit": 3, "offset": 2, "period": "WEEK"}
    api, plan, _ = _keyed(client, quota=quota)
    assert client.get_usage_plan(usagePlanId=plan)["quota"] == quota
    assert [_get(cloud, api)[0] for _ in range(2)] == [200, 429]
    cloud.advance(7 * 86400)
    assert [_get(cloud, api)[0] for _ in range(4)] == [200, 200, 200, 429]


def test_a_quota_lasts_its_period(cloud: CloudUnderTest, client: Any) -> None:
    api, plan, key = _keyed(client, quota={"limit": 2, "period": "DAY"})
    assert [_get(cloud, api)[0] for _ in range(2)] == [200, 200]
    refusal = call(cloud, api, "/prod", headers={"x-api-key": _VALUE})
    assert (refusal.status, refusal.json) == (429, {"message": "Limit Exceeded"})
    assert refusal.headers["x-amzn-ErrorType"] == "LimitExceededException"
    today = cloud.client("apigateway").get_usage_plan(usagePlanId=plan)["quota"]
    assert today == {"limit": 2, "offset": 0, "period": "DAY"}
    more = [{"op": "replace", "path": "/remaining", "value": "1"}]
    usage = client.update_usage(usagePlanId=plan, keyId=key, patchOperations=more)
    assert usage["items"] == {key: [[2, 1]]}
    day = usage["startDate"]
    assert _get(cloud, api)[0] == 200
    assert _get(cloud, api)[0] == 429
    shown = client.get_usage(usagePlanId=plan, keyId=key, startDate=day, endDate=day)
    assert shown["items"] == {key: [[3, 0]]}
    cloud.advance(86_400)
    assert _get(cloud, api)[0] == 200


def test_a_stack_has_keys_and_plans(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root, apiKeyRequired=True)
    deploy(client, api)
    template: dict[str, Any] = {
        "Resources": {
            "Key": {
                "Type": "AWS::ApiGateway::ApiKey",
                "Properties": {"Enabled": True, "Value": _VALUE},
            },
            "Plan": {
                "Type": "AWS::ApiGateway::UsagePlan",
                "Properties": {
                    "ApiStages": [{"ApiId": api, "Stage": "prod"}],
                    "Quota": {"Limit": 1, "Period": "MONTH"},
                },
            },
            "Link": {
                "Type": "AWS::ApiGateway::UsagePlanKey",
                "Properties": {
                    "KeyId": {"Ref": "Key"},
                    "KeyType": "API_KEY",
                    "UsagePlanId": {"Ref": "Plan"},
                },
            },
        }
    }
    stacks = cloud.client("cloudformation")
    stacks.create_stack(StackName="keys", TemplateBody=json.dumps(template))
    cloud.settle()
    assert [_get(cloud, api)[0] for _ in range(2)] == [200, 429]
    template["Resources"]["Plan"]["Properties"]["Quota"]["Limit"] = 5
    template["Resources"]["Key"]["Properties"]["Description"] = "d"
    stacks.update_stack(StackName="keys", TemplateBody=json.dumps(template))
    cloud.settle()
    assert stacks.describe_stacks(StackName="keys")["Stacks"][0]["StackStatus"] == "UPDATE_COMPLETE"
    assert _get(cloud, api)[0] == 200
    stacks.delete_stack(StackName="keys")
    cloud.settle()
    assert client.get_api_keys()["items"] == client.get_usage_plans()["items"] == []


def test_a_plan_and_its_stages_part(cloud: CloudUnderTest, client: Any) -> None:
    api, plan, _ = _keyed(client)
    error = refused(lambda: client.delete_usage_plan(usagePlanId=plan))
    assert error[2] == (
        f"Cannot delete Usage Plan {plan} because there are API Stages associated with it, "
        f"including {api}:prod"
    )
    client.delete_stage(restApiId=api, stageName="prod")
    assert client.get_usage_plan(usagePlanId=plan)["apiStages"] == []
    client.delete_usage_plan(usagePlanId=plan)


def test_what_a_plan_cannot_lose(cloud: CloudUnderTest, client: Any) -> None:
    api, plan, _ = _keyed(client)
    patch = {"op": "remove", "path": f"/apiStages/{api}:prod"}
    error = refused(lambda: client.update_usage_plan(usagePlanId=plan, patchOperations=[patch]))
    assert error[2] == (
        f"Invalid patch path  '/apiStages/{api}:prod' specified for op 'remove'. Must be one of: "
        "[/apiStages, /quota, /throttle, /productCode, "
        "/apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>, "
        "/apiStages/<apidId:stageName>/throttle]"
    )


@pytest.mark.parametrize("path", ["~1pets~1{id}/GET", "/pets/{id}/GET", "~1pets~1{id}~1GET"])
def test_a_method_of_a_plan_is_patched_by_any_spelling(client: Any, path: str) -> None:
    api, _, _ = _keyed(client)
    made = client.create_usage_plan(name="other", apiStages=[{"apiId": api, "stage": "prod"}])["id"]
    start = f"/apiStages/{api}:prod/throttle/{path}"

    def patched(*patches: dict[str, str]) -> Any:
        return client.update_usage_plan(usagePlanId=made, patchOperations=list(patches))

    limits = {"op": "replace", "path": f"{start}/burstLimit", "value": "4"}
    (stage,) = patched(limits)["apiStages"]
    assert stage["throttle"] == {"/pets/{id}/GET": {"burstLimit": 4}}
    (stage,) = patched({"op": "remove", "path": start})["apiStages"]
    assert "throttle" not in stage
