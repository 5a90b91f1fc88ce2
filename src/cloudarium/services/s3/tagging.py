"""Tag sets: as documents (`TagSet`), as a header (URL query), and their rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from cloudarium.services.s3 import errors, limits

# User guide, "Categorizing your storage using tags": letters, spaces, digits and + - = . _ : / @
_ALLOWED = re.compile(r"[\w\s+\-=.:/@]*")


def of_header(header: str | None) -> dict[str, str]:
    """Return the tags of an `x-amz-tagging` header. Raises InvalidArgument or InvalidTag."""
    pairs = parse_qsl(header or "", keep_blank_values=True)
    if len(dict(pairs)) != len(pairs):
        raise errors.InvalidArgument(
            members={"ArgumentName": "x-amz-tagging", "ArgumentValue": header},
            message="The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL "
            "query parameters without tag name duplicates.",
        )
    return _checked(dict(pairs), limits.OBJECT_TAGS, "Object")


def of_set(tags: Iterable[Mapping[str, str]], limit: int, what: str) -> dict[str, str]:
    """Return the tags of a `TagSet`; `what` is "Object" or "Bucket". Raises InvalidTag."""
    result: dict[str, str] = {}
    for tag in tags:
        if tag["Key"] in result:
            raise errors.InvalidTag(
                members={"TagKey": tag["Key"]},
                message="Cannot provide multiple Tags with the same key",
            )
        result[tag["Key"]] = tag["Value"]
    return _checked(result, limit, what)


def _checked(tags: dict[str, str], limit: int, what: str) -> dict[str, str]:
    if len(tags) > limit:
        raise errors.TooManyTags(what=what, limit=limit)
    for key, value in tags.items():
        if not 1 <= len(key) <= limits.TAG_KEY_LENGTH or not _ALLOWED.fullmatch(key):
            raise errors.InvalidTag(
                members={"TagKey": key}, message="The TagKey you have provided is invalid"
            )
        if len(value) > limits.TAG_VALUE_LENGTH or not _ALLOWED.fullmatch(value):
            raise errors.InvalidTag(
                members={"TagKey": key, "TagValue": value},
                message="The TagValue you have provided is invalid",
            )
        if key.startswith("aws:"):
            raise errors.InvalidTag(
                members={"TagKey": key}, message="System tags cannot be added/updated by requester"
            )
    return tags


def as_set(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags as a `TagSet`, by key."""
    return [{"Key": key, "Value": tags[key]} for key in sorted(tags)]
