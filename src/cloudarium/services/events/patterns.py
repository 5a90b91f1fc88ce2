"""Event patterns, refused with EventBridge's own error when malformed."""

from __future__ import annotations

from cloudarium.core import patterns
from cloudarium.core.patterns import Matches
from cloudarium.services.events.errors import InvalidPattern


def compile_pattern(text: str) -> Matches:
    """Return the predicate of a pattern. Raises InvalidEventPatternException."""
    try:
        return patterns.compile_pattern(text)
    except patterns.PatternError as error:
        raise InvalidPattern(reason=str(error)) from None
