"""Private APIs, and the account's own throttle."""

from __future__ import annotations

import json
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from cloudarium.pytest_plugin import CloudUnderTest

from .support import add_mock, call, deploy, new_api, refused

_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
        },
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
            "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
        },
    ],
}


def _signed(cloud: CloudUnderTest, api: str, key: str = "test") -> int:
    request = AWSRequest("GET", f"{cloud.endpoint}/_aws/execute-api/{api}/prod")
    SigV4Auth(Credentials(key, key), "execute-api", cloud.region).add_auth(request)
    return call(cloud, api, "/prod", headers=dict(request.headers.items())).status


def test_a_private_api_answers_its_own_account(cloud: CloudUnderTest, client: Any) -> None:
    endpoint = {"types": ["PRIVATE"], "vpcEndpointIds": ["vpce-1"]}
    api, root = new_api(client, endpointConfiguration=endpoint)
    add_mock(client, api, root)
    error = refused(lambda: client.create_deployment(restApiId=api, stageName="prod"))
    message = "Private REST API doesn't have a resource policy attached to it"
    assert error == ("BadRequestException", 400, message)
    patch = {"op": "replace", "path": "/policy", "value": json.dumps(_POLICY)}
    client.update_rest_api(restApiId=api, patchOperations=[patch])
    deploy(client, api)
    answer = call(cloud, api, "/prod")
    assert answer.status == 403
    assert answer.json["Message"].startswith("User: anonymous is not authorized to perform")
    assert call(cloud, api, "/prod", headers={"Authorization": "Bearer x"}).status == 403
    assert _signed(cloud, api, "111111111111") == 403
    assert _signed(cloud, api) == 200


def test_an_api_has_other_vpc_endpoints(client: Any) -> None:
    endpoint = {"types": ["PRIVATE"], "vpcEndpointIds": ["vpce-1"]}
    api, _ = new_api(client, endpointConfiguration=endpoint)
    path = "/endpointConfiguration/vpcEndpointIds"
    patches = [
        {"op": "add", "path": path, "value": "vpce-2"},
        {"op": "remove", "path": path, "value": "vpce-1"},
    ]
    settings = client.update_rest_api(restApiId=api, patchOperations=patches)
    assert settings["endpointConfiguration"]["vpcEndpointIds"] == ["vpce-2"]


def test_an_accounts_throttle_can_be_changed(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    deploy(client, api)
    assert call(cloud, api, "/prod").status == 200
    quotas = cloud.client("service-quotas")
    for code, value in (("L-8A5B8E43", 1), ("L-CDF5615A", 2)):
        quotas.request_service_quota_increase(
            ServiceCode="apigateway", QuotaCode=code, DesiredValue=value
        )
    cloud.settle()
    assert client.get_account()["throttleSettings"] == {"rateLimit": 1.0, "burstLimit": 2}
    cloud.advance(10)
    assert [call(cloud, api, "/prod").status for _ in range(3)] == [200, 200, 429]
