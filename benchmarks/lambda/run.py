"""How fast functions are: `python -m benchmarks.lambda.run [seconds]`.

A cloud of its own is asked by this process over HTTP. Requests go through API Gateway (a proxy
integration) over 1 and 16 kept-alive connections, in requests a second. A cold start is the
wall time of an Invoke of a function that has never run (median of 10). The burst is 50 functions'
first invocations at once, each sleeping 0.2 s. Memory is the proportional set size of everything
below the server while 50 Python environments are warm.
"""

from __future__ import annotations

import asyncio
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

_PYTHON = 'def handler(event, context):\n    return {"statusCode": 200, "body": "hello"}\n'
_NODE = 'exports.handler = async () => ({ statusCode: 200, body: "hello" });\n'
_BOTO3 = f"import boto3\n{_PYTHON}"
_SLEEPS = "import time\ndef handler(event, context):\n    time.sleep(0.2)\n"
_COLD, _BURST = 10, 50
_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
_LOGS = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}],
    }
)


class Server:
    """A cloud in a process of its own."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "cloudarium", "up", "--dir", str(folder), "--port", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith("Ready."):
                break
        self.endpoint = json.loads((folder / "server.json").read_text())["endpoint"]
        self.role = self._role()

    def client(self, service: str) -> Any:
        """A client that never tries again."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            region_name="us-east-1",
            config=Config(retries={"total_max_attempts": 1}, max_pool_connections=_BURST),
        )

    def _role(self) -> str:
        iam = self.client("iam")
        role = iam.create_role(RoleName="functions", AssumeRolePolicyDocument=_TRUST)["Role"]
        iam.put_role_policy(RoleName="functions", PolicyName="logs", PolicyDocument=_LOGS)
        return str(role["Arn"])

    def function(self, name: str, source: str, runtime: str = "python3.13") -> None:
        """Create a function of one file."""
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as package:
            package.writestr("app.js" if runtime.startswith("node") else "app.py", source)
        self.client("lambda").create_function(
            FunctionName=name,
            Runtime=runtime,
            Handler="app.handler",
            Role=self.role,
            Code={"ZipFile": data.getvalue()},
        )

    def api(self, function: str) -> str:
        """Deploy an API in front of a function; the path that asks it."""
        self.client("lambda").add_permission(
            FunctionName=function,
            StatementId="api",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
        )
        gateway = self.client("apigateway")
        arn = f"arn:aws:lambda:us-east-1:000000000000:function:{function}"
        uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
        integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}
        operation = {"responses": {}, "x-amazon-apigateway-integration": integration}
        document = {
            "openapi": "3.0.1",
            "info": {"title": function},
            "paths": {"/hello": {"get": operation}},
        }
        api = gateway.import_rest_api(body=json.dumps(document).encode())["id"]
        gateway.create_deployment(restApiId=api, stageName="p")
        return f"/_aws/execute-api/{api}/p/hello"

    def memory(self) -> tuple[float, int]:
        """Proportional memory (MB) and number of all processes below the server."""
        pids = _below(self.process.pid)
        return sum(_proportional(pid) for pid in pids) / 1024, len(pids)

    def stop(self) -> None:
        """End the cloud."""
        self.process.terminate()
        self.process.wait()


def _below(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_below(child)]
    return found


def _proportional(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


async def _ask(host: str, port: int, path: str, until: float) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    count = 0
    while time.perf_counter() < until:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert head.startswith("http/1.1 200"), head
        await reader.readexactly(int(head.partition("content-length: ")[2].split("\r\n")[0]))
        count += 1
    writer.close()
    return count


async def _rate(endpoint: str, path: str, connections: int, seconds: float) -> float:
    host, port = endpoint.removeprefix("http://").split(":")
    await _ask(host, int(port), path, time.perf_counter() + 0.5)
    until = time.perf_counter() + seconds
    asked = [_ask(host, int(port), path, until) for _ in range(connections)]
    return sum(await asyncio.gather(*asked)) / seconds


def _timed(client: Any, name: str) -> float:
    began = time.perf_counter()
    answer = client.invoke(FunctionName=name)
    assert "FunctionError" not in answer, answer["Payload"].read()
    return (time.perf_counter() - began) * 1000


def _cold(server: Server, kind: str, source: str, runtime: str) -> float:
    client = server.client("lambda")
    names = [f"cold-{kind}-{number}" for number in range(_COLD)]
    for name in names:
        server.function(name, source, runtime)
    client.list_functions()
    return statistics.median(_timed(client, name) for name in names)


def _burst(server: Server) -> float:
    client = server.client("lambda")
    for number in range(_BURST):
        server.function(f"burst-{number}", _SLEEPS)
    with ThreadPoolExecutor(_BURST) as threads:
        list(threads.map(lambda _: client.list_tags(Resource=_arn("burst-0")), range(_BURST)))
        began = time.perf_counter()
        list(threads.map(lambda n: _timed(client, f"burst-{n}"), range(_BURST)))
    return time.perf_counter() - began


def _arn(name: str) -> str:
    return f"arn:aws:lambda:us-east-1:000000000000:function:{name}"


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            _measure(server, seconds)
        finally:
            server.stop()


def _measure(server: Server, seconds: float) -> None:
    for kind, source, runtime in (("Python", _PYTHON, "python3.13"), ("Node", _NODE, "nodejs22.x")):
        server.function(kind, source, runtime)
        path = server.api(kind)
        for connections in (1, 16):
            rate = asyncio.run(_rate(server.endpoint, path, connections, seconds))
            print(f"{kind} through API Gateway, c={connections}: {rate:,.0f} requests/s")
    print(f"cold start, Python and boto3: {_cold(server, 'p', _BOTO3, 'python3.13'):.0f} ms")
    print(f"cold start, Node: {_cold(server, 'n', _NODE, 'nodejs22.x'):.0f} ms")
    before, _ = server.memory()
    print(f"{_BURST} cold calls of 0.2 s at once: {_burst(server):.2f} s")
    after, processes = server.memory()
    print(
        f"{_BURST} warm Python environments: {after - before:.0f} MB more ({processes} processes)"
    )


if __name__ == "__main__":
    main()
