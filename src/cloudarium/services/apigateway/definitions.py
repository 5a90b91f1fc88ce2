"""Checks of methods and integrations, for the operations and for imports alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.core.documents import exact_json_value
from cloudarium.core.matching import BadExpression, expression
from cloudarium.gateway import templates
from cloudarium.gateway.invocations import FUNCTION_URI, STREAMED_FUNCTION_URI
from cloudarium.services.apigateway import errors, limits, modelling
from cloudarium.services.apigateway.serving import validation

Document = dict[str, Any]

HTTP_METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY")
AUTHORIZATION_TYPES = ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")
PASSTHROUGH = ("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER")
INTEGRATION_TYPES = ("HTTP", "MOCK", "HTTP_PROXY", "AWS_PROXY", "AWS")
_CONTENT_HANDLING = (None, "CONVERT_TO_BINARY", "CONVERT_TO_TEXT")
_REQUEST_PARAMETER = re.compile(r"method\.request\.(?:path|querystring|header)\.(.+)")
_NAME_MISMATCH = "Parameter name should match the following regular expression"
_PARAMETER_NAME = "^[a-zA-Z0-9:._$-]+$"
_RESPONSE_PARAMETER = re.compile(r"method\.response\.header\.[\w$.\-:]+")
_RESPONSE_SOURCE = re.compile(
    r"'[^']*'|integration\.response\.(header\.[\w$.\-]+|multivalueheader\.[\w$.\-]+|body(\..+|\[.+)?)"
    r"|context\.[\w.]+|stageVariables\.\w+"
)
_HTTP_URI = re.compile(r"https?://[^/]|\$\{stageVariables\.")
_ACTION_URI = re.compile(r"arn:aws[\w-]*:apigateway:[\w-]+:[^:]+:(action|path)/.*", re.DOTALL)
_CONTENT_TYPE = re.compile(r"\$default|[^/\s]+/[^/\s]+.*")
_MODEL_NAME = re.compile(r"[A-Za-z0-9]+")

_INTEGRATION_MEMBERS = (
    "uri",
    "credentials",
    "connectionType",
    "connectionId",
    "requestParameters",
    "requestTemplates",
    "contentHandling",
    "tlsConfig",
    "responseTransferMode",
    "integrationTarget",
)
# Members a MOCK integration is given and does not keep (recorded imports; terraform-provider-aws
# issues 5697 and 29090 tell of the plans that differ for ever).
_OF_BACKENDS = ("httpMethod", "uri", "connectionType", "connectionId")
_METHOD_MEMBERS = ("operationName", "requestParameters", "requestModels", "authorizationScopes")


def http_method(name: str) -> str:
    """Return the HTTP method `name`, if API Gateway has it."""
    if name.upper() not in HTTP_METHODS:
        raise errors.HttpMethodInvalid()
    return name.upper()


@dataclass(frozen=True)
class Known:
    """What methods of an API refer to: models by name, validators and authorizers by id."""

    models: Mapping[str, Document]
    validators: Mapping[str, Document]
    authorizers: Mapping[str, Document]


def method(given: Mapping[str, Any], http_method: str, known: Known) -> Document:
    """Return the reference's Method for what PutMethod is given, checked."""
    document: Document = {
        "httpMethod": http_method,
        "authorizationType": given["authorizationType"].upper(),
        "apiKeyRequired": bool(given.get("apiKeyRequired")),
    }
    document.update({name: given[name] for name in _METHOD_MEMBERS if given.get(name)})
    for name in ("requestValidatorId", "authorizerId"):
        if given.get(name):
            document[name] = given[name]
    check_method(document, known)
    return document


