"""The documents of resource policies: what is wrong with them, and the form they are kept in.

Source: what users of the service measured. It keeps a document in a form of its own, by which it
also tells whether a document is another one.
"""

import re
from collections.abc import Iterable
from typing import Any

import orjson

from . import limits
from . import resource_errors as errors

_SLOTS = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
_REQUIRED = (
    ("Effect", "Effect"),
    ("Principal", "NotPrincipal"),
    ("Action", "NotAction"),
    ("Resource", "NotResource"),
)
_STREAM_ACTIONS = frozenset(
    (
        "dynamodb:describestream",
        "dynamodb:getrecords",
        "dynamodb:getsharditerator",
        "dynamodb:liststreams",
    )
)
_BARE_PRINCIPAL = re.compile(r'"(?:Not)?Principal"\s*:\s*"(?!\*")[^"]*"')
_OLD_VERSION = "2008-10-17"

Document = dict[str, Any]


def read(text: str, arn: str) -> Document:
    """The document of a policy of `arn`, but for a missing version as it is kept.

    ValidationException if it cannot be.
    """
    if len(text.encode()) > limits.POLICY_BYTES:
        raise errors.PolicyTooLong(limit=limits.POLICY_BYTES)
    document = _parsed(text)
    bare = _BARE_PRINCIPAL.search(text)
    if bare:
        raise _syntax_error(text, bare.end())
    statements = [_statement(each, arn) for each in document["Statement"]]
    ids = [each["Sid"] for each in statements if "Sid" in each]
    if len(set(ids)) != len(ids):
        raise _bad("The Statement Ids in the policy are not unique")
    return {**_some(document, ("Version", "Id")), "Statement": statements}


def kept(document: Document) -> str:
    """A document as it is answered: without a version, it is of the oldest."""
    return orjson.dumps({"Version": _OLD_VERSION} | document).decode()


def _parsed(text: str) -> Document:
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise _bad("This policy contains invalid Json") from None
    if document is None:
        raise _bad("This text appears not to be a policy")
    if not isinstance(document, dict):
        raise _bad("This policy contains invalid Json")
    statement = document.get("Statement")
    if statement is None:
        raise _syntax_error(text, len(text))
    statements = [statement] if isinstance(statement, dict) else statement
    if not isinstance(statements, list) or not all(isinstance(each, dict) for each in statements):
        raise _syntax_error(text, len(text))
    if not statements:
        raise _bad("Could not parse the policy: Statement is empty!")
    return {**document, "Statement": statements}


def _statement(given: Document, arn: str) -> Document:
    for name, other in _REQUIRED:
        if name not in given and other not in given:
            raise _bad(f"Missing required field {name}")
    statement = {name: _single(given[name]) for name in _SLOTS if name in given}
    statement["Effect"] = str(given["Effect"]).capitalize()
    for name in ("Principal", "NotPrincipal"):
        if name in given:
            statement[name] = _principals(given[name])
    if _is_unbounded(statement):
        raise errors.UnboundedAccess()
    _check_actions(_listed(statement.get("Action")), arn)
    _check_resources(_listed(statement.get("Resource")), arn)
    return statement


def _is_unbounded(statement: Document) -> bool:
    if statement["Effect"] != "Allow" or "Condition" in statement:
        return False
    principal = statement.get("Principal")
    named = principal.values() if isinstance(principal, dict) else [principal]
    return any("*" in _listed(each) for each in named)


def _check_actions(actions: Iterable[str], arn: str) -> None:
    if "/stream/" not in arn:
        wrong = [each for each in actions if each.lower() in _STREAM_ACTIONS]
        if wrong:
            named = ", ".join(f'"{each}"' for each in wrong)
            raise _bad(f"The following action names are invalid: {named}")


def _check_resources(resources: Iterable[str], arn: str) -> None:
    """A stream's policy is about streams, a table's about tables and indexes."""
    for resource in resources:
        if resource != "*" and ("/stream/" in resource) != ("/stream/" in arn):
            relative = resource.split(":", 5)[-1]
            raise _bad(f'The relative-id "{relative}" is invalid for ARN "{resource}"')


def _principals(given: Any) -> Any:
    """Principals with accounts as their roots' ARNs, each once."""
    if not isinstance(given, dict):
        return given
    found = {kind: [*dict.fromkeys(map(_root, _listed(each)))] for kind, each in given.items()}
    return {kind: _single(each) for kind, each in found.items()}


def _root(principal: str) -> str:
    is_account = len(principal) == 12 and principal.isdecimal()
    return f"arn:aws:iam::{principal}:root" if is_account else principal


def _single(value: Any) -> Any:
    """A list of one as that one, also further in."""
    if isinstance(value, dict):
        return {key: _single(each) for key, each in value.items()}
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value is not None else []


def _some(document: Document, names: tuple[str, ...]) -> Document:
    return {name: document[name] for name in names if name in document}


def _syntax_error(text: str, at: int) -> Exception:
    """Where the reading ended: a line, and the column after the last one read."""
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return _bad(f"Syntax error at position ({line},{column})")


def _bad(reason: str) -> Exception:
    return errors.BadPolicy(reason=reason)
