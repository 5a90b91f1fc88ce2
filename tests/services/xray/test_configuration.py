"""Encryption, destination, resource policies, permissions."""

from __future__ import annotations

import json

from cloudarium.pytest_plugin import CloudUnderTest

from .support import Traces, refused

_POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "xray:PutTraceSegments",
                "Resource": "*",
            }
        ],
    }
)


def test_encryption_is_read_back(traces: Traces) -> None:
    client = traces.client
    none = {"Status": "ACTIVE", "Type": "NONE"}
    assert client.get_encryption_config()["EncryptionConfig"] == none
    key = "arn:aws:kms:us-east-1:000000000000:key/1"
    answer = client.put_encryption_config(Type="KMS", KeyId=key)["EncryptionConfig"]
    assert answer == {"KeyId": key, "Status": "UPDATING", "Type": "KMS"}
    traces.cloud.advance(2)
    assert client.get_encryption_config()["EncryptionConfig"] == {**answer, "Status": "ACTIVE"}
    assert refused(client.put_encryption_config, Type="KMS")[0] == "InvalidRequestException"
    assert refused(client.put_encryption_config, Type="NONE", KeyId=key)[0] == (
        "InvalidRequestException"
    )


def test_segments_go_to_xray(traces: Traces) -> None:
    answer = traces.client.get_trace_segment_destination()
    assert (answer["Destination"], answer["Status"]) == ("XRay", "ACTIVE")


def test_resource_policies_are_kept_by_revision(traces: Traces) -> None:
    client = traces.client
    put = client.put_resource_policy(
        PolicyName="sns", PolicyDocument=_POLICY, PolicyRevisionId="0"
    )["ResourcePolicy"]
    assert (put["PolicyName"], put["PolicyDocument"]) == ("sns", _POLICY)
    assert put["LastUpdatedTime"].timestamp() == traces.cloud.now
    assert client.list_resource_policies()["ResourcePolicies"] == [put]
    stale = {"PolicyName": "sns", "PolicyRevisionId": "0"}
    wrong = "InvalidPolicyRevisionIdException"
    assert refused(client.put_resource_policy, PolicyDocument=_POLICY, **stale)[0] == wrong
    assert refused(client.delete_resource_policy, **stale)[0] == wrong
    client.delete_resource_policy(PolicyName="sns", PolicyRevisionId=put["PolicyRevisionId"])
    assert client.list_resource_policies()["ResourcePolicies"] == []
    assert refused(client.delete_resource_policy, PolicyName="sns")[0] == "InvalidRequestException"


def test_resource_policies_have_limits(traces: Traces) -> None:
    put = traces.client.put_resource_policy
    for number in range(5):
        put(PolicyName=f"p{number}", PolicyDocument=_POLICY)
    code, _ = refused(put, PolicyName="p5", PolicyDocument=_POLICY)
    assert code == "PolicyCountLimitExceededException"
    code, _ = refused(put, PolicyName="p0", PolicyDocument=_POLICY + " " * 5120)
    assert code == "PolicySizeLimitExceededException"
    code, _ = refused(put, PolicyName="p0", PolicyDocument="{}")
    assert code == "MalformedPolicyDocumentException"


def test_permissions_are_on_groups_and_rules(cloud: CloudUnderTest, traces: Traces) -> None:
    iam = cloud.client("iam")
    iam.create_user(UserName="ada")
    statement = {
        "Effect": "Allow",
        "Action": "xray:*",
        "Resource": [
            "arn:aws:xray:*:*:group/mine/*",
            "arn:aws:xray:*:*:sampling-rule/mine",
        ],
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="ada", PolicyName="p", PolicyDocument=document)
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    ada = cloud.client("xray", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))
    arn = ada.create_group(GroupName="mine")["Group"]["GroupARN"]
    assert ada.get_group(GroupName="mine")["Group"]["GroupARN"] == arn
    ada.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "b"}])
    assert refused(ada.create_group, GroupName="other")[0] == "AccessDeniedException"
    assert refused(ada.delete_sampling_rule, RuleName="other")[0] == "AccessDeniedException"
    assert refused(ada.put_trace_segments, TraceSegmentDocuments=["{}"])[0] == (
        "AccessDeniedException"
    )
