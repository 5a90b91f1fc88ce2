"""Security policies of APIs and domain names."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import add_mock, deploy, imported, new_api, refused

_REGIONAL = {"types": ["REGIONAL"]}
_ENHANCED = {"securityPolicy": "SecurityPolicy_TLS13_1_3_2025_09", "endpointAccessMode": "STRICT"}
_MISSING = "Endpoint access mode is required for the specified security policy"


def _patched(client: Any, api: str, **values: str) -> Any:
    patches = [{"op": "replace", "path": f"/{name}", "value": values[name]} for name in values]
    return client.update_rest_api(restApiId=api, patchOperations=patches)


def _policy(answer: dict[str, Any]) -> tuple[str, str | None]:
    return answer["securityPolicy"], answer.get("endpointAccessMode")


@pytest.mark.parametrize(
    ("endpoint", "usual"), [("EDGE", "TLS_1_0"), ("REGIONAL", "TLS_1_0"), ("PRIVATE", "TLS_1_2")]
)
def test_an_api_has_the_usual_one(client: Any, endpoint: str, usual: str) -> None:
    made = client.create_rest_api(name="pets", endpointConfiguration={"types": [endpoint]})
    assert _policy(made) == (usual, None)


def test_an_api_is_made_with_one_and_changes_it(client: Any) -> None:
    made = client.create_rest_api(name="pets", endpointConfiguration=_REGIONAL, **_ENHANCED)
    assert _policy(made) == tuple(_ENHANCED.values())
    api = made["id"]
    patched = _patched(client, api, securityPolicy="TLS_1_2", endpointAccessMode="")
    assert _policy(patched) == ("TLS_1_2", None)
    assert _policy(_patched(client, api, **_ENHANCED)) == tuple(_ENHANCED.values())
    clone = client.create_rest_api(name="other", cloneFrom=api)
    assert _policy(client.get_rest_api(restApiId=clone["id"])) == tuple(_ENHANCED.values())


def test_an_enhanced_one_needs_a_mode_of_access(client: Any) -> None:
    policy = {"securityPolicy": "SecurityPolicy_TLS13_2025_EDGE"}
    error = refused(lambda: client.create_rest_api(name="pets", **policy))
    assert error == ("BadRequestException", 400, _MISSING)
    api, _ = new_api(client)
    assert refused(lambda: _patched(client, api, **policy))[2] == _MISSING
    odd = refused(lambda: _patched(client, api, **policy, endpointAccessMode="ODD"))
    assert odd[0] == "BadRequestException"
    elsewhere = refused(lambda: _patched(client, api, **_ENHANCED))
    assert elsewhere[0] == "BadRequestException"


def test_a_domain_name_needs_a_mode_too(client: Any) -> None:
    def make(**given: str) -> Any:
        name = "api.example.com"
        return client.create_domain_name(domainName=name, endpointConfiguration=_REGIONAL, **given)

    policy = {"securityPolicy": _ENHANCED["securityPolicy"]}
    assert refused(lambda: make(**policy))[2] == _MISSING
    assert _policy(make(**_ENHANCED)) == tuple(_ENHANCED.values())
    patches = [{"op": "replace", "path": "/endpointAccessMode", "value": ""}]
    error = refused(
        lambda: client.update_domain_name(domainName="api.example.com", patchOperations=patches)
    )
    assert error[2] == _MISSING


def test_documents_say_it(client: Any) -> None:
    document = {
        "openapi": "3.0.1",
        "info": {"title": "pets", "version": "1"},
        "paths": {},
        "x-amazon-apigateway-security-policy": "SecurityPolicy_TLS12_2018_EDGE",
        "x-amazon-apigateway-endpoint-access-mode": "BASIC",
    }
    api = imported(client, document)
    read = client.get_rest_api(restApiId=api)
    assert _policy(read) == ("SecurityPolicy_TLS12_2018_EDGE", "BASIC")
    add_mock(client, api, read["rootResourceId"])
    deploy(client, api)
    place = {"restApiId": api, "stageName": "prod", "exportType": "oas30"}
    extended = client.get_export(**place, parameters={"extensions": "apigateway"})["body"].read()
    for name, value in document.items():
        if name.startswith("x-"):
            assert json.loads(extended)[name] == value
    assert b"security-policy" not in client.get_export(**place)["body"].read()


def test_templates_say_it(cloud: CloudUnderTest, client: Any) -> None:
    stacks = cloud.client("cloudformation")

    def deployed(call: Any, **properties: Any) -> tuple[str, str | None]:
        properties |= {"Name": "pets", "EndpointConfiguration": {"Types": ["REGIONAL"]}}
        api = {"Type": "AWS::ApiGateway::RestApi", "Properties": properties}
        template = {"Resources": {"Api": api}, "Outputs": {"Id": {"Value": {"Ref": "Api"}}}}
        call(StackName="s", TemplateBody=json.dumps(template))
        cloud.settle()
        (stack,) = stacks.describe_stacks(StackName="s")["Stacks"]
        (output,) = stack["Outputs"]
        return _policy(client.get_rest_api(restApiId=output["OutputValue"]))

    given = {name[0].upper() + name[1:]: one for name, one in _ENHANCED.items()}
    assert deployed(stacks.create_stack, **given) == tuple(_ENHANCED.values())
    legacy = {"SecurityPolicy": "TLS_1_2", "EndpointAccessMode": ""}
    assert deployed(stacks.update_stack, **legacy) == ("TLS_1_2", None)
    assert deployed(stacks.update_stack) == ("TLS_1_0", None)
