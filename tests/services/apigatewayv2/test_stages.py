"""Deployments, stages, domain names and their mappings."""

from __future__ import annotations

from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .support import add_proxy, add_routes, http_api, plain, refused, serve, websocket_api

CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/a"
LOG = "arn:aws:logs:us-east-1:000000000000:log-group:access"


def test_a_stage_has_awss_defaults(client: Any) -> None:
    api = http_api(client)
    made = plain(client.create_stage(ApiId=api, StageName="dev"))
    del made["CreatedDate"], made["LastUpdatedDate"]
    assert made == {
        "DefaultRouteSettings": {"DetailedMetricsEnabled": False},
        "RouteSettings": {},
        "StageName": "dev",
        "StageVariables": {},
        "Tags": {},
    }
    assert refused(lambda: client.create_stage(ApiId=api, StageName="dev")) == (
        "ConflictException",
        409,
        "Stage already exists",
    )
    assert refused(lambda: client.create_stage(ApiId=api, StageName="a b"))[1] == 400
    assert refused(lambda: client.get_stage(ApiId=api, StageName="x")) == (
        "NotFoundException",
        404,
        "Invalid stage identifier specified",
    )


def test_deployments_are_made_named_and_kept_while_served(client: Any) -> None:
    api = http_api(client)
    assert refused(lambda: client.create_deployment(ApiId=api))[2] == (
        "Unable to deploy API because no routes exist in this API"
    )
    add_proxy(client, api, "https://example.com", "GET /")
    client.create_stage(ApiId=api, StageName="dev")
    made = client.create_deployment(ApiId=api, StageName="dev", Description="first")
    assert (made["AutoDeployed"], made["DeploymentStatus"]) == (False, "DEPLOYED")
    place = {"ApiId": api, "DeploymentId": made["DeploymentId"]}
    assert client.get_stage(ApiId=api, StageName="dev")["DeploymentId"] == made["DeploymentId"]
    assert client.update_deployment(**place, Description="1")["Description"] == "1"
    assert client.get_deployment(**place)["Description"] == "1"
    assert refused(lambda: client.delete_deployment(**place))[1] == 400
    other = client.create_deployment(ApiId=api)["DeploymentId"]
    client.update_stage(ApiId=api, StageName="dev", DeploymentId=other)
    client.delete_deployment(**place)
    ids = [one["DeploymentId"] for one in client.get_deployments(ApiId=api)["Items"]]
    assert ids == [other]


def test_connections_are_no_service_of_an_integration(client: Any) -> None:
    api = websocket_api(client)
    uri = "arn:aws:apigateway:us-east-1:execute-api:path/@connections/{connectionId}"
    role = "arn:aws:iam::000000000000:role/api"
    settings = {"IntegrationType": "AWS", "IntegrationMethod": "POST", "CredentialsArn": role}
    made = client.create_integration(ApiId=api, IntegrationUri=uri, **settings)
    add_routes(client, api, made["IntegrationId"], "$default")
    assert refused(lambda: client.create_deployment(ApiId=api)) == (
        "BadRequestException",
        400,
        "AWS Service of type execute-api not supported",
    )


def test_a_stage_with_autodeploy_follows_its_api(client: Any) -> None:
    api = http_api(client)
    serve(client, api)
    assert "DeploymentId" not in client.get_stage(ApiId=api, StageName="$default")
    add_proxy(client, api, "https://example.com", "GET /a")
    first = client.get_stage(ApiId=api, StageName="$default")
    assert first["LastDeploymentStatusMessage"] == (
        f"Successfully deployed stage with deployment ID '{first['DeploymentId']}'"
    )
    add_proxy(client, api, "https://example.com", "GET /b")
    second = client.get_stage(ApiId=api, StageName="$default")
    assert second["DeploymentId"] != first["DeploymentId"]
    found = client.get_deployment(ApiId=api, DeploymentId=second["DeploymentId"])
    assert found["AutoDeployed"]
    own = {"ApiId": api, "StageName": "$default"}
    assert refused(lambda: client.update_stage(**own, DeploymentId="x"))[1] == 400
    assert refused(lambda: client.create_deployment(**own))[1] == 400
    assert "AutoDeploy" not in client.update_stage(**own, AutoDeploy=False)


