"""A Lambda client, an execution role, and functions made from a few lines of source."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from typing import Any

import pytest

from cloudarium.functions import interpreters
from cloudarium.pytest_plugin import CloudUnderTest

# Without Node.js on the machine its functions fail as `test_invoke` shows, and nothing else holds.
collect_ignore = [] if shutil.which("node") else ["test_node.py", "test_node_streaming.py"]
collect_ignore += [] if interpreters.javas() else ["test_java.py"]

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
LOGS = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}


class Functions:
    """Makes functions and calls them."""

    def __init__(self, cloud: CloudUnderTest) -> None:
        self.cloud = cloud
        self.client = cloud.client("lambda")
        self.role = self.make_role("function-role", [LOGS])

    def make_role(self, name: str, statements: list[dict[str, Any]]) -> str:
        """The ARN of a new role that Lambda may assume."""
        trust = {"RoleName": name, "AssumeRolePolicyDocument": json.dumps(TRUST)}
        role = self.cloud.call("iam", "CreateRole", trust)
        if statements:
            policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
            params = {"RoleName": name, "PolicyName": "inline", "PolicyDocument": policy}
            self.cloud.call("iam", "PutRolePolicy", params)
        return str(role["Role"]["Arn"])

    def make(self, source: str, **options: Any) -> dict[str, Any]:
        """Create a function from Python source (or what `file` names)."""
        file = options.pop("file", "app.py")
        params = {
            "FunctionName": "hello",
            "Runtime": "python3.11",
            "Handler": "app.handler",
            "Role": self.role,
            "Code": {"ZipFile": self.zip(source, file)},
        }
        answer: dict[str, Any] = self.client.create_function(**{**params, **options})
        return answer

    @staticmethod
    def zip(source: str, file: str = "app.py") -> bytes:
        """A deployment package of one file; the same bytes whenever it is made."""
        data = io.BytesIO()
        entry = zipfile.ZipInfo(file)
        entry.external_attr = 0o644 << 16
        with zipfile.ZipFile(data, "w") as package:
            package.writestr(entry, source)
        return data.getvalue()

    def call(self, event: Any = None, **options: Any) -> Any:
        """Invoke; the answer's payload, decoded."""
        return self.invoke(event, **options)[1]

    def invoke(self, event: Any = None, **options: Any) -> tuple[dict[str, Any], Any]:
        """Invoke; the answer and its decoded payload."""
        options.setdefault("FunctionName", "hello")
        if event is not None:
            options["Payload"] = json.dumps(event)
        answer = self.client.invoke(**options)
        body = answer["Payload"].read()
        return answer, json.loads(body) if body else None

    def log(self, name: str = "hello") -> list[str]:
        """All messages in the function's log group, in order."""
        self.cloud.settle()
        logs = self.cloud.client("logs")
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
        return [event["message"] for event in events]


@pytest.fixture
def functions(cloud: CloudUnderTest) -> Functions:
    """Functions of a cloud of the test's own."""
    return Functions(cloud)
