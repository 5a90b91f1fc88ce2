"""Provisioned concurrency of Lambda's aliases is scaled."""

from __future__ import annotations

from tests.services.functions import make_function

from cloudarium.pytest_plugin import CloudUnderTest

ALIAS = {
    "ServiceNamespace": "lambda",
    "ResourceId": "function:hello:live",
    "ScalableDimension": "lambda:function:ProvisionedConcurrency",
}


def function(cloud: CloudUnderTest) -> None:
    """Make the function `hello` with the alias `live`."""
    make_function(cloud, "hello", "def handler(event, context):\n    return 1\n", Publish=True)
    live = {"FunctionName": "hello", "Name": "live", "FunctionVersion": "1"}
    cloud.client("lambda").create_alias(**live)


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
