"""Making an API what a document says: all of it (overwrite), or added to what there is (merge)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.gateway import documents, roles
from cloudarium.services.apigateway import (
    api_settings,
    apis,
    authorizers,
    definitions,
    documentation,
    errors,
    parts,
    tree,
)
from cloudarium.services.apigateway.openapi.definition import Definition, with_model_urls

Document = dict[str, Any]

_BESIDES = "Additionally, these warnings were found:"
_OVERWRITTEN = ("binaryMediaTypes", "description", "minimumCompressionSize", "policy", "version")


def apply(ctx: Context, api: apis.Api, definition: Definition, *, overwrite: bool) -> apis.Api:
    """Give the API the definition's content and return it. Raises ImportInvalid."""
    if overwrite:
        parts.clear(ctx, api.id)
        parts.put_default_models(ctx, api.id)
    problems: list[str] = []
    _check_roles(ctx, definition)
    _put_models(ctx, api.id, definition, problems)
    _put_validators(ctx, api.id, definition)
    for kind, response in definition.gateway_responses.items():
        if not re.fullmatch(r"[1-5]\d\d", response.get("statusCode", "200")):
            problems.append(f"Invalid status code specified for gateway response {kind}")
        parts.put(ctx, api.id, parts.GATEWAY_RESPONSE, kind, response)
    _put_authorizers(ctx, api.id, definition, problems)
    documentation.put(ctx, api.id, definition.documentation, overwrite=overwrite)
    methods = _methods(ctx, api, definition, problems)
    if problems:
        raise _refusal(problems, definition.warnings)
    tree.put_all(ctx, api, methods, only=overwrite)
    return _with_settings(ctx, api, definition.settings, overwrite)


def _refusal(problems: list[str], warnings: list[str]) -> AwsError:
    told = list(problems)
    if warnings:
        told[-1] += f"\n{_BESIDES}"
    return errors.ImportInvalid(problems="\n\t".join([*told, *warnings]))


def told(settings: Document) -> Document:
    """Return the settings a document gives a value, be it zero or false."""
    return {name: one for name, one in settings.items() if one or one == 0}


def _check_roles(ctx: Context, definition: Definition) -> None:
    methods = [one for each in definition.methods.values() for one in each.values()]
    named = {one.get("methodIntegration", {}).get("credentials") for one in methods}
    named |= {one.get("authorizerCredentials") for one in definition.authorizers.values()}
    roles.check(ctx, named)


def _put_models(ctx: Context, api_id: str, definition: Definition, problems: list[str]) -> None:
    for name, schema in definition.models.items():
        text = documents.written(with_model_urls(schema, api_id))
        try:
            definitions.model_name(name)
            definitions.model_schema(text)
        except AwsError as error:
            problems.append(f"Unable to create model for '{name}': {error.message}")
            continue
        description = schema.get("description") if isinstance(schema, dict) else None
        parts.put_model(ctx, api_id, name, text, description)


def _put_validators(ctx: Context, api_id: str, definition: Definition) -> None:
    known = {one["name"]: one for one in parts.load(ctx, api_id, parts.VALIDATOR).values()}
    for name, given in definition.validators.items():
        body = bool(given.get("validateRequestBody"))
        parameters = bool(given.get("validateRequestParameters"))
        if name in known:
            changed = {
                **known[name],
                "validateRequestBody": body,
                "validateRequestParameters": parameters,
            }
            parts.put(ctx, api_id, parts.VALIDATOR, changed["id"], changed)
        else:
            parts.put_validator(ctx, api_id, name, body, parameters)


def _put_authorizers(
    ctx: Context, api_id: str, definition: Definition, problems: list[str]
) -> None:
    ids = _by_name(parts.load(ctx, api_id, parts.AUTHORIZER))
    for name, given in definition.authorizers.items():
        try:
            authorizer = authorizers.new(given, ids.get(name) or apis.new_id(ctx))
        except AwsError as error:
            problems.append(f"Unable to create authorizer '{name}': {error.message}")
        else:
            parts.put(ctx, api_id, parts.AUTHORIZER, authorizer["id"], authorizer)


