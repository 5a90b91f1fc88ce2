"""The servers that are measured: ours, serverless-offline and MiniStack, each on a port of its own.

Peers are installed into a folder when they are not there: serverless-offline by npm, MiniStack by
pip into a virtual environment. All listen on the loopback only.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

PACKAGES = ("serverless@3.40.0", "serverless-offline@13.10.1")
MINISTACK = "ministack==1.5.33"
PYTHON = 'def handler(event, context):\n    return {"statusCode": 200, "body": "hello"}\n'
NODE = 'exports.handler = async () => ({ statusCode: 200, body: "hello" });\n'
SLEEPS = (
    "import time\ndef handler(event, context):\n    time.sleep(0.2)\n"
    '    return {"statusCode": 200, "body": "slept"}\n'
)
RUNTIMES = {"python": "python3.13", "node": "nodejs22.x"}
_REGION = "us-east-1"


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


class Emulator:
    """A server that speaks AWS's APIs on a port."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._role = ""

    def client(self, service: str, connections: int = 10) -> Any:
        """A client that never tries again."""
        return boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            region_name=_REGION,
            config=Config(retries={"total_max_attempts": 1}, max_pool_connections=connections),
        )

    def _execution_role(self) -> str:
        if not self._role:
            iam = self.client("iam")
            service = {"Service": "lambda.amazonaws.com"}
            trust = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
            logs = _document({"Effect": "Allow", "Action": "logs:*", "Resource": "*"})
            made = iam.create_role(RoleName="f", AssumeRolePolicyDocument=_document(trust))
            iam.put_role_policy(RoleName="f", PolicyName="logs", PolicyDocument=logs)
            self._role = made["Role"]["Arn"]
        return self._role

    def function(self, name: str, source: str, kind: str = "python") -> str:
        """Create a function of one file; its ARN."""
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as package:
            package.writestr("app.js" if kind == "node" else "app.py", source)
        made = self.client("lambda").create_function(
            FunctionName=name,
            Runtime=RUNTIMES[kind],
            Handler="app.handler",
            Role=self._execution_role(),
            Code={"ZipFile": data.getvalue()},
        )
        return str(made["FunctionArn"])

    def hello(self, kind: str) -> bytes:
        """Deploy an API before a function that says hello; the HTTP request that asks it."""
        arn = self.function(f"hello-{kind}", NODE if kind == "node" else PYTHON, kind)
        self.client("lambda").add_permission(
            FunctionName=f"hello-{kind}",
            StatementId="api",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
        )
        gateway = self.client("apigateway")
        api = gateway.create_rest_api(name=kind)["id"]
        root = gateway.get_resources(restApiId=api)["items"][0]["id"]
        made = gateway.create_resource(restApiId=api, parentId=root, pathPart="hello")
        place = {"restApiId": api, "resourceId": made["id"], "httpMethod": "GET"}
        gateway.put_method(**place, authorizationType="NONE")
        functions = f"arn:aws:apigateway:{_REGION}:lambda:path/2015-03-31/functions"
        gateway.put_integration(
            **place,
            type="AWS_PROXY",
            integrationHttpMethod="POST",
            uri=f"{functions}/{arn}/invocations",
        )
        gateway.create_deployment(restApiId=api, stageName="p")
        return request("/p/hello", f"{api}.execute-api.localhost:{self.port}")


def request(path: str, host: str) -> bytes:
    """A GET request as bytes."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "User-Agent: bench", "Accept: */*", "", ""]
    return "\r\n".join(lines).encode()


def ministack(folder: Path, port: int) -> list[str]:
    """Return the command of MiniStack."""
    program = folder / "ministack" / "bin" / "ministack"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder / "ministack")], check=True)
        pip = str(program.with_name("pip"))
        subprocess.run([pip, "install", "--quiet", MINISTACK], check=True)
    return ["env", f"GATEWAY_PORT={port}", "BIND_HOST=127.0.0.1", str(program)]


def serverless_offline(folder: Path, port: int, lambda_port: int) -> list[str]:
    """Return the command of serverless-offline with three functions: python, node and sleeps."""
    place = folder / "serverless"
    program = place / "node_modules" / ".bin" / "serverless"
    if not program.exists():
        place.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--no-save", "--silent", "--prefix", str(place), *PACKAGES]
        subprocess.run(install, check=True)
    version = f"python3.{sys.version_info.minor}"
    functions = {
        name: {
            "handler": f"{name}.handler",
            "runtime": runtime,
            "events": [{"http": {"path": name, "method": "get"}}],
        }
        for name, runtime in (("python", version), ("sleeps", version), ("node", "nodejs20.x"))
    }
    description = {
        "service": "bench",
        "provider": {"name": "aws", "region": _REGION, "stage": "p", "timeout": 60},
        "plugins": ["serverless-offline"],
        "functions": functions,
    }
    (place / "serverless.yml").write_text(json.dumps(description))
    (place / "python.py").write_text(PYTHON)
    (place / "sleeps.py").write_text(SLEEPS)
    (place / "node.js").write_text(NODE)
    options = ["--host", "127.0.0.1", "--httpPort", str(port), "--lambdaPort", str(lambda_port)]
    quiet = ["SLS_TELEMETRY_DISABLED=1", "SLS_NOTIFICATIONS_MODE=off"]
    return ["env", "-C", str(place), *quiet, str(program), "offline", *options]
