"""What IAM refuses about a policy document, with its messages.

Source: the messages IAM answers with `MalformedPolicyDocument`, and their order, as recorded in
moto's test_iam_policies.py and cdk-preflight's rules for IAM; "IAM JSON policy elements
reference" and "IAM policy document grammar", IAM User Guide.
"""

from __future__ import annotations

import base64
import re

from cloudarium.services.iam.evaluation import legacy
from cloudarium.services.iam.evaluation.conditions import base_of
from cloudarium.services.iam.evaluation.document import (
    EVERYONE,
    Document,
    NotAPolicy,
    Statement,
    WrongCase,
    read,
)


class Malformed(Exception):
    """A document IAM refuses; the text is AWS's message."""


SYNTAX = "Syntax errors in policy."
LEGACY = "The policy failed legacy parsing"
NO_JSON = "This policy contains invalid Json"
_VENDOR = re.compile(r"[A-Za-z0-9.\-]+")
_SID = re.compile(r"[0-9A-Za-z]*")
_PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-eusc", "*")
_SERVICE = re.compile(r"[a-z0-9.\-]+\.amazonaws\.com(\.cn)?")
_AWS_PRINCIPAL = re.compile(
    r"\*|\d{4}-\d{4}-\d{4}|\d{12}|arn:[a-z\-]+:iam::\d{12}:(root|(user|role)/[^*?\s]+)"
    r"|arn:[a-z\-]+:sts::\d{12}:(assumed-role/[^/]+/[^/\s]+|federated-user/[^\s]+)"
)
_ASSUMING = {
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:SetContext",
    "sts:SetSourceIdentity",
    "sts:TagSession",
}
_GLOBAL = {
    "iam": "IAM resource {} cannot contain region information.",
    "route53": "Resource {} can not contain region information.",
    "s3": "Resource {} can not contain region information.",
}
_BESIDE_BUCKETS = ("accesspoint", "access-grants", "async-request/", "job/", "storage-lens")
_IAM_PATHS = (
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
)


def identity_policy(text: str) -> Document:
    """Return the inline, managed or session policy `text`. Raises Malformed."""
    document = _read(text, SYNTAX)
    _check_legacy(document)
    _check_sids(document)
    for statement in document.statements:
        if statement.principals is not None:
            raise Malformed("Policy document should not specify a principal.")
    for statement in document.statements:
        for resource in statement.resources or ():
            _check_resource(resource)
    for statement in document.statements:
        _check_actions(statement)
        if not statement.resources:
            raise Malformed("Policy statement must contain resources.")
    return document


def managed_policy(text: str) -> Document:
    """Return the managed policy `text`; the older version of the language is not for these.

    Raises Malformed.
    """
    if _read(text, SYNTAX).version != "2012-10-17":
        raise Malformed("Policy document must be version 2012-10-17 or greater.")
    return identity_policy(text)


def trust_policy(text: str) -> Document:
    """Return the trust policy `text` of a role. Raises Malformed."""
    document = _read(text, NO_JSON)
    _check_legacy(document)
    for statement in document.statements:
        if statement.resources:
            raise Malformed("Has prohibited field Resource")
        if statement.principals is None:
            raise Malformed("Missing required field Principal")
        if statement.not_principal:
            raise Malformed("Has prohibited field NotPrincipal")
        _check_actions(statement)
        if not _ASSUMING.issuperset(statement.actions):
            raise Malformed("AssumeRole policy may only specify STS AssumeRole actions.")
        for kind, value in statement.principals:
            _check_principal(kind, value)
    _check_sids(document)
    return document


def invalid_principal(kind: str, value: str) -> Malformed:
    """Return the refusal of a principal that does not exist."""
    return Malformed(f'Invalid principal in policy: "{kind.upper()}":"{value}"')


