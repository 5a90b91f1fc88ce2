"""PutParameter."""

from __future__ import annotations

import base64

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.matching import BadExpression, expression
from cloudarium.core.tags import from_list
from cloudarium.services.ssm import errors, limits, names, parameters
from cloudarium.services.ssm.parameters import SECURE, Parameter

_MANAGED_KEY = "alias/aws/ssm"
_ADVANCED = "Advanced"
_STANDARD = "Standard"
_SEALED_BYTES = 120


def put_parameter(ctx: Context, request: Request) -> Response:
    """Make a parameter, or with `Overwrite` a new version of it."""
    names.check(ctx, request["Name"])
    _refuse_unsupported(request)
    old = parameters.current(ctx, request["Name"])
    overwrite = request.get("Overwrite", False)
    if overwrite and request.get("Tags"):
        raise errors.TagsOnOverwrite()
    if old is not None and not overwrite:
        raise errors.ParameterAlreadyExists()
    made = _made(ctx, request, old)
    parameters.put(ctx, made)
    if request.get("Tags"):
        parameters.tag(ctx, made.name, from_list(request["Tags"]))
    return {"Version": made.version, "Tier": made.tier}


def _refuse_unsupported(request: Request) -> None:
    if request.get("Policies") not in (None, "[]", "{}"):
        raise errors.Unsupported(name="Policies")
    if request.get("DataType", "text") != "text":
        raise errors.Unsupported(name=f"DataType {request['DataType']}")


def _made(ctx: Context, request: Request, old: Parameter | None) -> Parameter:
    kind = request.get("Type") or (old.type if old else None)
    if kind is None:
        raise errors.MissingType()
    if old is not None and kind != old.type:
        raise errors.TypeChange()
    value, pattern = request["Value"], request.get("AllowedPattern", "")
    tier = _tier(request, old)
    _check_value(value, tier)
    _check_pattern(value, pattern)
    secure = kind == SECURE
    return Parameter(
        name=request["Name"],
        version=old.version + 1 if old else 1,
        type=kind,
        value=value,
        sealed=base64.b64encode(ctx.ids.bytes(_SEALED_BYTES)).decode() if secure else "",
        key_id=_key(request, secure=secure),
        description=request.get("Description", old.description if old else ""),
        allowed_pattern=pattern,
        tier=tier,
        modified_at=ctx.now,
        modified_by=ctx.principal.arn,
    )


def _tier(request: Request, old: Parameter | None) -> str:
    """Return the tier: an advanced parameter stays one, and Intelligent-Tiering goes by size."""
    if old is not None and old.tier == _ADVANCED:
        return _ADVANCED
    wanted = str(request.get("Tier", _STANDARD))
    if wanted != "Intelligent-Tiering":
        return wanted
    return _ADVANCED if len(request["Value"].encode()) > limits.STANDARD_BYTES else _STANDARD


def _check_value(value: str, tier: str) -> None:
    if not value:
        raise errors.EmptyValue()
    size = len(value.encode())
    if tier == _ADVANCED and size > limits.ADVANCED_BYTES:
        raise errors.LongAdvancedValue(limit=limits.ADVANCED_BYTES)
    if tier != _ADVANCED and size > limits.STANDARD_BYTES:
        raise errors.LongValue(limit=limits.STANDARD_BYTES)
    if "{{" in value and "}}" in value:
        raise errors.NestedValue(value=value)


def _check_pattern(value: str, pattern: str) -> None:
    if not pattern:
        return
    try:
        found = expression(pattern).search(value)
    except BadExpression:
        raise errors.InvalidAllowedPattern(pattern=pattern) from None
    if not found:
        raise errors.PatternMismatch(pattern=pattern)


def _key(request: Request, *, secure: bool) -> str:
    """Return the key: AWS's own, since this cloud has no keys of one's own."""
    key = request.get("KeyId")
    if not secure:
        if key is not None:
            raise errors.KeyOfPlain()
        return ""
    if key not in (None, _MANAGED_KEY):
        raise errors.InvalidKeyId(key=key)
    return _MANAGED_KEY
