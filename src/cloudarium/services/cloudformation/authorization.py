"""Which IAM action on which ARN each operation needs.

Source: "Actions, resources, and condition keys for AWS CloudFormation", Service Authorization
Reference.
"""

from __future__ import annotations

from collections.abc import Iterator

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.cloudformation import stacks

_OVERRIDES = ("StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL")
_WITHOUT_RESOURCE = (
    "GetTemplateSummary",
    "ListExports",
    "ListImports",
    "ListStacks",
    "ValidateTemplate",
)


def required(ctx: Context, operation: str, request: Request) -> Iterator[Access]:
    """Yield what the caller of `operation` needs to be allowed."""
    conditions: dict[str, str | list[str]] = {}
    role = request.get("RoleARN")
    if role:
        conditions["cloudformation:RoleArn"] = role
        passed: dict[str, str | list[str]] = {"iam:PassedToService": "cloudformation.amazonaws.com"}
        yield Access("iam:PassRole", role, passed)
    if request.get("TemplateURL"):
        conditions["cloudformation:TemplateUrl"] = request["TemplateURL"]
    if request.get("StackPolicyURL"):
        conditions["cloudformation:StackPolicyUrl"] = request["StackPolicyURL"]
    if any(request.get(member) for member in _OVERRIDES):
        # "Updating protected resources", User Guide.
        yield Access("cloudformation:SetStackPolicy", _resource(ctx, operation, request))
    if request.get("ChangeSetName"):
        conditions["cloudformation:ChangeSetName"] = request["ChangeSetName"]
    yield Access(f"cloudformation:{operation}", _resource(ctx, operation, request), conditions)


def _resource(ctx: Context, operation: str, request: Request) -> str:
    name = request.get("StackName")
    if operation in _WITHOUT_RESOURCE and not name:
        return "*"
    if name is None:
        change_set = request.get("ChangeSetName", "")
        return change_set if change_set.startswith("arn:") else "*"
    if name.startswith("arn:"):
        return str(name)
    stack = stacks.lookup(ctx, name)
    return stack.stack_id if stack else ctx.arn(f"stack/{name}/*")
