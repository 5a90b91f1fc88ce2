"""What has tags, by its ARN: reading them, and storing others."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import unquote

from cloudarium.core.context import Context, Response
from cloudarium.core.errors import AwsError
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
class Tagged:
    """A resource's tags, and how to store others."""

    tags: Tags
    store: Callable[[Tags], object]


def find(ctx: Context, arn: str) -> Tagged:
    """Return what has this ARN, perhaps escaped. Raises ArnInvalid, or that it is not there."""
    arn = unquote(arn)
    association = holdings.get(ctx, holdings.ACCESS_ASSOCIATION, arn)
    if association is not None:
        return _of_holding(ctx, holdings.ACCESS_ASSOCIATION, association)
    match = _ARN.fullmatch(arn)
    if match is None:
        raise errors.ArnInvalid()
    kind, name = match["kind"], match["id"]
    if kind == "restapis":
        api = apis.find(ctx, name)
        if match["stage"]:
            return _of_stage(ctx, deployments.find_stage(ctx, api.id, match["stage"]))
        store = lambda tags: apis.update(ctx, api, {**api.settings, "tags": tags})  # noqa: E731
        return Tagged(api.settings.get("tags") or {}, store)
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


def inherited(ctx: Context, arn: str) -> Tags:
    """Return the tags that count for an ARN, its own or those of what it is part of.

    All of an API has the API's tags, and what is a stage's has the stage's besides. Source:
    Developer Guide, "API Gateway resources that can be tagged", tag inheritance.
    """
    start, _, path = unquote(arn).partition(":/")
    parts = path.split("/")
    found: Tags = {}
    ends = (4, 2) if parts[2:3] == ["stages"] else (2,)
    for end in ends if parts[0] != "domainnameaccessassociations" else (len(parts),):
        try:
            one = find(ctx, f"{start}:/{'/'.join(parts[:end])}")
        except AwsError:
            continue
        found = {**one.tags, **found}
    return found


def _of_stage(ctx: Context, stage: deployments.Stage) -> Tagged:
    def store(tags: Tags) -> None:
        deployments.put_stage(ctx, replace(stage, document={**stage.document, "tags": tags}))

    return Tagged(stage.document.get("tags") or {}, store)


def _of_holding(ctx: Context, kind: str, document: Response) -> Tagged:
    def store(tags: Tags) -> None:
        kept = {**document, "tags": tags}
        if not tags:
            del kept["tags"]
        name = next(document[member] for member in _KEYS if document.get(member))
        holdings.put(ctx, kind, name, kept, document.get("value"))

    return Tagged(document.get("tags") or {}, store)
