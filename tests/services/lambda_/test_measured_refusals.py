"""What AWS was measured to refuse of functions, in its words of September 2026.

From badmintoncryer/cdk-preflight.
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

HELLO = "def handler(event, context): return 1"
ARN = "arn:aws:lambda:us-east-1:000000000000:function:hello"
QUEUE = "arn:aws:sqs:us-east-1:000000000000:failures"
TOPIC = "arn:aws:sns:us-east-1:000000000000:failures"
POINT = "arn:aws:elasticfilesystem:us-east-1:000000000000:access-point/fsap-0123456789abcdef0"
RUNTIME = "runtime:8b993aab9f05546fb8bbd006aab4afa21b3df8ffc81cb18683800e55613267c7"
OTHER_CONFIG = "arn:aws:lambda:us-east-1:111122223333:code-signing-config:csc-0123456789abcdef0"
SENDING = {
    "Effect": "Allow",
    "Action": ["sqs:SendMessage", "sns:Publish", "s3:PutObject", "lambda:InvokeFunction"],
    "Resource": "*",
}


def refused(call: Any, **params: Any) -> str:
    """What Lambda says to a call that has a wrong parameter."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    assert error["Code"] == "InvalidParameterValueException"
    return str(error["Message"])


def dead_letters(arn: str) -> dict[str, Any]:
    return {"DeadLetterConfig": {"TargetArn": arn}}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"Code": {"S3Bucket": "packages"}},
            "S3 Bucket and Key are required for uploading with S3 parameters.",
        ),
        (
            {"Code": {"ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:1"}},
            "Please provide a source for function code.",
        ),
        (
            {"ImageConfig": {"Command": ["app.handler"]}},
            "The ImageConfig parameter is not supported for functions created with deployment"
            " packages.",
        ),
        (
            {"Environment": {"Variables": {"KK": "v" * 4095}}},
            "Lambda was unable to configure your environment variables because the environment"
            " variables you have provided exceeded the 4KB limit. Measured size: 4104 bytes",
        ),
        (
            {"VpcConfig": {"SubnetIds": ["subnet-1"]}},
            "SubnetIds and SecurityIds must coexist or be both empty list.",
        ),
        (
            {"FileSystemConfigs": [{"Arn": POINT, "LocalMountPath": "/mnt/shared"}]},
            f"Function must be configured to execute in a VPC to reference access point {POINT}."
            " Please update the function configuration to include VPC subnets and security groups.",
        ),
        (
            {"LoggingConfig": {"LogGroup": "aws/mine"}},
            "Log groups starting with AWS/ are reserved for AWS. Update the LogGroup value and try"
            " again.",
        ),
        (
            {"CodeSigningConfigArn": OTHER_CONFIG},
            "The code signing configuration must be in the same account as the Lambda function."
            f" Check the provided ARN: {OTHER_CONFIG}.",
        ),
        (
            dead_letters(QUEUE.replace("us-east-1", "eu-west-1")),
            "Invalid dead letter queue ARN: The resource specified by the TargetArn must be in the"
            " same region as the Lambda function it's associated with.",
        ),
        (
            dead_letters(ARN),
            "Invalid dead letter queue ARN: The service specified by the TargetArn is not supported"
            " for dead letter configuration.",
        ),
        (
            dead_letters(f"{QUEUE}.fifo"),
            "Invalid dead letter queue ARN: FIFO SQS queue is not supported for dead letter"
            " configuration",
        ),
        (
            dead_letters(TOPIC),
            "The provided execution role does not have permissions to call Publish on SNS",
        ),
    ],
)
def test_functions(functions: Any, options: Any, message: str) -> None:
    assert refused(functions.make, source=HELLO, **options) == message
    assert functions.client.list_functions()["Functions"] == []


def test_dead_letters_of_a_role_that_may_send(functions: Any) -> None:
    functions.make(HELLO)
    update = functions.client.update_function_configuration
    denied = "The provided execution role does not have permissions to call SendMessage on SQS"
    assert refused(update, FunctionName="hello", **dead_letters(QUEUE)) == denied
    role = functions.make_role("sender", [SENDING])
    made = update(FunctionName="hello", Role=role, **dead_letters(QUEUE))
    assert made["DeadLetterConfig"] == {"TargetArn": QUEUE}


def shown(success: str, failure: str) -> str:
    return (
        f"The provided destination config DestinationConfig(onSuccess={success},"
        f" onFailure={failure}) is invalid."
    )


