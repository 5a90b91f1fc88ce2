"""A bucket's website: what its configuration may be, and where that leads a visitor.

User guide, "Hosting a static website using Amazon S3"; the words of the refusals are those that
LocalStack's snapshots and Ceph's gateway have of AWS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.services.s3 import errors, limits

KIND = "website"
_PROTOCOLS = ("http", "https")


def check(given: Mapping[str, Any]) -> None:
    """Raise InvalidArgument, InvalidRequest or MalformedXML unless a bucket may have this."""
    if redirect := given.get("RedirectAllRequestsTo"):
        if len(given) > 1:
            raise _argument(
                "RedirectAllRequestsTo",
                "not null",
                "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.",
            )
        if not redirect.get("HostName"):
            raise errors.MalformedXML()
        _check_protocol(redirect)
        return
    _check_documents(given)
    rules = given.get("RoutingRules")
    if rules is not None and not rules:
        raise errors.MalformedXML()
    if len(rules or ()) > limits.ROUTING_RULES:
        raise errors.InvalidRequest(
            message=f"{len(rules or ())} routing rules provided, the number of routing rules in a "
            f"website configuration is limited to {limits.ROUTING_RULES}."
        )
    for rule in rules or ():
        _check_rule(rule)


def _check_documents(given: Mapping[str, Any]) -> None:
    if "IndexDocument" not in given:
        raise _argument(
            "IndexDocument",
            "null",
            "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
        )
    suffix = given["IndexDocument"].get("Suffix", "")
    if not suffix or "/" in suffix:
        problem = "The IndexDocument Suffix is not well formed"
        raise _argument("IndexDocument", suffix, problem)
    if "ErrorDocument" in given and not given["ErrorDocument"].get("Key"):
        raise errors.MalformedXML()


def _check_rule(rule: Mapping[str, Any]) -> None:
    redirect, condition = rule.get("Redirect") or {}, rule.get("Condition")
    problem = ""
    if "ReplaceKeyPrefixWith" in redirect and "ReplaceKeyWith" in redirect:
        problem = "You can only define ReplaceKeyPrefix or ReplaceKey but not both."
    elif condition is not None and not condition:
        problem = (
            "Condition cannot be empty. To redirect all requests without a condition, the "
            "condition element shouldn't be present."
        )
    elif (code := redirect.get("HttpRedirectCode")) and not _is_between(code, 301, 399):
        problem = (
            f"The provided HTTP redirect code ({code}) is not valid. Valid codes are 3XX except "
            "300."
        )
    elif (code := (condition or {}).get("HttpErrorCodeReturnedEquals")) and not _is_between(
        code, 400, 599
    ):
        problem = f"The provided HTTP error code ({code}) is not valid. Valid codes are 4XX or 5XX."
    if problem:
        raise errors.InvalidRequest(message=problem)
    _check_protocol(redirect)


def _is_between(code: str, least: int, most: int) -> bool:
    return len(code) == 3 and code.isdecimal() and least <= int(code) <= most


def _check_protocol(redirect: Mapping[str, Any]) -> None:
    if redirect.get("Protocol", "http") not in _PROTOCOLS:
        raise errors.InvalidRequest(
            message="Invalid protocol, protocol can be http or https. If not defined the protocol "
            "will be selected automatically."
        )


def _argument(name: str, value: str, message: str) -> AwsError:
    members = {"ArgumentName": name, "ArgumentValue": value}
    return errors.InvalidArgument(members=members, message=message)


def rule_of(
    rules: Sequence[Mapping[str, Any]], key: str, status: int | None
) -> Mapping[str, Any] | None:
    """Return the first rule for a key: of those about errors if `status` is one's, else others."""
    for rule in rules:
        condition = rule.get("Condition") or {}
        code = condition.get("HttpErrorCodeReturnedEquals")
        if code == (None if status is None else str(status)) and key.startswith(
            condition.get("KeyPrefixEquals", "")
        ):
            return rule
    return None


def target(rule: Mapping[str, Any], host: str, key: str) -> tuple[int, str]:
    """Return status and Location of what a rule makes of a request for `key` at `host`."""
    redirect = rule.get("Redirect") or {}
    if "ReplaceKeyPrefixWith" in redirect:
        prefix = (rule.get("Condition") or {}).get("KeyPrefixEquals", "")
        key = redirect["ReplaceKeyPrefixWith"] + key[len(prefix) :]
    key = redirect.get("ReplaceKeyWith", key)
    place = f"{redirect.get('Protocol', 'http')}://{redirect.get('HostName', host)}"
    return int(redirect.get("HttpRedirectCode", "301")), f"{place}/{key}"
