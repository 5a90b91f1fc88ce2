"""HTTP as API Gateway's proxy integration speaks it: events in, answers out."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import Invalid, Refused

CORRELATION_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


@dataclass(frozen=True)
class Request:
    """One request; header names are lower case, `route` is the contract's, as `POST /users`."""

    route: str
    path: Mapping[str, str]
    headers: Mapping[str, str]
    body: str
    correlation_id: str

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Request":
        """The request in API Gateway's event; a caller's own correlation id is kept if sane."""
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        body = event.get("body") or ""
        if event.get("isBase64Encoded"):
            body = base64.b64decode(body).decode(errors="replace")
        offered = headers.get("x-correlation-id", "")
        return cls(
            route=f"{event['httpMethod']} {event['resource']}",
            path=event.get("pathParameters") or {},
            headers=headers,
            body=body,
            correlation_id=offered
            if CORRELATION_ID.fullmatch(offered)
            else event["requestContext"]["requestId"],
        )

    def json(self) -> object:
        """The body as JSON; raises Invalid."""
        try:
            value: object = json.loads(self.body)
        except (ValueError, RecursionError):
            raise Invalid("InvalidBody", "The body is not JSON.") from None
        return value

    def bearer_token(self) -> str:
        """The token of `Authorization: Bearer <token>`, or nothing."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    def wants_page(self) -> bool:
        """Whether the caller would rather have HTML than JSON."""
        accepted = dict(map(_media_range, self.headers.get("accept", "").split(",")))
        anything = accepted.get("*/*", 0.0)
        page, data = accepted.get("text/html", 0.0), accepted.get("application/json", anything)
        return page > 0 and page >= data


def _media_range(text: str) -> tuple[str, float]:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    return name, float(weight) if re.fullmatch(r"[01](\.\d{0,3})?", weight) else 0.0


@dataclass(frozen=True)
class Answer:
    """One answer; `code` is the refusal's, for the log."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None

    def for_gateway(self, correlation_id: str) -> dict[str, Any]:
        """The answer as the proxy integration wants it."""
        headers = {
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **self.headers,
            "X-Correlation-Id": correlation_id,
        }
        return {"statusCode": self.status, "headers": headers, "body": self.body}


def json_answer(status: int, value: object, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with a JSON body."""
    content = {"Content-Type": "application/json", **(headers or {})}
    return Answer(status, json.dumps(value, ensure_ascii=False), content)


def refusal(refused: Refused) -> Answer:
    """The answer to a refused request: `{"code": ..., "message": ...}`."""
    headers = {"Content-Type": "application/json"}
    if refused.retry_after is not None:
        headers["Retry-After"] = str(refused.retry_after)
    body = json.dumps({"code": refused.code, "message": refused.message})
    return Answer(refused.status, body, headers, refused.code)
