"""Filter patterns: which messages match, and what they contain.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

from cloudarium.services.logs.patterns import json_pattern, space_delimited, terms
from cloudarium.services.logs.patterns.grammar import Matcher


def compile_pattern(pattern: str) -> Matcher:
    """Return a function from a message to the values the pattern names, or None if no match.

    Raises InvalidFilterPattern.
    """
    text = pattern.strip()
    if text.startswith("{"):
        return json_pattern.compile_json(text)
    if text.startswith("["):
        return space_delimited.compile_fields(text)
    return terms.compile_terms(text)
