"""Provisioned concurrency of Lambda's aliases is scaled."""

from __future__ import annotations

import io
import json
import zipfile

from cloudarium.pytest_plugin import CloudUnderTest

ALIAS = {
    "ServiceNamespace": "lambda",
    "ResourceId": "function:hello:live",
    "ScalableDimension": "lambda:function:ProvisionedConcurrency",
}


def function(cloud: CloudUnderTest) -> None:
    """Make the function `hello` with the alias `live`."""
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = cloud.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=document)
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as file:
        file.writestr("app.py", "def handler(event, context):\n    return 1\n")
    client = cloud.client("lambda")
    client.create_function(
        FunctionName="hello",
        Runtime="python3.11",
        Handler="app.handler",
        Role=role["Role"]["Arn"],
        Code={"ZipFile": package.getvalue()},
        Publish=True,
    )
    cloud.settle()
    client.create_alias(FunctionName="hello", Name="live", FunctionVersion="1")


def test_an_alias_is_scaled(cloud: CloudUnderTest) -> None:
    function(cloud)
    client, scaling = cloud.client("lambda"), cloud.client("application-autoscaling")
    scaling.register_scalable_target(**ALIAS, MinCapacity=1, MaxCapacity=3)
    cloud.advance(30)
    alias = {"FunctionName": "hello", "Qualifier": "live"}
    config = client.get_provisioned_concurrency_config(**alias)
    assert config["RequestedProvisionedConcurrentExecutions"] == 1
    metric = {"PredefinedMetricType": "LambdaProvisionedConcurrencyUtilization"}
    scaling.put_scaling_policy(
        **ALIAS,
        PolicyName="busy",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 0.7,
            "PredefinedMetricSpecification": metric,
        },
    )
    cloud.settle()
    for _ in range(5):
        client.invoke(FunctionName="hello", Qualifier="live")
        cloud.advance(60)
    config = client.get_provisioned_concurrency_config(**alias)
    assert config["RequestedProvisionedConcurrentExecutions"] == 2
    latest = scaling.describe_scaling_activities(ServiceNamespace="lambda")["ScalingActivities"][0]
    assert latest["Description"] == "Setting provisioned concurrency to 2."
