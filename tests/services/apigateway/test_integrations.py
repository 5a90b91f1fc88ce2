"""Integrations at work: HTTP endpoints, AWS services, mapped requests and responses."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any
from xml.etree import ElementTree

from cloudarium.pytest_plugin import CloudUnderTest

from .support import call, deploy, new_api

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def _serve(client: Any, integration: dict[str, Any], *responses: dict[str, Any]) -> str:
    """Return an API whose `ANY /{proxy+}` the integration answers."""
    api, root = new_api(client, binaryMediaTypes=integration.pop("binary", []))
    greedy = client.create_resource(restApiId=api, parentId=root, pathPart="{proxy+}")["id"]
    place = {"restApiId": api, "resourceId": greedy, "httpMethod": "ANY"}
    client.put_method(**place, authorizationType="NONE")
    client.put_integration(**place, **integration)
    for response in responses:
        headers = dict.fromkeys(response.get("responseParameters", {}), False)
        client.put_method_response(
            **place, statusCode=response["statusCode"], responseParameters=headers
        )
        client.put_integration_response(**place, **response)
    deploy(client, api)
    return api


def test_an_http_proxy_passes_all(cloud: CloudUnderTest, client: Any, echo: str) -> None:
    api = _serve(
        client,
        {
            "type": "HTTP_PROXY",
            "integrationHttpMethod": "ANY",
            "uri": f"{echo}/base/{{proxy}}",
            "binary": ["text/x"],
            "requestParameters": {
                "integration.request.path.proxy": "method.request.path.proxy",
                "integration.request.header.X-Stage": "context.stage",
            },
        },
    )
    headers = {"X-Own": "1", "X-Amzn-Apigateway-Api-Id": "forged", "Content-Type": "text/x"}
    answer = call(
        cloud, api, "/prod/a/b%20c?q=1&q=2", method="PUT", headers=headers, body=b"\xe9t\xe9"
    )
    seen = answer.json
    assert (answer.status, seen["method"]) == (200, "PUT")
    assert seen["target"] == "/base/a/b%20c?q=1&q=2"
    assert seen["body"] == "\xe9t\xe9"
    assert seen["headers"]["x-own"] == "1"
    assert seen["headers"]["x-stage"] == "prod"
    assert seen["headers"]["x-amzn-apigateway-api-id"] == api
    assert seen["headers"]["host"] == echo.removeprefix("http://")
    assert answer.headers["X-Answer"] == "yes"
    assert answer.headers["x-amzn-Remapped-Date"]
    assert call(cloud, api, "/prod/x", method="HEAD").status == 200
    assert call(cloud, api, "/prod/status/404").headers["Location"] == "/elsewhere"


def test_an_http_integration_maps(cloud: CloudUnderTest, client: Any, echo: str) -> None:
    template = (
        "#set($context.requestOverride.header.x-over = 'ridden')"
        '{"name": "$input.path(\'$.pet\')", "id": "$input.params(\'proxy\')"}'
    )
    api = _serve(
        client,
        {
            "type": "HTTP",
            "integrationHttpMethod": "POST",
            "uri": f"{echo}/things/{{thing}}",
            "requestParameters": {
                "integration.request.path.thing": "method.request.body.pet",
                "integration.request.querystring.size": "'large'",
                "integration.request.querystring.all": "method.request.multivaluequerystring.q",
                "integration.request.header.x-agent": "method.request.header.X-Agent",
            },
            "requestTemplates": {"application/json": template},
        },
        {
            "statusCode": "201",
            "selectionPattern": "2\\d\\d",
            "responseParameters": {
                "method.response.header.X-Seen": "integration.response.header.x-answer",
                "method.response.header.X-Method": "integration.response.body.method",
            },
            "responseTemplates": {"application/json": "$input.json('$')"},
        },
    )
    headers = {"Content-Type": "application/json", "X-Agent": "me"}
    body = b'{"pet": "Rex/../x?y\\r\\nz"}'
    answer = call(cloud, api, "/prod/7?q=1&q=2", method="POST", headers=headers, body=body)
    assert (answer.status, answer.headers["X-Seen"]) == (201, "yes")
    assert answer.headers["X-Method"] == "POST"
    seen = answer.json
    assert seen["target"] == "/things/Rex/../x%3Fy%0D%0Az?size=large&all=1&all=2"
    assert seen["headers"]["x-agent"] == "me"
    assert seen["headers"]["x-over"] == "ridden"
    assert seen["headers"]["user-agent"] == f"AmazonAPIGateway_{api}"
    assert '"id": "7"' in seen["body"]


def test_statuses_select_and_templates_override(
    cloud: CloudUnderTest, client: Any, echo: str
) -> None:
    teapot = (
        "#set($context.responseOverride.status = 418)"
        "#set($context.responseOverride.header.X-Tea = 'Earl Grey')"
        "$context.httpMethod"
    )
    api = _serve(
        client,
        {
            "type": "HTTP",
            "integrationHttpMethod": "GET",
            "uri": f"{echo}/{{proxy}}",
            "requestParameters": {"integration.request.path.proxy": "method.request.path.proxy"},
        },
        {"statusCode": "404", "selectionPattern": "4\\d\\d"},
        {"statusCode": "200", "responseTemplates": {"text/plain": teapot}},
    )
    assert call(cloud, api, "/prod/status/404").status == 404
    answer = call(cloud, api, "/prod/status/500")
    assert (answer.status, answer.headers["X-Tea"], answer.body) == (418, "Earl Grey", b"GET")
    assert answer.headers["Content-Type"] == "text/plain"


def test_an_endpoint_may_fail(cloud: CloudUnderTest, client: Any, echo: str) -> None:
    def answer(uri: str, path: str = "/prod/x", **more: Any) -> tuple[int, Any]:
        proxied = {"type": "HTTP_PROXY", "integrationHttpMethod": "GET", "uri": uri, **more}
        found = call(cloud, _serve(client, proxied), path)
        return found.status, found.json

    unreachable = (504, {"message": "Network error communicating with endpoint"})
    assert answer("http://127.0.0.1:1/") == unreachable
    for address in ("http://127.0.0.1:x/", "http://.example/"):
        assert answer(address) == (500, {"message": "Internal server error"})
    assert answer(f"{echo}/large")[1] == {"message": "Integration response is too large"}
    assert answer(f"{echo}/{{missing}}") == (500, {"message": "Internal server error"})


def test_contents_are_converted(cloud: CloudUnderTest, client: Any, echo: str) -> None:
    api = _serve(
        client,
        {
            "type": "HTTP",
            "integrationHttpMethod": "POST",
            "uri": f"{echo}/",
            "binary": ["image/png"],
            "contentHandling": "CONVERT_TO_TEXT",
        },
        {"statusCode": "200"},
    )
    sent = call(
        cloud, api, "/prod/x", method="POST", body=b"\x89PNG", headers={"Content-Type": "image/png"}
    )
    assert sent.json["body"] == base64.b64encode(b"\x89PNG").decode()


def _role(cloud: CloudUnderTest, *actions: str) -> str:
    iam = cloud.client("iam")
    role = iam.create_role(RoleName="api", AssumeRolePolicyDocument=json.dumps(_TRUST))
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    iam.put_role_policy(RoleName="api", PolicyName="p", PolicyDocument=json.dumps(policy))
    return str(role["Role"]["Arn"])


def _action(cloud: CloudUnderTest, target: str, role: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "AWS",
        "integrationHttpMethod": "POST",
        "uri": f"arn:aws:apigateway:{cloud.region}:{target}",
        "credentials": role,
        **more,
    }


def test_dynamodb_is_an_integration(cloud: CloudUnderTest, client: Any) -> None:
    cloud.client("dynamodb").create_table(
        TableName="pets",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    cloud.settle()
    role = _role(cloud, "dynamodb:PutItem", "dynamodb:Scan")
    item = (
        '{"TableName": "pets", "Item": {"id": {"S": "$input.path(\'$.id\')"},'
        '"tags": {"L": [#foreach($t in $input.path(\'$.tags\')){"S": "$t"}'
        "#if($foreach.hasNext),#end#end]}}}"
    )
    put = _serve(
        client,
        _action(
            cloud, "dynamodb:action/PutItem", role, requestTemplates={"application/json": item}
        ),
        {"statusCode": "200"},
        {"statusCode": "400", "selectionPattern": "4\\d\\d"},
    )
    body = b'{"id": "1", "tags": ["a", "b"]}'
    json_type = {"Content-Type": "application/json"}
    answer = call(cloud, put, "/prod/x", method="POST", body=body, headers=json_type)
    assert (answer.status, answer.json) == (200, {})
    assert call(cloud, put, "/prod/x", method="POST", body=b"[]", headers=json_type).status == 400

    listed = (
        "#set($root = $input.path('$'))[#foreach($i in $root.Items)"
        '"$i.id.S:#foreach($t in $i.tags.L)$t.S#end"#if($foreach.hasNext),#end#end]'
    )
    scan = _serve(
        client,
        _action(
            cloud,
            "dynamodb:action/Scan",
            role,
            requestTemplates={"application/json": '{"TableName": "pets"}'},
        ),
        {"statusCode": "200", "responseTemplates": {"application/json": listed}},
    )
    assert call(cloud, scan, "/prod/x").json == ["1:ab"]


def test_queues_and_topics_are_integrations(cloud: CloudUnderTest, client: Any) -> None:
    sqs = cloud.client("sqs")
    queue = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    role = _role(cloud, "sqs:*", "sns:*")
    form = {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"}
    sent = _serve(
        client,
        _action(
            cloud,
            f"sqs:path/{cloud.account}/jobs",
            role,
            requestParameters=form,
            requestTemplates={
                "application/json": "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"
                "&MessageAttributes.1.Name=a&MessageAttributes.1.Value.DataType=String"
                "&MessageAttributes.1.Value.StringValue=b"
            },
        ),
        {"statusCode": "200"},
    )
    json_type = {"Content-Type": "application/json"}
    answer = call(cloud, sent, "/prod/x", method="POST", body=b'{"job": 1}', headers=json_type)
    result = answer.json["SendMessageResponse"]["SendMessageResult"]
    assert list(result) == [
        "MD5OfMessageAttributes",
        "MD5OfMessageBody",
        "MD5OfMessageSystemAttributes",
        "MessageId",
        "SequenceNumber",
    ]
    assert (result["SequenceNumber"], result["MD5OfMessageSystemAttributes"]) == (None, None)
    message = sqs.receive_message(QueueUrl=queue, MessageAttributeNames=["All"])["Messages"][0]
    assert message["Body"] == '{"job": 1}'
    assert message["MessageAttributes"]["a"]["StringValue"] == "b"

    topic = cloud.client("sns").create_topic(Name="news")["TopicArn"]
    published = _serve(
        client,
        _action(
            cloud,
            "sns:action/Publish",
            role,
            requestParameters={
                "integration.request.querystring.TopicArn": f"'{topic}'",
                "integration.request.querystring.Message": "method.request.body",
            },
        ),
        {"statusCode": "200"},
    )
    said = call(cloud, published, "/prod/x", method="POST", body=b"extra!").json
    result = said["PublishResponse"]["PublishResult"]
    assert (bool(result["MessageId"]), result["SequenceNumber"]) == (True, None)


def test_forms_and_other_names_reach_services(cloud: CloudUnderTest, client: Any) -> None:
    topic = cloud.client("sns").create_topic(Name="news")["TopicArn"]
    cloud.client("ses").verify_email_identity(EmailAddress="ann@example.com")
    role = _role(cloud, "sns:*", "ses:*")
    form = {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"}
    published = f"Action=Publish&Message=x&TopicArn={topic}"
    address = "ann%40example.com"
    mailed = f"Source={address}&Destination.ToAddresses.member.1={address}"
    mailed += "&Message.Subject.Data=x&Message.Body.Text.Data=x"
    said = []
    for target, fields in (("sns:path//", published), ("email:action/SendEmail", mailed)):
        more = {"requestParameters": form, "requestTemplates": {"application/json": fields}}
        api = _serve(client, _action(cloud, target, role, **more), {"statusCode": "200"})
        said.append(call(cloud, api, "/prod/x").json)
    assert set(said[0]["PublishResponse"]["PublishResult"]) == {"MessageId", "SequenceNumber"}
    assert said[1]["SendEmailResponse"]["SendEmailResult"]["MessageId"]


def test_queues_answer_in_xml_where_that_is_asked_for(cloud: CloudUnderTest, client: Any) -> None:
    cloud.client("sqs").create_queue(QueueName="jobs")
    role = _role(cloud, "sqs:*")
    asked = _serve(
        client,
        _action(
            cloud,
            f"sqs:path/{cloud.account}/jobs?Action=SendMessage&MessageBody=x",
            role,
            requestParameters={"integration.request.header.Accept": "'application/xml'"},
        ),
        {"statusCode": "200"},
    )
    said = ElementTree.fromstring(call(cloud, asked, "/prod/x").body)
    assert said.tag == "SendMessageResponse"
    assert said.findtext("SendMessageResult/MD5OfMessageBody") == hashlib.md5(b"x").hexdigest()
    assert said.findtext("ResponseMetadata/RequestId")


def test_parameters_are_an_integration(cloud: CloudUnderTest, client: Any) -> None:
    cloud.client("ssm").put_parameter(Name="color", Value="blue", Type="String")
    params = {
        "integration.request.querystring.Name": "'color'",
        "integration.request.querystring.WithDecryption": "'true'",
    }
    role = _role(cloud, "ssm:*")
    api = _serve(
        client,
        _action(cloud, "ssm:action/GetParameter", role, requestParameters=params),
        {"statusCode": "200"},
    )
    said = call(cloud, api, "/prod/x").json["GetParameterResponse"]
    assert said["ResponseMetadata"]["RequestId"]
    found = said["GetParameterResult"]["Parameter"]
    assert (found["Value"], found["Version"]) == ("blue", 1)
    assert (found["Selector"], found["SourceResult"]) == (None, None)


def test_buckets_and_buses_are_integrations(cloud: CloudUnderTest, client: Any) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="files")
    role = _role(cloud, "s3:*", "events:*")
    stored = _serve(
        client,
        _action(
            cloud,
            "s3:path/files/{key}",
            role,
            integrationHttpMethod="PUT",
            requestParameters={"integration.request.path.key": "method.request.path.proxy"},
        ),
        {"statusCode": "200"},
    )
    assert call(cloud, stored, "/prod/a/b.txt", method="POST", body=b"hello").status == 200
    assert s3.get_object(Bucket="files", Key="a/b.txt")["Body"].read() == b"hello"

    entry = '{"Entries": [{"Source": "api", "DetailType": "hi", "Detail": "{}"}]}'
    told = _serve(
        client,
        _action(
            cloud, "events:action/PutEvents", role, requestTemplates={"application/json": entry}
        ),
        {"statusCode": "200"},
    )
    assert call(cloud, told, "/prod/x").json["FailedEntryCount"] == 0


def test_a_role_that_may_not_is_refused(cloud: CloudUnderTest, client: Any) -> None:
    cloud.client("sqs").create_queue(QueueName="jobs")
    role = _role(cloud, "s3:GetObject")
    params = {
        "integration.request.querystring.QueueUrl": f"'{cloud.endpoint}/{cloud.account}/jobs'",
        "integration.request.querystring.MessageBody": "'x'",
    }
    api = _serve(
        client,
        _action(cloud, "sqs:action/SendMessage", role, requestParameters=params),
        {"statusCode": "200"},
        {"statusCode": "403", "selectionPattern": "403"},
    )
    assert call(cloud, api, "/prod/x").status == 403
    gone = _serve(
        client,
        _action(cloud, "sqs:action/SendMessage", role + "x", requestParameters=params),
        {"statusCode": "200"},
    )
    assert call(cloud, gone, "/prod/x").json == {"message": "Internal server error"}
