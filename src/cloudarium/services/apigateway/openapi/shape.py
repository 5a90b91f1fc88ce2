"""The shape of what is read from a document: anything else is refused before it is read."""

from __future__ import annotations

from typing import Any

from cloudarium.services.apigateway import errors

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_OBJECT: Schema = {"type": "object"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_STATUS: Schema = {"type": ["string", "integer"]}


def _map(values: Schema) -> Schema:
    return {"type": ["object", "null"], "additionalProperties": values}


def _members(**members: Schema) -> Schema:
    return {"type": "object", "properties": members}


def _extensions(**members: Schema) -> Schema:
    return {f"x-amazon-apigateway-{name.replace('_', '-')}": one for name, one in members.items()}


_CONTENT = _map(_members(schema=_OBJECT))
_PARAMETERS: Schema = {
    "type": ["array", "null"],
    "items": _members(name=_TEXT, required=_FLAG, schema=_OBJECT, **{"in": _TEXT, "$ref": _TEXT}),
}
_RESPONSE = _members(headers=_map(_OBJECT), content=_CONTENT, schema=_OBJECT, **{"$ref": _TEXT})
_SECURITY: Schema = {"type": ["array", "null"], "items": _OBJECT}
_MAPPED = {
    "statusCode": _STATUS,
    "responseParameters": _map(_TEXT),
    "responseTemplates": _map(_TEXT),
    "contentHandling": _TEXT,
}
_INTEGRATION = _members(
    type=_TEXT,
    httpMethod=_TEXT,
    uri=_TEXT,
    credentials=_TEXT,
    connectionType=_TEXT,
    connectionId=_TEXT,
    requestParameters=_map({}),
    requestTemplates=_map(_TEXT),
    passthroughBehavior=_TEXT,
    contentHandling=_TEXT,
    timeoutInMillis={"type": "integer"},
    cacheNamespace=_TEXT,
    cacheKeyParameters=_TEXTS,
    tlsConfig=_OBJECT,
    responseTransferMode=_TEXT,
    integrationTarget=_TEXT,
    responses=_map(_members(**_MAPPED)),
)
_OPERATION = _members(
    operationId=_TEXT,
    parameters=_PARAMETERS,
    requestBody=_members(content=_CONTENT, **{"$ref": _TEXT}),
    responses=_map(_RESPONSE),
    security=_SECURITY,
    consumes=_TEXTS,
    produces=_TEXTS,
    **_extensions(integration=_INTEGRATION, auth=_members(type=_TEXT), request_validator=_TEXT),
)
_PATH_ITEM: Schema = {
    "type": "object",
    "properties": {"parameters": _PARAMETERS, "$ref": _TEXT},
    "patternProperties": {
        "^(get|put|post|delete|patch|options|head|x-amazon-apigateway-any-method)$": _OPERATION
    },
}
_AUTHORIZER = _members(
    type=_TEXT,
    authorizerUri=_TEXT,
    authorizerCredentials=_TEXT,
    identitySource=_TEXT,
    identityValidationExpression=_TEXT,
    authorizerResultTtlInSeconds={"type": "integer"},
)
_SCHEMES = _map(
    _members(type=_TEXT, name=_TEXT, **_extensions(authtype=_TEXT, authorizer=_AUTHORIZER))
)
_ENDPOINT = _extensions(
    endpoint_configuration=_members(
        disableExecuteApiEndpoint={"type": ["boolean", "string"]}, vpcEndpointIds=_TEXTS
    )
)
DOCUMENT = _members(
    info=_members(title=_TEXT, description=_TEXT, version={"type": ["string", "number"]}),
    paths=_map(_PATH_ITEM),
    basePath=_TEXT,
    consumes=_TEXTS,
    produces=_TEXTS,
    security=_SECURITY,
    servers={
        "type": "array",
        "items": _members(url=_TEXT, variables=_map(_members(default=_TEXT)), **_ENDPOINT),
    },
    definitions=_map(_OBJECT),
    securityDefinitions=_SCHEMES,
    components=_members(
        schemas=_map(_OBJECT),
        securitySchemes=_SCHEMES,
        responses=_map(_RESPONSE),
        parameters=_map(_PARAMETERS["items"]),
        requestBodies=_map(_members(content=_CONTENT)),
    ),
    **_extensions(
        request_validators=_map(
            _members(validateRequestBody=_FLAG, validateRequestParameters=_FLAG)
        ),
        request_validator=_TEXT,
        gateway_responses=_map(_members(**_MAPPED)),
        binary_media_types=_TEXTS,
        api_key_source={"enum": ["HEADER", "AUTHORIZER", "header", "authorizer"]},
        minimum_compression_size={"type": "integer"},
        policy=_OBJECT,
    ),
    **_ENDPOINT,
)


def check(root: Any) -> None:
    """Raise ImportMalformed, naming the place, unless a document has the shape it is read by."""
    from jsonschema import Draft4Validator

    problem = next(Draft4Validator(DOCUMENT).iter_errors(root), None)
    if problem is not None:
        parts = [str(part) for part in problem.absolute_path]
        if parts[:1] == ["paths"] and "x-amazon-apigateway-integration" in parts:
            raise errors.IntegrationMalformed(path=parts[1])
        place = "/".join(parts)
        raise errors.ImportMalformed(place=place, reason=problem.message[:200])
