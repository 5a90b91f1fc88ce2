"""Lambda functions behind APIs."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .support import deploy, new_api

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


class Functions:
    """Puts functions behind APIs."""

    def __init__(self, cloud: CloudUnderTest, client: Any) -> None:
        self.cloud, self.client = cloud, client
        self.functions = cloud.client("lambda")
        iam = cloud.client("iam")
        document = json.dumps(_TRUST)
        self.role = iam.create_role(RoleName="fn", AssumeRolePolicyDocument=document)["Role"]["Arn"]

    def make(self, source: str, **options: Any) -> str:
        """Create the function `pets`; return its ARN."""
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("app.py", source)
        params = {
            "FunctionName": "pets",
            "Runtime": "python3.11",
            "Handler": "app.handler",
            "Role": self.role,
            "Code": {"ZipFile": package.getvalue()},
            **options,
        }
        self.cloud.settle()
        arn: str = self.functions.create_function(**params)["FunctionArn"]
        self.cloud.settle()
        return arn

    def allow(self, api: str, path: str = "*") -> None:
        """Let the API invoke the function."""
        source = f"arn:aws:execute-api:{self.cloud.region}:{self.cloud.account}:{api}/{path}"
        self.functions.add_permission(
            FunctionName="pets",
            StatementId=f"api-{api}",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=source,
        )

    def serve(self, function: str, *, allowed: bool = True, **integration: Any) -> str:
        """Return an API whose `ANY /{proxy+}` and `ANY /` the function answers."""
        api, root = new_api(self.client, binaryMediaTypes=integration.pop("binary", []))
        greedy = self.client.create_resource(restApiId=api, parentId=root, pathPart="{proxy+}")
        uri = (
            f"arn:aws:apigateway:{self.cloud.region}:lambda:path/2015-03-31/functions/"
            f"{function}/invocations"
        )
        for resource in (root, greedy["id"]):
            place = {"restApiId": api, "resourceId": resource, "httpMethod": "ANY"}
            self.client.put_method(**place, authorizationType="NONE")
            params = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": uri}
            self.client.put_integration(**place, **{**params, **integration})
        deploy(self.client, api)
        if allowed:
            self.allow(api)
        return api
