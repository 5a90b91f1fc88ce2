"""Who may call what: the data plane (AWS_IAM, resource policies) and the control plane."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from cloudarium.pytest_plugin import CloudUnderTest

from .support import LAMBDA_URI, Answer, add_mock, call, deploy, new_api, refused


class Callers:
    """IAM users and the calls they sign."""

    def __init__(self, cloud: CloudUnderTest) -> None:
        self.cloud, self.iam = cloud, cloud.client("iam")

    def user(self, name: str, *statements: dict[str, Any]) -> tuple[str, str]:
        """Create a user with an access key and an inline policy; return its credentials."""
        self.iam.create_user(UserName=name)
        if statements:
            policy = {"Version": "2012-10-17", "Statement": list(statements)}
            self.iam.put_user_policy(
                UserName=name, PolicyName="inline", PolicyDocument=json.dumps(policy)
            )
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def call(
        self, credentials: tuple[str, str], api: str, path: str, service: str = "execute-api"
    ) -> Answer:
        """Call an API with a signed GET."""
        url = f"{self.cloud.endpoint}/_aws/execute-api/{api}{path}"
        request = AWSRequest("GET", url)
        SigV4Auth(Credentials(*credentials), service, self.cloud.region).add_auth(request)
        return call(self.cloud, api, path, headers=dict(request.headers.items()))


@pytest.fixture
def callers(cloud: CloudUnderTest) -> Callers:
    """A maker of users."""
    return Callers(cloud)


@pytest.fixture
def api(client: Any) -> str:
    """A deployed API with a signed `GET /`."""
    api, root = new_api(client)
    add_mock(client, api, root, authorizationType="AWS_IAM", body='"$context.identity.userArn"')
    deploy(client, api)
    return api


def _invoke(cloud: CloudUnderTest, api: str, path: str) -> dict[str, str]:
    arn = f"arn:aws:execute-api:{cloud.region}:{cloud.account}:{api}/{path}"
    return {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": arn}


def test_an_unsigned_call_lacks_a_token(cloud: CloudUnderTest, api: str) -> None:
    answer = call(cloud, api, "/prod/")
    assert (answer.status, answer.json) == (403, {"message": "Missing Authentication Token"})


def test_an_allowed_user_is_let_in(cloud: CloudUnderTest, callers: Callers, api: str) -> None:
    credentials = callers.user("ann", _invoke(cloud, api, "prod/GET/*"))
    answer = callers.call(credentials, api, "/prod/")
    assert (answer.status, answer.json) == (200, f"arn:aws:iam::{cloud.account}:user/ann")


def test_an_escaped_path_is_signed_as_it_is_sent(
    cloud: CloudUnderTest, callers: Callers, client: Any
) -> None:
    api, root = new_api(client)
    one = client.create_resource(restApiId=api, parentId=root, pathPart="{id}")["id"]
    add_mock(client, api, one, authorizationType="AWS_IAM", body="\"$input.params('id')\"")
    deploy(client, api)
    for part in ("a%40b", "a%20b", "a+b", "%E2%82%AC", "a~b", "a%2Fb"):
        answer = callers.call(("test", "test"), api, f"/prod/{part}?x=1%202&y=")
        assert (answer.status, answer.json) == (200, part)


def test_a_user_without_permission_is_denied(
    cloud: CloudUnderTest, callers: Callers, api: str
) -> None:
    credentials = callers.user("bob", _invoke(cloud, api, "prod/POST/*"))
    answer = callers.call(credentials, api, "/prod/")
    assert answer.status == 403
    assert answer.json["Message"].startswith(
        f"User: arn:aws:iam::{cloud.account}:user/bob is not authorized to perform: "
        f"execute-api:Invoke on resource: "
        f"arn:aws:execute-api:{cloud.region}:********0000:{api}/prod/GET/"
    )
    assert answer.headers["x-amzn-ErrorType"] == "AccessDeniedException"


def test_a_bad_signature_is_refused(cloud: CloudUnderTest, callers: Callers, api: str) -> None:
    key, _ = callers.user("eve", _invoke(cloud, api, "*"))
    answer = callers.call((key, "guess"), api, "/prod/")
    assert answer.status == 403
    assert answer.json["message"].startswith("The request signature we calculated does not match")
    assert answer.headers["x-amzn-ErrorType"] == "InvalidSignatureException"
    answer = callers.call(("AKIAIOSFODNN7EXAMPLE", "x"), api, "/prod/")
    assert answer.json == {"message": "The security token included in the request is invalid."}
    answer = callers.call(("test", "test"), api, "/prod/", service="lambda")
    message = "Credential should be scoped to correct service: 'execute-api'."
    assert (answer.status, answer.json) == (403, {"message": message})
    answer = call(cloud, api, "/prod/", headers={"Authorization": "Bearer x"})
    assert answer.status == 403


def test_a_resource_policy_decides(cloud: CloudUnderTest, client: Any) -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": "execute-api:/prod/GET/open",
            }
        ],
    }
    api, root = new_api(client, policy=json.dumps(policy))
    for part in ("open", "closed"):
        made = client.create_resource(restApiId=api, parentId=root, pathPart=part)
        add_mock(client, api, made["id"])
    deploy(client, api)
    assert call(cloud, api, "/prod/open").status == 200
    answer = call(cloud, api, "/prod/closed")
    assert (answer.status, answer.json) == (
        403,
        {
            "Message": "User: anonymous is not authorized to perform: execute-api:Invoke on "
            f"resource: arn:aws:execute-api:{cloud.region}:********0000:{api}/prod/GET/closed"
        },
    )


def test_the_control_plane_checks_verbs_on_paths(
    cloud: CloudUnderTest, callers: Callers, client: Any
) -> None:
    api, root = new_api(client)
    base = f"arn:aws:apigateway:{cloud.region}::/restapis"
    user = cloud.client(
        "apigateway",
        credentials=callers.user(
            "dev",
            {"Effect": "Allow", "Action": "apigateway:GET", "Resource": f"{base}/*"},
            {
                "Effect": "Allow",
                "Action": "apigateway:PUT",
                "Resource": f"{base}/{api}/resources/{root}/methods/GET",
            },
        ),
    )
    assert user.get_rest_api(restApiId=api)["name"] == "pets"
    place = {"restApiId": api, "resourceId": root}
    user.put_method(**place, httpMethod="GET", authorizationType="NONE")
    code, status, message = refused(
        lambda: user.put_method(**place, httpMethod="PUT", authorizationType="NONE")
    )
    assert (code, status) == ("AccessDeniedException", 403)
    assert f"apigateway:PUT on resource: {base}/{api}/resources/{root}/methods/PUT" in message
    assert refused(lambda: user.create_rest_api(name="x"))[1] == 403
    assert refused(lambda: user.get_rest_apis())[1] == 403


def test_a_role_must_be_passed_and_a_policy_managed(
    cloud: CloudUnderTest, callers: Callers, client: Any
) -> None:
    api, root = new_api(client)
    everything = {"Effect": "Allow", "Resource": "*"}
    verbs = ["apigateway:GET", "apigateway:POST", "apigateway:PUT", "apigateway:PATCH"]
    user = cloud.client(
        "apigateway", credentials=callers.user("dev", {**everything, "Action": verbs})
    )
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    user.put_method(**place, authorizationType="NONE")
    role = f"arn:aws:iam::{cloud.account}:role/invoker"
    integration = {"type": "AWS_PROXY", "uri": LAMBDA_URI, "credentials": role}
    error = refused(
        lambda: user.put_integration(**place, **integration, integrationHttpMethod="POST")
    )
    assert f"iam:PassRole on resource: {role}" in error[2]
    imported = {**integration, "httpMethod": "POST"}
    document = {
        "openapi": "3.0.1",
        "info": {"title": "x"},
        "paths": {"/": {"get": {"x-amazon-apigateway-integration": imported}}},
    }
    error = refused(lambda: user.import_rest_api(body=json.dumps(document).encode()))
    assert f"iam:PassRole on resource: {role}" in error[2]
    foreign = {**integration, "credentials": "arn:aws:iam::111122223333:role/invoker"}
    assert refused(
        lambda: client.put_integration(**place, **foreign, integrationHttpMethod="POST")
    ) == ("AccessDeniedException", 403, "Cross-account pass role is not allowed.")
    policy = [{"op": "replace", "path": "/policy", "value": "{}"}]
    error = refused(lambda: user.update_rest_api(restApiId=api, patchOperations=policy))
    assert "apigateway:UpdateRestApiPolicy" in error[2]
