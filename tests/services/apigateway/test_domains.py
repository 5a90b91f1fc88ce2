"""Custom domain names: kept, mapped, and reached."""

from __future__ import annotations

import json
import urllib.request
from functools import partial
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .support import add_mock, call, deploy, new_api, refused

_NAME = "api.example.com"
_OWNED = "arn:aws:acm:us-east-1:000000000000:certificate/owned"


def _api(client: Any) -> str:
    api, root = new_api(client)
    body = '"$context.stage $context.path $context.domainName $context.domainPrefix"'
    add_mock(client, api, root, body=body)
    pets = client.create_resource(restApiId=api, parentId=root, pathPart="pets")["id"]
    add_mock(client, api, pets, body=body)
    deploy(client, api)
    return api


def test_a_domain_is_kept(cloud: CloudUnderTest, client: Any) -> None:
    regional = {"types": ["REGIONAL"]}
    made = client.create_domain_name(
        domainName=_NAME, endpointConfiguration=regional, tags={"a": "b"}
    )
    assert made["regionalDomainName"].endswith(f".execute-api.{cloud.region}.amazonaws.com")
    assert (made["securityPolicy"], made["domainNameStatus"]) == ("TLS_1_2", "AVAILABLE")
    patch = [{"op": "replace", "path": "/securityPolicy", "value": "TLS_1_0"}]
    patched = client.update_domain_name(domainName=_NAME, patchOperations=patch)
    assert patched["securityPolicy"] == "TLS_1_0"
    arn = f"arn:aws:apigateway:{cloud.region}::/domainnames/{_NAME}"
    assert client.get_tags(resourceArn=arn)["tags"] == {"a": "b"}
    assert [one["domainName"] for one in client.get_domain_names()["items"]] == [_NAME]
    again = refused(lambda: client.create_domain_name(domainName=_NAME))
    assert again == ("ConflictException", 409, "The domain name you provided already exists.")
    assert refused(lambda: client.create_domain_name(domainName="no name"))[1] == 400
    client.delete_domain_name(domainName=_NAME)
    gone = refused(lambda: client.get_domain_name(domainName=_NAME))
    assert gone == ("NotFoundException", 404, "Invalid domain name identifier specified")


def test_a_domain_tells_when_its_certificate_came(cloud: CloudUnderTest, client: Any) -> None:
    certificate = "arn:aws:acm:us-east-1:000000000000:certificate/{}"
    made = client.create_domain_name(domainName=_NAME, certificateArn=certificate.format("one"))
    assert made["certificateUploadDate"].timestamp() == cloud.now

    def patched(path: str, value: str) -> Any:
        cloud.advance(60)
        patch = [{"op": "replace", "path": path, "value": value}]
        return client.update_domain_name(domainName=_NAME, patchOperations=patch)

    same = patched("/mutualTlsAuthentication/truststoreUri", "s3://trust/store.pem")
    assert same["certificateUploadDate"] == made["certificateUploadDate"]
    another = patched("/certificateArn", certificate.format("two"))
    assert another["certificateUploadDate"].timestamp() == cloud.now
    with_version = patched("/mutualTlsAuthentication/truststoreVersion", "1")
    assert with_version["mutualTlsAuthentication"]["truststoreVersion"] == "1"
    assert "mutualTlsAuthentication" not in patched("/mutualTlsAuthentication/truststoreUri", "")
    regional = {"types": ["REGIONAL"]}
    other = client.create_domain_name(
        domainName="other.example.com",
        endpointConfiguration=regional,
        regionalCertificateArn=certificate.format("one"),
    )
    assert "certificateUploadDate" not in other


def test_names_are_one_in_a_region_and_private_ones_in_an_account(
    cloud: CloudUnderTest, client: Any
) -> None:
    def make(client: Any, kind: str, name: str) -> Any:
        return client.create_domain_name(
            domainName=name, endpointConfiguration={"types": [kind]}, securityPolicy="TLS_1_2"
        )

    other = cloud.client("apigateway", credentials=("111122223333", "test"))
    far = cloud.client("apigateway", region="eu-west-1")
    for kind, free, taken in (("REGIONAL", far, other), ("PRIVATE", other, client)):
        name = f"{kind.lower()}.example.com"
        make(client, kind, name)
        make(free, kind, name)
        assert refused(partial(make, taken, kind, name))[0] == "ConflictException"
    make(client, "EDGE", _NAME)
    assert refused(partial(make, far, "EDGE", _NAME))[0] == "ConflictException"


