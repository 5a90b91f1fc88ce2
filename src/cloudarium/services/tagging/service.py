"""The manifest of the Resource Groups Tagging API."""

from __future__ import annotations

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="tagging",
    package=__package__,
    endpoints=(
        Endpoint(
            "resourcegroupstaggingapi",
            signing_name="tagging",
            target_prefix="ResourceGroupsTaggingAPI_20170126",
        ),
    ),
)
