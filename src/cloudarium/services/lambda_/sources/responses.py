"""What a function's answer says about a batch: all done, or which records failed.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html,
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cloudarium.core.documents import json_value


def failures(payload: bytes, known: Sequence[str]) -> set[str]:
    """The identifiers of the failed records, out of `known`; all if it is no valid answer."""
    everything = set(known)
    try:
        answer: Any = json_value(payload) if payload else None
    except ValueError:
        return everything
    if answer is None:
        return set()
    if not isinstance(answer, dict):
        return everything
    items = answer.get("batchItemFailures") or []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return everything
    failed = [item.get("itemIdentifier") for item in items]
    if not all(isinstance(each, str) for each in failed):
        return everything
    return set(failed) if everything.issuperset(failed) else everything