def test_a_private_domain_has_tags_and_policies(cloud: CloudUnderTest, client: Any) -> None:
    made = client.create_domain_name(
        domainName=_NAME,
        endpointConfiguration={"types": ["PRIVATE"]},
        securityPolicy="TLS_1_2",
        tags={"a": "b"},
    )
    arn = made["domainNameArn"]
    client.tag_resource(resourceArn=arn, tags={"c": "d"})
    assert client.get_tags(resourceArn=arn)["tags"] == {"a": "b", "c": "d"}
    association = client.create_domain_name_access_association(
        domainNameArn=arn, accessAssociationSourceType="VPCE", accessAssociationSource="vpce-1"
    )["domainNameAccessAssociationArn"]
    client.tag_resource(resourceArn=association, tags={"e": "f"})
    assert client.get_tags(resourceArn=association)["tags"] == {"e": "f"}
    (kept,) = client.get_domain_name_access_associations()["items"]
    assert kept["tags"] == {"e": "f"}
    for patch, policy in (({"op": "replace", "value": "{}"}, "{}"), ({"op": "remove"}, None)):
        patches = [{**patch, "path": "/managementPolicy"}]
        patched = client.update_domain_name(
            domainName=_NAME, domainNameId=made["domainNameId"], patchOperations=patches
        )
        assert patched.get("managementPolicy") == policy


def test_a_domain_moves_to_another_type_of_endpoint(client: Any) -> None:
    edge = client.create_domain_name(domainName=_NAME)

    def patched(op: str, path: str, value: str) -> Any:
        patch = {"op": op, "path": f"/endpointConfiguration/{path}", "value": value}
        return client.update_domain_name(domainName=_NAME, patchOperations=[patch])

    both = patched("add", "types", "REGIONAL")
    assert both["endpointConfiguration"]["types"] == ["EDGE", "REGIONAL"]
    assert both["distributionDomainName"] == edge["distributionDomainName"]
    regional = patched("remove", "types", "EDGE")
    assert regional["regionalDomainName"] == both["regionalDomainName"]
    assert "distributionDomainName" not in regional
    assert refused(lambda: patched("remove", "types", "REGIONAL"))[1] == 400
    assert refused(lambda: patched("replace", "types/0", "PRIVATE"))[1] == 400
    assert refused(lambda: patched("replace", "ipAddressType", "ipv6"))[1] == 400
    back = patched("replace", "types/0", "EDGE")
    assert back["distributionDomainName"].endswith(".cloudfront.net")
    dual = patched("replace", "ipAddressType", "dualstack")["endpointConfiguration"]
    assert dual == {"types": ["EDGE"], "ipAddressType": "dualstack"}


def test_a_domain_reaches_its_apis(cloud: CloudUnderTest, client: Any) -> None:
    api = _api(client)
    client.create_domain_name(domainName=_NAME)
    client.create_base_path_mapping(domainName=_NAME, basePath="v1", restApiId=api, stage="prod")
    client.create_base_path_mapping(domainName=_NAME, basePath="all", restApiId=api)

    def reached(path: str) -> Any:
        return call(cloud, _NAME, path).json

    assert reached("/v1/pets") == f"prod /v1/pets {_NAME} api"
    assert reached("/v1") == f"prod /v1 {_NAME} api"
    assert reached("/all/prod/pets") == f"prod /all/prod/pets {_NAME} api"
    assert reached("/pets") == {"message": "Forbidden"}
    assert call(cloud, "other.example.com", "/v1").status == 403
    port = cloud.endpoint.rpartition(":")[2]
    host = {"Host": f"{_NAME}.execute-api.localhost:{port}"}
    request = urllib.request.Request(f"{cloud.endpoint}/v1/pets", headers=host)
    with urllib.request.urlopen(request, timeout=30) as response:
        assert json.loads(response.read()) == f"prod /v1/pets {_NAME} api"


