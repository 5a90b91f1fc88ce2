"""VPC links."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .support import call, deploy, new_api, refused

_TARGET = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/nlb/1"


def test_a_link_is_kept(cloud: CloudUnderTest, client: Any) -> None:
    made = client.create_vpc_link(name="nlb", targetArns=[_TARGET], tags={"a": "b"})
    assert (made["status"], "statusMessage" in made) == ("PENDING", False)
    cloud.settle()
    assert client.get_vpc_link(vpcLinkId=made["id"])["status"] == "AVAILABLE"
    link = made["id"]
    patch = [{"op": "replace", "path": "/name", "value": "other"}]
    assert client.update_vpc_link(vpcLinkId=link, patchOperations=patch)["name"] == "other"
    assert client.get_vpc_link(vpcLinkId=link)["targetArns"] == [_TARGET]
    assert [one["id"] for one in client.get_vpc_links()["items"]] == [link]
    arn = f"arn:aws:apigateway:{cloud.region}::/vpclinks/{link}"
    assert client.get_tags(resourceArn=arn)["tags"] == {"a": "b"}
    client.delete_vpc_link(vpcLinkId=link)
    gone = refused(lambda: client.get_vpc_link(vpcLinkId=link))
    assert gone == ("NotFoundException", 404, "Invalid Vpc Link identifier specified")
    empty = refused(lambda: client.create_vpc_link(name="", targetArns=[_TARGET]))
    assert empty == ("BadRequestException", 400, "Name cannot be empty")
    malformed = refused(lambda: client.create_vpc_link(name="nlb", targetArns=["nlb"]))
    assert malformed[2] == "Invalid ARN. ARN is not well formed nlb"


def test_a_link_leads_to_what_stands_for_its_load_balancer(
    cloud: CloudUnderTest, client: Any, echo: str
) -> None:
    api, root = new_api(client)
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    client.put_method(**place, authorizationType="NONE")
    client.put_integration(
        **place,
        type="HTTP_PROXY",
        integrationHttpMethod="GET",
        uri="http://nlb.invalid/pets?a=b",
        connectionType="VPC_LINK",
        connectionId="abc123",
    )
    deploy(client, api)
    assert call(cloud, api, "/prod").status == 504
    (cloud.folder / "endpoints.json").write_text(json.dumps({"http://nlb.invalid": echo}))
    assert call(cloud, api, "/prod").json["target"] == "/pets?a=b"


def test_a_stack_has_a_link(cloud: CloudUnderTest, client: Any) -> None:
    properties: dict[str, Any] = {"Name": "nlb", "TargetArns": [_TARGET]}
    link = {"Type": "AWS::ApiGateway::VpcLink", "Properties": properties}
    stacks = cloud.client("cloudformation")
    stacks.create_stack(StackName="link", TemplateBody=json.dumps({"Resources": {"L": link}}))
    cloud.advance(10)
    (made,) = client.get_vpc_links()["items"]
    properties["Description"] = "d"
    stacks.update_stack(StackName="link", TemplateBody=json.dumps({"Resources": {"L": link}}))
    cloud.settle()
    assert client.get_vpc_link(vpcLinkId=made["id"])["description"] == "d"
    stacks.delete_stack(StackName="link")
    cloud.settle()
    assert client.get_vpc_links()["items"] == []
