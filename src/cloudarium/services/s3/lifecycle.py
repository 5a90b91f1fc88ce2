"""Lifecycle rules: checking them, and expiring objects, versions and uploads by the clock.

S3 acts once a day at midnight UTC on what has become old enough; an object's age in days is
counted to the midnight after it (user guide, "Lifecycle rules: Based on an object's age").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any
from urllib.parse import quote

from cloudarium.core.context import Context
from cloudarium.core.tags import from_list
from cloudarium.services.s3 import (
    buckets,
    errors,
    events,
    limits,
    multipart,
    notifications,
    objects,
)
from cloudarium.services.s3.buckets import Bucket
from cloudarium.services.s3.objects import ObjectVersion

KIND = "lifecycle"
_DAY = 86_400
_ACTIONS = ("Expiration", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload")
_ALL_VERSIONS = "SELECT * FROM objects WHERE bucket = ? AND key >= ? ORDER BY key, sequence DESC"


@dataclass(frozen=True)
class Rule:
    """A rule's filter and its document."""

    document: Mapping[str, Any]
    prefix: str
    tags: Mapping[str, str]
    larger_than: int
    smaller_than: int | None

    @property
    def id(self) -> str:
        """The rule's ID."""
        return str(self.document["ID"])

    def applies(self, version: ObjectVersion) -> bool:
        """Tell whether the rule's filter chooses this version."""
        tags = version.description.tags
        return (
            version.key.startswith(self.prefix)
            and all(tags.get(key) == value for key, value in self.tags.items())
            and version.size > self.larger_than
            and (self.smaller_than is None or version.size < self.smaller_than)
        )


