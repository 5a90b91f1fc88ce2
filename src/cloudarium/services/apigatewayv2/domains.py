"""Custom domain names and their API mappings, as this service's reference shows them.

Both of API Gateway's services keep them by `gateway.domains`, where documents are the REST
reference's. Sources: CreateDomainName; Developer Guide, "Use API mappings to connect API stages to
a custom domain name for HTTP APIs" and "Set the routing mode for your custom domain name".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cloudarium.core import arn
from cloudarium.core.context import Context
from cloudarium.gateway import domains
from cloudarium.services.apigatewayv2 import apis, errors, stages

Document = dict[str, Any]

_KEY = re.compile(r"([a-zA-Z0-9$\-_.+!*'()]+(/[a-zA-Z0-9$\-_.+!*'()]+)*)?")
_SELECTION = "$request.basepath"
# Members of DomainNameConfiguration, and what the REST reference's DomainName calls them.
_SAME = {
    "DomainNameStatus": "domainNameStatus",
    "OwnershipVerificationCertificateArn": "ownershipVerificationCertificateArn",
    "SecurityPolicy": "securityPolicy",
}
_REGIONAL = {
    "ApiGatewayDomainName": "regionalDomainName",
    "CertificateArn": "regionalCertificateArn",
    "CertificateName": "regionalCertificateName",
    "HostedZoneId": "regionalHostedZoneId",
}
_EDGE = {
    "ApiGatewayDomainName": "distributionDomainName",
    "CertificateArn": "certificateArn",
    "CertificateName": "certificateName",
    "CertificateUploadDate": "certificateUploadDate",
    "HostedZoneId": "distributionHostedZoneId",
}
_GIVEN = ("CertificateArn", "CertificateName", "OwnershipVerificationCertificateArn")
_MODES = {
    "API_MAPPING_ONLY": domains.MAPPINGS_ONLY,
    "ROUTING_RULE_ONLY": domains.RULES_ONLY,
    "ROUTING_RULE_THEN_API_MAPPING": "ROUTING_RULE_THEN_BASE_PATH_MAPPING",
}
_MODE_NAMES = {kept: name for name, kept in _MODES.items()}
_TRUST = {"TruststoreUri": "truststoreUri", "TruststoreVersion": "truststoreVersion"}


def create(ctx: Context, given: Mapping[str, Any]) -> Document:
    """Store a new domain name and return its document. In a transaction at home."""
    name = given["DomainName"].lower()
    if "_" in name:
        raise errors.DomainNameUnderscored()
    if not domains.NAME.fullmatch(name):
        raise errors.DomainNameInvalid()
    told = _configuration(given)
    kind = told.get("EndpointType") or "REGIONAL"
    if kind == "EDGE":
        raise errors.EdgeUnsupported()
    domains.check_free(ctx, name, [kind], errors.DomainNameExists())
    if not told.get("CertificateArn"):
        raise errors.CertificateNeeded()
    endpoint = {"types": [kind], "ipAddressType": told.get("IpAddressType")}
    domain = domains.new(ctx, name, {"endpointConfiguration": endpoint, "tags": given.get("Tags")})
    _tell(ctx, domain, given, told)
    domains.put(ctx, domain)
    return domain


def change(ctx: Context, domain: Document, given: Mapping[str, Any]) -> None:
    """Store a domain with what UpdateDomainName gives it. In a transaction at home."""
    _tell(ctx, domain, given, _configuration(given))
    domains.put(ctx, domain)


def _configuration(given: Mapping[str, Any]) -> Document:
    told = given.get("DomainNameConfigurations") or [{}]
    if len(told) > 1:
        raise errors.DomainConfigurationsMany()
    return {name: one for name, one in told[0].items() if one is not None}


def _tell(ctx: Context, domain: Document, given: Mapping[str, Any], told: Document) -> None:
    """Take over what is given into a domain's document."""
    names = _SAME | _own(domain)
    certificate = arn.parse(told.get("CertificateArn", ""))
    is_near = certificate is None or certificate.region == ctx.region
    if not is_near and _own(domain) is _REGIONAL:
        raise errors.CertificateElsewhere(arn=certificate, region=ctx.region)
    domain |= {names[name]: told[name] for name in (*_GIVEN, "SecurityPolicy") if name in told}
    if told.get("IpAddressType"):
        domain["endpointConfiguration"]["ipAddressType"] = told["IpAddressType"]
    if given.get("RoutingMode"):
        domain["routingMode"] = _MODES[given["RoutingMode"]]
    if given.get("MutualTlsAuthentication") is not None:
        _trust(domain, given["MutualTlsAuthentication"])


