"""Security policies of APIs and domain names: kept and read back, as there is no TLS here.

Source: Developer Guide, "Supported security policies" and "Security policies for REST APIs in API
Gateway".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.services.apigateway import errors

_LEGACY = ("TLS_1_0", "TLS_1_2")
_EDGE = tuple(
    f"SecurityPolicy_{name}"
    for name in ("TLS13_2025_EDGE", "TLS12_PFS_2025_EDGE", "TLS12_2018_EDGE")
)
_OTHERS = tuple(
    f"SecurityPolicy_TLS13_{name}"
    for name in (
        "1_3_2025_09",
        "1_3_FIPS_2025_09",
        "1_2_PFS_PQ_2025_09",
        "1_2_FIPS_PQ_2025_09",
        "1_2_FIPS_PFS_PQ_2025_09",
        "1_2_Ext2_PQ_2025_09",
        "1_2_Ext2_FIPS_PQ_2025_09",
        "1_2_PQ_2025_09",
        "1_2_2021_06",
    )
)


def usual(endpoint: str) -> str:
    """Return the policy of an API of this type of endpoint for which none was chosen."""
    return "TLS_1_2" if endpoint == "PRIVATE" else "TLS_1_0"


def check(document: Mapping[str, Any]) -> None:
    """Raise unless an API's or a domain's policy is one of its type of endpoint, with its mode."""
    policy = document.get("securityPolicy") or _LEGACY[0]
    if policy in _LEGACY:
        return
    endpoint = document["endpointConfiguration"]["types"][0]
    if policy not in (_EDGE if endpoint == "EDGE" else _OTHERS):
        raise errors.SecurityPolicyInvalid(policy=policy, endpoint=endpoint)
    if not document.get("endpointAccessMode"):
        raise errors.EndpointAccessModeMissing()
