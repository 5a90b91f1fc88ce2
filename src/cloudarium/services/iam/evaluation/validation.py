"""What IAM refuses about a policy document, with its messages.

Source: the messages IAM answers with `MalformedPolicyDocument`; "IAM JSON policy elements
reference" and "IAM policy document grammar", IAM User Guide.
"""

from __future__ import annotations

import re

from cloudarium.services.iam.evaluation.document import Document, NotAPolicy, Statement, read


class Malformed(Exception):
    """A document IAM refuses; the text is AWS's message."""


SYNTAX = "Syntax errors in policy."
NO_JSON = "This policy contains invalid Json"
_VENDOR = re.compile(r"[A-Za-z0-9*?.\-]+")
_SID = re.compile(r"[0-9A-Za-z]*")
_PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-eusc", "*")
_SERVICE = re.compile(r"[a-z0-9.\-]+\.amazonaws\.com(\.cn)?")
_AWS_PRINCIPAL = re.compile(
    r"\*|\d{12}|arn:[a-z\-]+:iam::\d{12}:(root|user/.+|role/.+)"
    r"|arn:[a-z\-]+:sts::\d{12}:(assumed-role/[^/]+/[^/]+|federated-user/.+)"
)


def identity_policy(text: str) -> Document:
    """Return the inline, managed or session policy `text`. Raises Malformed."""
    document = _read(text, SYNTAX)
    _check_sids(document)
    for statement in document.statements:
        if statement.principals is not None:
            raise Malformed("Policy document should not specify a principal.")
    for statement in document.statements:
        _check_actions(statement)
        if not statement.resources:
            raise Malformed("Policy statement must contain resources.")
    for statement in document.statements:
        for resource in statement.resources:
            _check_resource(resource)
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
    for statement in document.statements:
        if statement.resources:
            raise Malformed("Has prohibited field Resource")
        if statement.principals is None:
            raise Malformed("Missing required field Principal")
        if statement.not_principal:
            raise Malformed("Has prohibited field NotPrincipal")
        _check_actions(statement)
        if not all(_is_sts(action) for action in statement.actions):
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
        return read(text)
    except NotAPolicy as error:
        not_json = error.__cause__ is not None
        raise Malformed(when_not_json if not_json else SYNTAX) from error


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
        if not _VENDOR.fullmatch(vendor):
            raise Malformed(f"Vendor {vendor} is not valid")


def _check_resource(resource: str) -> None:
    if resource == "*":
        return
    parts = resource.split(":", 5)
    if parts[0] != "arn" or len(parts) < 3:
        raise Malformed(f'Resource {resource} must be in ARN format or "*".')
    partition, vendor = parts[1], parts[2]
    if partition not in _PARTITIONS and "${" not in partition:
        raise Malformed(f'Partition "{partition}" is not valid for resource "{resource}".')
    if "*" in vendor and len(parts) > 3:
        raise Malformed("Resource vendor must be fully qualified and cannot contain regexes.")
    region = parts[3] if len(parts) > 3 else ""
    if vendor == "iam" and region not in ("", "*"):
        raise Malformed(f"IAM resource {resource} cannot contain region information.")
    if vendor == "s3" and region not in ("", "*") and ":accesspoint" not in resource:
        raise Malformed(f"Resource {resource} can not contain region information.")


def _is_sts(action: str) -> bool:
    return action.lower().startswith("sts:")


def _check_principal(kind: str, value: str) -> None:
    if kind == "Service" and not _SERVICE.fullmatch(value):
        raise invalid_principal(kind, value)
    if kind == "AWS" and not _AWS_PRINCIPAL.fullmatch(value):
        raise invalid_principal(kind, value)
