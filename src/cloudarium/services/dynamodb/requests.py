"""What the item operations have in common: parameters they refuse, and answers' shared parts."""

from collections.abc import Iterable

from cloudarium.core.context import Request

from . import errors

_LEGACY = (
    "AttributesToGet",
    "AttributeUpdates",
    "ConditionalOperator",
    "Expected",
    "KeyConditions",
    "QueryFilter",
    "ScanFilter",
)


def refuse_legacy(request: Request, expressions: Iterable[str]) -> None:
    """Raises ValidationException for the parameters that expressions replaced."""
    legacy = [name for name in _LEGACY if request.get(name) is not None]
    if not legacy:
        return
    present = [name for name in expressions if request.get(name) is not None]
    if present:
        raise errors.MixedParameters(legacy=", ".join(legacy), expressions=", ".join(present))
    raise errors.LegacyParameter(names=", ".join(legacy))
