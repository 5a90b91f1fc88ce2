"""The manifest of IAM and STS."""

from __future__ import annotations

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="iam",
    package=__package__,
    endpoints=(Endpoint("iam", signing_name="iam"), Endpoint("sts", signing_name="sts")),
    resource_types={
        "AWS::IAM::Role": "resources:ROLE",
        "AWS::IAM::User": "resources:USER",
        "AWS::IAM::Group": "resources:GROUP",
        "AWS::IAM::Policy": "resources:POLICY",
        "AWS::IAM::ManagedPolicy": "resources:MANAGED_POLICY",
        "AWS::IAM::AccessKey": "resources:ACCESS_KEY",
        "AWS::IAM::UserToGroupAddition": "resources:USER_TO_GROUP_ADDITION",
    },
)
