"""CORS rules: which S3 takes (user guide, "Elements of a CORS configuration"), what they allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cloudarium.services.s3 import errors, limits

METHODS = ("GET", "PUT", "HEAD", "POST", "DELETE")


def check(rules: Sequence[Mapping[str, Any]]) -> None:
    """Raise MalformedXML or InvalidRequest for rules S3 would not take."""
    if not 1 <= len(rules) <= limits.CORS_RULES:
        raise errors.MalformedXML()
    for rule in rules:
        for method in rule["AllowedMethods"]:
            if method not in METHODS:
                raise errors.InvalidRequest(
                    message=f"Found unsupported HTTP method in CORS config. Unsupported method is "
                    f"{method}"
                )
        for origin in rule["AllowedOrigins"]:
            if origin.count("*") > 1:
                raise errors.InvalidRequest(
                    message=f'AllowedOrigin "{origin}" can not have more than one wildcard.'
                )


def names(header: str) -> list[str]:
    """Return the names in an `Access-Control-Request-Headers`, in lower case."""
    return [name.strip().lower() for name in header.split(",") if name.strip()]


def rule_of(
    rules: Sequence[Mapping[str, Any]], origin: str, method: str, headers: Sequence[str]
) -> Mapping[str, Any] | None:
    """Return the first rule that lets pages of `origin` use `method` with these `headers`."""
    for rule in rules:
        allowed = [name.lower() for name in rule.get("AllowedHeaders") or ()]
        if (
            _fits_any(rule["AllowedOrigins"], origin)
            and method in rule["AllowedMethods"]
            and all(_fits_any(allowed, name) for name in headers)
        ):
            return rule
    return None


def _fits_any(patterns: Iterable[str], text: str) -> bool:
    return any(_fits(pattern, text) for pattern in patterns)


def _fits(pattern: str, text: str) -> bool:
    before, star, after = pattern.partition("*")
    if not star:
        return text == pattern
    enough = len(text) >= len(before) + len(after)
    return enough and text.startswith(before) and text.endswith(after)


def headers(rule: Mapping[str, Any], origin: str, wanted: Sequence[str]) -> list[tuple[str, str]]:
    """Return what a rule has an answer say to pages of `origin` that want to send `wanted`."""
    everybody = "*" in rule["AllowedOrigins"]
    found = [
        ("access-control-allow-origin", "*" if everybody else origin),
        ("access-control-allow-methods", ", ".join(rule["AllowedMethods"])),
    ]
    if wanted:
        found.append(("access-control-allow-headers", ", ".join(wanted)))
    if exposed := rule.get("ExposeHeaders"):
        found.append(("access-control-expose-headers", ", ".join(exposed)))
    if rule.get("MaxAgeSeconds") is not None:
        found.append(("access-control-max-age", str(rule["MaxAgeSeconds"])))
    if not everybody:
        found.append(("access-control-allow-credentials", "true"))
    vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
    return [*found, ("vary", vary)]