def checked(ctx: Context, rules: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rules, each with an ID. Raises MalformedXML, InvalidArgument, NotImplemented."""
    if not 1 <= len(rules) <= limits.LIFECYCLE_RULES:
        raise errors.MalformedXML()
    named = [{"ID": ctx.ids.uuid(), **rule} for rule in rules]
    if len({rule["ID"] for rule in named}) != len(named):
        raise errors.InvalidArgument(
            message="Rule ID must be unique. Found same ID for more than one rule"
        )
    for rule in named:
        _check(rule)
    return named


def _check(rule: Mapping[str, Any]) -> None:
    for name in ("Transitions", "NoncurrentVersionTransitions"):
        if rule.get(name):
            raise errors.NotImplemented(name=name)
    if rule.get("Status") not in ("Enabled", "Disabled"):
        raise errors.MalformedXML()
    if not any(rule.get(name) for name in _ACTIONS):
        raise errors.InvalidRequest(message="At least one action needs to be specified in a rule.")
    if ("Filter" in rule) == ("Prefix" in rule):
        raise errors.MalformedXML()
    _check_filter(rule)
    expiration = rule.get("Expiration") or {}
    if len([value for value in expiration.values() if value is not None]) > 1:
        raise errors.MalformedXML()
    for action, days in (
        ("Expiration", expiration.get("Days")),
        ("NoncurrentVersionExpiration", _noncurrent(rule).get("NoncurrentDays")),
        ("AbortIncompleteMultipartUpload", _abort_days(rule)),
    ):
        if days is not None and days < 1:
            raise errors.InvalidArgument(
                message=f"'Days' for {action} action must be a positive integer"
            )
    if expiration.get("Date") is not None and expiration["Date"] % _DAY:
        raise errors.InvalidArgument(message="'Date' must be at midnight GMT")


def _check_filter(rule: Mapping[str, Any]) -> None:
    chosen = rule.get("Filter") or {}
    together = chosen.get("And") or chosen
    tags = together.get("Tags") or ([chosen["Tag"]] if chosen.get("Tag") else [])
    if len({tag["Key"] for tag in tags}) != len(tags):
        raise errors.InvalidRequest(message="Duplicate Tag Keys are not allowed.")
    if tags and rule.get("AbortIncompleteMultipartUpload"):
        raise errors.InvalidRequest(
            message="AbortIncompleteMultipartUpload cannot be specified with Tags."
        )
    if tags and (rule.get("Expiration") or {}).get("ExpiredObjectDeleteMarker"):
        raise errors.MalformedXML()
    smaller = together.get("ObjectSizeLessThan")
    if smaller is not None and smaller <= together.get("ObjectSizeGreaterThan", -1):
        raise errors.InvalidRequest(
            message="'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'."
        )


def _noncurrent(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    return rule.get("NoncurrentVersionExpiration") or {}


def _abort_days(rule: Mapping[str, Any]) -> int | None:
    days: int | None = (rule.get("AbortIncompleteMultipartUpload") or {}).get("DaysAfterInitiation")
    return days


def _rules(ctx: Context, bucket: Bucket) -> list[Rule]:
    documents = buckets.configuration(ctx, bucket.name, KIND) or []
    return [_rule(document) for document in documents if document["Status"] == "Enabled"]


def _rule(document: Mapping[str, Any]) -> Rule:
    chosen = document.get("Filter") or {"Prefix": document.get("Prefix", "")}
    together = chosen.get("And") or chosen
    tags = together.get("Tags") or ([chosen["Tag"]] if chosen.get("Tag") else [])
    return Rule(
        document,
        together.get("Prefix") or "",
        from_list(tags),
        together.get("ObjectSizeGreaterThan", -1),
        together.get("ObjectSizeLessThan"),
    )


def _midnight_after(moment: float, days: int) -> float:
    return -(-(moment + days * _DAY) // _DAY) * _DAY


def _expires_at(rule: Rule, version: ObjectVersion) -> float | None:
    """When a current version expires by this rule, or None."""
    expiration = rule.document.get("Expiration") or {}
    if not rule.applies(version):
        return None
    if expiration.get("Days"):
        return _midnight_after(version.modified_at, expiration["Days"])
    date: float | None = expiration.get("Date")
    return date


def expiration_header(ctx: Context, bucket: Bucket, version: ObjectVersion) -> str | None:
    """Return the `x-amz-expiration` header of a current object, or None."""
    if not version.is_latest:
        return None
    ends = [(at, rule.id) for rule in _rules(ctx, bucket) if (at := _expires_at(rule, version))]
    if not ends:
        return None
    at, rule_id = min(ends)
    date = formatdate(at, usegmt=True)
    return f'expiry-date="{date}", rule-id="{quote(rule_id)}"'


def plan(ctx: Context, bucket: Bucket) -> None:
    """Have the rules looked at next midnight."""
    home = ctx.runtime.context(bucket.account, bucket.region, ctx.principal)
    midnight = (ctx.now // _DAY + 1) * _DAY
    home.schedule("lifecycle", {"bucket": bucket.name}, midnight, key=bucket.name)


def run(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: act on a bucket's rules, then wait for the next midnight."""
    bucket = buckets.lookup(ctx, payload["bucket"])
    rules = _rules(ctx, bucket) if bucket else []
    if bucket is None or buckets.configuration(ctx, bucket.name, KIND) is None:
        return
    for versions in _by_key(ctx, bucket):
        for rule in rules:
            _expire(ctx, bucket, rule, versions)
    for rule in rules:
        _abort_uploads(ctx, bucket, rule)
    plan(ctx, bucket)


def _by_key(ctx: Context, bucket: Bucket) -> Iterator[list[ObjectVersion]]:
    rows = ctx.db.execute(_ALL_VERSIONS, (bucket.name, "")).fetchall()
    versions: list[ObjectVersion] = []
    for row in rows:
        if versions and versions[-1].key != row["key"]:
            yield versions
            versions = []
        versions.append(objects.from_row(row))
    if versions:
        yield versions


def _expire(ctx: Context, bucket: Bucket, rule: Rule, versions: list[ObjectVersion]) -> None:
    """Apply a rule to one key's versions (the newest first), taking out of the list what goes."""
    if not versions:
        return
    newest = versions[0]
    if newest.delete_marker:
        marker_rule = (rule.document.get("Expiration") or {}).get("ExpiredObjectDeleteMarker")
        if marker_rule and len(versions) == 1 and newest.key.startswith(rule.prefix):
            _remove(ctx, bucket, versions, newest)
    else:
        at = _expires_at(rule, newest)
        if at is not None and at <= ctx.now:
            _expire_current(ctx, bucket, versions, newest)
    _expire_noncurrent(ctx, bucket, rule, versions)


def _expire_current(
    ctx: Context, bucket: Bucket, versions: list[ObjectVersion], newest: ObjectVersion
) -> None:
    if bucket.versioning:
        marker = objects.put_delete_marker(ctx, bucket, newest.key)
        notifications.announce(ctx, bucket, marker, events.EXPIRED_MARKER)
        versions[:] = objects.versions(ctx, bucket, newest.key)
    else:
        _remove(ctx, bucket, versions, newest)


def _expire_noncurrent(
    ctx: Context, bucket: Bucket, rule: Rule, versions: list[ObjectVersion]
) -> None:
    days = _noncurrent(rule.document).get("NoncurrentDays")
    if days is None:
        return
    kept = _noncurrent(rule.document).get("NewerNoncurrentVersions") or 0
    for version in versions[1 + kept :]:
        since = version.superseded_at
        old = since is not None and _midnight_after(since, days) <= ctx.now
        if old and rule.applies(version):
            _remove(ctx, bucket, versions, version)


def _remove(
    ctx: Context, bucket: Bucket, versions: list[ObjectVersion], gone: ObjectVersion
) -> None:
    versions.remove(gone)
    objects.remove(ctx, bucket, gone)
    notifications.announce(ctx, bucket, gone, events.EXPIRED)


def _abort_uploads(ctx: Context, bucket: Bucket, rule: Rule) -> None:
    days = _abort_days(rule.document)
    if days is None:
        return
    for upload in list(multipart.walk(ctx, bucket, rule.prefix)):
        old = _midnight_after(upload.initiated_at, days) <= ctx.now
        if old and upload.key.startswith(rule.prefix):
            multipart.end(ctx, upload)
