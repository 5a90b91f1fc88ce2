"""Custom domain names and their base path mappings.

Documents of domains carry their mappings by base path (`(none)` for the root).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.ids import LOWER_ALPHANUMERIC
from cloudarium.services.apigateway import apis, deployments, errors, holdings
from cloudarium.services.apigateway.patches import Patches, Rule, text

Document = dict[str, Any]

ROOT = "(none)"
_NAME = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_BASE = re.compile(r"[a-zA-Z0-9$\-_.+!*'()/]{1,300}")
# Hosted zones: AWS General Reference, "Amazon API Gateway endpoints" (us-east-1) and CloudFront's.
_REGIONAL_ZONE, _EDGE_ZONE = "Z1UJRXOUMOOFQ8", "Z2FDTNDATAQYW2"
_COPIED = (
    "certificateName",
    "certificateArn",
    "regionalCertificateName",
    "regionalCertificateArn",
    "ownershipVerificationCertificateArn",
    "endpointAccessMode",
    "mutualTlsAuthentication",
    "tags",
)
_ROUTING_MODE = "BASE_PATH_MAPPING_ONLY"


def _trust(member: str) -> Rule:
    """Return the rule of a member of `mutualTlsAuthentication`; with none left that goes too."""

    def apply(document: Document, op: str, key: str, value: str | None) -> None:
        settings = document.setdefault("mutualTlsAuthentication", {})
        if value and op != "remove":
            settings[member] = value
        else:
            settings.pop(member, None)
        if not settings:
            del document["mutualTlsAuthentication"]

    return Rule(apply, ("replace", "remove"))


PATCHES = Patches(
    {
        "/certificateArn": text("certificateArn"),
        "/certificateName": text("certificateName"),
        "/regionalCertificateArn": text("regionalCertificateArn"),
        "/regionalCertificateName": text("regionalCertificateName"),
        "/securityPolicy": text("securityPolicy"),
        "/endpointAccessMode": text("endpointAccessMode"),
        "/routingMode": text("routingMode"),
        "/policy": text("policy"),
        "/mutualTlsAuthentication/truststoreUri": _trust("truststoreUri"),
        "/mutualTlsAuthentication/truststoreVersion": _trust("truststoreVersion"),
    }
)


def create(ctx: Context, given: Mapping[str, Any]) -> Document:
    """Store a new domain name and return the reference's DomainName."""
    name = given["domainName"].lower()
    if not _NAME.fullmatch(name):
        raise errors.DomainNameInvalid()
    taken = ctx.db.execute(
        "SELECT 1 FROM holdings WHERE kind = ? AND id = ?", (holdings.DOMAIN_NAME, name)
    ).fetchone()
    if taken is not None:
        raise errors.DomainNameExists()
    domain: Document = {
        "domainName": name,
        **{member: given[member] for member in _COPIED if given.get(member)},
        **_endpoint(ctx, name, given.get("endpointConfiguration") or {}),
        "securityPolicy": given.get("securityPolicy") or "TLS_1_2",
        "domainNameStatus": "AVAILABLE",
        "routingMode": given.get("routingMode") or _ROUTING_MODE,
        "mappings": {},
    }
    if given.get("policy"):
        domain["policy"] = given["policy"]
    put(ctx, domain)
    return domain


def _endpoint(ctx: Context, name: str, given: Mapping[str, Any]) -> Document:
    """Return where the domain is to be found, by its type of endpoint: EDGE if none is said."""
    types = given.get("types") or ["EDGE"]
    token, is_private = ctx.ids.token(10, LOWER_ALPHANUMERIC), types == ["PRIVATE"]
    kind = given.get("ipAddressType") or ("dualstack" if is_private else "ipv4")
    found: Document = {"endpointConfiguration": {"types": types, "ipAddressType": kind}}
    if is_private:
        arn = f"arn:aws:apigateway:{ctx.region}:{ctx.account}:/domainnames/{name}+{token}"
        return {**found, "domainNameId": token, "domainNameArn": arn}
    found["domainNameArn"] = f"arn:aws:apigateway:{ctx.region}::/domainnames/{name}"
    if types == ["EDGE"]:
        found["distributionDomainName"] = f"d{token}.cloudfront.net"
        found["distributionHostedZoneId"] = _EDGE_ZONE
    else:
        found["regionalDomainName"] = f"d-{token}.execute-api.{ctx.region}.amazonaws.com"
        found["regionalHostedZoneId"] = _REGIONAL_ZONE
    return found


def find(ctx: Context, name: str) -> Document:
    """Return the domain, or raise DomainNameNotFound."""
    domain = holdings.get(ctx, holdings.DOMAIN_NAME, name.lower())
    if domain is None:
        raise errors.DomainNameNotFound()
    return domain


def put(ctx: Context, domain: Document) -> None:
    """Store a domain as it now is."""
    holdings.put(ctx, holdings.DOMAIN_NAME, domain["domainName"], domain)


def answer(domain: Document) -> Document:
    """Return the reference's DomainName."""
    return {name: one for name, one in domain.items() if name != "mappings"}


def mapping(ctx: Context, domain: Document, base: str, given: Mapping[str, Any]) -> Document:
    """Return the reference's BasePathMapping for what is given, checked."""
    if base != ROOT and not _BASE.fullmatch(base):
        raise errors.BasePathInvalid()
    if apis.get(ctx, given["restApiId"]) is None:
        raise errors.RestApiInvalid()
    made = {"basePath": base, "restApiId": given["restApiId"]}
    if given.get("stage"):
        deployments.find_stage(ctx, given["restApiId"], given["stage"])
        made["stage"] = given["stage"]
    return made


def find_mapping(domain: Document, base: str) -> Document:
    """Return the mapping of a base path, or raise BasePathNotFound."""
    found: Document | None = domain["mappings"].get(base or ROOT)
    if found is None:
        raise errors.BasePathNotFound()
    return found
