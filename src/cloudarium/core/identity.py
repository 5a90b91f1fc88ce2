"""Who asks and what they ask for: the vocabulary of authentication and authorization.

The decisions are IAM's; `core` only knows the interface `Identity`, which the composition root
fills with IAM's implementation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Protocol

PrincipalKind = Literal["root", "user", "role", "federated", "service", "anonymous"]
ConditionContext = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Principal:
    """Who makes a request.

    `arn` is the ARN policies and messages name (`arn:aws:sts::…:assumed-role/…` for a role's
    session), `id` the unique id (`AIDA…`, `AROA…:session`), `name` the user or role-session name,
    `role_arn` the role behind a session, `service` the service principal (`lambda.amazonaws.com`).
    """

    kind: PrincipalKind
    arn: str
    account: str
    id: str = ""
    name: str = ""
    role_arn: str = ""
    service: str = ""
    session_policies: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.arn, self.id))


ANONYMOUS = Principal("anonymous", "*", "anonymous", id="anonymous")


def root(account: str) -> Principal:
    """Return the root user of `account`."""
    return Principal("root", f"arn:aws:iam::{account}:root", account, id=account, name="root")


@lru_cache(1024)
def service_principal(service: str, account: str) -> Principal:
    """Return the AWS service `service` (like `lambda.amazonaws.com`) acting for `account`."""
    return Principal("service", service, account, id=service, name=service, service=service)


class Access(NamedTuple):
    """One thing a request needs to be allowed.

    `policy` is the resource's own policy document, if it has one; `conditions` are the service's
    own condition keys.
    """

    action: str
    resource: str
    conditions: ConditionContext = MappingProxyType({})
    policy: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Credential:
    """An access key: its secret and whom it stands for. `expires_at` is epoch seconds."""

    access_key_id: str
    secret: str
    principal: Principal
    expires_at: float | None = None
    active: bool = True


class Identity(Protocol):
    """What the core asks of IAM."""

    def credential(self, access_key_id: str, session_token: str | None) -> Credential | None:
        """Return the credential of `access_key_id`, or None if there is none such."""

    def authorize(self, principal: Principal, access: Access, context: ConditionContext) -> None:
        """Return if `principal` may do `access`, else raise AccessDenied with AWS's explanation."""

    def allowed(self, principal: Principal, access: Access, context: ConditionContext) -> bool:
        """Tell whether `principal` may do `access`."""

    def ssh_key(self, key_id: str) -> tuple[str, Principal] | None:
        """Return the active SSH public key `APKA…` (OpenSSH text) and its user, if there is one."""

    def git_credential(self, user_name: str, password: str) -> Principal | None:
        """Return the user whose active CodeCommit service-specific credential this is, if any."""

    def is_missing(self, account: str, arn: str) -> bool:
        """Tell whether `arn` names a user or role of `account` that is not there."""

    def assume_role(
        self,
        service: Principal,
        role_arn: str,
        session_name: str,
        policy: str | None,
        context: ConditionContext,
    ) -> Principal:
        """Return a session of `role_arn` if its trust policy lets `service` assume it.

        Raises AccessDenied otherwise.
        """
