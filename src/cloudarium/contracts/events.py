"""What AWS services publish on the default event bus."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class AwsEvent:
    """An event a service puts on its account's default bus.

    `source` is like `aws.codecommit`, `detail_type` is the event's `detail-type`, `detail` its JSON
    object and `resources` the ARNs it is about. The account and region are those of the emitter.
    """

    source: str
    detail_type: str
    detail: dict[str, Any]
    resources: list[str] = field(default_factory=list)
