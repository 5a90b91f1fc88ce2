"""What each operation of the control plane must be allowed.

API Gateway's management actions are HTTP verbs on the path of what they touch. Source: Service
Authorization Reference, "Amazon API Gateway Management".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access

_LABEL = re.compile(r"\{(\w+)\+?\}")


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Yield `apigateway:<verb>` on the ARN of the operation's own path."""
    model = ctx.runtime.kernel.models.load("apigateway").operation(operation)
    assert model is not None
    labels = _labels(request)
    path = _LABEL.sub(
        lambda match: quote(labels.get(_squeezed(match.group(1)), "*"), safe="*+$-._:"),
        model.uri,
    ).partition("?")[0]
    if operation in ("TagResource", "UntagResource", "GetTags"):
        path = f"/tags/{quote(unquote(request['resourceArn']), safe='')}"
    yield Access(f"apigateway:{model.method}", f"arn:aws:apigateway:{ctx.region}::{path}")


def _squeezed(name: str) -> str:
    return name.replace("_", "").lower()


def _labels(request: Request) -> dict[str, str]:
    return {_squeezed(name): one for name, one in request.items() if isinstance(one, str)}
