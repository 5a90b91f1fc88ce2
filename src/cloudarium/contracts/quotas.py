"""What Service Quotas tells the services whose quotas it knows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class QuotaChanged:
    """A quota of the emitting context's account and region has a new value."""

    service_code: str
    quota_code: str
    value: float
