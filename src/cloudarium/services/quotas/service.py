"""The manifest of Service Quotas."""

from __future__ import annotations

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="quotas",
    package=__package__,
    endpoints=(
        Endpoint(
            "service-quotas",
            signing_name="servicequotas",
            target_prefix="ServiceQuotasV20190624",
        ),
    ),
)
