"""Functions: create, read, update, delete, list; the code's ways in and out."""

from __future__ import annotations

import base64
import hashlib
import json
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError

HELLO = "def handler(event, context):\n    return {'hello': event}\n"
ARN = "arn:aws:lambda:us-east-1:000000000000:function:hello"


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """The code and message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_new_function_is_pending_then_active(functions: Any) -> None:
    answer = functions.make(HELLO, Tags={"team": "a"})
    assert answer["State"] == "Pending"
    assert answer["StateReasonCode"] == "Creating"
    assert "LastUpdateStatus" not in answer
    functions.client.get_waiter("function_active_v2").wait(FunctionName="hello")
    found = functions.client.get_function(FunctionName="hello")
    assert found["Tags"] == {"team": "a"}
    config = found["Configuration"]
    assert (config["State"], config["LastUpdateStatus"]) == ("Active", "Successful")
    data = functions.zip(HELLO)
    assert config["CodeSize"] == len(data)
    assert config["CodeSha256"] == base64.b64encode(hashlib.sha256(data).digest()).decode()
    assert config["FunctionArn"] == ARN
    assert config["LastModified"].endswith("+0000")
    assert {name: config[name] for name in ("Timeout", "MemorySize", "Description", "Version")} == {
        "Timeout": 3,
        "MemorySize": 128,
        "Description": "",
        "Version": "$LATEST",
    }
    assert config["TracingConfig"] == {"Mode": "PassThrough"}
    assert config["EphemeralStorage"] == {"Size": 512}
    assert config["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/hello"}
    assert config["SnapStart"] == {"ApplyOn": "None", "OptimizationStatus": "Off"}
    assert "Environment" not in config and "Layers" not in config
    by_arn = functions.client.get_function_configuration(FunctionName=ARN)
    assert by_arn["RevisionId"] == config["RevisionId"] != answer["RevisionId"]


def test_the_code_can_be_downloaded(functions: Any) -> None:
    functions.make(HELLO)
    found = functions.client.get_function(FunctionName="hello")
    url = found["Code"]["Location"]
    assert url.startswith(functions.cloud.endpoint)
    with urllib.request.urlopen(url) as response:
        assert response.read() == functions.zip(HELLO)


def test_code_comes_from_s3_with_the_callers_rights(functions: Any) -> None:
    s3 = functions.cloud.client("s3")
    s3.create_bucket(Bucket="packages")
    s3.put_object(Bucket="packages", Key="app.zip", Body=functions.zip(HELLO))
    functions.make(HELLO, Code={"S3Bucket": "packages", "S3Key": "app.zip"})
    assert functions.call(1) == {"hello": 1}
    code, message = refused(
        functions.client.update_function_code,
        FunctionName="hello",
        S3Bucket="packages",
        S3Key="other.zip",
    )
    assert code == "InvalidParameterValueException"
    assert message == (
        "Error occurred while GetObject. S3 Error Code: NoSuchKey."
        " S3 Error Message: The specified key does not exist."
    )


def test_creating_needs_the_right_to_pass_the_role(functions: Any) -> None:
    iam = functions.cloud.client("iam")
    iam.create_user(UserName="dev")
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}],
    }
    iam.put_user_policy(UserName="dev", PolicyName="p", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName="dev")["AccessKey"]
    credentials = (key["AccessKeyId"], key["SecretAccessKey"])
    client = functions.cloud.client("lambda", credentials=credentials)
    code, message = refused(
        client.create_function,
        FunctionName="hello",
        Runtime="python3.11",
        Handler="app.handler",
        Role=functions.role,
        Code={"ZipFile": functions.zip(HELLO)},
    )
    assert code == "AccessDeniedException"
    assert "is not authorized to perform: iam:PassRole on resource: " + functions.role in message
    assert client.list_functions()["Functions"] == []


def test_a_role_that_lambda_may_not_assume_is_refused(functions: Any) -> None:
    iam = functions.cloud.client("iam")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ec2.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    made = iam.create_role(RoleName="other", AssumeRolePolicyDocument=json.dumps(trust))
    missing = "arn:aws:iam::000000000000:role/missing"
    for role in (made["Role"]["Arn"], missing):
        with pytest.raises(ClientError) as caught:
            functions.make(HELLO, Role=role)
        error = caught.value.response["Error"]
        assert error["Code"] == "InvalidParameterValueException"
        assert error["Message"] == (
            "The role defined for the function cannot be assumed by Lambda."
        )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"Code": {}}, "Please provide a source for function code."),
        (
            {"Code": {"ZipFile": b"no zip"}},
            "Could not unzip uploaded file. Please check your file, then try to upload again.",
        ),
        (
            {"Environment": {"Variables": {"AWS_REGION": "x"}}},
            "Lambda was unable to configure your environment variables because the environment"
            " variables you have provided contains reserved keys that are currently not supported"
            " for modification. Reserved keys used in this request: AWS_REGION",
        ),
        (
            {"Runtime": "ruby3.4"},
            "The runtime parameter of ruby3.4 is not supported. Cloudarium runs Python, Node.js,"
            " Java and provided runtimes.",
        ),
        *(
            (
                {"Runtime": runtime},
                f"The runtime parameter of {runtime} is no longer supported for creating or"
                " updating AWS Lambda functions. We recommend you use a supported runtime while"
                " creating or updating functions.",
            )
            for runtime in ("python3.8", "nodejs16.x", "java8", "go1.x", "dotnet6")
        ),
        (
            {"DeadLetterConfig": {"TargetArn": "arn:aws:s3:::bucket"}},
            "Invalid dead letter queue ARN: The resource specified by the TargetArn must be in the"
            " same region as the Lambda function it's associated with.",
        ),
        (
            {"Layers": ["arn:aws:lambda:us-east-1:000000000000:layer:x:1"]},
            "Layer version arn:aws:lambda:us-east-1:000000000000:layer:x:1 does not exist.",
        ),
    ],
)
def test_bad_requests_change_nothing(functions: Any, options: Any, message: str) -> None:
    with pytest.raises(ClientError) as caught:
        functions.make(HELLO, **options)
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("InvalidParameterValueException", message)
    assert functions.client.list_functions()["Functions"] == []


def test_all_violations_of_the_model_are_listed(functions: Any) -> None:
    client = functions.cloud.client("lambda", parameter_validation=False)
    code, message = refused(
        client.create_function,
        FunctionName="bad name!",
        Runtime="python3.11",
        Handler="app.handler",
        Role=functions.role,
        Timeout=0,
        Code={"ZipFile": functions.zip(HELLO)},
    )
    assert code == "ValidationException"
    assert message.startswith("2 validation errors detected: ")
    assert "'functionName'" in message and "'timeout'" in message


def test_a_name_is_taken_once(functions: Any) -> None:
    functions.make(HELLO)
    with pytest.raises(ClientError) as caught:
        functions.make(HELLO)
    error = caught.value.response
    assert error["Error"]["Code"] == "ResourceConflictException"
    assert error["Error"]["Message"] == "Function already exist: hello"
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 409


def test_updating_code(functions: Any) -> None:
    before = functions.make(HELLO)
    new = functions.zip("def handler(e, c): return 'new'")
    dry = functions.client.update_function_code(FunctionName="hello", ZipFile=new, DryRun=True)
    assert dry["CodeSize"] == len(new)
    assert functions.call(1) == {"hello": 1}
    answer = functions.client.update_function_code(FunctionName="hello", ZipFile=new, Publish=True)
    assert (answer["Version"], answer["State"]) == ("1", "Pending")
    functions.client.get_waiter("function_updated_v2").wait(FunctionName="hello")
    assert functions.call(1) == "new"
    code, message = refused(
        functions.client.update_function_code,
        FunctionName="hello",
        ZipFile=new,
        RevisionId=before["RevisionId"],
    )
    assert code == "PreconditionFailedException"
    assert message.startswith("The Revision Id provided does not match the latest Revision Id.")


def test_updating_the_configuration(functions: Any) -> None:
    functions.make(HELLO, Environment={"Variables": {"AA": "1"}})
    answer = functions.client.update_function_configuration(
        FunctionName="hello", Timeout=10, Environment={"Variables": {"AA": "2"}}, Description="d"
    )
    assert (answer["Timeout"], answer["Description"]) == (10, "d")
    assert answer["Environment"] == {"Variables": {"AA": "2"}}
    emptied = functions.client.update_function_configuration(
        FunctionName="hello", Environment={"Variables": {}}
    )
    assert emptied["Environment"] == {"Variables": {}}
    code, message = refused(
        functions.client.update_function_configuration, FunctionName="hello", Timeout=901
    )
    assert (code, message) == (
        "ValidationException",
        "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member"
        " must have value less than or equal to 900",
    )


def test_deleting_lets_go_of_the_code(functions: Any) -> None:
    functions.make(HELLO)
    functions.call()
    folder = functions.cloud.folder / "lambda" / "code"
    assert len(list(folder.iterdir())) == 1
    functions.client.delete_function(FunctionName="hello")
    assert refused(functions.client.get_function, FunctionName="hello") == (
        "ResourceNotFoundException",
        f"Function not found: {ARN}",
    )
    functions.cloud.advance(1000)
    assert list(folder.iterdir()) == []


def test_listing_pages_by_name(functions: Any) -> None:
    for name in ("c", "a", "b"):
        functions.make(HELLO, FunctionName=name, Publish=name == "a")
    first = functions.client.list_functions(MaxItems=2)
    assert [f["FunctionName"] for f in first["Functions"]] == ["a", "b"]
    second = functions.client.list_functions(Marker=first["NextMarker"])
    assert [f["FunctionName"] for f in second["Functions"]] == ["c"]
    assert "NextMarker" not in second
    everything = functions.client.list_functions(FunctionVersion="ALL")["Functions"]
    assert [f["Version"] for f in everything] == ["$LATEST", "1", "$LATEST", "$LATEST"]


def test_functions_outlive_a_restart(functions: Any) -> None:
    functions.make(HELLO)
    assert functions.call(1) == {"hello": 1}
    functions.cloud.restart()
    assert functions.call(2) == {"hello": 2}
