"""Custom domain names: kept once for both of API Gateway's services.

A domain maps stages of all kinds of APIs, and either service makes and shows it. Its document is
the REST reference's DomainName with `mappings` by base path (`(none)` for the root; each a
BasePathMapping with its `apiMappingId`) and `rules`, the v2 reference's RoutingRules, by id. It
lies in the database of the service for REST APIs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.ids import LOWER_ALPHANUMERIC
from cloudarium.core.kernel import Kernel
from cloudarium.gateway import holdings, siblings

Document = dict[str, Any]
T = TypeVar("T")

ROOT = "(none)"
MAPPINGS_ONLY, RULES_ONLY = "BASE_PATH_MAPPING_ONLY", "ROUTING_RULE_ONLY"
NAME = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
# Hosted zones: AWS General Reference, "Amazon API Gateway endpoints" (us-east-1) and CloudFront's.
_REGIONAL_ZONE, _EDGE_ZONE = "Z1UJRXOUMOOFQ8", "Z2FDTNDATAQYW2"
_COPIED = (
    "certificateName",
    "certificateArn",
    "regionalCertificateName",
    "regionalCertificateArn",
    "ownershipVerificationCertificateArn",
    "endpointAccessMode",
    "mutualTlsAuthentication",
    "tags",
    "policy",
)
_MAPPING_ID_LENGTH = 6
_KEPT = 256


class DomainNames:
    """The domain names requests came to lately: read once, forgotten when one changes."""

    def __init__(self, kernel: Kernel) -> None:
        self._runtime = kernel.runtime(siblings.REST)
        self._names: frozenset[str] | None = None
        self._kept: dict[str, Document] = {}

    def find(self, name: str) -> Document | None:
        """Return the domain a host name means, by itself or by a wildcard, if there is one.

        Of several (of regions, or private ones of accounts) it is the first, public ones before.
        """
        if self._names is None:
            self._names = self._read_names()
        if name not in self._names:
            name = f"*.{name.partition('.')[2]}"
            if name not in self._names:
                return None
        found = self._kept.get(name)
        if found is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._kept[name] = self._read(name)
        return found

    def forget(self) -> None:
        """Read everything anew; call after the commit that changed it."""
        self._names = None
        self._kept.clear()

    def _read_names(self) -> frozenset[str]:
        if not self._runtime.database.exists():
            return frozenset()
        with self._runtime.store.transaction() as db:
            rows = db.execute("SELECT id FROM holdings WHERE kind = ?", (holdings.DOMAIN_NAME,))
            return frozenset(row["id"] for row in rows)

    def _read(self, name: str) -> Document:
        with self._runtime.store.transaction() as db:
            rows = db.execute(
                "SELECT document FROM holdings WHERE kind = ? AND id = ?",
                (holdings.DOMAIN_NAME, name),
            ).fetchall()
        found: list[Document] = [json.loads(row["document"]) for row in rows]
        return min(found, key=lambda one: "PRIVATE" in one["endpointConfiguration"]["types"])


def home(ctx: Context) -> Context:
    """Return the caller's context in the service that keeps domain names."""
    return siblings.at(ctx, siblings.REST)


async def at_home(ctx: Context, work: Callable[[Context], T]) -> T:
    """Return what `work` does with domain names in a transaction at home, once it is durable."""
    place = home(ctx)
    with place.transaction():
        answer = work(place)
    await place.runtime.store.durable()
    return answer


def check_free(ctx: Context, name: str, types: Sequence[str], taken: AwsError) -> None:
    """Raise `taken` if the caller cannot have a domain of this name. In a transaction at home.

    A public one is the only one of its name in its region, or anywhere if it is edge-optimized; a
    private one the only one of its account. Sources: Developer Guide, "Custom domain name for
    public REST APIs", considerations, and "Custom domain names for private APIs".
    """
    query = "SELECT account, region, document FROM holdings WHERE kind = ? AND id = ?"
    for row in ctx.db.execute(query, (holdings.DOMAIN_NAME, name)):
        both = {*types, *json.loads(row["document"])["endpointConfiguration"]["types"]}
        is_own = (row["account"], row["region"]) == (ctx.account, ctx.region)
        is_near = row["region"] == ctx.region or both == {"EDGE"}
        if is_own or (is_near and "PRIVATE" not in both):
            raise taken


