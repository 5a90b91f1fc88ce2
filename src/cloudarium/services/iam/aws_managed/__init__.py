"""The AWS managed policies templates commonly name.

Their documents are in `policies.json`, by name; source: "AWS Managed Policy Reference Guide".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True)
class AwsPolicy:
    """An AWS managed policy. `created_at` is epoch seconds, `document` JSON text."""

    name: str
    path: str
    description: str
    created_at: float
    document: str

    @property
    def arn(self) -> str:
        """The policy's ARN, path included."""
        return f"arn:aws:iam::aws:policy{self.path}{self.name}"

    @property
    def id(self) -> str:
        """The policy's unique id."""
        return "ANPA" + sha256(self.name.encode()).hexdigest()[:17].upper()


def _read() -> Mapping[str, AwsPolicy]:
    source = json.loads(files(__name__).joinpath("policies.json").read_text())
    policies = [
        AwsPolicy(
            name=name,
            path=entry["Path"],
            description=entry["Description"],
            created_at=datetime.fromisoformat(entry["CreateDate"]).timestamp(),
            document=json.dumps(
                {"Version": "2012-10-17", "Statement": entry["Statement"]}, indent=4
            ),
        )
        for name, entry in source.items()
    ]
    return MappingProxyType({policy.arn: policy for policy in policies})


_POLICIES = _read()


def find(arn: str) -> AwsPolicy | None:
    """Return the policy `arn`, or None if Cloudarium does not hold it."""
    return _POLICIES.get(arn)


def everything() -> list[AwsPolicy]:
    """Return all AWS managed policies Cloudarium holds."""
    return list(_POLICIES.values())


def document(arn: str) -> str:
    """Return the document of the policy `arn`. Raises KeyError."""
    return _POLICIES[arn].document
