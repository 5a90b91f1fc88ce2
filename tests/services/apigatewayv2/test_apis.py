"""APIs."""

from __future__ import annotations

from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .support import FUNCTION, http_api, plain, refused, websocket_api


def test_an_http_api_has_awss_defaults(cloud: CloudUnderTest, client: Any) -> None:
    made = plain(client.create_api(Name="pets", ProtocolType="HTTP", Tags={"team": "a"}))
    api = made["ApiId"]
    assert len(api) == 10
    created = made.pop("CreatedDate")
    assert created.timestamp() == int(cloud.now)
    assert made == {
        "ApiId": api,
        "ApiEndpoint": f"https://{api}.execute-api.us-east-1.amazonaws.com",
        "ApiKeySelectionExpression": "$request.header.x-api-key",
        "DisableExecuteApiEndpoint": False,
        "IpAddressType": "ipv4",
        "Name": "pets",
        "ProtocolType": "HTTP",
        "RouteSelectionExpression": "$request.method $request.path",
        "Tags": {"team": "a"},
    }
    found = plain(client.get_api(ApiId=api))
    assert found == {**made, "CreatedDate": created}
    assert plain(client.get_apis())["Items"] == [found]


def test_a_websocket_api_says_how_it_selects(client: Any) -> None:
    missing = refused(lambda: client.create_api(Name="chat", ProtocolType="WEBSOCKET"))
    assert missing == ("BadRequestException", 400, "Invalid routeSelectionExpression")
    unreadable = refused(
        lambda: websocket_api(client, RouteSelectionExpression="${request.body.[}")
    )
    assert unreadable[0] == "BadRequestException"
    api = client.get_api(ApiId=websocket_api(client))
    assert api["ApiEndpoint"].startswith("wss://")
    assert api["RouteSelectionExpression"] == "$request.body.action"


def test_an_api_is_changed_and_deleted(client: Any) -> None:
    api = http_api(client, Description="all of them")
    changed = client.update_api(ApiId=api, Name="dogs", Description="")
    assert changed["Name"] == "dogs"
    assert "Description" not in changed
    client.delete_api(ApiId=api)
    assert refused(lambda: client.get_api(ApiId=api)) == (
        "NotFoundException",
        404,
        f"Invalid API identifier specified 000000000000:{api}",
    )


def test_lists_come_in_pages(client: Any) -> None:
    ids = sorted(http_api(client) for _ in range(3))
    first = client.get_apis(MaxResults="2")
    rest = client.get_apis(MaxResults="2", NextToken=first["NextToken"])
    assert [one["ApiId"] for one in first["Items"] + rest["Items"]] == ids
    assert "NextToken" not in rest
    assert refused(lambda: client.get_apis(NextToken="x"))[0] == "BadRequestException"
    assert refused(lambda: client.get_apis(MaxResults="x"))[0] == "BadRequestException"


def test_cors_is_checked_kept_and_taken_away(client: Any) -> None:
    anyone = {"AllowOrigins": ["*"], "AllowCredentials": True}
    assert refused(lambda: http_api(client, CorsConfiguration=anyone))[2] == (
        "allow-credentials is not supported if 'allow-origin' is *"
    )
    nowhere = {"AllowOrigins": ["example.com"]}
    assert refused(lambda: http_api(client, CorsConfiguration=nowhere))[2] == (
        "Invalid format for origin example.com"
    )
    cors = {"AllowOrigins": ["https://example.com"], "AllowMethods": ["GET"], "MaxAge": 30}
    api = http_api(client, CorsConfiguration=cors)
    assert client.get_api(ApiId=api)["CorsConfiguration"] == cors
    client.delete_cors_configuration(ApiId=api)
    assert "CorsConfiguration" not in client.get_api(ApiId=api)


def test_quick_create_makes_route_integration_and_stage(client: Any) -> None:
    api = http_api(client, Target=FUNCTION, RouteKey="GET /pets")
    integration = client.get_integrations(ApiId=api)["Items"][0]
    assert integration == {
        "ApiGatewayManaged": True,
        "ConnectionType": "INTERNET",
        "IntegrationId": integration["IntegrationId"],
        "IntegrationMethod": "POST",
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": FUNCTION,
        "PayloadFormatVersion": "2.0",
        "TimeoutInMillis": 30000,
    }
    route = client.get_routes(ApiId=api)["Items"][0]
    assert route["RouteKey"] == "GET /pets"
    assert route["Target"] == f"integrations/{integration['IntegrationId']}"
    stage = client.get_stage(ApiId=api, StageName="$default")
    assert stage["AutoDeploy"] and stage["ApiGatewayManaged"] and stage["DeploymentId"]
    place = {"ApiId": api, "IntegrationId": integration["IntegrationId"]}
    assert refused(lambda: client.delete_integration(**place))[0] == "ConflictException"
    place = {"ApiId": api, "RouteId": route["RouteId"], "RouteKey": "GET /"}
    assert refused(lambda: client.update_route(**place))[0] == "ConflictException"
    client.update_api(ApiId=api, Target="https://example.com", RouteKey="$default")
    changed = client.get_integrations(ApiId=api)["Items"][0]
    assert (changed["IntegrationType"], changed["IntegrationMethod"]) == ("HTTP_PROXY", "ANY")
    assert client.get_routes(ApiId=api)["Items"][0]["RouteKey"] == "$default"


def test_apis_are_still_there_after_a_restart(cloud: CloudUnderTest, client: Any) -> None:
    api = http_api(client)
    cloud.restart()
    assert cloud.client("apigatewayv2").get_api(ApiId=api)["Name"] == "pets"


def test_tags_of_apis_stages_and_links(client: Any) -> None:
    api = http_api(client, Tags={"a": "1"})
    client.create_stage(ApiId=api, StageName="dev", Tags={"s": "1"})
    link = client.create_vpc_link(Name="link", SubnetIds=["subnet-1"])["VpcLinkId"]
    prefix = "arn:aws:apigateway:us-east-1::"
    for path in (f"/apis/{api}", f"/apis/{api}/stages/dev", f"/vpclinks/{link}"):
        client.tag_resource(ResourceArn=prefix + path, Tags={"b": "2", "c": "3"})
        client.untag_resource(ResourceArn=prefix + path, TagKeys=["c", "a", "s"])
        assert client.get_tags(ResourceArn=prefix + path)["Tags"] == {"b": "2"}
    assert refused(lambda: client.get_tags(ResourceArn="arn:aws:sqs:us-east-1::q"))[1] == 400


def test_vpc_links_are_read_back(client: Any) -> None:
    link = plain(client.create_vpc_link(Name="link", SubnetIds=["subnet-1"]))
    assert link["VpcLinkStatus"] == "AVAILABLE"
    assert client.update_vpc_link(VpcLinkId=link["VpcLinkId"], Name="other")["Name"] == "other"
    assert client.get_vpc_link(VpcLinkId=link["VpcLinkId"])["Name"] == "other"
    assert [one["Name"] for one in client.get_vpc_links()["Items"]] == ["other"]
    client.delete_vpc_link(VpcLinkId=link["VpcLinkId"])
    assert refused(lambda: client.get_vpc_link(VpcLinkId=link["VpcLinkId"]))[1] == 404


def test_the_control_plane_is_authorized(cloud: CloudUnderTest, client: Any) -> None:
    iam = cloud.client("iam")
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = cloud.client("apigatewayv2", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))
    code, status, message = refused(lambda: ann.get_apis())
    assert (code, status) == ("AccessDeniedException", 403)
    assert "apigateway:GET on resource: arn:aws:apigateway:us-east-1::/apis" in message
