"""Routing rules: which stage of a REST API a domain name's requests mean, by headers and path."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import domains as kept
from cloudarium.services.apigatewayv2 import domains, paging, routing_rules


async def create_routing_rule(ctx: Context, request: Request) -> Response:
    """Add a rule to a domain name."""

    def create(home: Context) -> Response:
        domain = domains.find(home, request["DomainName"])
        return routing_rules.put(home, domain, request)

    return await kept.at_home(ctx, create)


async def get_routing_rule(ctx: Context, request: Request) -> Response:
    """Return a rule."""

    def find(home: Context) -> Response:
        domain = domains.find(home, request["DomainName"])
        return routing_rules.find(domain, request["RoutingRuleId"])

    return await kept.at_home(ctx, find)


async def list_routing_rules(ctx: Context, request: Request) -> Response:
    """Return a domain name's rules by priority."""
    name = request["DomainName"]
    domain = await kept.at_home(ctx, lambda home: domains.find(home, name))
    found = sorted(domain.get("rules", {}).values(), key=lambda one: int(one["Priority"]))
    page = paging.page(request, found, lambda one: one)
    page["RoutingRules"] = page.pop("Items")
    return page


async def put_routing_rule(ctx: Context, request: Request) -> Response:
    """Replace a rule; its id stays."""

    def put(home: Context) -> Response:
        domain = domains.find(home, request["DomainName"])
        rule_id = routing_rules.find(domain, request["RoutingRuleId"])["RoutingRuleId"]
        return routing_rules.put(home, domain, request, rule_id)

    return await kept.at_home(ctx, put)


async def delete_routing_rule(ctx: Context, request: Request) -> None:
    """Delete a rule."""

    def delete(home: Context) -> None:
        domain = domains.find(home, request["DomainName"])
        del domain["rules"][routing_rules.find(domain, request["RoutingRuleId"])["RoutingRuleId"]]
        kept.put(home, domain)

    await kept.at_home(ctx, delete)
