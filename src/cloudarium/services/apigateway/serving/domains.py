"""Requests to custom domain names: which API, stage and path they mean."""

from __future__ import annotations

from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import domain_routing, requests
from cloudarium.gateway.domains import DomainNames
from cloudarium.services.apigateway.serving.exchange import Address
from cloudarium.wire.http import HttpRequest


def claims(runtime: ServiceRuntime, request: HttpRequest) -> bool:
    """Tell whether a request is to a custom domain name."""
    place = requests.place(request)
    names = runtime.kernel.state(DomainNames)
    return place is not None and names.find(place[0]) is not None


def resolved(runtime: ServiceRuntime, request: HttpRequest, where: Address) -> Address | None:
    """Return the address a domain's mapping or rule leads to; one of an API stays as it is."""
    if "." not in where.api_id:
        return where
    domain = runtime.kernel.state(DomainNames).find(where.api_id)
    if domain is None:
        return None
    whole = f"/{where.stage}{where.path}".removesuffix("/") or "/"
    target = domain_routing.resolve(domain, whole, request.headers)
    if target is None:
        return None
    return Address(
        target.api_id,
        target.stage,
        target.path,
        where.api_id,
        whole,
        target.base_path,
        target.rule_id,
    )
