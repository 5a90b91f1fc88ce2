"""CORS rules: which S3 takes (user guide, "Elements of a CORS configuration")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cloudarium.services.s3 import errors, limits

_METHODS = ("GET", "PUT", "HEAD", "POST", "DELETE")


def check(rules: Sequence[Mapping[str, Any]]) -> None:
    """Raise MalformedXML or InvalidRequest for rules S3 would not take."""
    if not 1 <= len(rules) <= limits.CORS_RULES:
        raise errors.MalformedXML()
    for rule in rules:
        for method in rule["AllowedMethods"]:
            if method not in _METHODS:
                raise errors.InvalidRequest(
                    message=f"Found unsupported HTTP method in CORS config. Unsupported method is "
                    f"{method}"
                )
        for origin in rule["AllowedOrigins"]:
            if origin.count("*") > 1:
                raise errors.InvalidRequest(
                    message=f'AllowedOrigin "{origin}" can not have more than one wildcard.'
                )
