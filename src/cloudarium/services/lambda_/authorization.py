"""Which IAM action on which ARN each operation needs (Service Authorization Reference, Lambda)."""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.lambda_ import memory, names, policies
from cloudarium.services.lambda_.layers import versions
from cloudarium.services.lambda_.names import LATEST
from cloudarium.services.lambda_.sources import mappings

_ON_EVERYTHING = frozenset(
    (
        "ListFunctions",
        "GetAccountSettings",
        "ListEventSourceMappings",
        "ListLayers",
        "CreateCodeSigningConfig",
        "ListCodeSigningConfigs",
    )
)
_ON_FUNCTION = frozenset(("CreateAlias", "UpdateAlias", "DeleteAlias", "GetAlias", "ListAliases"))
_LAMBDA = {"iam:PassedToService": "lambda.amazonaws.com"}


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """The permissions that `operation` needs."""
    action = f"lambda:{operation}"
    if operation in _ON_EVERYTHING:
        yield Access(action, "*")
    elif "Layer" in operation:
        yield _layer(ctx, operation, request)
    elif "EventSourceMapping" in operation:
        yield _mapping(ctx, action, request)
    elif operation in ("Invoke", "InvokeWithResponseStream"):
        yield _invoke(ctx, request)
    elif "CodeSigningConfigArn" in request and operation != "CreateFunction":
        yield Access(action, request["CodeSigningConfigArn"])
        if "FunctionName" in request:
            yield Access(action, names.parse(ctx, request["FunctionName"]).function_arn)
    elif "Resource" in request:
        arn = request["Resource"]
        is_function = ":function:" in arn
        yield Access(action, names.parse(ctx, arn).function_arn if is_function else arn)
    elif operation.endswith("ResourcePolicy"):
        yield Access(action, names.parse(ctx, request["ResourceArn"]).arn)
    else:
        reference = names.reference(ctx, request)
        qualified = operation not in _ON_FUNCTION and reference.qualifier != LATEST
        arn = reference.arn if qualified else reference.function_arn
        conditions = {}
        if operation == "AddPermission":
            conditions["lambda:Principal"] = request["Principal"]
        yield Access(action, arn, conditions)
    if operation == "CreateFunction" and request.get("Tags"):
        yield Access("lambda:TagResource", names.parse(ctx, request["FunctionName"]).function_arn)
    if operation in ("CreateFunction", "UpdateFunctionConfiguration") and request.get("Role"):
        yield Access("iam:PassRole", request["Role"], _LAMBDA)
    if operation in ("CreateFunction", "UpdateFunctionConfiguration"):
        for arn in request.get("Layers") or ():
            yield _layer_version(ctx, arn)


def _layer(ctx: Context, operation: str, request: Request) -> Access:
    if operation == "GetLayerVersionByArn":
        return _layer_version(ctx, request["Arn"])
    account, region, name = versions.named(ctx, request["LayerName"])
    arn = f"arn:aws:lambda:{region}:{account}:layer:{name}"
    if operation in ("PublishLayerVersion", "ListLayerVersions"):
        return Access(f"lambda:{operation}", arn)
    arn = f"{arn}:{request['VersionNumber']}"
    if operation == "GetLayerVersion":
        return _layer_version(ctx, arn)
    return Access(f"lambda:{operation}", arn)


def _layer_version(ctx: Context, arn: str) -> Access:
    """Using a layer version, which its policy may allow other accounts."""
    layer = versions.by_arn(ctx, arn)
    return Access("lambda:GetLayerVersion", arn, policy=layer.policy if layer else None)


def _mapping(ctx: Context, action: str, request: Request) -> Access:
    conditions: dict[str, str | list[str]] = {}
    if request.get("FunctionName"):
        reference = names.parse(ctx, request["FunctionName"])
        conditions["lambda:FunctionArn"] = reference.function_arn
    if "UUID" not in request:
        return Access(action, "*", conditions)
    mapping = mappings.get(ctx, request["UUID"])
    if mapping:
        conditions.setdefault("lambda:FunctionArn", mapping.reference.function_arn)
    return Access(action, ctx.arn(f"event-source-mapping:{request['UUID']}"), conditions)


def _invoke(ctx: Context, request: Request) -> Access:
    reference = names.reference(ctx, request)
    if reference.qualifier == LATEST:
        reference = reference.qualified("")
    policy = memory.ask(policies.get, ctx, reference)
    return Access("lambda:InvokeFunction", reference.arn, policy=policy)