def _trust(domain: Document, given: Mapping[str, Any]) -> None:
    """Take over what is said of a truststore; an empty address takes it away.

    What is not said stays: Terraform's acceptance tests change the version alone.
    """
    trust = domain.pop("mutualTlsAuthentication", {})
    trust |= {name: given[one] for one, name in _TRUST.items() if one in given}
    if trust.get("truststoreUri"):
        domain["mutualTlsAuthentication"] = {name: one for name, one in trust.items() if one}


def _own(domain: Document) -> dict[str, str]:
    return _EDGE if domain["endpointConfiguration"]["types"] == ["EDGE"] else _REGIONAL


def find(ctx: Context, name: str) -> Document:
    """Return the domain, or raise DomainNameNotFound. In a transaction at home."""
    domain = domains.get(ctx, name)
    if domain is None:
        raise errors.DomainNameNotFound()
    return domain


def answer(domain: Document) -> Document:
    """Return the reference's DomainName."""
    names, endpoint = _SAME | _own(domain), domain["endpointConfiguration"]
    configuration = {one: domain[name] for one, name in names.items() if name in domain}
    configuration["EndpointType"] = endpoint["types"][0]
    configuration["IpAddressType"] = endpoint["ipAddressType"]
    shown: Document = {
        "ApiMappingSelectionExpression": _SELECTION,
        "DomainName": domain["domainName"],
        "DomainNameArn": domain["domainNameArn"],
        "DomainNameConfigurations": [configuration],
        "RoutingMode": _MODE_NAMES[domain["routingMode"]],
        "Tags": domain.get("tags") or {},
    }
    if trust := domain.get("mutualTlsAuthentication"):
        shown["MutualTlsAuthentication"] = {
            one: trust[name] for one, name in _TRUST.items() if name in trust
        }
    return shown


def answer_mapping(mapping: Document) -> Document:
    """Return the reference's ApiMapping."""
    base = mapping["basePath"]
    return {
        "ApiId": mapping["restApiId"],
        "ApiMappingId": mapping_id(mapping),
        "ApiMappingKey": "" if base == domains.ROOT else base,
        "Stage": mapping.get("stage"),
    }


def mapping_id(mapping: Document) -> str:
    """Return a mapping's id: its base path if it was made before mappings had ids."""
    return str(mapping.get("apiMappingId", mapping["basePath"]))


def put_mapping(
    ctx: Context, domain: Document, given: Mapping[str, Any], before: Document | None = None
) -> Document:
    """Store a mapping of what is given, in place of `before`, and return it.

    `ctx` is in a transaction of its own service or of none, the domain's.
    """
    key = given.get("ApiMappingKey") or ""
    if not _KEY.fullmatch(key):
        raise errors.MappingKeyOfDomainInvalid()
    base = key or domains.ROOT
    if base in domain["mappings"] and domain["mappings"][base] is not before:
        raise errors.MappingExists()
    made = domains.new_mapping(ctx, base, given["ApiId"], given["Stage"])
    if before is not None:
        made["apiMappingId"] = mapping_id(before)
        del domain["mappings"][before["basePath"]]
    domain["mappings"][base] = made
    domains.put(ctx, domain)
    return made


def find_mapping(domain: Document, wanted: str) -> Document:
    """Return a domain's mapping by its id, or raise MappingNotFound."""
    for one in domain["mappings"].values():
        if mapping_id(one) == wanted:
            found: Document = one
            return found
    raise errors.MappingNotFound()


def check_stage(ctx: Context, home: Context, api_id: str, stage: str) -> None:
    """Raise ApiNotFound or StageNotFound unless an API of any kind has the stage.

    `ctx` is in no transaction, `home`, where REST APIs are too, in one.
    """
    with ctx.transaction():
        if apis.lookup(ctx, api_id) is not None:
            stages.find(ctx, api_id, stage)
            return
    check_rest_stage(home, api_id, stage)


def check_rest_stage(home: Context, api_id: str, stage: str) -> None:
    """Raise ApiNotFound or StageNotFound unless a REST API has the stage."""
    if home.runtime.load("apis:get")(home, api_id) is None:
        raise errors.ApiNotFound(account=home.account, api_id=api_id)
    home.runtime.load("deployments:find_stage")(home, api_id, stage)


def mapped_to(ctx: Context, api_id: str, stage: str | None = None) -> list[str]:
    """Return the account's domains with a mapping to an API, or to one of its stages."""
    home = domains.home(ctx)
    with home.transaction():
        return domains.mapped_to(home, api_id, stage)
