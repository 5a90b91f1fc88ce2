"""Custom domain names."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import holdings
from cloudarium.services.apigatewayv2 import domains, paging


def create_domain_name(ctx: Context, request: Request) -> Response:
    """Create a domain name."""
    return domains.answer(domains.create(ctx, request))


def get_domain_name(ctx: Context, request: Request) -> Response:
    """Return a domain name."""
    return domains.answer(domains.find(ctx, request["DomainName"]))


def get_domain_names(ctx: Context, request: Request) -> Response:
    """Return the account's domain names."""
    return paging.page(request, holdings.load(ctx, holdings.DOMAIN_NAME), domains.answer)


def update_domain_name(ctx: Context, request: Request) -> Response:
    """Change a domain name's configuration."""
    domain = domains.find(ctx, request["DomainName"])
    return domains.answer(domains.changed(ctx, domain, request))


def delete_domain_name(ctx: Context, request: Request) -> None:
    """Delete a domain name and its mappings."""
    domains.delete(ctx, domains.find(ctx, request["DomainName"]))
