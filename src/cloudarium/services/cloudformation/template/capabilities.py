"""Which acknowledgements a template needs before CloudFormation acts on it.

Source: the `Capabilities` parameter of CreateStack, API reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cloudarium.services.cloudformation.errors import InsufficientCapabilities
from cloudarium.services.cloudformation.template.model import Template

IAM, NAMED_IAM, AUTO_EXPAND = "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"

# The resource types that need a capability, and the property that gives each a name of its own.
_NAMES = {
    "AWS::IAM::AccessKey": "",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Policy": "",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::UserToGroupAddition": "",
}


def needed(template: Template) -> tuple[list[str], list[str]]:
    """Return the IAM capabilities `template` needs and the resource types that need them."""
    iam = [r for r in template.resources.values() if r.type in _NAMES]
    named = [r for r in iam if _NAMES[r.type] and _NAMES[r.type] in r.properties]
    types = list(dict.fromkeys(r.type for r in iam))
    if named:
        return [NAMED_IAM], types
    return ([IAM] if iam else []), types


def reason(types: Iterable[str]) -> str:
    """Return the `CapabilitiesReason` for these resource types."""
    return f"The following resource(s) require capabilities: [{', '.join(types)}]"


def check(template: Template, request: Mapping[str, Any], *, expanded: bool) -> None:
    """Raise InsufficientCapabilities unless `request` acknowledges what the template does.

    `expanded` says that a macro was applied, outside of a change set.
    """
    given = set(request.get("Capabilities", []))
    wanted = needed(template)[0] + ([AUTO_EXPAND] if expanded else [])
    if NAMED_IAM in given:
        given.add(IAM)
    missing = [capability for capability in wanted if capability not in given]
    if missing:
        raise InsufficientCapabilities(capabilities=", ".join(missing))
