"""Where a request goes: API, stage and the path below it."""

from __future__ import annotations

from typing import NamedTuple

from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import domain_routing, requests
from cloudarium.gateway.domains import DomainNames
from cloudarium.wire.http import HttpRequest


class Address(NamedTuple):
    """Where a request goes: API, stage, and the path below the stage, still encoded.

    `domain` is the custom domain name it came to, and `shown` the whole path below that; a mapping
    of `base_path` or the routing rule `rule_id` chose the API.
    """

    api_id: str
    stage: str
    path: str
    domain: str = ""
    shown: str = ""
    base_path: str = ""
    rule_id: str = ""


def claims(runtime: ServiceRuntime, request: HttpRequest) -> bool:
    """Tell whether a request is to a custom domain name."""
    place = requests.place(request)
    names = runtime.kernel.state(DomainNames)
    return place is not None and names.find(place[0]) is not None


def resolve(runtime: ServiceRuntime, request: HttpRequest) -> Address | None:
    """Return where a request goes; None if it names no API, or a domain that leads to none.

    `{api}.execute-api.<host>/{stage}/…`, `/_aws/execute-api/{api}/{stage}/…`, or a custom domain
    name's own host.
    """
    place = requests.place(request)
    if place is None:
        return None
    name, path = place
    stage, _, rest = path.lstrip("/").partition("/")
    if "." in name:
        whole = f"/{stage}/{rest}".removesuffix("/") or "/"
        return _of_domain(runtime, request, name, whole)
    return Address(name, stage, f"/{rest}")


def _of_domain(
    runtime: ServiceRuntime, request: HttpRequest, name: str, whole: str
) -> Address | None:
    domain = runtime.kernel.state(DomainNames).find(name)
    target = domain_routing.resolve(domain, whole, request.headers) if domain else None
    if target is None:
        return None
    base_path, rule_id = target.base_path, target.rule_id
    return Address(target.api_id, target.stage, target.path, name, whole, base_path, rule_id)
