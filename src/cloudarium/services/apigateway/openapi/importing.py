"""Making an API what a document says: all of it (overwrite), or added to what there is (merge)."""

from __future__ import annotations

import json
import re
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.apigateway import api_settings, apis, definitions, errors, parts, tree
from cloudarium.services.apigateway.openapi.definition import Definition, with_model_urls

Document = dict[str, Any]


def apply(ctx: Context, api: apis.Api, definition: Definition, *, overwrite: bool) -> apis.Api:
    """Give the API the definition's content and return it. Raises ImportInvalid."""
    if overwrite:
        parts.clear(ctx, api.id)
        parts.put_default_models(ctx, api.id)
    problems: list[str] = []
    _put_models(ctx, api.id, definition, problems)
    validators = _put_validators(ctx, api.id, definition)
    for kind, response in definition.gateway_responses.items():
        if not re.fullmatch(r"[1-5]\d\d", response.get("statusCode", "200")):
            problems.append(f"Invalid status code specified for gateway response {kind}")
        parts.put(ctx, api.id, parts.GATEWAY_RESPONSE, kind, response)
    methods = _methods(ctx, api, definition, validators, problems)
    if problems:
        raise errors.ImportInvalid(problems="\n\t".join(problems))
    tree.put_all(ctx, api, methods, only=overwrite)
    return _with_settings(ctx, api, definition.settings, overwrite)


def _put_models(ctx: Context, api_id: str, definition: Definition, problems: list[str]) -> None:
    for name, schema in definition.models.items():
        text = json.dumps(with_model_urls(schema, api_id), indent=2)
        try:
            definitions.model_schema(text)
        except AwsError as error:
            problems.append(f"Unable to create model for '{name}': {error.message}")
            continue
        description = schema.get("description") if isinstance(schema, dict) else None
        parts.put_model(ctx, api_id, name, text, description)


def _put_validators(ctx: Context, api_id: str, definition: Definition) -> dict[str, str]:
    """Store the definition's validators; return the ids of all the API has, by name."""
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
            known[name] = parts.put_validator(ctx, api_id, name, body, parameters)
    return {name: str(one["id"]) for name, one in known.items()}


def _methods(
    ctx: Context,
    api: apis.Api,
    definition: Definition,
    validators: dict[str, str],
    problems: list[str],
) -> dict[str, dict[str, Document]]:
    models = parts.load(ctx, api.id, parts.MODEL)
    found: dict[str, dict[str, Document]] = {}
    for path, methods in definition.methods.items():
        found[path] = {}
        for http_method, given in methods.items():
            place = f"'{http_method}' for resource at path '{path}'"
            try:
                found[path][http_method] = _method(given, models, validators, api.id)
            except AwsError as error:
                problems.append(f"Unable to put method {place}: {error.message}")
    return found


def _method(
    given: Document, models: dict[str, Document], validators: dict[str, str], api_id: str
) -> Document:
    """Return the reference's Method, checked as the operations would."""
    name = given.get("requestValidator")
    if name is not None and name not in validators:
        raise errors.ValidatorInvalid()
    wanted = {**given, "requestValidatorId": validators.get(name) if name else None}
    ids = set(validators.values())
    method = definitions.method(wanted, given["httpMethod"], models, dict.fromkeys(ids))
    responses = given.get("methodResponses", {})
    for response in responses.values():
        definitions.check_method_response(response, models)
    if responses:
        method["methodResponses"] = responses
    if "methodIntegration" in given:
        method["methodIntegration"] = _integration(given["methodIntegration"], responses, api_id)
    return method


def _integration(given: Document, responses: dict[str, Document], api_id: str) -> Document:
    integration = definitions.integration(given, api_id)
    mapped = given.get("integrationResponses", {})
    for status, response in mapped.items():
        definitions.check_integration_response(response, responses.get(status, {}))
    if mapped:
        integration["integrationResponses"] = mapped
    return integration


def _with_settings(ctx: Context, api: apis.Api, given: Document, overwrite: bool) -> apis.Api:
    settings = dict(api.settings)
    if overwrite:
        for member in ("description", "version", "binaryMediaTypes", "minimumCompressionSize"):
            settings.pop(member, None)
    settings.update({name: value for name, value in given.items() if value})
    if "endpointConfiguration" in given:
        settings["endpointConfiguration"] = api_settings.endpoint(given["endpointConfiguration"])
    api_settings.check(settings)
    return apis.update(ctx, api, settings)
