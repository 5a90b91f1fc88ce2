"""What each operation of the control plane must be allowed.

API Gateway's management actions are HTTP verbs on the path of what they touch; setting a resource
policy or the trust in clients' certificates is an action of its own, and giving API Gateway a role
is passing it. Source: Service Authorization Reference, "Amazon API Gateway Management".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.gateway import roles
from cloudarium.services.apigateway import conditions

_LABEL = re.compile(r"\{(\w+)\+?\}")
_ROLE_MEMBERS = ("credentials", "authorizerCredentials", "cloudwatchRoleArn")
_TAGGING = ("TagResource", "UntagResource", "GetTags")
_MUTUAL_TLS = "mutualTlsAuthentication"
_ON_ASSOCIATIONS = {
    "CreateDomainNameAccessAssociation": "CreateAccessAssociation",
    "RejectDomainNameAccessAssociation": "RejectAccessAssociation",
}
_OF_DOMAIN = 3  # The parts of a domain name's own path


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Yield `apigateway:<verb>` on the ARN of the operation's own path, and what else it needs."""
    model = ctx.runtime.kernel.models.load("apigateway").operation(operation)
    assert model is not None
    arn = _arn(ctx, operation, request, model.uri)
    keys = conditions.of(ctx, operation, request, arn)
    yield Access(f"apigateway:{model.method}", arn, keys)
    changes = conditions.said(request)
    for action, place in _besides(operation, request, changes, arn):
        yield Access(f"apigateway:{action}", place, keys)
    for member in _ROLE_MEMBERS:
        yield from roles.passed(ctx, changes.get(member))


def _arn(ctx: Context, operation: str, request: Request, uri: str) -> str:
    """Return the ARN of the path; those of private domain names say their ids and account."""
    labels = _labels(request)
    path = _LABEL.sub(
        lambda match: quote(labels.get(_squeezed(match.group(1)), "*"), safe="*+$-._:"), uri
    ).partition("?")[0]
    if operation in _TAGGING:
        path = f"/tags/{quote(unquote(request['resourceArn']), safe='')}"
    start, account = f"arn:aws:apigateway:{ctx.region}", ""
    if path.startswith("/domainnameaccessassociations"):
        given = request.get("domainNameAccessAssociationArn")
        return given or f"{start}:{ctx.account}:{path}"
    if request.get("domainNameId") and path.startswith("/domainnames/"):
        parts = path.split("/")
        parts[2] += f"+{request['domainNameId']}"
        path, account = "/".join(parts), ctx.account if len(parts) == _OF_DOMAIN else ""
    return f"{start}:{account}:{path}"


def _besides(
    operation: str, request: Request, changes: Mapping[str, Any], arn: str
) -> Iterator[tuple[str, str]]:
    """Yield the actions of permissions management an operation needs besides, and on what."""
    if operation in ("CreateRestApi", "UpdateRestApi") and "policy" in changes:
        yield "UpdateRestApiPolicy", arn
    if operation in ("CreateDomainName", "UpdateDomainName"):
        if "policy" in changes:
            yield "UpdateDomainNamePolicy", arn
        if "managementPolicy" in changes:
            yield "UpdateDomainNameManagementPolicy", arn
        trust = [one for name, one in changes.items() if name.startswith(_MUTUAL_TLS)]
        if any(trust):
            yield "AddCertificateToDomain", arn
        elif trust:
            yield "RemoveCertificateFromDomain", arn
    if operation in _ON_ASSOCIATIONS:
        yield _ON_ASSOCIATIONS[operation], request["domainNameArn"]


def _squeezed(name: str) -> str:
    return name.replace("_", "").lower()


def _labels(request: Request) -> dict[str, str]:
    return {_squeezed(name): one for name, one in request.items() if isinstance(one, str)}
