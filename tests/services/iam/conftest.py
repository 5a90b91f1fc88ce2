"""Fixtures of IAM's tests."""

from __future__ import annotations

from typing import Any

import pytest
from tests.services.iam.support import SignIn, policy

from cloudarium.pytest_plugin import CloudUnderTest


@pytest.fixture
def iam(cloud: CloudUnderTest) -> Any:
    """IAM as the account's root."""
    return cloud.client("iam")


@pytest.fixture
def sts(cloud: CloudUnderTest) -> Any:
    """STS as the account's root."""
    return cloud.client("sts")


@pytest.fixture
def sign_in(iam: Any) -> SignIn:
    """Makes a user with an inline policy of the given statements; gives its access key."""

    def sign_in(name: str, *statements: dict[str, Any]) -> tuple[str, str]:
        iam.create_user(UserName=name)
        if statements:
            document = policy(*statements)
            iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    return sign_in