def _read(text: str, when_not_json: str) -> Document:
    if not text.lstrip().startswith("{"):
        raise Malformed(when_not_json)
    try:
        document = read(text)
    except WrongCase as error:
        raise Malformed(LEGACY) from error
    except NotAPolicy as error:
        not_json = error.__cause__ is not None
        raise Malformed(when_not_json if not_json else SYNTAX) from error
    if not all(_is_base64(value) for value in _binary_values(document)):
        raise Malformed(SYNTAX)
    return document


def _binary_values(document: Document) -> list[str]:
    return [
        value
        for statement in document.statements
        for operator, _, values in statement.conditions
        for value in values
        if base_of(operator) == "BinaryEquals"
    ]


def _is_base64(value: str) -> bool:
    try:
        return base64.b64encode(base64.b64decode(value, validate=True)).decode() == value
    except ValueError:
        return False


def _check_legacy(document: Document) -> None:
    for statement in document.statements:
        readable = all(
            legacy.can_read_arn(resource)
            for resource in statement.resources or ()
            if ":" in resource and _partition_is_known(legacy.arn_parts(resource)[1])
        )
        if not (readable and legacy.can_read_conditions(statement)):
            raise Malformed(LEGACY)


def _partition_is_known(partition: str) -> bool:
    return partition in _PARTITIONS or "${" in partition


def _check_sids(document: Document) -> None:
    sids = [statement.sid for statement in document.statements if statement.sid]
    for sid in sids:
        if not _SID.fullmatch(sid):
            raise Malformed(
                "Statement IDs (SID) must be alpha-numeric. "
                "Check that your input satisfies the regular expression [0-9A-Za-z]*"
            )
    if len(set(sids)) != len(sids):
        raise Malformed("Statement IDs (SID) in a single policy must be unique.")


def _check_actions(statement: Statement) -> None:
    if not statement.actions:
        raise Malformed("Policy statement must contain actions.")
    for action in statement.actions:
        if action == "*":
            continue
        vendor, colon, name = action.partition(":")
        if not colon:
            raise Malformed(
                "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
            )
        if ":" in name:
            raise Malformed("Actions/Condition can contain only one colon.")
        if "*" in vendor or "?" in vendor:
            raise Malformed("Action vendors (e.g., aws, ec2, etc.) must not contain wildcards.")
        if not _VENDOR.fullmatch(vendor):
            raise Malformed(f"Vendor {vendor} is not valid")


def _check_resource(resource: str) -> None:
    if resource == "*":
        return
    if ":" not in resource:
        raise Malformed(f'Resource {resource} must be in ARN format or "*".')
    parts = legacy.arn_parts(resource)
    _, partition, vendor, region, account, path = parts
    arn = ":".join(parts)
    if not _partition_is_known(partition):
        raise Malformed(f'Partition "{partition}" is not valid for resource "{arn}".')
    if "*" in vendor or "?" in vendor:
        raise Malformed("Resource vendor must be fully qualified and cannot contain regexes.")
    of_bucket = vendor == "s3" and not path.startswith(_BESIDE_BUCKETS)
    if vendor in _GLOBAL and region not in ("", "*") and (of_bucket or vendor != "s3"):
        raise Malformed(_GLOBAL[vendor].format(arn))
    if of_bucket and account.isdigit():
        raise Malformed(f"Resource {arn} cannot contain an account id.")
    if vendor == "iam" and not _may_be_of_iam(path):
        paths = ", ".join(_IAM_PATHS)
        raise Malformed(f'IAM resource path must either be "*" or start with {paths}.')


def _may_be_of_iam(path: str) -> bool:
    kind = path.partition("/")[0]
    return path.startswith(_IAM_PATHS) or any(sign in kind for sign in ("*", "?", "${"))


def _check_principal(kind: str, value: str) -> None:
    if kind == EVERYONE:
        raise Malformed('AssumeRolepolicy contained an invalid principal: "STAR":"*".')
    if kind == "Service" and not _SERVICE.fullmatch(value):
        raise invalid_principal(kind, value)
    if kind == "AWS" and not _AWS_PRINCIPAL.fullmatch(value):
        raise invalid_principal(kind, value)
