"""The policy simulator."""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.identity import Principal
from cloudarium.services.iam import attachments, documents, entities, pages, policies, tags
from cloudarium.services.iam.entities import Entity
from cloudarium.services.iam.errors import (
    InvalidArn,
    MalformedPolicy,
    NoSuchNamedEntity,
    NotSupported,
)
from cloudarium.services.iam.evaluation.document import NotAPolicy, read
from cloudarium.services.iam.evaluation.rules import Rules, compile_policy
from cloudarium.services.iam.evaluation.validation import SYNTAX
from cloudarium.services.iam.identity import role_principal, user_principal
from cloudarium.services.iam.simulation import Source, Trial, context_keys


def simulate_custom_policy(ctx: Context, request: Request) -> Response:
    """Try out the policies in the request."""
    caller = _caller(ctx, request, None)
    boundary = _boundary(request)
    return _evaluated(ctx, request, caller, _given(request), boundary)


def simulate_principal_policy(ctx: Context, request: Request) -> Response:
    """Try out the policies of a user, group or role, and those in the request."""
    entity = _entity(ctx, request["PolicySourceArn"])
    sources = _of_principal(ctx, entity)
    boundary = _boundary(request)
    if boundary is None and entity.boundary:
        policy = policies.find(ctx, entity.boundary)
        text = policies.default_document(ctx.db, policy)
        boundary = Rules(compile_policy(read(text), policy.arn))
    caller = _caller(ctx, request, entity)
    return _evaluated(ctx, request, caller, [*sources, *_given(request)], boundary)


def get_context_keys_for_custom_policy(ctx: Context, request: Request) -> Response:
    """List the condition keys the policies in the request speak of."""
    return {"ContextKeyNames": context_keys(_given(request))}


def get_context_keys_for_principal_policy(ctx: Context, request: Request) -> Response:
    """List the condition keys the policies of a user, group or role speak of."""
    sources = _of_principal(ctx, _entity(ctx, request["PolicySourceArn"]))
    return {"ContextKeyNames": context_keys([*sources, *_given(request)])}


def _of_principal(ctx: Context, entity: Entity) -> list[Source]:
    holders = [entity, *(entities.groups_of(ctx, entity) if entity.kind == "user" else [])]
    return [source for holder in holders for source in _sources(ctx, holder)]


def _entity(ctx: Context, arn: str) -> Entity:
    entity = entities.by_arn(ctx.db, arn)
    if entity is None or entity.account != ctx.account:
        kind, _, name = arn.rpartition(":")[2].partition("/")
        if kind not in ("user", "group", "role"):
            raise InvalidArn(arn=arn)
        raise NoSuchNamedEntity(kind=kind, name=name.rpartition("/")[2])
    return entity


def _source(identifier: str, text: str) -> Source:
    document = documents.check_identity_policy(text)
    return Source(identifier, compile_policy(document, identifier), document)


def _sources(ctx: Context, holder: Entity) -> Iterable[Source]:
    for policy in attachments.attached(ctx, holder):
        yield _source(policy.name, policies.default_document(ctx.db, policy))
    for name, text in attachments.inline(ctx.db, holder.id).items():
        yield _source(f"{holder.kind}_{holder.name}_{name}", text)


def _given(request: Request) -> list[Source]:
    texts = request.get("PolicyInputList") or []
    return [_source(f"PolicyInputList.{number}", text) for number, text in enumerate(texts, 1)]


def _boundary(request: Request) -> Rules | None:
    texts = request.get("PermissionsBoundaryPolicyInputList")
    if not texts:
        return None
    parsed = map(documents.check_identity_policy, texts)
    return Rules(rule for document in parsed for rule in compile_policy(document))


def _caller(ctx: Context, request: Request, source: Entity | None) -> Principal:
    arn = request.get("CallerArn")
    if arn:
        source = entities.by_arn(ctx.db, arn)
        if source is None or source.kind != "user":
            raise InvalidArn(arn=arn)
    if source is None or source.kind == "group":
        return Principal("user", f"arn:aws:iam::{ctx.account}:user/simulated", ctx.account)
    if source.kind == "role":
        return role_principal(source, "simulation", (), tags.of(ctx.db, source.id))
    return user_principal(ctx.db, source)


def _resource_policy(request: Request) -> Rules | None:
    text = request.get("ResourcePolicy")
    if not text:
        return None
    try:
        return Rules(compile_policy(read(text)))
    except NotAPolicy as error:
        raise MalformedPolicy(message=SYNTAX) from error


def _evaluated(
    ctx: Context,
    request: Request,
    caller: Principal,
    sources: list[Source],
    boundary: Rules | None,
) -> Response:
    for member in ("OrderedOrganizationPolicyInputList", "PolicyExclusionList"):
        if request.get(member):
            raise NotSupported(member=member)
    owner = request.get("ResourceOwner") or ""
    trial = Trial(
        principal=caller,
        sources=sources,
        boundary=boundary,
        resource_policy=_resource_policy(request),
        owner=owner.split(":")[4] if owner.startswith("arn:") else owner,
        context={
            entry["ContextKeyName"]: list(entry.get("ContextKeyValues", []))
            for entry in request.get("ContextEntries") or []
        },
        now=ctx.now,
    )
    resources = request.get("ResourceArns") or ["*"]
    asked = [(action, resource) for action in request["ActionNames"] for resource in resources]
    numbered = [(f"{number:06d}", *each) for number, each in enumerate(asked)]
    shown, rest = pages.page(request, numbered, lambda each: each[0])
    is_named = bool(request.get("ResourceArns"))
    results = [trial.result(action, resource, is_named=is_named) for _, action, resource in shown]
    return {"EvaluationResults": results, **rest}
