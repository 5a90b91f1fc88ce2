"""What each operation of the control plane must be allowed.

API Gateway's management actions are HTTP verbs on the path of what they touch; the trust in
clients' certificates is an action of its own, and giving API Gateway a role is passing it. Source:
Service Authorization Reference, "Amazon API Gateway Management V2".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.gateway import roles
from cloudarium.services.apigatewayv2 import conditions

_LABEL = re.compile(r"\{([\w-]+)\+?\}")
_ROLE_MEMBERS = ("CredentialsArn", "AuthorizerCredentialsArn")
_TAGGING = ("TagResource", "UntagResource", "GetTags")
# Actions of their own, on an ARN with the account.
_RULE_ACTIONS = {
    "CreateRoutingRule": "CreateRoutingRule",
    "DeleteRoutingRule": "DeleteRoutingRule",
    "GetRoutingRule": "GetRoutingRule",
    "ListRoutingRules": "ListRoutingRules",
    "PutRoutingRule": "UpdateRoutingRule",
}


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Yield `apigateway:<verb>` on the ARN of the operation's own path, and what else it needs."""
    model = ctx.runtime.kernel.models.load("apigatewayv2").operation(operation)
    assert model is not None
    labels = {name.lower(): one for name, one in request.items() if isinstance(one, str)}
    path = _LABEL.sub(
        lambda match: quote(labels.get(match[1].replace("-", "").lower(), "*"), safe="*+$-._:"),
        model.uri,
    ).partition("?")[0]
    if operation in _TAGGING:
        path = f"/tags/{quote(unquote(request['ResourceArn']), safe='')}"
    if operation in _RULE_ACTIONS:
        yield _of_rule(ctx, operation, request)
        return
    arn = f"arn:aws:apigateway:{ctx.region}::{path.removeprefix('/v2')}"
    keys = conditions.of(ctx, operation, request, arn)
    yield Access(f"apigateway:{model.method}", arn, keys)
    if "MutualTlsAuthentication" in request:
        trust = request["MutualTlsAuthentication"] or {}
        verb = "AddCertificateTo" if any(trust.values()) else "RemoveCertificateFrom"
        yield Access(f"apigateway:{verb}Domain", arn, keys)
    for member in _ROLE_MEMBERS:
        yield from roles.passed(ctx, request.get(member))


def _of_rule(ctx: Context, operation: str, request: Request) -> Access:
    """Return what an operation on routing rules needs."""
    domain, rule = request["DomainName"], request.get("RoutingRuleId", "*")
    arn = f"arn:aws:apigateway:{ctx.region}:{ctx.account}:/domainnames/{domain}/routingrules/{rule}"
    keys = conditions.of(ctx, operation, request, arn)
    return Access(f"apigateway:{_RULE_ACTIONS[operation]}", arn, keys)
