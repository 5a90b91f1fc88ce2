"""Custom domain names and their API mappings.

A domain's document carries its mappings by id. Sources: CreateDomainName; Developer Guide, "Use API
mappings to connect API stages to a custom domain name for HTTP APIs".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.gateway import holdings
from cloudarium.services.apigatewayv2 import apis, errors, stages
from cloudarium.services.apigatewayv2.serving.served import Served

Document = dict[str, Any]

_NAME = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_KEY = re.compile(r"([a-zA-Z0-9$\-_.+!*'()]+(/[a-zA-Z0-9$\-_.+!*'()]+)*)?")
# General Reference, "Amazon API Gateway endpoints", the hosted zone of us-east-1.
_ZONE = "Z1UJRXOUMOOFQ8"
_SELECTION = "$request.basepath"


def create(ctx: Context, given: Mapping[str, Any]) -> Document:
    """Store a new domain name and return the reference's DomainName."""
    name = given["DomainName"].lower()
    if not _NAME.fullmatch(name):
        raise errors.DomainNameInvalid()
    taken = ctx.db.execute(
        "SELECT 1 FROM holdings WHERE kind = ? AND id = ?", (holdings.DOMAIN_NAME, name)
    ).fetchone()
    if taken is not None:
        raise errors.DomainNameExists()
    _check(given)
    domain: Document = {
        "ApiMappingSelectionExpression": _SELECTION,
        "DomainName": name,
        "DomainNameArn": f"arn:aws:apigateway:{ctx.region}::/domainnames/{name}",
        "DomainNameConfigurations": _configurations(ctx, given, {}),
        "RoutingMode": "API_MAPPING_ONLY",
        "Tags": given.get("Tags") or {},
        "mappings": {},
    }
    put(ctx, domain)
    return domain


def changed(ctx: Context, domain: Document, given: Mapping[str, Any]) -> Document:
    """Return a domain with what UpdateDomainName gives it, stored."""
    _check(given)
    if given.get("DomainNameConfigurations"):
        known = domain["DomainNameConfigurations"][0]
        domain["DomainNameConfigurations"] = _configurations(ctx, given, known)
    put(ctx, domain)
    return domain


def _check(given: Mapping[str, Any]) -> None:
    if given.get("MutualTlsAuthentication"):
        raise errors.MutualTlsUnsupported()
    if given.get("RoutingMode", "API_MAPPING_ONLY") != "API_MAPPING_ONLY":
        raise errors.RoutingModeUnsupported()


def _configurations(ctx: Context, given: Mapping[str, Any], known: Document) -> list[Document]:
    told = given.get("DomainNameConfigurations") or []
    if len(told) > 1:
        raise errors.DomainConfigurationsMany()
    if not told or not (told[0].get("CertificateArn") or known.get("CertificateArn")):
        raise errors.CertificateNeeded()
    token = apis.new_id(ctx, 10)
    return [
        {
            "ApiGatewayDomainName": f"d-{token}.execute-api.{ctx.region}.amazonaws.com",
            "DomainNameStatus": "AVAILABLE",
            "EndpointType": "REGIONAL",
            "HostedZoneId": _ZONE,
            "IpAddressType": "ipv4",
            "SecurityPolicy": "TLS_1_2",
            **known,
            **{name: one for name, one in told[0].items() if one is not None},
        }
    ]


def find(ctx: Context, name: str) -> Document:
    """Return the domain, or raise DomainNameNotFound."""
    domain = holdings.get(ctx, holdings.DOMAIN_NAME, name.lower())
    if domain is None:
        raise errors.DomainNameNotFound()
    return domain


def put(ctx: Context, domain: Document) -> None:
    """Store a domain as it now is."""
    holdings.put(ctx, holdings.DOMAIN_NAME, domain["DomainName"], domain)
    _served_anew(ctx, domain)


def delete(ctx: Context, domain: Document) -> None:
    """Delete a domain and its mappings."""
    holdings.delete(ctx, holdings.DOMAIN_NAME, domain["DomainName"])
    _served_anew(ctx, domain)


def _served_anew(ctx: Context, domain: Document) -> None:
    served = ctx.state(Served)
    ctx.runtime.store.after_commit(lambda: served.forget(domain["DomainName"]))


def answer(domain: Document) -> Document:
    """Return the reference's DomainName."""
    return {name: one for name, one in domain.items() if name != "mappings"}


def mapping(ctx: Context, domain: Document, given: Mapping[str, Any], own: str = "") -> Document:
    """Return the reference's ApiMapping, without its id, for what is given, checked.

    `own` is the id of the mapping it replaces, if it does.
    """
    key = given.get("ApiMappingKey") or ""
    if not _KEY.fullmatch(key):
        raise errors.MappingKeyOfDomainInvalid()
    stages.find(ctx, given["ApiId"], given["Stage"])
    for other_id, other in domain["mappings"].items():
        if other["ApiMappingKey"] == key and other_id != own:
            raise errors.MappingExists()
    return {"ApiId": given["ApiId"], "ApiMappingKey": key, "Stage": given["Stage"]}


def find_mapping(domain: Document, mapping_id: str) -> Document:
    """Return a domain's mapping, or raise MappingNotFound."""
    found: Document | None = domain["mappings"].get(mapping_id)
    if found is None:
        raise errors.MappingNotFound()
    return found


def mapped(ctx: Context, api_id: str, stage: str) -> bool:
    """Tell whether one of the account's domains has a mapping to the stage."""
    return any(
        one["ApiId"] == api_id and one["Stage"] == stage
        for domain in holdings.load(ctx, holdings.DOMAIN_NAME)
        for one in domain["mappings"].values()
    )
