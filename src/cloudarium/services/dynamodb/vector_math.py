"""Vectors: 32-bit floating point numbers, and how far from each other they are."""

import math
import struct
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

Vector = tuple[float, ...]

_FLOAT = struct.Struct("<f")
_MOST = 3.4028234663852886e38  # of 32-bit floats
_DIGITS = 9  # that tell any two 32-bit floats apart


def rounded(number: float) -> float:
    """The 32-bit float nearest to a number. OverflowError if there is none."""
    value: float = _FLOAT.unpack(_FLOAT.pack(number))[0]
    return value


def shortest(number: float) -> str:
    """The shortest decimal that names a 32-bit float, with at least one digit after the point."""
    precise = next(
        text
        for text in (f"{number:.{digits}g}" for digits in range(1, _DIGITS + 1))
        if rounded(float(text)) == number
    )
    plain = format(Decimal(precise), "f")
    return plain if "." in plain else f"{plain}.0"


def score(function: str, one: Sequence[float], two: Sequence[float]) -> float:
    """How a `DistanceFunction` scores two vectors of one length, as a 32-bit float.

    It is computed in 64 bits, and a score too far from zero is the farthest there is.
    """
    return rounded(min(max(_FUNCTIONS[function](one, two), -_MOST), _MOST))


def _dot(one: Sequence[float], two: Sequence[float]) -> float:
    return math.fsum(a * b for a, b in zip(one, two, strict=True))


def _cosine(one: Sequence[float], two: Sequence[float]) -> float:
    """Of a vector and itself it is exactly 0, of the zero vector and any other 1."""
    lengths = math.sqrt(_dot(one, one) * _dot(two, two))
    return min(max(1 - _dot(one, two) / lengths, 0.0), 2.0) if lengths else 1.0


_FUNCTIONS: Mapping[str, Callable[[Sequence[float], Sequence[float]], float]] = {
    "COSINE": _cosine,
    "DOT_PRODUCT": _dot,
    "EUCLIDEAN": math.dist,
}