def _by_name(documents: Mapping[str, Document]) -> dict[str, str]:
    return {one["name"]: key for key, one in documents.items()}


def _methods(
    ctx: Context, api: apis.Api, definition: Definition, problems: list[str]
) -> dict[str, dict[str, Document]]:
    known = parts.known(ctx, api.id)
    found: dict[str, dict[str, Document]] = {}
    for path, methods in definition.methods.items():
        found[path] = {}
        for http_method, given in methods.items():
            _leave_missing_models(given, known, definition.warnings)
            try:
                method = _method(given, known)
            except AwsError as error:
                place = f"'{http_method}' on resource at path '{path}'"
                problems.append(f"Unable to put method {place}: {error.message}")
                continue
            if "methodIntegration" in given:
                place = f"'{http_method}' for resource at path '{path}'"
                _put_integration(method, given["methodIntegration"], place, problems)
            found[path][http_method] = method
    return found


def _leave_missing_models(given: Document, known: definitions.Known, warnings: list[str]) -> None:
    """Take models that are not there from a method's responses; its request then names none."""
    responses = given.get("methodResponses", {}).values()
    for models in [one["responseModels"] for one in responses if "responseModels" in one]:
        for kind, name in list(models.items()):
            if name not in known.models:
                warnings.append(f"Reference to model '{name}' not found. Ignoring.")
                del models[kind]
    models = given.get("requestModels", {})
    for kind, name in models.items():
        if name not in known.models:
            warnings.append(f"Reference to model '{name}' not found. Ignoring.")
            models[kind] = "null"


def _method(given: Document, known: definitions.Known) -> Document:
    """Return the reference's Method without its integration, checked as the operations would."""
    wanted = dict(given)
    if "requestValidator" in given:
        validator = _by_name(known.validators).get(given["requestValidator"])
        if validator is None:
            raise errors.ValidatorInvalid()
        wanted["requestValidatorId"] = validator
    wanted["authorizerId"] = _by_name(known.authorizers).get(given.get("authorizer", ""))
    method = definitions.method(wanted, given["httpMethod"], known)
    responses = given.get("methodResponses", {})
    for response in responses.values():
        definitions.check_method_response(response, known.models)
    if responses:
        method["methodResponses"] = responses
    return method


def _put_integration(method: Document, given: Document, place: str, problems: list[str]) -> None:
    """Give a method its integration; without a cache namespace it gets its resource's id."""
    try:
        integration = definitions.integration(given, given.get("cacheNamespace", ""))
    except AwsError as error:
        problems.append(f"Unable to put integration on {place}: {error.message}")
        return
    mapped, responses = given.get("integrationResponses", {}), method.get("methodResponses", {})
    for status, response in mapped.items():
        try:
            definitions.check_integration_response(response, responses.get(status, {}))
        except AwsError as error:
            problems.append(f"Unable to put integration response on {place}: {error.message}")
    if mapped:
        integration["integrationResponses"] = mapped
    method["methodIntegration"] = integration


def _without_what_overwriting_drops(settings: Document) -> Document:
    """Return settings without those a document that does not say them takes away.

    Besides these the name is impacted, which a document always has (terraform-provider-aws,
    rest_api.go); the types of the endpoint stay, for which there is no default to go back to.
    """
    endpoint = settings["endpointConfiguration"]
    return {
        **{name: one for name, one in settings.items() if name not in _OVERWRITTEN},
        "apiKeySource": "HEADER",
        "endpointConfiguration": {k: v for k, v in endpoint.items() if k != "vpcEndpointIds"},
    }


def _with_settings(ctx: Context, api: apis.Api, given: Document, overwrite: bool) -> apis.Api:
    settings = dict(api.settings)
    if overwrite:
        settings = _without_what_overwriting_drops(settings)
    settings.update(told(given))
    if wanted := given.get("endpointConfiguration"):
        known = {} if "types" in wanted else api.settings["endpointConfiguration"]
        settings["endpointConfiguration"] = api_settings.endpoint({**known, **wanted})
    api_settings.check(settings)
    return apis.update(ctx, api, settings)
