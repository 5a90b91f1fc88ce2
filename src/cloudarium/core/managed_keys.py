"""AWS managed keys of KMS: one per account, region and service (KMS developer guide, "KMS keys").

There is no KMS here; services tell which key they would use, and that by its key's ARN, as AWS does
also where it was asked for by its alias.
"""

from __future__ import annotations

import hashlib


def alias(service: str) -> str:
    """Return the alias of a service's managed key."""
    return f"alias/aws/{service}"


def arn(account: str, region: str, service: str) -> str:
    """Return the ARN of a service's managed key: always the same in an account and region."""
    digest = hashlib.sha256(f"{account}/{region}/{alias(service)}".encode()).hexdigest()
    parts = (digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32])
    return f"arn:aws:kms:{region}:{account}:key/{'-'.join(parts)}"
