"""The manifest of IAM and STS."""

from __future__ import annotations

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="iam",
    package=__package__,
    endpoints=(Endpoint("iam", signing_name="iam"), Endpoint("sts", signing_name="sts")),
    wording="wording:refusal",
    resource_types={
        "AWS::IAM::Role": "resources.roles:ROLE",
        "AWS::IAM::User": "resources.users:USER",
        "AWS::IAM::Group": "resources.groups:GROUP",
        "AWS::IAM::InstanceProfile": "resources.instance_profiles:INSTANCE_PROFILE",
        "AWS::IAM::Policy": "resources.policies:POLICY",
        "AWS::IAM::ManagedPolicy": "resources.policies:MANAGED_POLICY",
        "AWS::IAM::AccessKey": "resources.users:ACCESS_KEY",
        "AWS::IAM::UserToGroupAddition": "resources.groups:USER_TO_GROUP_ADDITION",
    },
)
