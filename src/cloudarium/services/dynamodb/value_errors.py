"""What the service says of requests that cannot be, most of all of values that are none.

It has two frameworks with words of their own, and each operation runs in one of them: `layers`
tells which. An error is raised in the older one's words and knows the newer one's.
"""

from dataclasses import dataclass

from cloudarium.core.errors import AwsError


class Refused(AwsError):
    """A ValidationException about a request by itself, in the words of both frameworks."""

    def __init__(self, older: str, current: str) -> None:
        super().__init__("ValidationException", older, 400)
        self.current = current

    def within(self, template: str, **fields: object) -> "Refused":
        """The same, the older framework's message put into a larger one at `{message}`."""
        return Refused(template.format(message=self.message, **fields), self.current)

    def plain(self) -> AwsError:
        """The same of what is no value of the request: in the same words everywhere."""
        return AwsError(self.code, self.message, self.status)


def refused(error: AwsError) -> Refused:
    """An error as one about the request by itself; most have the same words in both frameworks."""
    return error if isinstance(error, Refused) else Refused(error.message, error.message)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One kind of refused request: both message templates; "" where they are the same."""

    older: str
    newer: str = ""

    def __call__(self, **fields: object) -> Refused:
        """Return the error with its messages filled in from `fields`."""
        older = self.older.format(**fields)
        return Refused(older, self.newer.format(**fields) if self.newer else older)


_VALUE = "One or more parameter values were invalid: "
_NOT_A_NUMBER = "The parameter cannot be converted to a numeric value"

NumberMissing = Refusal(_NOT_A_NUMBER, _NOT_A_NUMBER + ": ")
NotANumber = Refusal(_NOT_A_NUMBER + ": {text}")
NumberOverflow = Refusal(
    "Number overflow. Attempting to store a number with magnitude larger than supported range"
)
NumberUnderflow = Refusal(
    "Number underflow. Attempting to store a number with magnitude smaller than supported range"
)
ExponentWraps = Refusal(NumberUnderflow.older, NumberOverflow.older)
ExponentTooLong = Refusal(NotANumber.older, NumberOverflow.older)
NegativeExponentTooLong = Refusal(NotANumber.older, NumberUnderflow.older)
NumberTooPrecise = Refusal("Attempting to store more than 38 significant digits in a Number")
NoType = Refusal(
    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
)
SeveralTypes = Refusal(
    "Supplied AttributeValue has more than one datatypes set, "
    "must contain exactly one of the supported datatypes"
)
NestedTooDeep = Refusal(
    "Nesting Levels have exceeded supported limits: "
    "Attributes in the item have nested levels beyond supported limit"
)
NoName = Refusal("Empty attribute name")
NullNotTrue = Refusal(_VALUE + "Null attribute value types must have the value of true")
EmptyStringSet = Refusal(_VALUE + "An string set  may not be empty")
EmptyNumberSet = Refusal(_VALUE + "An number set  may not be empty")
EmptyBinarySet = Refusal(_VALUE + "Binary sets should not be empty")
DuplicateNumbers = Refusal(
    "Input collection contains duplicates", _VALUE + "Input collection contains duplicates."
)
DuplicateStrings = Refusal(
    _VALUE + "Input collection {listed} contains duplicates.",
    _VALUE + "Input collection {ordered} contains duplicates.",
)
DuplicateBinaries = Refusal(
    _VALUE + "Input collection {listed}of type BS contains duplicates.",
    _VALUE + "Input collection {ordered}of type BS contains duplicates.",
)
