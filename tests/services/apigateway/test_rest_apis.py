"""REST APIs, resources, account and tags."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import add_mock, call, deploy, new_api, refused


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in answer.items() if name != "ResponseMetadata"}


def test_an_api_is_made_with_awss_defaults(cloud: CloudUnderTest, client: Any) -> None:
    made = client.create_rest_api(name="pets")
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert _plain(made) == {
        "id": made["id"],
        "name": "pets",
        "createdDate": made["createdDate"],
        "apiKeySource": "HEADER",
        "disableExecuteApiEndpoint": False,
        "endpointConfiguration": {"types": ["EDGE"], "ipAddressType": "ipv4"},
        "rootResourceId": made["rootResourceId"],
        "securityPolicy": "TLS_1_0",
        "apiStatus": "AVAILABLE",
    }
    assert made["createdDate"].timestamp() == int(cloud.now)
    assert _plain(client.get_rest_api(restApiId=made["id"])) == {**_plain(made), "tags": {}}
    assert client.get_rest_apis()["items"] == [_plain(made)]


def test_an_api_takes_all_settings(client: Any) -> None:
    policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*"}]}'
    made = client.create_rest_api(
        name="pets",
        description="all of them",
        version="7",
        binaryMediaTypes=["image/png"],
        minimumCompressionSize=100,
        apiKeySource="AUTHORIZER",
        endpointConfiguration={"types": ["REGIONAL"]},
        policy=policy,
        tags={"team": "zoo"},
        disableExecuteApiEndpoint=True,
    )
    assert made["binaryMediaTypes"] == ["image/png"]
    assert made["minimumCompressionSize"] == 100
    assert made["endpointConfiguration"]["types"] == ["REGIONAL"]
    assert made["policy"] == policy
    assert made["tags"] == {"team": "zoo"}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"description": ""}, "Description cannot be an empty string"),
        (
            {"minimumCompressionSize": -1},
            "Invalid minimum compression size, must be between 0 and 10485760",
        ),
        (
            {"endpointConfiguration": {"types": []}},
            "REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.",
        ),
        (
            {"endpointConfiguration": {"types": ["EDGE", "REGIONAL"]}},
            "Cannot create an api with multiple Endpoint Types.",
        ),
        (
            {"endpointConfiguration": {"types": ["PRIVATE"], "ipAddressType": "ipv4"}},
            "Only dualstack ipAddressType is supported for Private APIs.",
        ),
        (
            {"policy": "{}"},
            "Invalid policy document. Please check the policy syntax and ensure that "
            "Principals are valid.",
        ),
    ],
)
def test_bad_settings_are_refused(client: Any, settings: dict[str, Any], message: str) -> None:
    error = refused(lambda: client.create_rest_api(name="pets", **settings))
    assert error == ("BadRequestException", 400, message)
    assert client.get_rest_apis()["items"] == []


def test_settings_are_patched(client: Any) -> None:
    api, _ = new_api(client, description="d")
    patched = client.update_rest_api(
        restApiId=api,
        patchOperations=[
            {"op": "add", "path": "/binaryMediaTypes/image~1png"},
            {"op": "add", "path": "/binaryMediaTypes/image~1jpeg"},
            {"op": "replace", "path": "/binaryMediaTypes/image~1png", "value": "image/gif"},
            {"op": "replace", "path": "/name", "value": "animals"},
            {"op": "remove", "path": "/description"},
            {"op": "replace", "path": "/minimumCompressionSize", "value": "10"},
            {"op": "replace", "path": "/apiKeySource", "value": "AUTHORIZER"},
            {"op": "replace", "path": "/endpointConfiguration/types/EDGE", "value": "REGIONAL"},
            {
                "op": "replace",
                "path": "/endpointConfiguration/ipAddressType",
                "value": "dualstack",
            },
            {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "true"},
        ],
    )
    assert patched["binaryMediaTypes"] == ["image/jpeg", "image/gif"]
    assert patched["name"] == "animals"
    assert "description" not in patched
    assert patched["minimumCompressionSize"] == 10
    assert patched["apiKeySource"] == "AUTHORIZER"
    assert patched["endpointConfiguration"] == {"types": ["REGIONAL"], "ipAddressType": "dualstack"}
    assert patched["disableExecuteApiEndpoint"] is True
    assert patched["tags"] == {}


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (
            {"op": "add", "path": "/binaryMediaTypes", "value": "a/b"},
            "Invalid patch path /binaryMediaTypes",
        ),
        ({"op": "replace", "path": "/wrong", "value": "x"}, "Invalid patch path /wrong"),
        (
            {"op": "add", "path": "/minimumCompressionSize", "value": "3"},
            "Invalid patch operation specified. Must be one of: [replace]",
        ),
        (
            {"op": "replace", "path": "/minimumCompressionSize", "value": "many"},
            "Invalid minimum compression size, must be between 0 and 10485760",
        ),
        (
            {"op": "replace", "path": "/apiKeySource", "value": "COOKIE"},
            "Invalid API Key source specified. Must be one of: [HEADER, AUTHORIZER]",
        ),
        ({"op": "replace", "path": "/name", "value": ""}, "API name is required"),
    ],
)
def test_bad_patches_are_refused(client: Any, operation: dict[str, str], message: str) -> None:
    api, _ = new_api(client)
    error = refused(lambda: client.update_rest_api(restApiId=api, patchOperations=[operation]))
    assert error == ("BadRequestException", 400, message)


def test_a_deleted_api_is_gone(cloud: CloudUnderTest, client: Any) -> None:
    api, _ = new_api(client)
    assert client.delete_rest_api(restApiId=api)["ResponseMetadata"]["HTTPStatusCode"] == 202
    message = f"Invalid API identifier specified {cloud.account}:{api}"
    for operation in (client.get_rest_api, client.delete_rest_api, client.get_resources):
        error = refused(partial(operation, restApiId=api))
        assert error == ("NotFoundException", 404, message)


def test_an_api_is_unseen_from_other_accounts_and_regions(cloud: CloudUnderTest) -> None:
    client = cloud.client("apigateway")
    api, _ = new_api(client)
    for other in (
        cloud.client("apigateway", region="eu-west-1"),
        cloud.client("apigateway", credentials=("111111111111", "test")),
    ):
        assert other.get_rest_apis()["items"] == []
        assert refused(partial(other.get_rest_api, restApiId=api))[1] == 404


def test_lists_come_in_pages(client: Any) -> None:
    ids = {client.create_rest_api(name=f"api-{n}")["id"] for n in range(5)}
    pages = list(client.get_paginator("get_rest_apis").paginate(PaginationConfig={"PageSize": 2}))
    assert [len(page["items"]) for page in pages] == [2, 2, 1]
    assert {one["id"] for page in pages for one in page["items"]} == ids


def test_resources_form_a_tree(client: Any) -> None:
    api, root = new_api(client)
    pets = client.create_resource(restApiId=api, parentId=root, pathPart="pets")
    assert (pets["path"], pets["parentId"], pets["pathPart"]) == ("/pets", root, "pets")
    one = client.create_resource(restApiId=api, parentId=pets["id"], pathPart="{id}")
    assert one["path"] == "/pets/{id}"
    assert [r["path"] for r in client.get_resources(restApiId=api)["items"]] == [
        "/",
        "/pets",
        "/pets/{id}",
    ]
    rename = [{"op": "replace", "path": "/pathPart", "value": "dogs"}]
    client.update_resource(restApiId=api, resourceId=pets["id"], patchOperations=rename)
    assert client.get_resource(restApiId=api, resourceId=one["id"])["path"] == "/dogs/{id}"
    client.delete_resource(restApiId=api, resourceId=pets["id"])
    assert client.get_resources(restApiId=api)["items"] == [{"id": root, "path": "/"}]


@pytest.mark.parametrize(
    ("parts", "code", "message"),
    [
        (
            ["pets", "pets"],
            "ConflictException",
            "Another resource with the same parent already has this name: pets",
        ),
        (
            ["{proxy+}", "{id}"],
            "BadRequestException",
            "A sibling ({proxy+}) of this resource already has a variable path part "
            "-- only one is allowed",
        ),
        (
            ["a/b"],
            "BadRequestException",
            "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and "
            "curly braces at the beginning and the end.",
        ),
    ],
)
def test_bad_resources_are_refused(client: Any, parts: list[str], code: str, message: str) -> None:
    api, root = new_api(client)

    def make(part: str) -> None:
        client.create_resource(restApiId=api, parentId=root, pathPart=part)

    for part in parts[:-1]:
        make(part)
    assert refused(lambda: make(parts[-1]))[::2] == (code, message)


def test_nothing_stands_below_a_greedy_resource(client: Any) -> None:
    api, root = new_api(client)
    greedy = client.create_resource(restApiId=api, parentId=root, pathPart="{proxy+}")["id"]
    error = refused(lambda: client.create_resource(restApiId=api, parentId=greedy, pathPart="x"))
    assert error[2] == "Cannot create a child of a resource with a greedy path variable: {proxy+}"
    error = refused(lambda: client.create_resource(restApiId=api, parentId="nope", pathPart="x"))
    assert error == ("NotFoundException", 404, "Invalid Resource identifier specified")


def test_resources_move_only_where_they_may(client: Any) -> None:
    api, root = new_api(client)
    a = client.create_resource(restApiId=api, parentId=root, pathPart="a")["id"]
    b = client.create_resource(restApiId=api, parentId=a, pathPart="b")["id"]

    def update(resource: str, path: str, value: str, op: str = "replace") -> Any:
        patch = [{"op": op, "path": path, "value": value}]
        return client.update_resource(restApiId=api, resourceId=resource, patchOperations=patch)

    assert refused(lambda: update(a, "/parentId", b))[2] == "Resources cannot be cyclical."
    assert refused(lambda: update(root, "/pathPart", "x"))[2] == (
        "Root resource cannot update its pathPart."
    )
    assert refused(lambda: update(root, "/parentId", a))[2] == (
        "Root resource cannot update its parentId."
    )
    assert refused(lambda: update(a, "/wrong", "x"))[2] == (
        "Invalid patch path  '/wrong' specified for op 'replace'. "
        "Must be one of: [/parentId, /pathPart]"
    )
    assert refused(lambda: update(a, "/pathPart", "x", "add"))[2] == (
        "Invalid patch path  '/pathPart' specified for op 'add'. Please choose supported operations"
    )
    assert update(b, "/parentId", root)["path"] == "/b"
    assert refused(lambda: client.delete_resource(restApiId=api, resourceId=root))[1] == 400


def test_apis_and_stages_are_tagged(cloud: CloudUnderTest, client: Any) -> None:
    api, _ = new_api(client, tags={"a": "1"})
    arn = f"arn:aws:apigateway:{cloud.region}::/restapis/{api}"
    client.tag_resource(resourceArn=arn, tags={"b": "2"})
    assert client.get_tags(resourceArn=arn)["tags"] == {"a": "1", "b": "2"}
    client.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert client.get_rest_api(restApiId=api)["tags"] == {"b": "2"}
    error = refused(lambda: client.get_tags(resourceArn="arn:aws:s3:::bucket"))
    assert error == ("BadRequestException", 400, "Invalid ARN specified in the request")


def test_the_account_has_a_log_role(client: Any) -> None:
    account = client.get_account()
    assert account["throttleSettings"] == {"burstLimit": 5000, "rateLimit": 10000.0}
    assert "cloudwatchRoleArn" not in account
    role = "arn:aws:iam::000000000000:role/logs"
    patch = [{"op": "replace", "path": "/cloudwatchRoleArn", "value": role}]
    client.update_account(patchOperations=patch)
    assert client.get_account()["cloudwatchRoleArn"] == role


def test_an_api_is_cloned(cloud: CloudUnderTest, client: Any) -> None:
    source, root = new_api(client, description="d", binaryMediaTypes=["image/png"], tags={"a": "b"})
    pets = client.create_resource(restApiId=source, parentId=root, pathPart="pets")["id"]
    add_mock(client, source, pets)
    client.create_model(
        restApiId=source, name="Pet", contentType="application/json", schema='{"type": "object"}'
    )
    clone = client.create_rest_api(name="copy", cloneFrom=source)
    assert (clone["name"], clone["description"]) == ("copy", "d")
    assert clone["binaryMediaTypes"] == ["image/png"]
    assert "tags" not in clone
    models = client.get_models(restApiId=clone["id"])["items"]
    assert {one["name"] for one in models} == {"Empty", "Error", "Pet"}
    deploy(client, clone["id"])
    assert call(cloud, clone["id"], "/prod/pets").json == {"ok": True}
    client.delete_rest_api(restApiId=source)
    assert call(cloud, clone["id"], "/prod/pets").status == 200
    missing = refused(lambda: client.create_rest_api(name="copy", cloneFrom="nope"))
    assert missing[:2] == ("NotFoundException", 404)
