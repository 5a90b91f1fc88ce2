"""Which IAM action on which ARN each operation needs (service authorization reference, Amazon
SES)."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parseaddr

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.ses import configuration_sets, identities
from cloudarium.services.ses.sending import sender

_SENDING = (
    "SendBulkTemplatedEmail",
    "SendEmail",
    "SendRawEmail",
    "SendTemplatedEmail",
)


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Yield what the operation needs; only mail that is sent has resources of its own."""
    if operation in _SENDING:
        yield from _sending(ctx, operation, request)
        return
    yield Access(f"ses:{operation}", "*")
    for action in request.get("Rule", {}).get("Actions") or []:
        role = action.get("S3Action", {}).get("IamRoleArn")
        if role:
            yield Access("iam:PassRole", role, {"iam:PassedToService": "ses.amazonaws.com"})


def _sending(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    source, recipients = sender.envelope(request)
    name, address = parseaddr(source)
    conditions: dict[str, str | list[str]] = {
        "ses:FromAddress": address,
        "ses:FromDisplayName": name,
        "ses:Recipients": recipients,
    }
    if request.get("ReturnPath"):
        conditions["ses:FeedbackAddress"] = request["ReturnPath"]
    action = f"ses:{operation}"
    yield Access(action, identities.arn(ctx, address), conditions)
    used = request.get("ConfigurationSetName")
    if used:
        yield Access(action, configuration_sets.arn(ctx, used), conditions)
    if request.get("Template"):
        yield Access(action, ctx.arn(f"template/{request['Template']}", "ses"), conditions)
