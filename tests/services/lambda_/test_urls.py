"""Function URLs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from cloudarium.wire.http import Body, HttpRequest

ECHO = "def handler(event, context):\n    return event\n"
PUBLIC = {
    "FunctionName": "hello",
    "StatementId": "public",
    "Action": "lambda:InvokeFunctionUrl",
    "Principal": "*",
    "FunctionUrlAuthType": "NONE",
}
INVOKE = {
    "FunctionName": "hello",
    "StatementId": "invoke",
    "Action": "lambda:InvokeFunction",
    "Principal": "*",
    "InvokedViaFunctionUrl": True,
}


def publish(functions: Any) -> None:
    """Let everybody invoke the function by its URL, and only so."""
    functions.client.add_permission(**PUBLIC)
    functions.client.add_permission(**INVOKE)


def _get(functions: Any, url: str, method: str = "GET", **headers: str) -> Any:
    host, _, path = url.removeprefix("http://").partition("/")
    body = Body(headers.pop("body", "").encode())
    sent = {"host": host, **{name.replace("_", "-"): v for name, v in headers.items()}}
    return functions.cloud.send(HttpRequest(method, f"/{path}", sent, body))


def test_a_public_url_invokes_with_payload_2_0(functions: Any) -> None:
    functions.make(ECHO)
    lambda_ = functions.client
    made = lambda_.create_function_url_config(FunctionName="hello", AuthType="NONE")
    url = made["FunctionUrl"]
    assert made["AuthType"] == "NONE"
    for permission in (PUBLIC, INVOKE):
        status, headers, body = _get(functions, url)
        assert (status, headers["x-amzn-errortype"]) == (403, "AccessDeniedException")
        assert json.loads(body)["Message"].startswith("Forbidden. For troubleshooting")
        lambda_.add_permission(**permission)
    status, headers, body = _get(
        functions,
        url + "a/b?x=1&x=2",
        "POST",
        cookie="c=d; e=f",
        body="text",
        user_agent="me",
        connection="keep-alive",
    )
    event = json.loads(body)
    assert (status, headers["content-type"]) == (200, "application/json")
    assert (event["rawPath"], event["rawQueryString"]) == ("/a/b", "x=1&x=2")
    assert event["queryStringParameters"] == {"x": "1,2"}
    assert event["cookies"] == ["c=d", "e=f"]
    assert (event["body"], event["isBase64Encoded"]) == ("text", False)
    trace = headers["x-amzn-trace-id"]
    assert event["headers"] == {
        "host": url.removeprefix("http://").removesuffix("/"),
        "user-agent": "me",
        "x-amzn-trace-id": trace,
        "x-forwarded-for": event["requestContext"]["http"]["sourceIp"],
        "x-forwarded-port": "4566",
        "x-forwarded-proto": "http",
    }
    assert trace.startswith("Root=1-")
    assert event["requestContext"]["http"]["userAgent"] == "me"
    assert event["requestContext"]["accountId"] == "anonymous"
    identity = url.split(".")[0].removeprefix("http://")
    path = f"http://localhost/_aws/lambda-url/{identity}/p"
    assert json.loads(_get(functions, path)[2])["rawPath"] == "/p"
    for nowhere in ("localhost/_aws/lambda-url/nobody", "nobody.lambda-url.us-east-1.localhost"):
        status, headers, body = _get(functions, f"http://{nowhere}/")
        assert (status, body) == (403, b'{"Message":null}')
        assert headers["x-amzn-errortype"] == "AccessDeniedException"


def test_answers_become_responses(functions: Any) -> None:
    source = (
        "def handler(event, context):\n"
        "    if event['rawPath'] == '/text': return 'plain'\n"
        "    if event['rawPath'] == '/bad': raise ValueError('x')\n"
        "    return {'statusCode': 201, 'headers': {'X-A': 'b', 'Content-Type': 'image/x'},\n"
        "            'cookies': ['k=v'], 'body': 'AAE=', 'isBase64Encoded': True}\n"
    )
    functions.make(source)
    made = functions.client.create_function_url_config(FunctionName="hello", AuthType="NONE")
    publish(functions)
    url = made["FunctionUrl"]
    status, headers, body = _get(functions, url)
    assert (status, headers["x-a"], headers["set-cookie"], body) == (201, "b", "k=v", b"\0\1")
    assert _get(functions, url + "text")[2] == b"plain"
    assert _get(functions, url + "bad")[::2] == (502, b"Internal Server Error")


def test_cross_origin_requests(functions: Any) -> None:
    functions.make(ECHO)
    publish(functions)
    cors = {"AllowOrigins": ["https://a.example"], "AllowMethods": ["GET"], "MaxAge": 60}
    made = functions.client.create_function_url_config(
        FunctionName="hello", AuthType="NONE", Cors=cors
    )
    url = made["FunctionUrl"]
    asked = {"access_control_request_method": "GET"}
    status, headers, _ = _get(functions, url, "OPTIONS", origin="https://a.example", **asked)
    assert (status, headers["access-control-allow-methods"]) == (200, "GET")
    assert headers["access-control-max-age"] == "60"
    headers = _get(functions, url, origin="https://a.example")[1]
    assert headers["access-control-allow-origin"] == "https://a.example"
    assert "access-control-allow-origin" not in _get(functions, url, origin="https://b.example")[1]


def test_a_url_with_iam_wants_a_signature(functions: Any) -> None:
    functions.make(ECHO)
    made = functions.client.create_function_url_config(FunctionName="hello", AuthType="AWS_IAM")
    url = made["FunctionUrl"]
    assert _get(functions, url)[0] == 403
    request = AWSRequest("GET", url)
    SigV4Auth(Credentials("test", "test"), "lambda", "us-east-1").add_auth(request)
    signed = {name.lower().replace("-", "_"): value for name, value in request.headers.items()}
    status, _, body = _get(functions, url, **signed)
    assert status == 200
    caller = json.loads(body)["requestContext"]["authorizer"]["iam"]["userArn"]
    assert caller == "arn:aws:iam::000000000000:root"


def test_urls_are_shown_changed_listed_and_deleted(functions: Any) -> None:
    functions.make(ECHO)
    lambda_ = functions.client
    lambda_.publish_version(FunctionName="hello")
    lambda_.create_alias(FunctionName="hello", Name="live", FunctionVersion="1")
    live = {"FunctionName": "hello", "Qualifier": "live"}
    lambda_.create_function_url_config(**live, AuthType="NONE")
    with pytest.raises(ClientError, match="FunctionUrlConfig exists"):
        lambda_.create_function_url_config(**live, AuthType="NONE")
    lambda_.update_function_url_config(**live, AuthType="AWS_IAM")
    shown = lambda_.get_function_url_config(**live)
    assert (shown["AuthType"], shown["FunctionArn"].split(":")[-1]) == ("AWS_IAM", "live")
    listed = lambda_.list_function_url_configs(FunctionName="hello")["FunctionUrlConfigs"]
    assert [url["FunctionArn"] for url in listed] == [shown["FunctionArn"]]
    lambda_.delete_function_url_config(**live)
    with pytest.raises(ClientError, match="The resource you requested does not exist"):
        lambda_.get_function_url_config(**live)


SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: hello
      Runtime: python3.13
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            return "hi"
      FunctionUrlConfig: {AuthType: NONE, Cors: {AllowOrigins: ["*"], MaxAge: 5}}
Outputs:
  Url:
    Value: !GetAtt FUrl.FunctionUrl
"""


def test_a_template_s_url(functions: Any) -> None:
    stacks = functions.cloud.client("cloudformation")
    options = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
    stacks.create_stack(StackName="s", TemplateBody=SAM, Capabilities=options)
    functions.cloud.advance(60)
    (stack,) = stacks.describe_stacks(StackName="s")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert _get(functions, stack["Outputs"][0]["OutputValue"])[::2] == (200, b"hi")
    stacks.update_stack(
        StackName="s", TemplateBody=SAM.replace("MaxAge: 5", "MaxAge: 6"), Capabilities=options
    )
    functions.cloud.advance(60)
    shown = functions.client.get_function_url_config(FunctionName="hello")
    assert shown["Cors"]["MaxAge"] == 6
    stacks.delete_stack(StackName="s")
    functions.cloud.advance(60)
    assert (
        stacks.describe_stack_events(StackName=stack["StackId"])["StackEvents"][0]["ResourceStatus"]
        == "DELETE_COMPLETE"
    )
