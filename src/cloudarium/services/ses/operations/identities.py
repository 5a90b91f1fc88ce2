"""Identities: verified, listed, removed, and what is set for them."""

from __future__ import annotations

from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.ses import addresses, errors, identities
from cloudarium.services.ses.identities import Identity

_PAGE = 1000
_KINDS = ("Bounce", "Complaint", "Delivery")
_DKIM_TOKENS = 3


def verify_email_identity(ctx: Context, request: Request) -> Response:
    """Have an address verified, which it is a moment later: nobody has to read a message."""
    identities.verify(ctx, _address(request["EmailAddress"]))
    return {}


def verify_email_address(ctx: Context, request: Request) -> Response:
    """Have an address verified; the older name."""
    identities.verify(ctx, _address(request["EmailAddress"]))
    return {}


def _address(text: str) -> str:
    if "@" not in text:
        raise errors.InvalidParameterValue(message=f"Invalid email address {text}.")
    return text


def verify_domain_identity(ctx: Context, request: Request) -> Response:
    """Have a domain verified, which it is a moment later: nobody asks its DNS."""
    domain = request["Domain"]
    if "@" in domain:
        raise errors.InvalidParameterValue(message=f"Invalid domain name {domain}.")
    return {"VerificationToken": identities.verify(ctx, domain).token}


def verify_domain_dkim(ctx: Context, request: Request) -> Response:
    """Have a domain verified by DKIM."""
    found = identities.verify(ctx, request["Domain"])
    identities.set_setting(ctx, found.name, DkimEnabled=True)
    return {"DkimTokens": _dkim_tokens(found)}


def _dkim_tokens(identity: Identity) -> list[str]:
    """Return three tokens of a domain, the same each time."""
    token = identity.token
    return [token[turn:] + token[:turn] for turn in range(1, _DKIM_TOKENS + 1)]


def list_identities(ctx: Context, request: Request) -> Response:
    """Return identities, all or those of a type."""
    kind = request.get("IdentityType")
    found = [
        each.name
        for each in identities.of_account(ctx)
        if kind is None or each.is_domain == (kind == "Domain")
    ]
    invalid = errors.InvalidParameterValue(message="Invalid NextToken.")
    size = min(request.get("MaxItems") or _PAGE, _PAGE)
    page, token = pages.page(found, request.get("NextToken"), size, invalid)
    return {"Identities": page, "NextToken": token}


def list_verified_email_addresses(ctx: Context, request: Request) -> Response:
    """Return the addresses among the identities."""
    found = identities.of_account(ctx)
    return {
        "VerifiedEmailAddresses": [
            each.name for each in found if each.is_verified and not each.is_domain
        ]
    }


def delete_identity(ctx: Context, request: Request) -> Response:
    """Remove an identity; one that is not there is no error."""
    identities.delete(ctx, request["Identity"])
    return {}


def delete_verified_email_address(ctx: Context, request: Request) -> Response:
    """Remove an address; the older name."""
    identities.delete(ctx, request["EmailAddress"])
    return {}


def get_identity_verification_attributes(ctx: Context, request: Request) -> Response:
    """Return how far the verification of identities is; unknown ones are left out."""
    shown: dict[str, Any] = {}
    for name in request["Identities"]:
        found = identities.lookup(ctx, name)
        if found is not None:
            token = found.token if found.is_domain else None
            shown[name] = {"VerificationStatus": found.status, "VerificationToken": token}
    return {"VerificationAttributes": shown}


def get_identity_dkim_attributes(ctx: Context, request: Request) -> Response:
    """Return what is set for the DKIM signatures of identities."""
    shown: dict[str, Any] = {}
    for name in request["Identities"]:
        found = identities.lookup(ctx, name)
        if found is not None:
            started = "DkimEnabled" in found.settings
            shown[name] = {
                "DkimEnabled": found.settings.get("DkimEnabled", False),
                "DkimVerificationStatus": found.status if started else "NotStarted",
                "DkimTokens": _dkim_tokens(found) if started and found.is_domain else None,
            }
    return {"DkimAttributes": shown}


def set_identity_dkim_enabled(ctx: Context, request: Request) -> Response:
    """Keep whether mail is to be signed."""
    identities.set_setting(ctx, request["Identity"], DkimEnabled=request["DkimEnabled"])
    return {}


def get_identity_notification_attributes(ctx: Context, request: Request) -> Response:
    """Return which topics are told of identities' mail."""
    shown: dict[str, Any] = {}
    for name in request["Identities"]:
        found = identities.lookup(ctx, name)
        settings = found.settings if found else {}
        shown[name] = {
            **{f"{kind}Topic": settings.get(f"{kind}Topic", "") for kind in _KINDS},
            "ForwardingEnabled": settings.get("ForwardingEnabled", True),
            **{
                f"HeadersIn{kind}NotificationsEnabled": settings.get(
                    f"HeadersIn{kind}NotificationsEnabled", False
                )
                for kind in _KINDS
            },
        }
    return {"NotificationAttributes": shown}


def set_identity_notification_topic(ctx: Context, request: Request) -> Response:
    """Have a topic told of bounces, complaints or deliveries; none without a topic."""
    setting = {f"{request['NotificationType']}Topic": request.get("SnsTopic") or None}
    identities.set_setting(ctx, request["Identity"], **setting)
    return {}


def set_identity_feedback_forwarding_enabled(ctx: Context, request: Request) -> Response:
    """Keep whether bounces and complaints are to be forwarded as mail.

    They can only be switched off where topics are told of both.
    """
    identity, enabled = request["Identity"], request["ForwardingEnabled"]
    settings = identities.find(ctx, identity).settings
    if not enabled and not {"BounceTopic", "ComplaintTopic"} <= settings.keys():
        raise errors.InvalidParameterValue(
            message=f"Identity <{identity}> does not have SNS topics for bounces and complaints."
        )
    identities.set_setting(ctx, identity, ForwardingEnabled=enabled)
    return {}


def set_identity_headers_in_notifications_enabled(ctx: Context, request: Request) -> Response:
    """Have notifications of a kind hold the headers, or not."""
    setting = {f"HeadersIn{request['NotificationType']}NotificationsEnabled": request["Enabled"]}
    identities.set_setting(ctx, request["Identity"], **setting)
    return {}


def set_identity_mail_from_domain(ctx: Context, request: Request) -> Response:
    """Keep the domain of the envelope's sender; none without a domain."""
    domain = request.get("MailFromDomain") or None
    if domain is not None and not addresses.is_domain(domain):
        raise errors.InvalidParameterValue(message=f"Invalid domain name {domain}.")
    behavior = request.get("BehaviorOnMXFailure") or "UseDefaultValue"
    identities.set_setting(
        ctx, request["Identity"], MailFromDomain=domain, BehaviorOnMXFailure=behavior
    )
    return {}


def get_identity_mail_from_domain_attributes(ctx: Context, request: Request) -> Response:
    """Return the domains of identities' envelopes' senders."""
    shown: dict[str, Any] = {}
    for name in request["Identities"]:
        found = identities.lookup(ctx, name)
        settings = found.settings if found else {}
        shown[name] = {
            "MailFromDomain": settings.get("MailFromDomain", ""),
            "MailFromDomainStatus": "Success" if "MailFromDomain" in settings else "",
            "BehaviorOnMXFailure": settings.get("BehaviorOnMXFailure", "UseDefaultValue"),
        }
    return {"MailFromDomainAttributes": shown}
