"""What has tags, by its ARN: reading them, and storing others."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.gateway import domains as kept
from cloudarium.gateway import holdings
from cloudarium.services.apigatewayv2 import apis, domains, errors, stages

Tags = dict[str, str]

_ARN = re.compile(
    r"arn:aws[\w-]*:apigateway:[\w-]+:(\d{12})?:/(?P<kind>apis|domainnames|vpclinks)/"
    r"(?P<id>[^/+]+)(\+[^/]+)?(/stages/(?P<stage>[^/]+))?"
)
_PART = re.compile(r"(?P<whole>arn:aws[\w-]*:apigateway:[^/]*/\w+/[^/]+)(?P<stage>/stages/[^/]+)?")


@dataclass(frozen=True)
class Tagged:
    """A resource's tags, and how to store others."""

    tags: Tags
    store: Callable[[Tags], object]


def matched(arn: str) -> re.Match[str]:
    """Return the `kind`, `id` and `stage` of an ARN, perhaps escaped. Raises ArnInvalid."""
    match = _ARN.fullmatch(unquote(arn))
    if match is None:
        raise errors.ArnInvalid()
    return match


def of_domain(home: Context, name: str) -> Tagged:
    """Return the domain name. In a transaction at home; raises DomainNameNotFound."""
    domain = domains.find(home, name)
    return Tagged(domain.get("tags") or {}, lambda tags: kept.put(home, {**domain, "tags": tags}))


def find(ctx: Context, match: re.Match[str]) -> Tagged:
    """Return what else an ARN is of. Raises that it is not there."""
    name = match["id"]
    if match["stage"]:
        stage = stages.find(ctx, name, match["stage"])
        return Tagged(
            stage.document["Tags"],
            lambda tags: stages.put(ctx, stages.with_members(stage, {"Tags": tags})),
        )
    if match["kind"] == "apis":
        api = apis.find(ctx, name)
        return Tagged(
            api.document["Tags"], lambda tags: apis.update(ctx, api, {**api.document, "Tags": tags})
        )
    link = holdings.get(ctx, holdings.VPC_LINK, name)
    if link is None:
        raise errors.VpcLinkNotFound(link_id=name)
    return Tagged(
        link["Tags"],
        lambda tags: holdings.put(ctx, holdings.VPC_LINK, name, {**link, "Tags": tags}),
    )


def inherited(ctx: Context, arn: str) -> Tags:
    """Return the tags that count for an ARN, its own or those of what it is part of.

    All of an API has the API's tags, and what is a stage's has the stage's besides. Source:
    Developer Guide, "API Gateway resources that can be tagged", tag inheritance.
    """
    part = _PART.match(unquote(arn))
    found: Tags = {}
    if part is None:
        return found
    for one in (part["whole"], part[0]):
        try:
            found |= _tags(ctx, matched(one))
        except AwsError:
            continue
    return found


def _tags(ctx: Context, match: re.Match[str]) -> Tags:
    if match["kind"] != "domainnames":
        return find(ctx, match).tags
    home = kept.home(ctx)
    with home.transaction():
        return of_domain(home, match["id"]).tags
