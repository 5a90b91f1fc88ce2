"""What the two batches say of a table's name that is none: a constraint on their maps' keys.

Each quotes the whole map, BatchGetItem as JSON and BatchWriteItem as Java prints it. Source: the
service's answers as its users published them (October 2026).
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any
from zlib import crc32

import orjson

from cloudarium.core.violations import detected

from . import limits, tables

_CODE = "ValidationException"
_CONSTRAINT = (
    "Map keys must satisfy constraint: [Member must have length less than or equal to 255, "
    "Member must have length greater than or equal to 3, "
    "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]"
)
_VALUE = "com.amazonaws.dynamodb.v20120810.AttributeValue"


def check_reads(requested: Mapping[str, Any]) -> None:
    """Raises ValidationException if a BatchGetItem names a table that cannot be."""
    misnamed = misnamed_reads(requested)
    if misnamed is not None:
        raise detected(_CODE, [misnamed])


def misnamed_reads(requested: Mapping[str, Any]) -> str | None:
    """The violation of a BatchGetItem that names a table that cannot be."""
    if all(map(_is_name, requested)):
        return None
    return _violation(orjson.dumps(requested, default=_encoded).decode())


def check_writes(requested: Mapping[str, Any]) -> None:
    """Raises ValidationException if a BatchWriteItem names a table that cannot be."""
    if not all(map(_is_name, requested)):
        groups = {name: _listed(map(_request, group)) for name, group in requested.items()}
        raise detected(_CODE, [_violation(_mapped(groups))])


def _is_name(name: str) -> bool:
    fits = limits.TABLE_NAME_MIN <= len(name) <= limits.TABLE_NAME_MAX and tables.is_name(name)
    return fits or name.startswith("arn:")


def _violation(shown: str) -> str:
    return f"Value '{shown}' at 'requestItems' failed to satisfy constraint: {_CONSTRAINT}"


def _encoded(value: bytes) -> str:
    return b64encode(value).decode()


def _request(each: Mapping[str, Any]) -> str:
    put, delete = each.get("PutRequest"), each.get("DeleteRequest")
    put_shown = delete_shown = "null"
    if put is not None:
        put_shown = f"PutRequest(item={_item(put['Item'])}, workloadProfileName=null)"
    if delete is not None:
        delete_shown = f"DeleteRequest(key={_item(delete['Key'])}, workloadProfileName=null)"
    return f"WriteRequest(putRequest={put_shown}, deleteRequest={delete_shown})"


def _item(item: Mapping[str, Any]) -> str:
    return _mapped({name: _value(value) for name, value in item.items()})


def _value(value: Mapping[str, Any]) -> str:
    """A value as Java shows objects without a text of their own, by a hash."""
    return f"{_VALUE}@{crc32(orjson.dumps(value, default=_encoded)):x}"


def _mapped(shown: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}={each}" for name, each in shown.items()) + "}"


def _listed(shown: Iterable[str]) -> str:
    return "[" + ", ".join(shown) + "]"