def test_a_stages_settings_are_checked_merged_and_taken_away(client: Any) -> None:
    api = http_api(client)
    add_proxy(client, api, "https://example.com", "GET /")
    client.create_stage(ApiId=api, StageName="dev", StageVariables={"a": "1", "b": "2"})
    place = {"ApiId": api, "StageName": "dev"}
    changed = client.update_stage(
        **place,
        StageVariables={"a": "", "c": "3"},
        DefaultRouteSettings={"ThrottlingBurstLimit": 5},
        RouteSettings={"GET /": {"ThrottlingRateLimit": 1.0}},
        AccessLogSettings={"DestinationArn": LOG, "Format": "$context.requestId"},
    )
    assert changed["StageVariables"] == {"b": "2", "c": "3"}
    assert changed["DefaultRouteSettings"] == {
        "DetailedMetricsEnabled": False,
        "ThrottlingBurstLimit": 5,
    }
    unknown = refused(lambda: client.update_stage(**place, RouteSettings={"GET /x": {}}))
    assert unknown[2] == "Unable to find Route by key GET /x within the provided RouteSettings"
    assert refused(lambda: client.update_stage(**place, StageVariables={"a": "{"}))[1] == 400
    bad = {"DestinationArn": LOG, "Format": "plain"}
    assert refused(lambda: client.update_stage(**place, AccessLogSettings=bad))[1] == 400
    client.delete_access_log_settings(**place)
    client.delete_route_settings(**place, RouteKey="GET /")
    found = client.get_stage(**place)
    assert "AccessLogSettings" not in found
    assert found["RouteSettings"] == {}
    assert refused(lambda: client.delete_route_settings(**place, RouteKey="GET /"))[1] == 404
    client.reset_authorizers_cache(**place)
    client.delete_stage(**place)
    assert client.get_stages(ApiId=api)["Items"] == []


def test_domain_names_and_their_mappings(cloud: CloudUnderTest, client: Any) -> None:
    api = http_api(client)
    serve(client, api, "dev")
    serve(client, api, "prod")
    assert refused(lambda: client.create_domain_name(DomainName="api.example.com"))[1] == 400
    made = client.create_domain_name(
        DomainName="api.example.com",
        DomainNameConfigurations=[{"CertificateArn": CERTIFICATE}],
    )
    configuration = made["DomainNameConfigurations"][0]
    assert configuration["EndpointType"] == "REGIONAL"
    assert configuration["DomainNameStatus"] == "AVAILABLE"
    assert made["ApiMappingSelectionExpression"] == "$request.basepath"
    domain = {"DomainName": "api.example.com"}
    mapping = client.create_api_mapping(**domain, ApiId=api, Stage="dev", ApiMappingKey="v1")
    place = {**domain, "ApiMappingId": mapping["ApiMappingId"]}
    again = refused(
        lambda: client.create_api_mapping(**domain, ApiId=api, Stage="dev", ApiMappingKey="v1")
    )
    assert again[0] == "ConflictException"
    assert refused(lambda: client.delete_stage(ApiId=api, StageName="dev"))[1] == 400
    client.update_api_mapping(**place, ApiId=api, Stage="prod")
    found = plain(client.get_api_mapping(**place))
    assert found == {
        "ApiId": api,
        "ApiMappingId": mapping["ApiMappingId"],
        "ApiMappingKey": "v1",
        "Stage": "prod",
    }
    assert client.get_api_mappings(**domain)["Items"] == [found]
    client.delete_api_mapping(**place)
    updated = client.update_domain_name(
        **domain, DomainNameConfigurations=[{"CertificateArn": CERTIFICATE + "b"}]
    )
    assert updated["DomainNameConfigurations"][0]["CertificateArn"] == CERTIFICATE + "b"
    assert client.get_domain_name(**domain)["DomainName"] == "api.example.com"
    assert len(client.get_domain_names()["Items"]) == 1
    client.delete_domain_name(**domain)
    assert refused(lambda: client.get_domain_name(**domain))[1] == 404
