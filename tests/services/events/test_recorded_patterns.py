"""Patterns that AWS was seen to match, not to match and to refuse, and in which words.

From LocalStack's event_pattern_templates with their snapshot, badmintoncryer/cdk-preflight, and
aws/event-ruler, whose words these are.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.core.errors import AwsError
from cloudarium.services.events.patterns import compile_pattern

NO_TEXT = "prefix/suffix match pattern must be a string"
NO_NUMBERS = (
    "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."
)
ONE_VALUE = "Value of anything-but must be an array or single string/number value."


@pytest.mark.parametrize(
    ("pattern", "event", "expected"),
    [
        ({"state.status": ["on"]}, {"state": {"status": "on"}}, True),
        ({"state": {"status": ["on"]}}, {"state.status": "on"}, True),
        ({"state.status": {"status": ["on"]}}, {"state": {"status": "on"}}, False),
        ({"state": {"status": ["on"]}}, {"state.status": {"status": "on"}}, False),
        ({"new": [{"exists": True}]}, {"new": {"S": "1"}}, False),  # only leaves exist
        ({"new": {"S": [{"exists": True}]}}, {"new": {"S": "1"}}, True),
        ({"resources": [{"exists": True}]}, {"resources": []}, False),
        ({"resources": [{"exists": False}]}, {"resources": []}, True),
        ({"resources": [None]}, {"resources": []}, False),
        ({"state": [None]}, {"state": "null"}, False),
        ({"a": {"S": [{"anything-but": ["x"]}, {"exists": False}]}}, {"b": {"N": "1"}}, True),
        ({"state": [{"anything-but": ["x"]}]}, {}, False),
        ({"state": [{"anything-but": ["x"]}]}, {"state": None}, True),
        ({"path": [{"anything-but": {"wildcard": "*/dir/*"}}]}, {"path": 123}, True),
        ({"path": [{"wildcard": "a*" * 30 + "b"}]}, {"path": "a" * 5000}, False),
        ({"path": [{"anything-but": {"wildcard": ""}}]}, {"path": "dir"}, True),
        ({"list": {"id": [{"exists": True}]}}, {"list": [{"a": 1}, {"id": 2}]}, True),
        ({"n": [{"numeric": [">", 100]}, {"anything-but": "101"}]}, {"n": "101"}, False),
        ({"n": [1]}, {"n": 1.0}, True),
        ({"ip": [{"cidr": "10.0.0.0/24"}]}, {"ip": 123}, False),
        ({"tags": ["a"]}, {"tags": [["b"], ["a"]]}, True),
        ({"text": [{"equals-ignore-case": ""}]}, {"text": "some"}, False),
        ({"key": [{"exists": True}, {"prefix": "no"}]}, {"key": "value"}, True),
    ],
)
def test_what_matches(pattern: Any, event: Any, expected: bool) -> None:
    assert compile_pattern(json.dumps(pattern))(event) is expected


def reason(pattern: Any) -> str:
    """Why a pattern is refused."""
    with pytest.raises(AwsError) as refused:
        compile_pattern(json.dumps(pattern))
    return refused.value.message.removeprefix("Event pattern is not valid. Reason: ")


@pytest.mark.parametrize(
    ("matcher", "expected"),
    [
        ({"numeric": ["=>", 1]}, "Unrecognized numeric range operator: =>"),
        ({"numeric": [">", 0, ">", 0]}, "Bad numeric range operator: >"),
        ({"numeric": [">", 0, "<"]}, "Value of < must be numeric"),
        ({"numeric": ["="]}, "Value of equals must be numeric"),
        ({"numeric": [5, 1]}, "Invalid member in numeric match: 5"),
        ({"numeric": []}, "Invalid member in numeric match: ]"),
        ({"numeric": 5}, "Value of numeric must be an array."),
        ({"numeric": ["<", 1, ">", 0]}, "Too many elements in numeric expression"),
        ({"numeric": [">", 1, "<", 0]}, "Bottom must be less than top"),
        ({"NUMERIC": ["=", 5]}, "Unrecognized match type NUMERIC"),
        ({"wildcard": "a**b"}, "Consecutive wildcard characters at pos 2"),
        ({"wildcard": "a\\b"}, "Invalid escape character at pos 2"),
        ({"wildcard": ["a"]}, "wildcard match pattern must be a string"),
        ({"equals-ignore-case": ["a"]}, "equals-ignore-case match pattern must be a string"),
        ({"prefix": 5}, "prefix match pattern must be a string"),
        ({"suffix": ["a"]}, "suffix match pattern must be a string"),
        ({"prefix": {"suffix": "a"}}, "Unsupported prefix pattern: suffix"),
        ({"prefix": "a", "suffix": "b"}, "Only one key allowed in match expression"),
        ({}, "Match expression name not found"),
        (["a"], "Match value must be String, number, true, false, or null"),
        ({"exists": "true"}, "exists match pattern must be either true or false."),
        ({"cidr": "10.0.0.0"}, "Malformed CIDR, one '/' required"),
        ({"cidr": "10.0.0.0/xx"}, "Malformed CIDR, mask bits must be an integer"),
        ({"cidr": "xx.11.xx/8"}, "Nonstandard IP address: xx.11.xx"),
        ({"cidr": ["bad-type"]}, "prefix match pattern must be a string"),
        ({"anything-but": {"nested": "a"}}, "Unsupported anything-but pattern: nested"),
        ({"anything-but": {"prefix": {"equals-ignore-case": "a"}}}, ONE_VALUE),
        ({"anything-but": {"equals-ignore-case": [1]}}, NO_NUMBERS),
        ({"anything-but": {"wildcard": 1}}, "wildcard match pattern must be a string"),
        ({"anything-but": {"suffix": [1, ".txt"]}}, NO_TEXT),
        ({"anything-but": {"prefix": ""}}, "Null prefix/suffix not allowed"),
        (
            {"anything-but": ["stopped", None]},
            "Inside anything but list, start|null|boolean is not supported.",
        ),
        (
            {"anything-but": ["stopped", 1]},
            "Inside anything but list, either all values are number or string, mixed type is not"
            " supported",
        ),
    ],
)
def test_matchers_that_are_refused(matcher: Any, expected: str) -> None:
    assert reason({"detail": {"state": [matcher]}}) == expected


def test_or_is_a_relation_of_several_objects() -> None:
    """With one it is a field's name, and what stands in its list a match type."""
    alone = {"detail": {"$or": [{"x": ["1"]}], "y": ["2"]}}
    assert reason(alone) == "Unrecognized match type x"
    either = compile_pattern('{"$or": [{"x": ["1"]}, {"z": ["1"]}], "y": ["2"]}')
    assert either({"z": "1", "y": "2"})
    assert not either({"z": "1"})


def test_a_network_goes_from_the_address_to_its_end() -> None:
    matches = compile_pattern('{"ip": [{"cidr": "10.0.0.4/30"}]}')
    assert [matches({"ip": f"10.0.0.{n}"}) for n in (3, 4, 7, 8)] == [False, True, True, False]
    assert compile_pattern('{"ip": [{"cidr": "fc00::/7"}]}')({"ip": "fd00::1"})
