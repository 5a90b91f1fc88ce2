"""Custom domain names."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import domains as kept
from cloudarium.services.apigatewayv2 import domains, paging


async def create_domain_name(ctx: Context, request: Request) -> Response:
    """Create a domain name."""
    return await kept.at_home(ctx, lambda home: domains.answer(domains.create(home, request)))


async def get_domain_name(ctx: Context, request: Request) -> Response:
    """Return a domain name."""
    name = request["DomainName"]
    return await kept.at_home(ctx, lambda home: domains.answer(domains.find(home, name)))


async def get_domain_names(ctx: Context, request: Request) -> Response:
    """Return the account's domain names."""
    found = await kept.at_home(ctx, kept.load)
    return paging.page(request, found, domains.answer)


async def update_domain_name(ctx: Context, request: Request) -> Response:
    """Change a domain name's configuration, routing mode or mutual TLS."""

    def change(home: Context) -> Response:
        domain = domains.find(home, request["DomainName"])
        domains.change(home, domain, request)
        return domains.answer(domain)

    return await kept.at_home(ctx, change)


async def delete_domain_name(ctx: Context, request: Request) -> None:
    """Delete a domain name, its mappings and rules."""
    name = request["DomainName"]
    await kept.at_home(ctx, lambda home: kept.delete(home, domains.find(home, name)))
