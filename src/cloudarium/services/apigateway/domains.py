"""Custom domain names and their base path mappings.

Both of API Gateway's services keep them by `gateway.domains`; these are the REST reference's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cloudarium.core import arn
from cloudarium.core.context import Context
from cloudarium.gateway import domains
from cloudarium.services.apigateway import (
    api_settings,
    apis,
    deployments,
    errors,
    security_policies,
)
from cloudarium.services.apigateway.patches import Patches, Rule, text

Document = dict[str, Any]

_BASE = re.compile(r"[a-zA-Z0-9$\-_.+!*'()]{1,300}")
_MODES = (domains.MAPPINGS_ONLY, domains.RULES_ONLY, "ROUTING_RULE_THEN_BASE_PATH_MAPPING")
_TYPES = ("EDGE", "REGIONAL")
_ADDRESSES = ("ipv4", "dualstack")
_KEPT_BESIDE = ("mappings", "rules")


def _trust(member: str) -> Rule:
    """Return the rule of a member of `mutualTlsAuthentication`; without a truststore that goes."""

    def apply(document: Document, op: str, key: str, value: str | None) -> None:
        settings = document.setdefault("mutualTlsAuthentication", {})
        if value and op != "remove":
            settings[member] = value
        else:
            settings.pop(member, None)
        if not settings or (member == "truststoreUri" and member not in settings):
            del document["mutualTlsAuthentication"]

    return Rule(apply, ("replace", "remove"))


def _set_mode(document: Document, op: str, key: str, value: str | None) -> None:
    if value not in _MODES:
        raise errors.RoutingModeInvalid(modes=", ".join(_MODES))
    document["routingMode"] = value


def _set_type(document: Document, op: str, key: str, value: str | None) -> None:
    """Replace the type of endpoint, or add and remove one where a domain moves."""
    endpoint = document["endpointConfiguration"]
    if value not in _TYPES:
        raise errors.EndpointTypeInvalid()
    kept = [] if op == "replace" else [one for one in endpoint["types"] if one != value]
    endpoint["types"] = kept if op == "remove" else [*kept, value]
    if not endpoint["types"]:
        raise errors.EndpointTypesEmpty()


def _set_addresses(document: Document, op: str, key: str, value: str | None) -> None:
    if value not in _ADDRESSES:
        raise errors.AddressTypeInvalid()
    document["endpointConfiguration"]["ipAddressType"] = value


PATCHES = Patches(
    {
        "/certificateArn": text("certificateArn"),
        "/certificateName": text("certificateName"),
        "/regionalCertificateArn": text("regionalCertificateArn"),
        "/regionalCertificateName": text("regionalCertificateName"),
        "/securityPolicy": text("securityPolicy"),
        "/endpointConfiguration/types": Rule(_set_type, ("add", "remove")),
        "/endpointConfiguration/types/*": Rule(_set_type),
        "/endpointConfiguration/ipAddressType": Rule(_set_addresses),
        "/ownershipVerificationCertificateArn": text("ownershipVerificationCertificateArn"),
        "/endpointAccessMode": Rule(api_settings.access_mode),
        "/routingMode": Rule(_set_mode),
        "/policy": text("policy"),
        "/managementPolicy": text("managementPolicy", ("replace", "remove")),
        "/mutualTlsAuthentication/truststoreUri": _trust("truststoreUri"),
        "/mutualTlsAuthentication/truststoreVersion": _trust("truststoreVersion"),
    }
)


def create(ctx: Context, given: Mapping[str, Any]) -> Document:
    """Store a new domain name and return its document."""
    name = given["domainName"].lower()
    if name.endswith("."):
        raise errors.DomainNameDotted()
    if not domains.NAME.fullmatch(name):
        raise errors.DomainNameInvalid()
    domain = domains.new(ctx, name, given)
    types = domain["endpointConfiguration"]["types"]
    _check_certificates(ctx, types[0], given)
    if given.get("mutualTlsAuthentication") and domain["securityPolicy"] == "TLS_1_0":
        raise errors.MutualTlsUnsupported()
    security_policies.check(domain)
    note_upload(ctx, domain, {})
    domains.check_free(ctx, name, types, errors.DomainNameExists())
    domains.put(ctx, domain)
    return domain


def _check_certificates(ctx: Context, active: str, given: Mapping[str, Any]) -> None:
    """Raise if a certificate is not one for a domain's type of endpoint, the `active` one."""
    if given.get("certificateBody") and active == "REGIONAL":
        raise errors.UploadUnsupported()
    for kind, member, region in (
        ("EDGE", "certificateArn", "us-east-1"),
        ("REGIONAL", "regionalCertificateArn", ctx.region),
    ):
        certificate = arn.parse(given.get(member) or "")
        if certificate is None:
            continue
        if active not in (kind, "PRIVATE"):
            raise errors.CertificateMisplaced(other=kind, active=active)
        if active != "PRIVATE" and certificate.region != region:
            raise errors.CertificateElsewhere(arn=given[member], region=region)


def note_upload(ctx: Context, domain: Document, before: Document) -> None:
    """Note when the certificate of an edge-optimized or private domain became another one.

    Source: the AWS CLI's examples of `create-domain-name`.
    """
    for member in ("certificateArn", "certificateName"):
        if domain.get(member) and domain[member] != before.get(member):
            domain["certificateUploadDate"] = ctx.now


def find(ctx: Context, name: str) -> Document:
    """Return the domain, or raise DomainNameNotFound."""
    domain = domains.get(ctx, name)
    if domain is None:
        raise errors.DomainNameNotFound()
    return domain


def answer(domain: Document) -> Document:
    """Return the reference's DomainName."""
    return {name: one for name, one in domain.items() if name not in _KEPT_BESIDE}


def answer_mapping(mapping: Document) -> Document:
    """Return the reference's BasePathMapping."""
    return {name: one for name, one in mapping.items() if name != "apiMappingId"}


def mapping(ctx: Context, base: str, given: Mapping[str, Any]) -> Document:
    """Return a mapping for what is given, checked."""
    if "/" in base:
        raise errors.BasePathSlashed()
    if base != domains.ROOT and not _BASE.fullmatch(base):
        raise errors.BasePathInvalid()
    if apis.get(ctx, given["restApiId"]) is None:
        raise errors.RestApiInvalid()
    stages = {one.name for one in deployments.stages(ctx, given["restApiId"])}
    if given.get("stage") and given["stage"] not in stages:
        raise errors.BasePathStageInvalid()
    made = domains.new_mapping(ctx, base, given["restApiId"], given.get("stage"))
    return {**made, "apiMappingId": given.get("apiMappingId", made["apiMappingId"])}


def find_mapping(domain: Document, base: str) -> Document:
    """Return the mapping of a base path, or raise BasePathNotFound."""
    found: Document | None = domain["mappings"].get(base or domains.ROOT)
    if found is None:
        raise errors.BasePathNotFound()
    return found
