"""Custom domain names, and which API answers below which of their paths."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import domains as kept
from cloudarium.services.apigateway import domains, errors, paging, security_policies
from cloudarium.services.apigateway.patches import Patches, text

_MAPPING = Patches(
    {
        "/basePath": text("basePath"),
        "/restapiId": text("restApiId"),
        "/restApiId": text("restApiId"),
        "/stage": text("stage", ("replace", "remove")),
    }
)


def create_domain_name(ctx: Context, request: Request) -> Response:
    """Create a custom domain name."""
    return domains.answer(domains.create(ctx, request))


def get_domain_name(ctx: Context, request: Request) -> Response:
    """Return a custom domain name."""
    return domains.answer(domains.find(ctx, request["domainName"]))


def get_domain_names(ctx: Context, request: Request) -> Response:
    """Return a page of custom domain names."""
    found = kept.load(ctx)
    return paging.page(request, found, lambda one: str(one["domainName"]), domains.answer)


def update_domain_name(ctx: Context, request: Request) -> Response:
    """Patch a custom domain name."""
    domain = domains.find(ctx, request["domainName"])
    patched = domains.PATCHES.apply(domain, request.get("patchOperations"))
    security_policies.check(patched)
    domains.note_upload(ctx, patched, domain)
    kept.locate(ctx, patched)
    kept.put(ctx, patched)
    return domains.answer(patched)


def delete_domain_name(ctx: Context, request: Request) -> None:
    """Delete a custom domain name with its mappings."""
    domain = domains.find(ctx, request["domainName"])
    kept.delete(ctx, domain)


def create_base_path_mapping(ctx: Context, request: Request) -> Response:
    """Let an API answer below a path of a domain."""
    domain = domains.find(ctx, request["domainName"])
    base = request.get("basePath") or kept.ROOT
    if domain["routingMode"] == kept.RULES_ONLY:
        raise errors.MappingsUnused()
    if base in domain["mappings"]:
        raise errors.BasePathsEmpty() if base == kept.ROOT else errors.BasePathExists()
    made = domains.mapping(ctx, base, request)
    domain["mappings"][base] = made
    kept.put(ctx, domain)
    return domains.answer_mapping(made)


def get_base_path_mapping(ctx: Context, request: Request) -> Response:
    """Return one mapping."""
    domain = domains.find(ctx, request["domainName"])
    return domains.answer_mapping(domains.find_mapping(domain, request["basePath"]))


def get_base_path_mappings(ctx: Context, request: Request) -> Response:
    """Return a page of a domain's mappings."""
    domain = domains.find(ctx, request["domainName"])
    found = [one for _, one in sorted(domain["mappings"].items())]
    return paging.page(request, found, lambda one: str(one["basePath"]), domains.answer_mapping)


def update_base_path_mapping(ctx: Context, request: Request) -> Response:
    """Patch a mapping."""
    domain = domains.find(ctx, request["domainName"])
    before = domains.find_mapping(domain, request["basePath"])
    patched = _MAPPING.apply(before, request.get("patchOperations"))
    base = patched.get("basePath") or kept.ROOT
    if base != before["basePath"] and base in domain["mappings"]:
        raise errors.BasePathExists()
    made = domains.mapping(ctx, base, patched)
    del domain["mappings"][before["basePath"]]
    domain["mappings"][base] = made
    kept.put(ctx, domain)
    return domains.answer_mapping(made)


def delete_base_path_mapping(ctx: Context, request: Request) -> None:
    """Delete a mapping."""
    domain = domains.find(ctx, request["domainName"])
    found = domains.find_mapping(domain, request["basePath"])
    del domain["mappings"][found["basePath"]]
    kept.put(ctx, domain)
