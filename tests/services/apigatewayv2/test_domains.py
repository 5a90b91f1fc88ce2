"""Custom domain names: one for all kinds of APIs, reached by its own name, with routing rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from tests.services.apigateway.support import add_mock, deploy, new_api

from cloudarium.pytest_plugin import CloudUnderTest

from .backend import Backend
from .support import add_proxy, call, fetch, http_api, plain, refused, serve

NAME = "api.example.com"
CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/a"
RULES = "ROUTING_RULE_THEN_API_MAPPING"


@pytest.fixture
def rest(cloud: CloudUnderTest) -> Any:
    """A client of the service for REST APIs."""
    return cloud.client("apigateway")


def _rest_api(rest: Any, *paths: str, **settings: Any) -> str:
    """Deploy a REST API with a root and resources that say where they were reached."""
    api, root = new_api(rest, **settings)
    body = '"$context.apiId $context.resourcePath $context.path $context.domainName"'
    add_mock(rest, api, root, body=body)
    for part in paths:
        child = rest.create_resource(restApiId=api, parentId=root, pathPart=part)["id"]
        add_mock(rest, api, child, body=body)
    deploy(rest, api)
    return api


def _domain(client: Any, mode: str = "API_MAPPING_ONLY", name: str = NAME) -> Any:
    return client.create_domain_name(
        DomainName=name,
        DomainNameConfigurations=[{"CertificateArn": CERTIFICATE}],
        RoutingMode=mode,
    )


def _invoke(api: str, **settings: Any) -> list[dict[str, Any]]:
    return [{"InvokeApi": {"ApiId": api, "Stage": "prod", **settings}}]


def _header(name: str, glob: str) -> dict[str, Any]:
    return {"MatchHeaders": {"AnyOf": [{"Header": name, "ValueGlob": glob}]}}


def _base(path: str) -> dict[str, Any]:
    return {"MatchBasePaths": {"AnyOf": [path]}}


def _get(cloud: CloudUnderTest, path: str, host: str = NAME, **headers: str) -> Any:
    return fetch(f"{cloud.endpoint}{path}", headers={"Host": host, **headers})


def test_a_domain_serves_apis_of_both_kinds_by_its_own_name(
    cloud: CloudUnderTest, client: Any, rest: Any, backend: Backend
) -> None:
    pets = _rest_api(rest, "cats", disableExecuteApiEndpoint=True)
    shop = http_api(client)
    add_proxy(client, shop, backend.url + "/goods", "GET /goods")
    serve(client, shop)
    _domain(client)
    place = {"DomainName": NAME}
    client.create_api_mapping(**place, ApiId=pets, Stage="prod", ApiMappingKey="pets")
    client.create_api_mapping(**place, ApiId=shop, Stage="$default", ApiMappingKey="shop/v1")
    rest.create_base_path_mapping(domainName=NAME, basePath="all", restApiId=pets)
    port = cloud.endpoint.rpartition(":")[2]
    assert _get(cloud, "/pets/cats").json == f"{pets} /cats /pets/cats {NAME}"
    assert _get(cloud, "/pets/cats", f"{NAME.upper()}:{port}").json.startswith(f"{pets} /cats")
    assert _get(cloud, "/all/prod/cats").json == f"{pets} /cats /all/prod/cats {NAME}"
    assert _get(cloud, "/shop/v1/goods").json["target"] == "/goods"
    assert call(cloud, NAME, "/shop/v1/goods").status == 200
    lost = _get(cloud, "/elsewhere")
    assert (lost.status, lost.json) == (403, {"message": "Forbidden"})
    assert _get(cloud, "/prod/cats", f"{pets}.execute-api.localhost").status == 403


def test_both_services_show_one_domain(client: Any, rest: Any) -> None:
    pets = _rest_api(rest)
    made = _domain(client)
    seen = rest.get_domain_name(domainName=NAME)
    configuration = made["DomainNameConfigurations"][0]
    assert seen["regionalDomainName"] == configuration["ApiGatewayDomainName"]
    assert seen["regionalCertificateArn"] == CERTIFICATE
    assert seen["endpointConfiguration"]["types"] == ["REGIONAL"]
    again = refused(lambda: rest.create_domain_name(domainName=NAME))
    assert again == ("ConflictException", 409, "The domain name you provided already exists.")
    rest.create_base_path_mapping(domainName=NAME, restApiId=pets, stage="prod")
    (mapping,) = client.get_api_mappings(DomainName=NAME)["Items"]
    assert (mapping["ApiId"], mapping["ApiMappingKey"]) == (pets, "")
    client.update_api_mapping(
        DomainName=NAME, ApiMappingId=mapping["ApiMappingId"], ApiId=pets, ApiMappingKey="v1"
    )
    expected = {"basePath": "v1", "restApiId": pets, "stage": "prod"}
    assert rest.get_base_path_mappings(domainName=NAME)["items"] == [expected]
    arn = made["DomainNameArn"]
    client.tag_resource(ResourceArn=arn, Tags={"team": "pets", "b": "c"})
    client.untag_resource(ResourceArn=arn, TagKeys=["b"])
    assert rest.get_tags(resourceArn=arn)["tags"] == {"team": "pets"}
    assert client.get_tags(ResourceArn=arn)["Tags"] == {"team": "pets"}
    trust = {"TruststoreUri": "s3://trust/store.pem"}
    patched = client.update_domain_name(DomainName=NAME, MutualTlsAuthentication=trust)
    assert patched["MutualTlsAuthentication"] == trust
    trust["TruststoreVersion"] = "1"
    patched = client.update_domain_name(
        DomainName=NAME, MutualTlsAuthentication={"TruststoreVersion": "1"}
    )
    assert patched["MutualTlsAuthentication"] == trust
    patched = client.update_domain_name(
        DomainName=NAME, MutualTlsAuthentication={"TruststoreUri": ""}
    )
    assert "MutualTlsAuthentication" not in patched
    rest.create_domain_name(domainName="edge.example.com", certificateArn=CERTIFICATE)
    edge = client.get_domain_name(DomainName="edge.example.com")["DomainNameConfigurations"][0]
    assert (edge["EndpointType"], edge["CertificateArn"]) == ("EDGE", CERTIFICATE)
    assert edge["ApiGatewayDomainName"].endswith(".cloudfront.net")
    rest.delete_domain_name(domainName=NAME)
    assert refused(lambda: client.get_domain_name(DomainName=NAME))[1] == 404


def test_what_is_mapped_is_not_deleted(client: Any, rest: Any) -> None:
    pets, shop = _rest_api(rest), http_api(client)
    serve(client, shop, "dev")
    _domain(client)
    for api, stage, key in ((pets, "prod", "pets"), (shop, "dev", "shop")):
        client.create_api_mapping(DomainName=NAME, ApiId=api, Stage=stage, ApiMappingKey=key)
    told = "Please remove all base path mappings related to the"
    for delete, message in (
        (
            lambda: rest.delete_stage(restApiId=pets, stageName="prod"),
            f"Deleting stage prod failed. {told} stage in your domains: {NAME}",
        ),
        (
            lambda: rest.delete_rest_api(restApiId=pets),
            f"Deleting RestApi {pets} failed. {told} RestApi in your domains: {NAME}",
        ),
        (
            lambda: client.delete_stage(ApiId=shop, StageName="dev"),
            f"Deleting stage dev failed. {told} stage in your domains: {NAME}",
        ),
        (
            lambda: client.delete_api(ApiId=shop),
            f"Deleting API {shop} failed. Please remove all API mappings for the API from your "
            "custom domain names.",
        ),
    ):
        assert refused(delete) == ("BadRequestException", 400, message)
    client.delete_domain_name(DomainName=NAME)
    rest.delete_rest_api(restApiId=pets)
    client.delete_api(ApiId=shop)


def test_a_wildcard_serves_and_other_hosts_stay_what_they_are(
    cloud: CloudUnderTest, client: Any, rest: Any
) -> None:
    pets = _rest_api(rest)
    cloud.client("s3").create_bucket(Bucket="pets")
    _domain(client, name="*.example.com")
    client.create_api_mapping(DomainName="*.example.com", ApiId=pets, Stage="prod")
    assert _get(cloud, "/", "any.example.com").json == f"{pets} / / any.example.com"
    assert b"<Error>" in _get(cloud, "/", "deep.any.example.com").body
    assert b"<Error>" in _get(cloud, "/x", "pets.s3.localhost").body
    _domain(client, name="pets.localhost")
    client.create_api_mapping(DomainName="pets.localhost", ApiId=pets, Stage="prod")
    assert _get(cloud, "/", "pets.localhost").json == f"{pets} / / pets.localhost"
    assert _get(cloud, "/_cloudarium/health", "localhost").status == 200
    client.delete_domain_name(DomainName="pets.localhost")
    assert b"<Error>" in _get(cloud, "/", "pets.localhost").body


def test_rules_choose_by_priority_header_and_path(
    cloud: CloudUnderTest, client: Any, rest: Any
) -> None:
    first, second, third = (_rest_api(rest, "shop") for _ in range(3))
    _domain(client, "ROUTING_RULE_ONLY")

    def add(priority: int, api: str, *conditions: dict[str, Any], **settings: Any) -> str:
        made = client.create_routing_rule(
            DomainName=NAME,
            Priority=priority,
            Conditions=list(conditions),
            Actions=_invoke(api, **settings),
        )
        return str(made["RoutingRuleId"])

    add(50, second, _header("accept", "image/webp"), _header("Pet", "Dog-*"), _base("shop"))
    add(10, first, _header("Hello", "World"))
    whole = {"Accept": "image/webp", "Pet": "Dog-Bella"}
    assert _get(cloud, "/", hello="World").json.split()[0] == first
    assert _get(cloud, "/shop", hello="World", **whole).json.split()[0] == first
    assert _get(cloud, "/shop", **whole).json == f"{second} /shop /shop {NAME}"
    assert _get(cloud, "/", **whole).status == 403
    assert _get(cloud, "/shops", **whole).status == 403
    assert _get(cloud, "/", hello="world").status == 403
    stripped = add(60, third, _base("shop/dogs"), StripBasePath=True)
    assert _get(cloud, "/shop/dogs").json == f"{third} / /shop/dogs {NAME}"
    add(1000000, third)
    assert _get(cloud, "/shop").json == f"{third} /shop /shop {NAME}"
    client.put_routing_rule(
        DomainName=NAME,
        RoutingRuleId=stripped,
        Priority=1,
        Conditions=[_header("x-version", "*a*")],
        Actions=_invoke(second),
    )
    assert _get(cloud, "/", hello="World", **{"x-version": "beta"}).json.split()[0] == second
    assert [one["Priority"] for one in client.list_routing_rules(DomainName=NAME)["RoutingRules"]]
    client.delete_routing_rule(DomainName=NAME, RoutingRuleId=stripped)
    assert _get(cloud, "/", hello="World", **{"x-version": "beta"}).json.split()[0] == first


def test_mappings_come_after_rules(cloud: CloudUnderTest, client: Any, rest: Any) -> None:
    old, new = _rest_api(rest), _rest_api(rest)
    _domain(client)
    client.create_api_mapping(DomainName=NAME, ApiId=old, Stage="prod")
    patch = [{"op": "replace", "path": "/routingMode", "value": "ROUTING_RULE_ONLY"}]
    assert rest.update_domain_name(domainName=NAME, patchOperations=patch)
    assert _get(cloud, "/").status == 403
    again = {"DomainName": NAME, "ApiId": old, "Stage": "prod", "ApiMappingKey": "x"}
    assert refused(lambda: client.create_api_mapping(**again))[1] == 400
    mode = client.update_domain_name(DomainName=NAME, RoutingMode=RULES)["RoutingMode"]
    assert mode == RULES
    kept = rest.get_domain_name(domainName=NAME)["routingMode"]
    assert kept == "ROUTING_RULE_THEN_BASE_PATH_MAPPING"
    rule = client.create_routing_rule(
        DomainName=NAME, Priority=1, Conditions=[_header("beta", "*")], Actions=_invoke(new)
    )
    _log(cloud, rest, new)
    assert _get(cloud, "/").json.split()[0] == old
    assert _get(cloud, "/", beta="yes").json.split()[0] == new
    cloud.settle()
    events = cloud.client("logs").filter_log_events(logGroupName="access")["events"]
    said = [one["message"].rpartition(" ")[0] for one in events]
    assert said == [f"{rule['RoutingRuleId']} - 200"]


def _log(cloud: CloudUnderTest, rest: Any, api: str) -> None:
    """Have a stage write an access log that tells how requests got there."""
    cloud.client("logs").create_log_group(logGroupName="access")
    told = "$context.customDomain.routingRuleIdMatched $context.customDomain.basePathMatched"
    arn = f"arn:aws:logs:{cloud.region}:000000000000:log-group:access"
    settings = (("destinationArn", arn), ("format", f"{told} $context.status $context.requestId"))
    rest.update_stage(
        restApiId=api,
        stageName="prod",
        patchOperations=[
            {"op": "replace", "path": f"/accessLogSettings/{name}", "value": value}
            for name, value in settings
        ],
    )


def test_rules_are_kept_and_checked(cloud: CloudUnderTest, client: Any, rest: Any) -> None:
    api = _rest_api(rest)
    _domain(client)
    given: dict[str, Any] = {"Priority": 50, "Conditions": [], "Actions": _invoke(api)}

    def status(**other: Any) -> int:
        return refused(lambda: client.create_routing_rule(DomainName=NAME, **{**given, **other}))[1]

    assert status() == 400
    client.update_domain_name(DomainName=NAME, RoutingMode=RULES)
    made = plain(client.create_routing_rule(DomainName=NAME, **given))
    arn = f"arn:aws:apigateway:{cloud.region}:000000000000:/domainnames/{NAME}/routingrules/"
    assert made == {
        **given,
        "Actions": _invoke(api, StripBasePath=False),
        "RoutingRuleId": made["RoutingRuleId"],
        "RoutingRuleArn": arn + made["RoutingRuleId"],
    }
    place = {"DomainName": NAME, "RoutingRuleId": made["RoutingRuleId"]}
    assert plain(client.get_routing_rule(**place)) == made
    assert status() == 409
    given["Priority"] = 60
    assert status(Actions=[]) == status(Actions=_invoke(api) * 2) == 400
    assert status(Actions=_invoke("missing")) == 404
    refusals: tuple[list[dict[str, Any]], ...] = (
        [_base("a"), _base("b")],
        [_base("/a")],
        [_base("a b")],
        [_header("Authorization", "x")],
        [_header("x-amz-target", "x")],
        [_header("x*", "x")],
        [_header("a" * 41, "x")],
        [_header("a", "x*y")],
        [_header("a", f"*{'x' * 40}*")],
        [_header("a", "x")] * 3,
        [{}],
    )
    for bad in refusals:
        assert status(Conditions=bad) == 400
    client.delete_routing_rule(**place)
    assert refused(lambda: client.get_routing_rule(**place))[1] == 404


def _may(statement: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_rules_have_actions_of_their_own(cloud: CloudUnderTest, client: Any, rest: Any) -> None:
    api = _rest_api(rest)
    _domain(client, RULES)
    iam = cloud.client("iam")
    iam.create_user(UserName="ann")
    statement = {
        "Effect": "Allow",
        "Action": ["apigateway:CreateRoutingRule", "apigateway:ListRoutingRules"],
        "Resource": f"arn:aws:apigateway:*:*:/domainnames/{NAME}/routingrules/*",
        "Condition": {"NumericGreaterThanIfExists": {"apigateway:Request/Priority": "100"}},
    }
    iam.put_user_policy(UserName="ann", PolicyName="rules", PolicyDocument=_may(statement))
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = cloud.client("apigatewayv2", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))
    rule: dict[str, Any] = {"DomainName": NAME, "Conditions": [], "Actions": _invoke(api)}
    made = ann.create_routing_rule(**rule, Priority=101)
    assert refused(lambda: ann.create_routing_rule(**rule, Priority=99))[1] == 403
    assert len(ann.list_routing_rules(DomainName=NAME)["RoutingRules"]) == 1
    place = {"DomainName": NAME, "RoutingRuleId": made["RoutingRuleId"]}
    assert refused(lambda: ann.delete_routing_rule(**place))[1] == 403


def test_a_stack_has_rules(cloud: CloudUnderTest, client: Any, rest: Any) -> None:
    old, new = _rest_api(rest), _rest_api(rest)
    rule = {
        "DomainNameArn": {"Fn::GetAtt": ["Domain", "DomainNameArn"]},
        "Priority": "10",
        "Conditions": [_header("hello", "World")],
        "Actions": _invoke(old, StripBasePath="false"),
    }
    domain = {
        "DomainName": NAME,
        "RegionalCertificateArn": CERTIFICATE,
        "EndpointConfiguration": {"Types": ["REGIONAL"]},
        "RoutingMode": "ROUTING_RULE_ONLY",
    }
    template: dict[str, Any] = {
        "Resources": {
            "Domain": {"Type": "AWS::ApiGateway::DomainName", "Properties": domain},
            "Rule": {"Type": "AWS::ApiGatewayV2::RoutingRule", "Properties": rule},
        },
        "Outputs": {"Arn": {"Value": {"Ref": "Rule"}}},
    }
    stacks = cloud.client("cloudformation")
    stacks.create_stack(StackName="rules", TemplateBody=json.dumps(template))
    cloud.settle()
    assert _get(cloud, "/", hello="World").json.split()[0] == old
    (output,) = stacks.describe_stacks(StackName="rules")["Stacks"][0]["Outputs"]
    rule["Actions"] = _invoke(new)
    stacks.update_stack(StackName="rules", TemplateBody=json.dumps(template))
    cloud.settle()
    assert _get(cloud, "/", hello="World").json.split()[0] == new
    (kept,) = client.list_routing_rules(DomainName=NAME)["RoutingRules"]
    assert kept["RoutingRuleArn"] == output["OutputValue"]
    stacks.delete_stack(StackName="rules")
    cloud.settle()
    assert client.get_domain_names()["Items"] == []
