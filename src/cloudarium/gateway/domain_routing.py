"""Which API, stage and path a request to a custom domain name means.

Sources: Developer Guide, "Use API mappings to connect API stages to a custom domain name", "Routing
rules to connect API stages to a custom domain name for REST APIs" and "Set the routing mode for
your custom domain name".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cloudarium.gateway.domains import MAPPINGS_ONLY, ROOT, RULES_ONLY

Document = Mapping[str, Any]


class Target(NamedTuple):
    """Where a request to a domain goes. `path` is below the stage, still encoded.

    Either a mapping led there, that of `base_path`, or the routing rule `rule_id`.
    """

    api_id: str
    stage: str
    path: str
    base_path: str = ""
    rule_id: str = ""


def resolve(domain: Document, path: str, headers: Mapping[str, str]) -> Target | None:
    """Return what a domain's rules and mappings make of a request; None if none fits.

    Rules go before mappings, by their priority; of the mappings the longest base path wins.
    `headers` are by lower-case name.
    """
    if domain["routingMode"] != MAPPINGS_ONLY:
        rules = domain.get("rules", {}).values()
        for rule in sorted(rules, key=lambda one: one["Priority"]):
            if (base := _matched(rule, path, headers)) is not None:
                return _ruled(rule, path, base)
    if domain["routingMode"] == RULES_ONLY:
        return None
    mappings = domain["mappings"]
    for base in sorted((one for one in mappings if one != ROOT), key=len, reverse=True):
        if is_below(base, path):
            return _mapped(mappings[base], path.removeprefix(f"/{base}") or "/")
    return _mapped(mappings[ROOT], path) if ROOT in mappings else None


def is_below(base: str, path: str) -> bool:
    """Tell whether a path is a base path or something below it."""
    return path == f"/{base}" or path.startswith(f"/{base}/")


def _mapped(mapping: Document, path: str) -> Target:
    stage = mapping.get("stage")
    if not stage:
        stage, _, rest = path.lstrip("/").partition("/")
        path = f"/{rest}"
    return Target(mapping["restApiId"], stage, path, mapping["basePath"])


def _ruled(rule: Document, path: str, base: str) -> Target:
    invoked = rule["Actions"][0]["InvokeApi"]
    if invoked.get("StripBasePath") and base:
        path = path.removeprefix(f"/{base}") or "/"
    return Target(invoked["ApiId"], invoked["Stage"], path, rule_id=rule["RoutingRuleId"])


def _matched(rule: Document, path: str, headers: Mapping[str, str]) -> str | None:
    """Return the base path a fitting rule asks for, "" if it asks for none; None if it fits not."""
    found = ""
    for condition in rule["Conditions"]:
        if "MatchHeaders" in condition:
            if not any(_has(headers, one) for one in condition["MatchHeaders"]["AnyOf"]):
                return None
        else:
            bases = condition["MatchBasePaths"]["AnyOf"]
            base = next(_below(bases, path), None)
            if base is None:
                return None
            found = base
    return found


def _below(bases: list[str], path: str) -> Iterator[str]:
    return (base for base in bases if is_below(base, path))


def _has(headers: Mapping[str, str], wanted: Document) -> bool:
    value = headers.get(wanted["Header"].lower())
    return value is not None and fits(wanted["ValueGlob"], value)


def fits(glob: str, value: str) -> bool:
    """Tell whether a value is as a glob wants it, which has `*` at its beginning or end only."""
    text = glob.strip("*")
    if glob.startswith("*") and glob.endswith("*"):
        return text in value
    if glob.startswith("*"):
        return value.endswith(text)
    if glob.endswith("*"):
        return value.startswith(text)
    return value == glob
