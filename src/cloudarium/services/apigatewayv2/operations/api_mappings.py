"""API mappings: which stage of which API a domain name's paths mean."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigatewayv2 import apis, domains, paging


def create_api_mapping(ctx: Context, request: Request) -> Response:
    """Map a key of a domain name to a stage."""
    domain = domains.find(ctx, request["DomainName"])
    mapping_id = apis.new_id(ctx)
    domain["mappings"][mapping_id] = made = domains.mapping(ctx, domain, request)
    domains.put(ctx, domain)
    return {"ApiMappingId": mapping_id, **made}


def get_api_mapping(ctx: Context, request: Request) -> Response:
    """Return a mapping."""
    mapping_id = request["ApiMappingId"]
    domain = domains.find(ctx, request["DomainName"])
    return {"ApiMappingId": mapping_id, **domains.find_mapping(domain, mapping_id)}


def get_api_mappings(ctx: Context, request: Request) -> Response:
    """Return a domain name's mappings."""
    domain = domains.find(ctx, request["DomainName"])
    return paging.page(
        request,
        sorted(domain["mappings"].items()),
        lambda one: {"ApiMappingId": one[0], **one[1]},
    )


def update_api_mapping(ctx: Context, request: Request) -> Response:
    """Change a mapping."""
    mapping_id = request["ApiMappingId"]
    domain = domains.find(ctx, request["DomainName"])
    before = domains.find_mapping(domain, mapping_id)
    told = {name: one for name, one in request.items() if one is not None}
    made = domains.mapping(ctx, domain, {**before, **told}, mapping_id)
    domain["mappings"][mapping_id] = made
    domains.put(ctx, domain)
    return {"ApiMappingId": mapping_id, **made}


def delete_api_mapping(ctx: Context, request: Request) -> None:
    """Delete a mapping."""
    domain = domains.find(ctx, request["DomainName"])
    domains.find_mapping(domain, request["ApiMappingId"])
    del domain["mappings"][request["ApiMappingId"]]
    domains.put(ctx, domain)