def test_mappings_are_kept(client: Any) -> None:
    api = _api(client)
    client.create_domain_name(domainName=_NAME)
    made = client.create_base_path_mapping(domainName=_NAME, restApiId=api)
    assert made["basePath"] == "(none)"
    taken = refused(lambda: client.create_base_path_mapping(domainName=_NAME, restApiId=api))
    empty = "Only one base path mapping is allowed if the base path is empty."
    assert taken == ("ConflictException", 409, empty)
    named = {"domainName": _NAME, "basePath": "v1", "restApiId": api}
    client.create_base_path_mapping(**named)
    taken = refused(lambda: client.create_base_path_mapping(**named))
    assert taken == ("ConflictException", 409, "Base path already exists for this domain name")
    client.delete_base_path_mapping(domainName=_NAME, basePath="v1")
    unknown = {"domainName": _NAME, "basePath": "x", "restApiId": "nope"}
    assert refused(lambda: client.create_base_path_mapping(**unknown))[1] == 400
    place = {"domainName": _NAME, "restApiId": api}
    slashed = refused(lambda: client.create_base_path_mapping(**place, basePath="a/b"))
    assert slashed[2].startswith("API Gateway V1 doesn't support the slash character (/) in base")
    nowhere = refused(lambda: client.create_base_path_mapping(**place, basePath="a", stage="x"))
    assert nowhere == ("BadRequestException", 400, "Invalid stage identifier specified")
    patches = [
        {"op": "replace", "path": "/basePath", "value": "v2"},
        {"op": "replace", "path": "/stage", "value": "prod"},
    ]
    place = {"domainName": _NAME, "basePath": "(none)"}
    client.update_base_path_mapping(**place, patchOperations=patches)
    expected = {"basePath": "v2", "restApiId": api, "stage": "prod"}
    assert client.get_base_path_mappings(domainName=_NAME)["items"] == [expected]
    place["basePath"] = "v2"
    assert client.get_base_path_mapping(**place)["stage"] == "prod"
    client.delete_base_path_mapping(**place)
    gone = refused(lambda: client.get_base_path_mapping(**place))
    assert gone[2] == "Invalid base path mapping identifier specified"


def test_a_stack_has_a_domain(cloud: CloudUnderTest, client: Any) -> None:
    api = _api(client)
    mapping = {"DomainName": {"Ref": "Name"}, "RestApiId": api, "BasePath": "v1"}
    template: dict[str, Any] = {
        "Resources": {
            "Name": {"Type": "AWS::ApiGateway::DomainName", "Properties": {"DomainName": _NAME}},
            "Map": {"Type": "AWS::ApiGateway::BasePathMapping", "Properties": mapping},
        },
        "Outputs": {"To": {"Value": {"Fn::GetAtt": ["Name", "DistributionDomainName"]}}},
    }
    stacks = cloud.client("cloudformation")
    stacks.create_stack(StackName="domain", TemplateBody=json.dumps(template))
    cloud.settle()
    assert call(cloud, _NAME, "/v1/prod/pets").status == 200
    mapping["Stage"] = "prod"
    stacks.update_stack(StackName="domain", TemplateBody=json.dumps(template))
    cloud.settle()
    assert call(cloud, _NAME, "/v1/pets").status == 200
    (output,) = stacks.describe_stacks(StackName="domain")["Stacks"][0]["Outputs"]
    assert output["OutputValue"].endswith(".cloudfront.net")
    name = template["Resources"]["Name"]["Properties"]
    name["EndpointConfiguration"] = {"Types": ["REGIONAL"], "IpAddressType": "dualstack"}
    name["OwnershipVerificationCertificateArn"] = certificate = _OWNED
    template["Outputs"]["To"]["Value"] = {"Fn::GetAtt": ["Name", "RegionalDomainName"]}
    stacks.update_stack(StackName="domain", TemplateBody=json.dumps(template))
    cloud.settle()
    (output,) = stacks.describe_stacks(StackName="domain")["Stacks"][0]["Outputs"]
    assert output["OutputValue"].startswith("d-")
    domain = client.get_domain_name(domainName=_NAME)
    assert domain["ownershipVerificationCertificateArn"] == certificate
    assert call(cloud, _NAME, "/v1/pets").status == 200
    stacks.delete_stack(StackName="domain")
    cloud.settle()
    assert client.get_domain_names()["items"] == []
