"""Service-linked roles."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import attachments, entities, errors, service_linked, views
from cloudarium.services.iam.limits import DEFAULT_ROLE_SESSION


def create_service_linked_role(ctx: Context, request: Request) -> Response:
    """Make the role a service predefines. Raises InvalidInput if it is there or none is known."""
    service = request["AWSServiceName"]
    known = service_linked.ROLES.get(service)
    if not service.endswith(".amazonaws.com"):
        raise errors.NoServiceName(service=service)
    if known is None:
        raise errors.NoServiceRole(service=service)
    if request.get("CustomSuffix"):
        raise errors.NoServiceRoleSuffix(service=service)
    if entities.lookup(ctx.db, ctx.account, "role", known.name) is not None:
        raise errors.ServiceRoleTaken(name=known.name)
    role = entities.create(
        ctx,
        "role",
        known.name,
        known.path,
        trust_policy=known.trust_policy,
        description=request.get("Description"),
        max_session_duration=DEFAULT_ROLE_SESSION,
        service_linked=True,
    )
    attachments.attach(ctx, role, known.policy_arn)
    shown = views.role(ctx, role)
    return {"Role": {name: value for name, value in shown.items() if name != "RoleLastUsed"}}