def check_method(document: Document, known: Known) -> None:
    """Raise unless the method is one that can be."""
    kind = document["authorizationType"]
    if kind not in AUTHORIZATION_TYPES:
        raise errors.AuthorizationTypeInvalid()
    if document.get("authorizationScopes") and kind != "COGNITO_USER_POOLS":
        raise errors.ScopesUnsupported()
    if kind not in ("CUSTOM", "COGNITO_USER_POOLS"):
        document.pop("authorizerId", None)
    elif not _is_of(known.authorizers.get(document.get("authorizerId", "")), kind):
        raise errors.AuthorizerInvalid()
    validator = document.get("requestValidatorId")
    if validator is not None and validator not in known.validators:
        raise errors.ValidatorInvalid()
    for name in document.get("requestModels", {}).values():
        if name not in known.models:
            raise errors.ModelInvalid(name=name)
    names = document.get("requestParameters", {})
    for name in names:
        match = _REQUEST_PARAMETER.fullmatch(name)
        if match is None:
            raise mapping_error("Invalid mapping expression parameter specified", name)
        if not re.fullmatch(_PARAMETER_NAME, match.group(1)):
            raise mapping_error(_NAME_MISMATCH, _PARAMETER_NAME)
    bare = [name.split(".", 3)[3] for name in names]
    if len(set(bare)) != len(bare):
        raise errors.ParameterNamesClash()


def _is_of(authorizer: Document | None, authorization_type: str) -> bool:
    """Tell whether there is an authorizer, and whether it is one for the authorization type."""
    if authorizer is None:
        return False
    is_pool: bool = authorizer["type"] == "COGNITO_USER_POOLS"
    return is_pool == (authorization_type == "COGNITO_USER_POOLS")


def integration(given: Mapping[str, Any], resource_id: str) -> Document:
    """Return the reference's Integration for what PutIntegration is given, checked."""
    document: Document = {
        "type": given["type"],
        "passthroughBehavior": (given.get("passthroughBehavior") or "WHEN_NO_MATCH").upper(),
        "timeoutInMillis": given.get("timeoutInMillis") or limits.INTEGRATION_TIMEOUT_MS,
        "cacheNamespace": given.get("cacheNamespace") or resource_id,
        "cacheKeyParameters": given.get("cacheKeyParameters") or [],
    }
    if given.get("integrationHttpMethod"):
        document["httpMethod"] = given["integrationHttpMethod"].upper()
    document.update({name: given[name] for name in _INTEGRATION_MEMBERS if given.get(name)})
    if given["type"] in ("HTTP", "HTTP_PROXY"):
        document.setdefault("connectionType", "INTERNET")
    if given["type"] == "MOCK":
        for name in _OF_BACKENDS:
            document.pop(name, None)
    check_integration(document)
    return document


def check_integration(document: Document) -> None:
    """Raise unless the integration is one that can be."""
    kind = document["type"]
    if kind not in INTEGRATION_TYPES:
        raise errors.IntegrationTypeInvalid(type=kind)
    if document.get("contentHandling") not in _CONTENT_HANDLING:
        raise errors.ContentHandlingInvalid()
    if document["passthroughBehavior"] not in PASSTHROUGH:
        raise errors.BadRequest(
            message="Invalid passthrough behavior specified. Must be one of: "
            f"[{', '.join(PASSTHROUGH)}]"
        )
    is_streamed = document.get("responseTransferMode") == "STREAM"
    if is_streamed and kind not in ("HTTP_PROXY", "AWS_PROXY"):
        raise errors.StreamingUnsupported(type=kind)
    least = limits.INTEGRATION_TIMEOUT_LEAST_MS
    most = limits.STREAM_TIMEOUT_MS if is_streamed else limits.INTEGRATION_TIMEOUT_MS
    if not least <= document["timeoutInMillis"] <= most:
        raise errors.TimeoutInvalid(most=most)
    if kind != "MOCK":
        _check_uri(document)
    _check_templates(document.get("requestTemplates", {}))
    for target, source in document.get("requestParameters", {}).items():
        _check_request_mapping(target, source)


