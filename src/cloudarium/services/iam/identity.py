"""IAM as the core knows it: who a key stands for, and who may do what."""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core import arn as arns
from cloudarium.core.errors import AccessDenied
from cloudarium.core.identity import Access, ConditionContext, Credential, Principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.iam import credentials, entities, sessions, tags
from cloudarium.services.iam.evaluation.decision import Decision, Permissions, Question, decide
from cloudarium.services.iam.evaluation.document import NotAPolicy, read
from cloudarium.services.iam.evaluation.explain import explain
from cloudarium.services.iam.evaluation.facts import RequestFacts, of_principal, of_time
from cloudarium.services.iam.evaluation.rules import Rules, compile_policy
from cloudarium.services.iam.permissions import NOTHING, of_entity, session_rules
from cloudarium.services.iam.usage import Usage

_REMEMBERED = 2000


@dataclass(frozen=True)
class KeyHolder(Principal):
    """A user who signed with the access key `access_key_id`."""

    access_key_id: str = ""

    __hash__ = Principal.__hash__


@dataclass(frozen=True)
class SessionHolder(Principal):
    """Who signed with temporary credentials."""

    __hash__ = Principal.__hash__


class IamIdentity:
    """Decides by compiled policies, which it keeps until something in IAM changes."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._runtime = runtime
        self._usage = Usage()
        self._permissions: dict[tuple[str, tuple[str, ...]], Permissions] = {}
        self._credentials: dict[tuple[str, str | None], Credential] = {}
        self._resource_rules: dict[bytes, Rules] = {}
        self._decisions: dict[tuple[Hashable, ...], tuple[Question, Decision]] = {}
        self._seal: sessions.Seal | None = None
        self._changes = 0

    @property
    def _db(self) -> sqlite3.Connection:
        return self._runtime.store.connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Join the transaction that is open, or open one."""
        store = self._runtime.store
        if store.in_transaction:
            yield store.connection
        else:
            with store.transaction() as connection:
                yield connection

    @property
    def seal(self) -> sessions.Seal:
        """What makes and opens session tokens."""
        if self._seal is None:
            ids = self._runtime.kernel.ids
            key = sessions.stored_key(self._db)
            if key is None:
                # Not kept here yet: the transaction that makes the key may still roll back.
                with self._writing() as db:
                    return sessions.Seal(sessions.make_key(db, ids), ids)
            self._seal = sessions.Seal(key, ids)
        return self._seal

    def _forget_if_changed(self) -> None:
        """Forget everything compiled or looked up if anything was written to IAM's database."""
        changes = self._db.total_changes
        if changes != self._changes:
            self._permissions.clear()
            self._credentials.clear()
            self._decisions.clear()
            self._changes = changes

    def credential(self, access_key_id: str, session_token: str | None) -> Credential | None:
        """Return the credential of `access_key_id`, or None if there is none such."""
        self._forget_if_changed()
        key = (access_key_id, session_token)
        found = self._credentials.get(key)
        if found is None:
            if session_token is None:
                found = self._user_key(access_key_id)
            else:
                found = self._session_key(access_key_id, session_token)
            if found is None:
                return None
            if len(self._credentials) >= _REMEMBERED:
                self._credentials.clear()
            self._credentials[key] = found
        return found

    def _user_key(self, key_id: str) -> Credential | None:
        key = credentials.access_key(self._db, key_id)
        user = entities.by_id(self._db, key.user_id) if key else None
        if key is None or user is None:
            return None
        principal = KeyHolder(**_user_members(self._db, user), access_key_id=key_id)
        return Credential(key_id, key.secret, principal, None, key.status == "Active")

    def _session_key(self, key_id: str, token: str) -> Credential | None:
        session = self.seal.open(token)
        if session is None or session.access_key_id != key_id:
            return None
        principal = SessionHolder(
            kind=session.kind,
            arn=session.arn,
            account=session.account,
            id=session.id,
            name=session.name,
            role_arn=session.role_arn,
            session_policies=session.policies,
            tags=session.tags,
        )
        return Credential(key_id, session.secret, principal, float(session.expires_at))

    def ssh_key(self, key_id: str) -> tuple[str, Principal] | None:
        """Return the active SSH public key `APKA…` (OpenSSH text) and its user, if there is one."""
        key = credentials.ssh_key(self._db, key_id)
        if key is None or key.status != "Active":
            return None
        user = entities.by_id(self._db, key.user_id)
        return (key.body, user_principal(self._db, user)) if user else None

    def git_credential(self, user_name: str, password: str) -> Principal | None:
        """Return the user whose active CodeCommit service-specific credential this is, if any."""
        credential = credentials.service_credential_named(self._db, user_name)
        if credential is None or credential.status != "Active":
            return None
        if not credential.accepts(password):
            return None
        user = entities.by_id(self._db, credential.user_id)
        return user_principal(self._db, user) if user else None

    def authorize(self, principal: Principal, access: Access, context: ConditionContext) -> None:
        """Return if `principal` may do `access`, else raise AccessDenied with AWS's explanation."""
        question, decision = self.decide(principal, access, context)
        if not decision.allowed:
            raise AccessDenied(message=explain(question, decision))
        self._note_use(principal, access, context)

    def allowed(self, principal: Principal, access: Access, context: ConditionContext) -> bool:
        """Tell whether `principal` may do `access`."""
        return self.decide(principal, access, context)[1].allowed

    def decide(
        self, principal: Principal, access: Access, context: ConditionContext
    ) -> tuple[Question, Decision]:
        """Return the question as IAM understands it and its decision.

        The same question gets the same answer while nothing in IAM changes, unless it depended on
        the time.
        """
        policy = b"" if access.policy is None else orjson.dumps(access.policy)
        key = (
            principal,
            access.action,
            access.resource,
            policy,
            _hashable(access.conditions),
            _hashable(context),
        )
        self._forget_if_changed()
        found = self._decisions.get(key)
        if found is None:
            found = self._decide(principal, access, policy, context)
            facts = found[0].facts
            if isinstance(facts, RequestFacts) and not facts.told_time:
                if len(self._decisions) >= _REMEMBERED:
                    self._decisions.clear()
                self._decisions[key] = found
        return found

    def _decide(
        self,
        principal: Principal,
        access: Access,
        policy: bytes,
        context: ConditionContext,
    ) -> tuple[Question, Decision]:
        owner = _owner(principal, access, context)
        facts = RequestFacts(
            context,
            access.conditions,
            {"aws:ResourceAccount": owner},
            lambda: of_time(self._runtime.kernel.clock.now()),
            lambda: of_principal(principal),
        )
        question = Question(principal, access.action, access.resource, owner, facts)
        rules = None if access.policy is None else self._compiled(access.policy, policy)
        return question, decide(question, self.permissions(principal), rules)

    def permissions(self, principal: Principal) -> Permissions:
        """Return the compiled policies of `principal`."""
        self._forget_if_changed()
        holder = f"{principal.account}/{principal.id}"
        if principal.kind == "role":
            holder = principal.id.partition(":")[0]
        elif principal.kind == "federated":
            # Two users may give sessions of one name: each has what its own issuer has.
            holder = f"{holder}/{principal.role_arn}"
        key = (holder, principal.session_policies)
        found = self._permissions.get(key)
        if found is None:
            found = self._load(principal)
            if len(self._permissions) >= _REMEMBERED:
                self._permissions.clear()
            self._permissions[key] = found
        return found

    def _load(self, principal: Principal) -> Permissions:
        if principal.kind == "root":
            return Permissions(NOTHING, everything=True)
        if principal.kind == "federated":
            return self._federated(principal)
        if principal.kind not in ("user", "role"):
            return Permissions(NOTHING)
        entity = entities.by_id(self._db, principal.id.partition(":")[0])
        if entity is None:
            return Permissions(NOTHING)
        identity, boundary = of_entity(self._db, entity)
        return Permissions(identity, boundary, session_rules(principal.session_policies))

    def _federated(self, principal: Principal) -> Permissions:
        """A federated user has what both its issuer's and the session's policies allow."""
        session = session_rules(principal.session_policies) or NOTHING
        issuer = entities.by_arn(self._db, principal.role_arn)
        if issuer is None:
            everything = principal.role_arn.endswith(":root")
            return Permissions(NOTHING, session=session, everything=everything)
        identity, boundary = of_entity(self._db, issuer)
        return Permissions(identity, boundary, session)

    def _compiled(self, policy: Mapping[str, Any], key: bytes) -> Rules:
        found = self._resource_rules.get(key)
        if found is None:
            try:
                found = Rules(compile_policy(read(policy)))
            except NotAPolicy:
                found = NOTHING
            if len(self._resource_rules) >= _REMEMBERED:
                self._resource_rules.clear()
            self._resource_rules[key] = found
        return found

    def is_missing(self, account: str, arn: str) -> bool:
        """Tell whether `arn` names a user or role of `account` that is not there."""
        return entities.is_missing(self._db, account, arn)

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
        role = entities.by_arn(self._db, role_arn)
        trust = role.trust if role and role.kind == "role" else {}
        self.authorize(service, Access("sts:AssumeRole", role_arn, policy=trust), context)
        assert role is not None
        policies = (policy,) if policy else ()
        return role_principal(role, session_name, policies, tags.of(self._db, role.id))

    def _note_use(self, principal: Principal, access: Access, context: ConditionContext) -> None:
        """Record when an access key or a role was last used."""
        if isinstance(principal, KeyHolder):
            used = principal.access_key_id
        elif principal.kind == "role":
            used = principal.id.partition(":")[0]
        else:
            return
        region = str(context.get("aws:RequestedRegion", ""))
        service = access.action.partition(":")[0]
        now = self._runtime.kernel.clock.now()
        if self._usage.is_news(used, service, region, now):
            with self._writing() as db:
                before = db.total_changes
                self._usage.record(db, used, service, region, now)
                self._changes += db.total_changes - before


