"""Who takes a message: the active receipt rules of every account and region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from cloudarium.core.context import Context
from cloudarium.core.identity import service_principal
from cloudarium.core.ids import LOWER_ALPHANUMERIC
from cloudarium.services.ses import addresses, receipt_filters, rule_sets
from cloudarium.services.ses.receiving import verdicts
from cloudarium.services.ses.rule_sets import Rule, RuleSet

if TYPE_CHECKING:
    from cloudarium.core.runtime import ServiceRuntime

_ID_LENGTH = 40


class Admission(Enum):
    """Whether a recipient is taken."""

    TAKEN = "taken"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Mail:
    """A message as it comes in: the envelope, the content as sent, and from where.

    `source` is empty for bounces. `own` mail was sent through this cloud's SES.
    """

    source: str
    recipients: tuple[str, ...]
    content: bytes
    client: str
    helo: str
    own: bool = False


@dataclass(frozen=True)
class Arrival:
    """A message that one account takes in one region, its content in a blob already."""

    ctx: Context
    message_id: str
    payload: dict[str, Any]


def admission(runtime: ServiceRuntime, address: str, client: str) -> Admission:
    """Tell whether mail to `address` from the IP address `client` is taken."""
    blocked = False
    with runtime.store.transaction():
        for ctx, rule_set in _receivers(runtime):
            if not _plan(rule_set, (address,)):
                continue
            if not receipt_filters.blocks(ctx, client):
                return Admission.TAKEN
            blocked = True
    return Admission.BLOCKED if blocked else Admission.UNKNOWN


async def prepare(runtime: ServiceRuntime, mail: Mail) -> list[Arrival]:
    """Store a message once for every account and region that takes it; none if none does."""
    with runtime.store.transaction():
        plans = [
            (ctx, rule_set.name, plan)
            for ctx, rule_set in _receivers(runtime)
            if not receipt_filters.blocks(ctx, mail.client)
            and (plan := _plan(rule_set, mail.recipients))
        ]
    return [await _stored(ctx, rule_set, plan, mail) for ctx, rule_set, plan in plans]


def commit(arrivals: list[Arrival]) -> None:
    """Have the rules run, from now on whatever happens."""
    for arrival in arrivals:
        arrival.ctx.schedule("receive", arrival.payload)


def _receivers(runtime: ServiceRuntime) -> list[tuple[Context, RuleSet]]:
    service = runtime.service.principal
    return [
        (runtime.context(account, region, service_principal(service, account)), rule_set)
        for account, region, rule_set in rule_sets.actives(runtime.store.connection)
    ]


def _plan(rule_set: RuleSet, recipients: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the enabled rules that match, in order, each with the recipients it matches."""
    matched = [
        {"rule": rule, "recipients": [each for each in recipients if _takes(rule, each)]}
        for rule in rule_set.rules
        if rule["Enabled"]
    ]
    return [each for each in matched if each["recipients"]]


def _takes(rule: Rule, address: str) -> bool:
    conditions = rule["Recipients"]
    return not conditions or any(addresses.matches(each, address) for each in conditions)


async def _stored(ctx: Context, rule_set: str, plan: list[dict[str, Any]], mail: Mail) -> Arrival:
    message_id = ctx.ids.token(_ID_LENGTH, LOWER_ALPHANUMERIC)
    scanned = any(each["rule"]["ScanEnabled"] for each in plan)
    found = verdicts.of(mail.content, scanned=scanned, own=mail.own)
    taken = {address for each in plan for address in each["recipients"]}
    recipients = [each for each in mail.recipients if each in taken]
    head = _head(ctx, message_id, mail, recipients, found)
    blob = await ctx.blobs.put(head + mail.content)
    payload = {
        "message_id": message_id,
        "digest": blob.digest,
        "size": blob.size,
        "source": mail.source,
        "recipients": recipients,
        "verdicts": found,
        "received_at": ctx.now,
        "rule_set": rule_set,
        "plan": plan,
        "position": [0, 0],
        "attempt": 0,
        "added": [],
    }
    return Arrival(ctx, message_id, payload)


def _head(
    ctx: Context, message_id: str, mail: Mail, recipients: list[str], found: dict[str, str]
) -> bytes:
    """Return the headers SES puts before a message (developer guide, "Sample incoming email
    event")."""
    date = format_datetime(datetime.fromtimestamp(int(ctx.now), UTC))
    host = mail.helo or "unknown"
    domain = addresses.domain(mail.source) or host
    passed = "pass" if mail.own else "none"
    lines = [
        f"Return-Path: <{mail.source}>",
        f"Received: from {host} ({host} [{mail.client}])",
        f" by inbound-smtp.{ctx.region}.amazonaws.com with SMTP id {message_id}",
        f" for {recipients[0]};",
        f" {date} (UTC)",
        f"X-SES-Spam-Verdict: {found['spam']}",
        f"X-SES-Virus-Verdict: {found['virus']}",
        f"Received-SPF: {passed} (spfCheck: {mail.client} is neither permitted nor denied by"
        f" domain of {domain}) client-ip={mail.client}; envelope-from={mail.source}; helo={host};",
        f"Authentication-Results: amazonses.com; spf={passed}; dkim={passed}; dmarc=none"
        f" header.from={domain};",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape")
