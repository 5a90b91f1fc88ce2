"""Resource policies: who may invoke."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.core.errors import AwsError
from cloudarium.core.identity import service_principal

ARN = "arn:aws:lambda:us-east-1:000000000000:function:hello"
HELLO = "def handler(event, context):\n    return 'hello'\n"


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """The code and message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(FunctionName="hello", **params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def _invoke_as_service(functions: Any, source_arn: str, name: str = "hello") -> Any:
    """Invoke as API Gateway does, for the API `source_arn`."""
    cloud = functions.cloud
    return cloud.run(
        cloud.kernel.dispatch(
            "lambda",
            "Invoke",
            {"FunctionName": name},
            principal=service_principal("apigateway.amazonaws.com", cloud.account),
            account=cloud.account,
            region=cloud.region,
            conditions={"aws:SourceArn": source_arn, "aws:SourceAccount": cloud.account},
        )
    )


def test_a_service_needs_a_statement_that_fits(functions: Any) -> None:
    functions.make(HELLO)
    api = "arn:aws:execute-api:us-east-1:000000000000:abc"
    with pytest.raises(AwsError) as caught:
        _invoke_as_service(functions, f"{api}/prod/GET/")
    assert caught.value.code == "AccessDeniedException"
    answer = functions.client.add_permission(
        FunctionName="hello",
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"{api}/*/GET/*",
        SourceAccount="000000000000",
    )
    assert json.loads(answer["Statement"]) == {
        "Sid": "api",
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": ARN,
        "Condition": {
            "StringEquals": {"AWS:SourceAccount": "000000000000"},
            "ArnLike": {"AWS:SourceArn": f"{api}/*/GET/*"},
        },
    }
    assert _invoke_as_service(functions, f"{api}/prod/GET/users")["Payload"] == b'"hello"'
    with pytest.raises(AwsError):
        _invoke_as_service(functions, f"{api}/prod/POST/users")


def test_a_policy_belongs_to_one_qualifier(functions: Any) -> None:
    functions.make(HELLO, Publish=True)
    functions.client.create_alias(FunctionName="hello", Name="live", FunctionVersion="1")
    functions.client.add_permission(
        FunctionName="hello",
        Qualifier="live",
        StatementId="any",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    policy = json.loads(
        functions.client.get_policy(FunctionName="hello", Qualifier="live")["Policy"]
    )
    assert (policy["Version"], policy["Id"]) == ("2012-10-17", "default")
    assert policy["Statement"][0]["Resource"] == f"{ARN}:live"
    assert _invoke_as_service(functions, "x", "hello:live")["ExecutedVersion"] == "1"
    with pytest.raises(AwsError):
        _invoke_as_service(functions, "x")
    assert refused(functions.client.get_policy) == (
        "ResourceNotFoundException",
        "The resource you requested does not exist.",
    )


def test_statements_are_added_once_and_removed(functions: Any) -> None:
    functions.make(HELLO)
    statement = {
        "StatementId": "s",
        "Action": "lambda:InvokeFunction",
        "Principal": "111122223333",
    }
    functions.client.add_permission(FunctionName="hello", **statement)
    found = functions.client.get_policy(FunctionName="hello")
    principal = json.loads(found["Policy"])["Statement"][0]["Principal"]
    assert principal == {"AWS": "arn:aws:iam::111122223333:root"}
    code, message = refused(functions.client.add_permission, **statement)
    assert code == "ResourceConflictException"
    assert message == (
        "The statement id (s) provided already exists. Please provide a new statement id,"
        " or remove the existing statement."
    )
    code, _ = refused(functions.client.remove_permission, StatementId="s", RevisionId="x")
    assert code == "PreconditionFailedException"
    functions.client.remove_permission(
        FunctionName="hello", StatementId="s", RevisionId=found["RevisionId"]
    )
    assert refused(functions.client.remove_permission, StatementId="s") == (
        "ResourceNotFoundException",
        "No policy is associated with the given resource.",
    )
    code, message = refused(functions.client.add_permission, **{**statement, "Principal": "nobody"})
    assert (code, message) == (
        "InvalidParameterValueException",
        "The provided principal was invalid. Please check the principal and try again.",
    )


def test_a_user_without_the_right_may_not_invoke(functions: Any) -> None:
    functions.make(HELLO)
    iam = functions.cloud.client("iam")
    iam.create_user(UserName="dev")
    key = iam.create_access_key(UserName="dev")["AccessKey"]
    client = functions.cloud.client(
        "lambda", credentials=(key["AccessKeyId"], key["SecretAccessKey"])
    )
    code, message = refused(client.invoke)
    assert code == "AccessDeniedException"
    assert f"is not authorized to perform: lambda:InvokeFunction on resource: {ARN}" in message
    user = "arn:aws:iam::000000000000:user/dev"
    functions.client.add_permission(
        FunctionName="hello",
        StatementId="dev",
        Action="lambda:InvokeFunction",
        Principal=user,
    )
    assert client.invoke(FunctionName="hello")["Payload"].read() == b'"hello"'


def test_who_is_named_must_be_there(functions: Any) -> None:
    functions.make(HELLO)
    iam = functions.cloud.client("iam")
    added = {"Action": "lambda:InvokeFunction", "StatementId": "dev"}
    added["Principal"] = "arn:aws:iam::000000000000:user/dev"
    invalid = (
        "InvalidParameterValueException",
        "The provided principal was invalid. Please check the principal and try again.",
    )
    assert refused(functions.client.add_permission, **added) == invalid
    iam.create_user(UserName="dev")
    functions.client.add_permission(FunctionName="hello", **added)
    iam.delete_user(UserName="dev")
    # Nothing is added to a policy that names somebody who is gone.
    other = {**added, "StatementId": "s3", "Principal": "s3.amazonaws.com"}
    assert refused(functions.client.add_permission, **other) == invalid
    functions.client.remove_permission(FunctionName="hello", StatementId="dev")
    functions.client.add_permission(FunctionName="hello", **other)


def _document(service: str, **members: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "lambda:InvokeFunction",
        "Resource": ARN,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **members}]})