def _hashable(conditions: ConditionContext) -> Hashable:
    items = tuple(conditions.items())
    try:
        hash(items)
    except TypeError:
        return tuple((name, one if isinstance(one, str) else tuple(one)) for name, one in items)
    return items


def _owner(principal: Principal, access: Access, context: ConditionContext) -> str:
    """Return the account a resource belongs to: said by the service, else by the ARN."""
    said = access.conditions.get("aws:ResourceAccount") or context.get("aws:ResourceAccount")
    if said:
        return str(said)
    parsed = arns.parse(access.resource)
    account = parsed.account if parsed else ""
    return account if len(account) == 12 and account.isdigit() else principal.account


def _user_members(db: sqlite3.Connection, user: entities.Entity) -> dict[str, Any]:
    return {
        "kind": "user",
        "arn": user.arn,
        "account": user.account,
        "id": user.id,
        "name": user.name,
        "tags": tags.of(db, user.id),
    }


def user_principal(db: sqlite3.Connection, user: entities.Entity) -> Principal:
    """Return `user` as a principal."""
    return Principal(**_user_members(db, user))


def role_principal(
    role: entities.Entity, session_name: str, policies: tuple[str, ...], tagged: Mapping[str, str]
) -> Principal:
    """Return the session `session_name` of `role` as a principal."""
    return Principal(
        kind="role",
        arn=f"arn:aws:sts::{role.account}:assumed-role/{role.name}/{session_name}",
        account=role.account,
        id=f"{role.id}:{session_name}",
        name=session_name,
        role_arn=role.arn,
        session_policies=policies,
        tags=tagged,
    )
