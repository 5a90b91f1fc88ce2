"""Documentation parts and versions."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .support import add_mock, deploy, new_api, refused


def test_parts_are_kept(client: Any) -> None:
    api, _ = new_api(client)
    place = {"type": "METHOD", "path": "/pets", "method": "GET"}
    properties = '{"description": "All pets"}'
    make = {"restApiId": api, "location": place, "properties": properties}
    part = client.create_documentation_part(**make)["id"]
    found = client.get_documentation_part(restApiId=api, documentationPartId=part)
    assert (found["location"], found["properties"]) == (place, properties)
    assert refused(lambda: client.create_documentation_part(**make))[1] == 409
    other = {**make, "location": {"type": "API"}}
    assert (
        refused(lambda: client.create_documentation_part(**{**other, "properties": "x"}))[1] == 400
    )
    client.create_documentation_part(**other)
    listed = client.get_documentation_parts(restApiId=api, type="METHOD", path="/pets")["items"]
    assert [one["id"] for one in listed] == [part]
    patch = [{"op": "replace", "path": "/properties", "value": "{}"}]
    key = {"restApiId": api, "documentationPartId": part}
    assert client.update_documentation_part(**key, patchOperations=patch)["properties"] == "{}"
    client.delete_documentation_part(**key)
    gone = refused(lambda: client.get_documentation_part(**key))
    assert gone == ("NotFoundException", 404, "Invalid Documentation part identifier specified")


def test_versions_are_kept(client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    deploy(client, api)
    key = {"restApiId": api, "documentationVersion": "1"}
    client.create_documentation_version(**key, stageName="prod", description="d")
    assert client.get_stage(restApiId=api, stageName="prod")["documentationVersion"] == "1"
    assert refused(lambda: client.create_documentation_version(**key))[1] == 409
    patch = [{"op": "replace", "path": "/description", "value": "e"}]
    client.update_documentation_version(**key, patchOperations=patch)
    assert client.get_documentation_version(**key)["description"] == "e"
    (listed,) = client.get_documentation_versions(restApiId=api)["items"]
    assert listed["version"] == "1"
    client.delete_documentation_version(**key)
    gone = refused(lambda: client.get_documentation_version(**key))
    assert gone == ("NotFoundException", 404, "Invalid Documentation version specified")
    patch = [{"op": "replace", "path": "/documentationVersion", "value": "2"}]
    unknown = refused(
        lambda: client.update_stage(restApiId=api, stageName="prod", patchOperations=patch)
    )
    assert unknown == gone


def test_a_stack_has_documentation(cloud: CloudUnderTest, client: Any) -> None:
    api, _ = new_api(client)
    part: dict[str, Any] = {"RestApiId": api, "Location": {"Type": "API"}, "Properties": "{}"}
    version: dict[str, Any] = {"RestApiId": api, "DocumentationVersion": "1"}
    template = {
        "Resources": {
            "Part": {"Type": "AWS::ApiGateway::DocumentationPart", "Properties": part},
            "Version": {"Type": "AWS::ApiGateway::DocumentationVersion", "Properties": version},
        }
    }
    stacks = cloud.client("cloudformation")
    stacks.create_stack(StackName="docs", TemplateBody=json.dumps(template))
    cloud.settle()
    part["Properties"], version["Description"] = '{"description": "d"}', "d"
    stacks.update_stack(StackName="docs", TemplateBody=json.dumps(template))
    cloud.settle()
    (found,) = client.get_documentation_parts(restApiId=api)["items"]
    assert found["properties"] == part["Properties"]
    (found,) = client.get_documentation_versions(restApiId=api)["items"]
    assert found["description"] == "d"
    stacks.delete_stack(StackName="docs")
    cloud.settle()
    assert client.get_documentation_parts(restApiId=api)["items"] == []


def _documented(*parts: dict[str, Any]) -> bytes:
    extension = {"version": "1", "documentationParts": list(parts)}
    document = {"openapi": "3.0.1", "info": {"title": "pets"}, "paths": {}}
    return json.dumps({**document, "x-amazon-apigateway-documentation": extension}).encode()


def test_a_document_brings_its_documentation(client: Any) -> None:
    api = {"location": {"type": "API"}, "properties": {"description": "all pets"}}
    method = {
        "location": {"type": "METHOD", "path": "/", "method": "GET"},
        "properties": {"description": "one pet"},
    }
    made = client.import_rest_api(body=_documented(api, method))["id"]
    first = client.get_documentation_parts(restApiId=made)["items"]
    assert [one["location"] for one in first] == [
        one["location"] for one in sorted((api, method), key=lambda one: _id(first, one))
    ]
    changed = {**api, "properties": {"description": "every pet"}}
    merged = client.import_documentation_parts(restApiId=made, body=_documented(changed))
    assert merged["ids"] == [_id(first, api)]
    assert len(client.get_documentation_parts(restApiId=made)["items"]) == 2
    client.import_documentation_parts(restApiId=made, mode="overwrite", body=_documented(changed))
    (left,) = client.get_documentation_parts(restApiId=made)["items"]
    assert json.loads(left["properties"]) == changed["properties"]
    for body in (b"[1]", b"not: [a", b"{"):
        error = refused(partial(client.import_documentation_parts, restApiId=made, body=body))
        assert error[2] == "Unable to build importer with provided input."


def _id(items: list[dict[str, Any]], part: dict[str, Any]) -> str:
    return next(str(one["id"]) for one in items if one["location"] == part["location"])


def _exported(client: Any, api: str, kind: str, **parameters: str) -> Any:
    params = {"restApiId": api, "stageName": "prod", "exportType": kind, "parameters": parameters}
    return json.loads(client.get_export(**params)["body"].read())


def _api_of_the_guide(client: Any, parts: list[dict[str, Any]]) -> str:
    """Return an API of the parts with `GET /` and `GET /pets/{id}`, its documentation published."""
    api = client.import_rest_api(body=_documented(*parts))["id"]
    root = client.get_rest_api(restApiId=api)["rootResourceId"]
    model = {"name": "Empty", "contentType": "application/json", "schema": '{"type": "object"}'}
    client.create_model(restApiId=api, **model)
    add_mock(client, api, root)
    pets = client.create_resource(restApiId=api, parentId=root, pathPart="pets")["id"]
    pet = client.create_resource(restApiId=api, parentId=pets, pathPart="{id}")["id"]
    asked: dict[str, Any] = {
        "requestParameters": {"method.request.querystring.q": False},
        "requestModels": {"application/json": "Empty"},
    }
    add_mock(client, api, pet, **asked)
    deploy(client, api)
    client.create_documentation_version(restApiId=api, documentationVersion="v1", stageName="prod")
    return str(api)


def test_an_export_has_the_stages_documentation(client: Any) -> None:
    told = {"description": "API description", "foo": "API foo", "x-bar": "API x-bar"}
    info = {"description": "API info", "version": "info version", "foo": "foo", "x-bar": "info x"}
    method = {"description": "a method", "x-example": "x-", "foo": "foo", "info": {"version": "2"}}
    resource = {"description": "a resource", "foo": "foo", "x-bar": "resource x-bar"}
    parts: list[dict[str, Any]] = [
        {"location": {"type": "API"}, "properties": {**told, "info": info}},
        {"location": {"type": "METHOD", "method": "GET"}, "properties": method},
        {"location": {"type": "RESOURCE"}, "properties": resource},
    ]
    api = _api_of_the_guide(client, parts)
    for kind in ("oas30", "swagger"):
        document = _exported(client, api, kind)
        shown = document["info"]
        assert (shown["description"], shown["title"], shown["x-bar"]) == (
            "API info",
            "pets",
            "info x",
        )
        assert "foo" not in shown and shown["version"] != "info version"
        assert (document["x-bar"], "description" in document) == ("API x-bar", False)
        item = document["paths"]["/"]
        assert (item["x-bar"], set(item)) == ("resource x-bar", {"get", "x-bar"})
        assert (item["get"]["description"], item["get"]["x-example"]) == ("a method", "x-")
        assert item["get"]["responses"]["200"]["description"] == "200 response"
        written = document["x-amazon-apigateway-documentation"]
        assert (written["version"], written["createdDate"][-1]) == ("v1", "Z")
        assert sorted(map(json.dumps, written["documentationParts"])) == sorted(
            map(json.dumps, parts)
        )
    bare = _exported(client, api, "oas30", extensions="integrations")
    assert "x-amazon-apigateway-documentation" not in bare
    assert "description" not in bare["paths"]["/"]["get"]


def test_the_more_particular_part_is_told(client: Any) -> None:
    def part(kind: str, text: str, **location: str) -> dict[str, Any]:
        return {"location": {"type": kind, **location}, "properties": {"description": text}}

    api = _api_of_the_guide(
        client,
        [
            part("METHOD", "any"),
            part("METHOD", "below pets", path="/pets"),
            part("METHOD", "of a dog", path="/dogs"),
            part("PATH_PARAMETER", "its id", path="/pets/{id}", method="*", name="id"),
            part("QUERY_PARAMETER", "all", name="q"),
            part("QUERY_PARAMETER", "a query", method="GET", name="q"),
            part("REQUEST_BODY", "a body", path="/pets/{id}", method="GET"),
            part("RESPONSE", "good", statusCode="200"),
            part("MODEL", "nothing", name="Empty"),
        ],
    )
    for kind in ("oas30", "swagger"):
        paths = _exported(client, api, kind, extensions="documentation")["paths"]
        assert paths["/"]["get"]["description"] == "any"
        pet = paths["/pets/{id}"]["get"]
        assert pet["description"] == "below pets"
        told = {one["name"]: one.get("description") for one in pet["parameters"]}
        assert (told["id"], told["q"]) == ("its id", "a query")
        body = pet["requestBody"]["description"] if kind == "oas30" else told["Empty"]
        assert body == "a body"
        assert pet["responses"]["200"]["description"] == "good"
    schemas = _exported(client, api, "oas30")["components"]["schemas"]
    assert schemas["Empty"]["description"] == "nothing"