def test_a_policy_is_put_as_a_whole(functions: Any) -> None:
    functions.make(HELLO)
    client = functions.client
    client.add_permission(
        FunctionName="hello",
        StatementId="gone",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
    )
    wanted = _document("apigateway.amazonaws.com")
    made = client.put_resource_policy(ResourceArn=ARN, Policy=wanted)
    assert json.loads(made["Policy"]) == json.loads(wanted)
    assert _invoke_as_service(functions, "x")["StatusCode"] == 200
    found = client.get_resource_policy(ResourceArn=ARN)
    assert (found["Policy"], found["RevisionId"]) == (made["Policy"], made["RevisionId"])
    assert client.get_policy(FunctionName="hello")["Policy"] == made["Policy"]
    with pytest.raises(client.exceptions.PreconditionFailedException):
        stale = "00000000-0000-0000-0000-000000000000"
        client.delete_resource_policy(ResourceArn=ARN, RevisionId=stale)
    client.delete_resource_policy(ResourceArn=ARN, RevisionId=found["RevisionId"])
    with pytest.raises(AwsError):
        _invoke_as_service(functions, "x")
    for call in (client.get_resource_policy, client.delete_resource_policy):
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            call(ResourceArn=ARN)


def test_permissions_are_added_to_and_removed_from_a_whole_policy(functions: Any) -> None:
    functions.make(HELLO)
    client = functions.client
    whole = _document("sns.amazonaws.com", Sid="whole")
    client.put_resource_policy(ResourceArn=ARN, Policy=whole)
    added = {"Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}
    client.add_permission(FunctionName="hello", StatementId="added", **added)
    policy = json.loads(client.get_policy(FunctionName="hello")["Policy"])
    assert [each["Sid"] for each in policy["Statement"]] == ["whole", "added"]
    for sid in ("whole", "added"):
        client.remove_permission(FunctionName="hello", StatementId=sid)
    client.add_permission(FunctionName="hello", StatementId="added", **added)
    assert json.loads(client.get_policy(FunctionName="hello")["Policy"])["Id"] == "default"


@pytest.mark.parametrize(
    "wrong",
    [
        "{",
        "[]",
        "{}",
        '{"Statement": []}',
        '{"Statement": {"Effect": "Allow"}}',
        _document("", Sid=[]),
    ],
)
def test_what_is_no_policy_is_refused(functions: Any, wrong: str) -> None:
    functions.make(HELLO)
    with pytest.raises(functions.client.exceptions.InvalidParameterValueException):
        functions.client.put_resource_policy(ResourceArn=ARN, Policy=wrong)


@pytest.mark.parametrize("nobody", [["arn:aws:iam::000000000000:role/nobody"], 5, [{"a": 1}]])
def test_a_whole_policy_names_somebody(functions: Any, nobody: Any) -> None:
    functions.make(HELLO)
    policy = _document("", Principal={"AWS": nobody})
    with pytest.raises(ClientError, match="The provided principal was invalid"):
        functions.client.put_resource_policy(ResourceArn=ARN, Policy=policy)
