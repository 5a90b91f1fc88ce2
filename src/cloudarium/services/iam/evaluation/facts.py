"""The condition keys of a request: those of the principal, the request and the service.

Source: "AWS global condition context keys", IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from cloudarium.core.identity import ConditionContext, Principal

_TYPES = {
    "root": "Account",
    "user": "User",
    "role": "AssumedRole",
    "federated": "FederatedUser",
    "anonymous": "Anonymous",
}


_TIMES = frozenset({"aws:currenttime", "aws:epochtime"})


class RequestFacts:
    """Condition keys, collected from `sources` (later ones win) when first asked for.

    `told_time` is whether a key has been asked for whose value changes by itself.
    """

    __slots__ = ("_keys", "_sources", "told_time")

    def __init__(self, *sources: Callable[[], ConditionContext] | ConditionContext) -> None:
        self._sources = sources
        self._keys: dict[str, Sequence[str]] | None = None
        self.told_time = False

    def values(self, key: str) -> Sequence[str] | None:
        """Return the values of `key` (lower case), or None if the request has no such key."""
        if self._keys is None:
            self._keys = dict(self._collect())
        if key in _TIMES:
            self.told_time = True
        return self._keys.get(key)

    def _collect(self) -> Iterator[tuple[str, Sequence[str]]]:
        for source in self._sources:
            pairs = source if isinstance(source, Mapping) else source()
            for key, value in pairs.items():
                yield key.lower(), (value,) if isinstance(value, str) else value


def of_principal(principal: Principal) -> dict[str, str | list[str]]:
    """Return the condition keys that describe `principal`."""
    service = principal.kind == "service"
    facts: dict[str, str | list[str]] = {
        "aws:PrincipalIsAWSService": "true" if service else "false",
        "aws:ViaAWSService": "false",
    }
    if service:
        facts["aws:PrincipalServiceName"] = principal.service
        return facts
    facts["aws:PrincipalType"] = _TYPES[principal.kind]
    if principal.kind == "anonymous":
        return facts
    facts["aws:PrincipalArn"] = principal.role_arn if principal.kind == "role" else principal.arn
    facts["aws:PrincipalAccount"] = principal.account
    facts["aws:userid"] = principal.id
    if principal.kind == "user":
        facts["aws:username"] = principal.name
    elif principal.kind != "root":
        facts["aws:MultiFactorAuthPresent"] = "false"
    facts |= {f"aws:PrincipalTag/{key}": value for key, value in principal.tags.items()}
    return facts


def of_time(now: float) -> dict[str, str | list[str]]:
    """Return the condition keys that tell the time `now` (epoch seconds)."""
    return {
        "aws:CurrentTime": datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:EpochTime": str(int(now)),
    }
