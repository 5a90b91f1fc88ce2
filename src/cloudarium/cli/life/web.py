"""HTTP as a browser or another service speaks it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """A response."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body, as JSON."""
        return json.loads(self.text)


def ask(method: str, url: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
    """Send a request; a `body` is sent as JSON. Any status is an answer."""
    request = urllib.request.Request(url, method=method, headers=headers or {})
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("content-type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return Answer(response.status, _headers(response), response.read().decode())
    except urllib.error.HTTPError as error:
        return Answer(error.code, _headers(error), error.read().decode())


def ask_signed(
    method: str,
    url: str,
    keys: dict[str, str],
    body: Any = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """Send a request signed for `execute-api` with the AWS_… settings `keys`."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    data = json.dumps(body) if body is not None else None
    unsigned = dict(headers or {})
    if data is not None:
        unsigned["content-type"] = "application/json"
    request = AWSRequest(method, url, headers=unsigned, data=data)
    credentials = Credentials(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"])
    SigV4Auth(credentials, "execute-api", keys["AWS_DEFAULT_REGION"]).add_auth(request)
    return ask(method, url, body, dict(request.headers.items()))


def _headers(message: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in message.headers.items()}
