"""Tags of APIs, stages, and what else an account has."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import unquote

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import (
    apis,
    certificates,
    deployments,
    domains,
    errors,
    holdings,
    keys,
    plans,
)

Tags = dict[str, str]

_ARN = re.compile(
    r"arn:aws[\w-]*:apigateway:[\w-]+:(\d{12})?:/"
    r"(?P<kind>[a-z]+)/(?P<id>[^/+]+)(\+[^/]+)?(/stages/(?P<stage>[^/]+))?"
)

# The members that tell holdings of a kind apart; a document has one of them.
_KEYS = ("id", "clientCertificateId", "domainNameAccessAssociationArn", "domainName")


@dataclass(frozen=True)
class _Tagged:
    """A resource's tags, and how to store others."""

    tags: Tags
    store: Callable[[Tags], object]


def tag_resource(ctx: Context, request: Request) -> None:
    """Add tags."""
    found = _find(ctx, request)
    found.store({**found.tags, **request["tags"]})


def untag_resource(ctx: Context, request: Request) -> None:
    """Take tags away."""
    found, gone = _find(ctx, request), set(request["tagKeys"])
    found.store({key: one for key, one in found.tags.items() if key not in gone})


def get_tags(ctx: Context, request: Request) -> Response:
    """Return a resource's tags."""
    return {"tags": _find(ctx, request).tags}


def _find(ctx: Context, request: Request) -> _Tagged:
    name = unquote(request["resourceArn"])
    association = holdings.get(ctx, holdings.ACCESS_ASSOCIATION, name)
    if association is not None:
        return _of_holding(ctx, holdings.ACCESS_ASSOCIATION, association)
    match = _ARN.fullmatch(name)
    if match is None:
        raise errors.ArnInvalid()
    kind, name = match["kind"], match["id"]
    if kind == "restapis":
        api = apis.find(ctx, name)
        if match["stage"]:
            return _of_stage(ctx, deployments.find_stage(ctx, api.id, match["stage"]))
        store = lambda tags: apis.update(ctx, api, {**api.settings, "tags": tags})  # noqa: E731
        return _Tagged(api.settings.get("tags") or {}, store)
    if kind == "apikeys":
        return _of_holding(ctx, holdings.API_KEY, keys.find(ctx, name))
    if kind == "usageplans":
        return _of_holding(ctx, holdings.USAGE_PLAN, plans.find(ctx, name))
    link = holdings.get(ctx, holdings.VPC_LINK, name) if kind == "vpclinks" else None
    if link is not None:
        return _of_holding(ctx, holdings.VPC_LINK, link)
    if kind == "clientcertificates":
        return _of_holding(ctx, holdings.CLIENT_CERTIFICATE, certificates.find(ctx, name))
    if kind == "domainnames":
        return _of_holding(ctx, holdings.DOMAIN_NAME, domains.find(ctx, name))
    raise errors.ArnInvalid()


def _of_stage(ctx: Context, stage: deployments.Stage) -> _Tagged:
    def store(tags: Tags) -> None:
        deployments.put_stage(ctx, replace(stage, document={**stage.document, "tags": tags}))

    return _Tagged(stage.document.get("tags") or {}, store)


def _of_holding(ctx: Context, kind: str, document: Response) -> _Tagged:
    def store(tags: Tags) -> None:
        kept = {**document, "tags": tags}
        if not tags:
            del kept["tags"]
        name = next(document[member] for member in _KEYS if document.get(member))
        holdings.put(ctx, kind, name, kept, document.get("value"))

    return _Tagged(document.get("tags") or {}, store)
