"""Quotas: read, list, change."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

EXECUTIONS = {"ServiceCode": "lambda", "QuotaCode": "L-B99A9384"}


def refused(call: Any, **params: Any) -> str:
    """The code of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    return str(caught.value.response["Error"]["Code"])


def test_a_quota_is_changed_and_lambda_knows_it(cloud: CloudUnderTest) -> None:
    client = cloud.client("service-quotas")
    shown = client.get_service_quota(**EXECUTIONS)["Quota"]
    assert (shown["QuotaName"], shown["Value"]) == ("Concurrent executions", 1000.0)
    asked = client.request_service_quota_increase(**EXECUTIONS, DesiredValue=5000)
    assert asked["RequestedQuota"]["Status"] == "APPROVED"
    assert client.get_service_quota(**EXECUTIONS)["Quota"]["Value"] == 5000.0
    assert client.get_aws_default_service_quota(**EXECUTIONS)["Quota"]["Value"] == 1000.0
    (listed,) = client.list_service_quotas(ServiceCode="lambda")["Quotas"]
    assert listed["Value"] == 5000.0
    cloud.settle()
    limit = cloud.client("lambda").get_account_settings()["AccountLimit"]
    assert (limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]) == (5000, 5000)
    elsewhere = cloud.client("lambda", region="eu-west-1").get_account_settings()
    assert elsewhere["AccountLimit"]["ConcurrentExecutions"] == 1000


def test_what_is_no_quota_is_refused(cloud: CloudUnderTest) -> None:
    client = cloud.client("service-quotas")
    unknown = {"ServiceCode": "lambda", "QuotaCode": "L-00000000"}
    assert refused(client.get_service_quota, **unknown) == "NoSuchResourceException"
    assert client.list_service_quotas(ServiceCode="sqs")["Quotas"] == []
    code = refused(client.list_service_quotas, ServiceCode="lambda", NextToken="x")
    assert code == "InvalidPaginationTokenException"
    change = client.request_service_quota_increase
    assert refused(change, **EXECUTIONS, DesiredValue=1.5) == "IllegalArgumentException"
    nobody = cloud.client("service-quotas", credentials=("nobody", "secret"))
    assert refused(nobody.get_service_quota, **EXECUTIONS) == "UnrecognizedClientException"
