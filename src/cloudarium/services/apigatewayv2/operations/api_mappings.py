"""API mappings: which stage of which API a domain name's paths mean."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import domains as kept
from cloudarium.services.apigatewayv2 import domains, errors, paging


async def create_api_mapping(ctx: Context, request: Request) -> Response:
    """Map a key of a domain name to a stage of an API of any kind."""

    def create(home: Context) -> Response:
        domain = domains.find(home, request["DomainName"])
        if domain["routingMode"] == kept.RULES_ONLY:
            raise errors.MappingsUnused()
        domains.check_stage(ctx, home, request["ApiId"], request["Stage"])
        return domains.answer_mapping(domains.put_mapping(home, domain, request))

    return await kept.at_home(ctx, create)


async def get_api_mapping(ctx: Context, request: Request) -> Response:
    """Return a mapping."""

    def find(home: Context) -> Response:
        domain = domains.find(home, request["DomainName"])
        return domains.answer_mapping(domains.find_mapping(domain, request["ApiMappingId"]))

    return await kept.at_home(ctx, find)


async def get_api_mappings(ctx: Context, request: Request) -> Response:
    """Return a domain name's mappings."""
    name = request["DomainName"]
    domain = await kept.at_home(ctx, lambda home: domains.find(home, name))
    found = sorted(domain["mappings"].values(), key=domains.mapping_id)
    return paging.page(request, found, domains.answer_mapping)


async def update_api_mapping(ctx: Context, request: Request) -> Response:
    """Change a mapping."""

    def change(home: Context) -> Response:
        domain = domains.find(home, request["DomainName"])
        before = domains.find_mapping(domain, request["ApiMappingId"])
        told = {name: one for name, one in request.items() if one is not None}
        wanted = {**domains.answer_mapping(before), **told}
        domains.check_stage(ctx, home, wanted["ApiId"], wanted["Stage"] or "")
        return domains.answer_mapping(domains.put_mapping(home, domain, wanted, before))

    return await kept.at_home(ctx, change)


async def delete_api_mapping(ctx: Context, request: Request) -> None:
    """Delete a mapping."""

    def delete(home: Context) -> None:
        domain = domains.find(home, request["DomainName"])
        found = domains.find_mapping(domain, request["ApiMappingId"])
        del domain["mappings"][found["basePath"]]
        kept.put(home, domain)

    await kept.at_home(ctx, delete)
