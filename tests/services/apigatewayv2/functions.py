"""Lambda functions behind APIs."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

ECHO = """
def handler(event, context):
    return event
"""


def trust(service: str) -> str:
    """Return a trust policy for a service."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Functions:
    """Makes functions, and lets API Gateway invoke them."""

    def __init__(self, cloud: CloudUnderTest) -> None:
        self.cloud = cloud
        self.functions = cloud.client("lambda")
        role = cloud.client("iam").create_role(
            RoleName="fn", AssumeRolePolicyDocument=trust("lambda")
        )
        self.role = role["Role"]["Arn"]

    def make(self, source: str = ECHO, name: str = "pets", *, allowed: str = "*") -> str:
        """Create a function that APIs may invoke, as far as `allowed` fits; return its ARN."""
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("app.py", source)
        self.cloud.settle()
        arn: str = self.functions.create_function(
            FunctionName=name,
            Runtime="python3.11",
            Handler="app.handler",
            Role=self.role,
            Code={"ZipFile": package.getvalue()},
        )["FunctionArn"]
        self.cloud.settle()
        account = f"{self.cloud.region}:{self.cloud.account}"
        self.functions.add_permission(
            FunctionName=name,
            StatementId="api",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:{account}:{allowed}",
        )
        return arn


def integrate(client: Any, api: str, function: str, version: str = "2.0", **more: Any) -> str:
    """Add a function's integration to an HTTP API; return its id."""
    params = {"IntegrationType": "AWS_PROXY", "PayloadFormatVersion": version, **more}
    made = client.create_integration(ApiId=api, IntegrationUri=function, **params)
    return str(made["IntegrationId"])


def uri(function: str) -> str:
    """Return the URI authorizers and WebSocket APIs name a function by."""
    return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