def _check_uri(document: Document) -> None:
    kind, uri = document["type"], document.get("uri", "")
    if "httpMethod" not in document:
        raise errors.IntegrationMethodMissing()
    if document.get("connectionType") == "VPC_LINK" and not document.get("connectionId"):
        raise errors.ConnectionNeeded()
    if not document.get("credentials", "arn:").startswith("arn:"):
        raise errors.ArnInvalid()
    if kind in ("HTTP", "HTTP_PROXY"):
        if not _HTTP_URI.match(uri) and document.get("connectionType") != "VPC_LINK":
            raise errors.HttpUriInvalid()
        return
    if not uri.startswith("arn:"):
        raise errors.UriInvalid()
    is_streamed = document.get("responseTransferMode") == "STREAM"
    if (STREAMED_FUNCTION_URI if is_streamed else FUNCTION_URI).fullmatch(uri):
        return
    if kind == "AWS_PROXY":
        raise errors.LambdaUriNeeded()
    if not _ACTION_URI.fullmatch(uri):
        raise errors.ActionUriInvalid()
    if not document.get("credentials"):
        raise errors.RoleNeeded()


def _check_request_mapping(target: str, source: str) -> None:
    if not target.startswith("integration.request."):
        raise mapping_error("Invalid mapping expression parameter specified", target)
    allowed = ("method.request.", "stageVariables.", "context.", "'")
    if not source.startswith(allowed):
        raise mapping_error("Invalid mapping expression specified", source)


def check_cache_keys(method: Document) -> None:
    """Raise unless the method declares those of its parameters by which answers are kept."""
    declared = method.get("requestParameters", {})
    for name in method["methodIntegration"]["cacheKeyParameters"]:
        if name.startswith("method.request.") and name not in declared:
            raise errors.CacheKeyInvalid()


def check_integration_response(response: Document, declared: Document) -> None:
    """Raise unless the reference's IntegrationResponse fits the MethodResponse `declared`."""
    try:
        expression(response.get("selectionPattern", ""))
    except BadExpression:
        raise errors.SelectionPatternInvalid() from None
    _check_templates(response.get("responseTemplates", {}))
    headers = declared.get("responseParameters", {})
    for target, source in response.get("responseParameters", {}).items():
        if target not in headers:
            raise mapping_error("Invalid mapping expression parameter specified", target)
        if not _RESPONSE_SOURCE.fullmatch(source):
            raise mapping_error("Invalid mapping expression specified", source)


def check_method_response(document: Document, models: Mapping[str, Any]) -> None:
    """Raise unless the reference's MethodResponse is one that can be."""
    for name in document.get("responseModels", {}).values():
        if name not in models:
            raise errors.ModelInvalid(name=name)
    for name in document.get("responseParameters", {}):
        if not _RESPONSE_PARAMETER.fullmatch(name):
            raise mapping_error("Invalid mapping expression parameter specified", name)


def check_content_type(content_type: str) -> None:
    """Raise unless it is one a template or a model can be of."""
    if not _CONTENT_TYPE.fullmatch(content_type):
        raise errors.ContentTypeInvalid(content_type=content_type)


def _check_templates(by_type: Mapping[str, str | None]) -> None:
    for content_type, text in by_type.items():
        check_content_type(content_type)
        check_template(text or "")


def check_template(text: str) -> None:
    """Raise unless the mapping template is one that can be rendered here."""
    try:
        templates.Template(text)
    except templates.Unsupported as unsupported:
        raise mapping_error("Unsupported mapping template expression", str(unsupported)) from None


def mapping_error(reason: str, expression: str) -> Exception:
    """Return the error for a mapping expression that cannot be."""
    return errors.MappingExpressionInvalid(reason=reason, expression=expression)


def model_schema(text: str | None) -> str:
    """Return a model's schema, if it is JSON Schema draft 4 that says something."""
    try:
        schema = exact_json_value(text or "")
    except ValueError:
        raise errors.ModelSchemaEmpty() from None
    if not isinstance(schema, dict):
        raise errors.ModelSchemaEmpty()
    problem = validation.schema_problem(schema)
    if problem is not None:
        raise errors.ModelSchemaInvalid(reason="")
    modelling.check(schema)
    return text or ""


def model_name(name: str) -> str:
    """Return a model's name, if it is one."""
    if not name:
        raise errors.ModelNameEmpty()
    if not _MODEL_NAME.fullmatch(name):
        raise errors.ModelNameInvalid(name=name)
    return name
