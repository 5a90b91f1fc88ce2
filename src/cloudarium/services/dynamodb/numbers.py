"""DynamoDB's numbers: 38 significant digits, magnitudes from 1E-130 to 9.99...E+125.

A number travels as text. Its canonical text (plain decimal digits, no exponent, no superfluous
zeros) is what is stored and returned, so that numbers are equal exactly when their texts are.
Source: Developer Guide, "Naming rules and data types", section Number.
"""

import re
from decimal import Context, Decimal

from . import limits
from . import value_errors as wrong

# Wide enough that a sum of any two valid numbers is exact; it is checked afterwards.
_EXACT = Context(prec=300, Emax=9999, Emin=-9999)
_NUMBER = re.compile(r"[-+]?(?=\.?[0-9])([0-9]*)\.?([0-9]*)(?:[eE]([-+]?[0-9]{1,4000}))?", re.ASCII)
_BITS_32, _BITS_64 = 1 << 31, 1 << 63


# Two digits, in one byte as binary-coded decimal, as one byte above 0.
_PAIRS = bytes(10 * (pair >> 4) + (pair & 15) + 1 if pair < 0x9A else 0 for pair in range(256))
_INVERTED = bytes(range(255, -1, -1))


def canonical(text: str) -> str:
    """The one text of this number's value; ValidationException if it is none or out of range."""
    if text.isdigit() and text.isascii() and len(text) < 39 and (text[0] != "0" or text == "0"):
        return text
    return _canonical(text)


def _canonical(text: str) -> str:
    if not text:
        raise wrong.NumberMissing()
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise wrong.NotANumber(text=text)
    _check_exponent(text, *found.groups(default=""))
    number = Decimal(text)
    if not number:
        return "0"
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    significant = "".join(map(str, digits)).rstrip("0")
    if len(significant) > limits.NUMBER_DIGITS:
        raise wrong.NumberTooPrecise()
    exponent += len(digits) - len(significant)
    return format(Decimal((sign, tuple(map(int, significant)), exponent)), "f")


def _check_exponent(text: str, whole: str, fraction: str, power: str) -> None:
    """Raises ValidationException if the first digit stands too far from the point; a zero's too.

    The older framework holds powers of ten in 32 bits, the newer one in 64.
    """
    exponent = int(power or 0)
    digits = (whole + fraction).lstrip("0") or "0"
    scale = len(fraction) - exponent
    if not -_BITS_64 <= exponent < _BITS_64:
        raise wrong.NotANumber(text=text)
    first = len(digits) - 1 - scale
    if exponent >= _BITS_32:
        raise wrong.ExponentTooLong(text=text)
    if scale >= _BITS_32:
        raise wrong.NegativeExponentTooLong(text=text)
    if first >= _BITS_32 - 1:
        raise wrong.ExponentWraps()
    if first > limits.NUMBER_MAX_EXPONENT:
        raise wrong.NumberOverflow()
    if first < limits.NUMBER_MIN_EXPONENT:
        raise wrong.NumberUnderflow()


def plus(left: str, right: str) -> str:
    """The exact sum of two canonical numbers; refused when it needs more than 38 digits."""
    return _result(_EXACT.add(Decimal(left), Decimal(right)))


def minus(left: str, right: str) -> str:
    """The exact difference of two canonical numbers; refused when it needs more than 38 digits."""
    return _result(_EXACT.subtract(Decimal(left), Decimal(right)))


def _result(number: Decimal) -> str:
    """Of a sum with too many digits the service says that it is too large.

    Source: ScyllaDB's tests of DynamoDB, `test_number.py`.
    """
    try:
        return canonical(str(number))
    except wrong.Refused as refused:
        if refused.message == wrong.NumberTooPrecise.older:
            raise wrong.NumberOverflow().plain() from None
        raise refused.plain() from None


def size(text: str) -> int:
    """Bytes a canonical number counts for.

    One, one per two digits before the point and per two after it, and one for a minus; zeros at
    either end are not counted.
    """
    if text.isdigit():
        return 1 + (len(text.rstrip("0")) + 1) // 2
    negative, digits, exponent = _parts(text)
    count = len(digits)
    if not count:
        return 1
    whole = exponent + 1
    if not 0 < whole < count:
        whole = 0
    return 1 + (whole + 1) // 2 + (count - whole + 1) // 2 + negative


def ordered(text: str) -> bytes:
    """Bytes that sort as the numbers do, none a prefix of another."""
    if text.isdigit():
        negative, digits, exponent = False, text.rstrip("0"), len(text) - 1
    else:
        negative, digits, exponent = _parts(text)
    if not digits:
        return b"\x80"
    pairs = bytes.fromhex(digits + "0" if len(digits) & 1 else digits).translate(_PAIRS)
    magnitude = bytes((exponent - limits.NUMBER_MIN_EXPONENT,)) + pairs + b"\x00"
    return b"\x7f" + magnitude.translate(_INVERTED) if negative else b"\x81" + magnitude


def _parts(text: str) -> tuple[bool, str, int]:
    """(is negative, significant digits, decimal exponent of the first) of a canonical number."""
    negative = text[0] == "-"
    whole, _, fraction = text[negative:].partition(".")
    if whole != "0":
        return negative, (whole + fraction).rstrip("0"), len(whole) - 1
    digits = fraction.lstrip("0")
    return negative, digits, len(digits) - len(fraction) - 1
