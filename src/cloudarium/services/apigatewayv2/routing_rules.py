"""Routing rules of custom domain names: what may be one.

A rule is the reference's RoutingRule; `gateway.domain_routing` evaluates them. Source: Developer
Guide, "Routing rules to connect API stages to a custom domain name for REST APIs", Restrictions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.gateway import domains as kept
from cloudarium.services.apigatewayv2 import apis, domains, errors, reserved_headers

Document = dict[str, Any]

_MOST_HEADERS, _MOST_PATHS = 2, 1
_NAME_LENGTH, _GLOB_LENGTH, _INFIX_LENGTH, _BASE_LENGTH = 40, 128, 40, 128
_NAME = re.compile(r"[a-zA-Z0-9?\-!#$%&'.^_`|~]+")
_GLOB = re.compile(r"\*?[a-zA-Z0-9?\-!#$%&'.^_`|~/=;,:+]*\*?")
_BASE = re.compile(r"[a-zA-Z0-9$\-_.+!*'()/]+")
_RESERVED = reserved_headers.NAMES | {"x-apigw-api-id", "x-restapi"}


def put(
    home: Context, domain: Document, given: Mapping[str, Any], rule_id: str | None = None
) -> Document:
    """Store a rule of what is given, in place of the rule `rule_id` if there is one; return it.

    Raises PriorityTaken and those of what is not valid.
    """
    if domain["routingMode"] == kept.MAPPINGS_ONLY:
        raise errors.RulesUnused()
    invoked = _invoked(given["Actions"])
    _check_conditions(given["Conditions"])
    domains.check_rest_stage(home, invoked["ApiId"], invoked["Stage"])
    rules = domain.setdefault("rules", {})
    made_id = rule_id or apis.new_id(home)
    for other_id, other in rules.items():
        if other["Priority"] == given["Priority"] and other_id != made_id:
            raise errors.PriorityTaken(priority=given["Priority"])
    rules[made_id] = made = {
        "Actions": [
            {"InvokeApi": {**invoked, "StripBasePath": bool(invoked.get("StripBasePath"))}}
        ],
        "Conditions": given["Conditions"],
        "Priority": given["Priority"],
        "RoutingRuleArn": f"{_arn(home, domain)}/routingrules/{made_id}",
        "RoutingRuleId": made_id,
    }
    kept.put(home, domain)
    return made


def find(domain: Document, rule_id: str) -> Document:
    """Return a domain's rule, or raise RoutingRuleNotFound."""
    found: Document | None = domain.get("rules", {}).get(rule_id)
    if found is None:
        raise errors.RoutingRuleNotFound()
    return found


def _arn(ctx: Context, domain: Document) -> str:
    """Return the domain's ARN with its account, as the ARNs of rules have it."""
    name = domain["domainNameArn"].rpartition("/")[2]
    return f"arn:aws:apigateway:{ctx.region}:{ctx.account}:/domainnames/{name}"


def _invoked(actions: list[Document]) -> Document:
    if len(actions) != 1:
        raise errors.RuleActionsInvalid()
    return {name: one for name, one in actions[0]["InvokeApi"].items() if one is not None}


def _check_conditions(conditions: list[Document]) -> None:
    headers = [one["MatchHeaders"] for one in conditions if one.get("MatchHeaders")]
    paths = [one["MatchBasePaths"] for one in conditions if one.get("MatchBasePaths")]
    if any(bool(one.get("MatchHeaders")) == bool(one.get("MatchBasePaths")) for one in conditions):
        raise errors.RuleConditionInvalid()
    if len(headers) > _MOST_HEADERS or len(paths) > _MOST_PATHS:
        raise errors.RuleConditionsMany()
    if any(len(one["AnyOf"]) != 1 for one in (*headers, *paths)):
        raise errors.RuleValuesMany()
    for one in headers:
        _check_header(one["AnyOf"][0])
    for one in paths:
        _check_base(one["AnyOf"][0])


def _check_header(wanted: Document) -> None:
    name, glob = wanted["Header"], wanted["ValueGlob"]
    lower = name.lower()
    is_reserved = lower in _RESERVED or lower.startswith(reserved_headers.PREFIXES)
    if is_reserved or len(name) > _NAME_LENGTH or not _NAME.fullmatch(name):
        raise errors.RuleHeaderInvalid(header=name)
    is_infix = len(glob) > 1 and glob.startswith("*") and glob.endswith("*")
    most = _INFIX_LENGTH if is_infix else _GLOB_LENGTH
    if not glob or len(glob) > most or not _GLOB.fullmatch(glob):
        raise errors.RuleGlobInvalid(glob=glob)


def _check_base(base: str) -> None:
    is_bound = base.startswith("/") or base.endswith("/")
    if is_bound or len(base) > _BASE_LENGTH or not _BASE.fullmatch(base):
        raise errors.RuleBaseInvalid(base=base)
