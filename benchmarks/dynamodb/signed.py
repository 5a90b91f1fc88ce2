"""DynamoDB requests as bytes, signed ahead, as boto3 would send them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

Request = tuple[str, dict[str, Any]]
_AGENT = "Boto3/1.44.0 md/Botocore#1.44.0 ua/2.1 os/linux lang/python#3.11.0 cfg/retry-mode#legacy"


def signed(port: int, requests: Iterable[Request]) -> list[bytes]:
    """Return each (operation, parameters) as a whole HTTP request; good for 15 minutes."""
    signer = SigV4Auth(Credentials("test", "test"), "dynamodb", "us-east-1")
    return [_signed(signer, port, operation, params) for operation, params in requests]


def _signed(signer: SigV4Auth, port: int, operation: str, params: dict[str, Any]) -> bytes:
    body = json.dumps(params).encode()
    request = AWSRequest("POST", f"http://127.0.0.1:{port}/", data=body)
    request.headers["Host"] = f"127.0.0.1:{port}"
    request.headers["X-Amz-Target"] = f"DynamoDB_20120810.{operation}"
    request.headers["Content-Type"] = "application/x-amz-json-1.0"
    request.headers["User-Agent"] = _AGENT
    signer.add_auth(request)
    lines = [f"{name}: {value}\r\n" for name, value in request.headers.items()]
    head = "POST / HTTP/1.1\r\n" + "".join(lines) + f"Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
