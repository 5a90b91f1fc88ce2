"""What each operation of the control plane must be allowed.

API Gateway's management actions are HTTP verbs on the path of what they touch; setting an API's
resource policy is an action of its own, and giving API Gateway a role is passing it. Source:
Service Authorization Reference, "Amazon API Gateway Management".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.gateway import roles

_LABEL = re.compile(r"\{(\w+)\+?\}")
_ROLE_MEMBERS = ("credentials", "authorizerCredentials", "cloudwatchRoleArn")
_TAGGING = ("TagResource", "UntagResource", "GetTags")


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Yield `apigateway:<verb>` on the ARN of the operation's own path, and what else it needs."""
    model = ctx.runtime.kernel.models.load("apigateway").operation(operation)
    assert model is not None
    labels = _labels(request)
    path = _LABEL.sub(
        lambda match: quote(labels.get(_squeezed(match.group(1)), "*"), safe="*+$-._:"),
        model.uri,
    ).partition("?")[0]
    if operation in _TAGGING:
        path = f"/tags/{quote(unquote(request['resourceArn']), safe='')}"
    arn = f"arn:aws:apigateway:{ctx.region}::{path}"
    yield Access(f"apigateway:{model.method}", arn)
    changes = dict(_changes(request))
    if operation in ("CreateRestApi", "UpdateRestApi") and "policy" in changes:
        yield Access("apigateway:UpdateRestApiPolicy", arn)
    for member in _ROLE_MEMBERS:
        yield from roles.passed(ctx, changes.get(member))


def _changes(request: Request) -> Iterator[tuple[str, object]]:
    """Yield the members a request sets, by itself or by its patch operations."""
    yield from request.items()
    for operation in request.get("patchOperations") or ():
        yield (operation.get("path") or "").removeprefix("/"), operation.get("value")


def _squeezed(name: str) -> str:
    return name.replace("_", "").lower()


def _labels(request: Request) -> dict[str, str]:
    return {_squeezed(name): one for name, one in request.items() if isinstance(one, str)}