@pytest.mark.parametrize(
    ("destinations", "message"),
    [
        (
            {"OnFailure": f"{TOPIC}.fifo"},
            "FIFO-type Amazon SNS topics aren't supported as a destination.",
        ),
        (
            {"OnFailure": f"{QUEUE}.fifo"},
            shown("null", f"OnFailure(destination={QUEUE}.fifo)"),
        ),
        (
            {"OnSuccess": "", "OnFailure": QUEUE.replace("us-east-1", "eu-west-1")},
            shown(
                "OnSuccess(destination=)",
                "OnFailure(destination=arn:aws:sqs:eu-west-1:000000000000:failures)",
            ),
        ),
        (
            {"OnSuccess": "arn:aws:s3:::bucket"},
            shown("OnSuccess(destination=arn:aws:s3:::bucket)", "null"),
        ),
        (
            {"OnFailure": "arn:aws:kinesis:us-east-1:000000000000:stream/s"},
            shown("null", "OnFailure(destination=arn:aws:kinesis:us-east-1:000000000000:stream/s)"),
        ),
        ({"OnSuccess": f"{ARN}2"}, f"The destination ARN {ARN}2 is invalid."),
        ({"OnSuccess": ARN}, "You can't specify the function as a destination for itself."),
        (
            {"OnSuccess": "arn:aws:events:us-east-1:000000000000:event-bus/default"},
            "The function's execution role does not have permissions to call PutEvents on"
            " arn:aws:events:us-east-1:000000000000:event-bus/default",
        ),
    ],
)
def test_destinations(functions: Any, destinations: Any, message: str) -> None:
    functions.make(HELLO, Role=functions.make_role("sender", [SENDING]))
    put = functions.client.put_function_event_invoke_config
    config = {kind: {"Destination": arn} for kind, arn in destinations.items()}
    assert refused(put, FunctionName="hello", DestinationConfig=config) == message
    failed = {"OnFailure": {"Destination": "arn:aws:s3:::bucket"}}
    kept = put(FunctionName="hello", DestinationConfig=failed)
    assert kept["DestinationConfig"]["OnFailure"] == failed["OnFailure"]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            {"UpdateRuntimeOn": "Manual"},
            "Missing runtime version ARN. A runtime version ARN is required when"
            " UpdateRuntimeVersionOn=Manual. Provide a valid runtime version ARN and retry the"
            " request.",
        ),
        (
            {
                "UpdateRuntimeOn": "Auto",
                "RuntimeVersionArn": f"arn:aws:lambda:us-east-1::{RUNTIME}",
            },
            "Unexpected runtime version ARN when UpdateRuntimeVersionOn=Auto. Remove the runtime"
            " version ARN and retry the request.",
        ),
        (
            {
                "UpdateRuntimeOn": "Manual",
                "RuntimeVersionArn": f"arn:aws:lambda:eu-west-1::{RUNTIME}",
            },
            f"Invalid runtime version ARN (arn:aws:lambda:eu-west-1::{RUNTIME}). Check the runtime"
            " version ARN and retry the request.",
        ),
    ],
)
def test_versions_of_runtimes(functions: Any, config: Any, message: str) -> None:
    functions.make(HELLO)
    put = functions.client.put_runtime_management_config
    assert refused(put, FunctionName="hello", **config) == message


def test_permissions(functions: Any) -> None:
    functions.make(HELLO)
    statement = {"StatementId": "all", "Principal": "*", "FunctionUrlAuthType": "NONE"}
    add = functions.client.add_permission
    message = "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action"
    params = {"FunctionName": "hello", **statement}
    assert refused(add, Action="lambda:InvokeFunction", **params) == message
    add(Action="lambda:InvokeFunctionUrl", **params)
    package = functions.zip("", "python/tools.py")
    functions.client.publish_layer_version(LayerName="tools", Content={"ZipFile": package})
    found = refused(
        functions.client.add_layer_version_permission,
        LayerName="tools",
        VersionNumber=1,
        StatementId="organization",
        Action="lambda:GetLayerVersion",
        Principal="111122223333",
        OrganizationId="o-0123456789",
    )
    assert found == "If organization id is specified then principal should be *"


@pytest.mark.parametrize("name", ["AllowMethods", "AllowOrigins"])
def test_wildcards_among_others(functions: Any, name: str) -> None:
    functions.make(HELLO)
    url = {"FunctionName": "hello", "AuthType": "NONE"}
    cors = {name: ["*", "GET"]}
    message = (
        f"You can't specify additional fields for {name} because you already specified the wildcard"
        " character (*)."
    )
    create = functions.client.create_function_url_config
    assert refused(create, **url, Cors=cors) == message
    create(**url, Cors={name: ["*"]})
    assert refused(functions.client.update_function_url_config, **url, Cors=cors) == message
