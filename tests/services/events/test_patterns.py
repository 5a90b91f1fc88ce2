"""Event patterns, operator by operator."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.core.errors import AwsError
from cloudarium.services.events.patterns import compile_pattern

EVENT = {
    "source": "aws.codecommit",
    "detail": {"event": "referenceUpdated", "size": 7, "tags": ["a", "b"], "ip": "10.0.0.7"},
}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ('{"source": ["aws.codecommit"]}', True),
        ('{"source": ["aws.s3"]}', False),
        ('{"detail": {"tags": ["b"]}}', True),
        ('{"detail": {"event": [{"prefix": "reference"}]}}', True),
        ('{"detail": {"event": [{"suffix": "Created"}]}}', False),
        ('{"detail": {"event": [{"equals-ignore-case": "REFERENCEUPDATED"}]}}', True),
        ('{"detail": {"event": [{"anything-but": ["referenceDeleted"]}]}}', True),
        ('{"detail": {"event": [{"anything-but": {"prefix": "ref"}}]}}', False),
        ('{"detail": {"event": [{"wildcard": "ref*Upd*"}]}}', True),
        ('{"detail": {"size": [{"numeric": [">", 5, "<=", 7]}]}}', True),
        ('{"detail": {"size": [{"numeric": ["<", 7]}]}}', False),
        ('{"detail": {"missing": [{"exists": false}]}}', True),
        ('{"detail": {"event": [{"exists": false}]}}', False),
        ('{"detail": {"ip": [{"cidr": "10.0.0.0/24"}]}}', True),
        ('{"$or": [{"source": ["x"]}, {"detail": {"size": [7]}}]}', True),
    ],
)
def test_a_pattern_matches(pattern: str, expected: bool) -> None:
    assert compile_pattern(pattern)(EVENT) is expected


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("[]", "Filter is not an object"),
        ("{}", "Empty objects are not allowed"),
        ('{"source": "x"}', '"source" must be an object or an array'),
        ('{"source": []}', "Empty arrays are not allowed"),
        ('{"source": [{"like": "x"}]}', "Unrecognized match type like"),
        (
            '{"source": [{"exists": 1}]}',
            "exists match pattern must be either true or false.",
        ),
    ],
)
def test_a_malformed_pattern_is_refused(pattern: str, reason: str) -> None:
    with pytest.raises(AwsError) as refused:
        compile_pattern(pattern)
    assert refused.value.code == "InvalidEventPatternException"
    assert refused.value.message == f"Event pattern is not valid. Reason: {reason}"


def test_numbers_are_not_booleans() -> None:
    event: dict[str, Any] = {"flag": True}
    assert not compile_pattern('{"flag": [1]}')(event)
    assert compile_pattern('{"flag": [true]}')(event)