def get(ctx: Context, name: str) -> Document | None:
    """Return the caller's domain, if it is there. In a transaction at home."""
    return holdings.get(ctx, holdings.DOMAIN_NAME, name.lower())


def load(ctx: Context) -> list[Document]:
    """Return the caller's domains by name. In a transaction at home."""
    return holdings.load(ctx, holdings.DOMAIN_NAME)


def put(ctx: Context, domain: Document) -> None:
    """Store a domain as it now is. In a transaction at home."""
    holdings.put(ctx, holdings.DOMAIN_NAME, domain["domainName"], domain)
    _served_anew(ctx)


def delete(ctx: Context, domain: Document) -> None:
    """Delete a domain with its mappings and rules. In a transaction at home."""
    holdings.delete(ctx, holdings.DOMAIN_NAME, domain["domainName"])
    _served_anew(ctx)


def _served_anew(ctx: Context) -> None:
    names = ctx.runtime.kernel.state(DomainNames)
    ctx.runtime.store.after_commit(names.forget)


def new(ctx: Context, name: str, given: Mapping[str, Any]) -> Document:
    """Return a new domain's document, for what the REST reference's CreateDomainName is given."""
    endpoint = given.get("endpointConfiguration") or {}
    types = endpoint.get("types") or ["EDGE"]
    kind = endpoint.get("ipAddressType") or ("dualstack" if types == ["PRIVATE"] else "ipv4")
    domain = {
        "domainName": name,
        "domainNameArn": f"arn:aws:apigateway:{ctx.region}::/domainnames/{name}",
        **{member: given[member] for member in _COPIED if given.get(member)},
        "endpointConfiguration": {"types": types, "ipAddressType": kind},
        "securityPolicy": given.get("securityPolicy") or "TLS_1_2",
        "domainNameStatus": "AVAILABLE",
        "routingMode": given.get("routingMode") or MAPPINGS_ONLY,
        "mappings": {},
        "rules": {},
    }
    locate(ctx, domain)
    return domain


def locate(ctx: Context, domain: Document) -> None:
    """Give a domain what its types of endpoint have: where it is to be found, or an id."""
    types, token = domain["endpointConfiguration"]["types"], ctx.ids.token(10, LOWER_ALPHANUMERIC)
    if "PRIVATE" in types and "domainNameId" not in domain:
        domain["domainNameId"] = token
        name = f"{domain['domainName']}+{token}"
        domain["domainNameArn"] = (
            f"arn:aws:apigateway:{ctx.region}:{ctx.account}:/domainnames/{name}"
        )
    places = {
        "EDGE": ("distribution", f"d{token}.cloudfront.net", _EDGE_ZONE),
        "REGIONAL": (
            "regional",
            f"d-{token}.execute-api.{ctx.region}.amazonaws.com",
            _REGIONAL_ZONE,
        ),
    }
    for kind, (prefix, name, zone) in places.items():
        if kind in types:
            domain.setdefault(f"{prefix}DomainName", name)
            domain.setdefault(f"{prefix}HostedZoneId", zone)
        else:
            domain.pop(f"{prefix}DomainName", None)
            domain.pop(f"{prefix}HostedZoneId", None)


def new_mapping(ctx: Context, base: str, api_id: str, stage: str | None) -> Document:
    """Return a mapping of a base path to an API; without a stage the path's next part names it."""
    made = {
        "apiMappingId": ctx.ids.token(_MAPPING_ID_LENGTH, LOWER_ALPHANUMERIC),
        "basePath": base,
        "restApiId": api_id,
    }
    return {**made, "stage": stage} if stage else made


def mapped_to(ctx: Context, api_id: str, stage: str | None = None) -> list[str]:
    """Return the caller's domains with a mapping to an API, or to one of its stages, by name.

    In a transaction at home.
    """
    return [
        domain["domainName"]
        for domain in load(ctx)
        if any(
            one["restApiId"] == api_id and stage in (None, one.get("stage"))
            for one in domain["mappings"].values()
        )
    ]
