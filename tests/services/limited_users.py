"""IAM users who may do everything but what conditions deny them."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest


def everything(effect: str = "Allow", **members: Any) -> dict[str, Any]:
    """Return a statement on everything, unless members say on what."""
    return {"Effect": effect, "Action": "*", "Resource": "*", **members}


def denied(condition: dict[str, Any], *actions: str) -> dict[str, Any]:
    """Return a statement that denies actions (by default all) under a condition."""
    return everything("Deny", Action=list(actions) or "*", Condition=condition)


def client_of(cloud: CloudUnderTest, service: str, *statements: dict[str, Any]) -> Any:
    """Return the client of a new user with these statements as its policy."""
    iam = cloud.client("iam")
    name = f"user{len(iam.list_users()['Users'])}"
    iam.create_user(UserName=name)
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    iam.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return cloud.client(service, credentials=(key["AccessKeyId"], key["SecretAccessKey"]))
