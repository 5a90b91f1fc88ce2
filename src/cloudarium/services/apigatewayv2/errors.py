"""Every error this service raises.

Texts are AWS's, as answered by its API (recorded in public issue threads and test suites), and the
reference of each operation.
"""

from __future__ import annotations

from cloudarium.core.errors import ErrorType

_NOT_FOUND = "NotFoundException"
_BAD_REQUEST = "BadRequestException"
_CONFLICT = "ConflictException"

ApiNotFound = ErrorType(_NOT_FOUND, 404, "Invalid API identifier specified {account}:{api_id}")
PartNotFound = ErrorType(_NOT_FOUND, 404, "Invalid {noun} identifier specified {part_id}")
StageNotFound = ErrorType(_NOT_FOUND, 404, "Invalid stage identifier specified")
DeploymentNotFound = ErrorType(_NOT_FOUND, 404, "Invalid Deployment identifier specified")
DomainNameNotFound = ErrorType(_NOT_FOUND, 404, "Invalid domain name identifier specified")
MappingNotFound = ErrorType(_NOT_FOUND, 404, "Invalid ApiMapping identifier specified")
RoutingRuleNotFound = ErrorType(_NOT_FOUND, 404, "Invalid RoutingRule identifier specified")
VpcLinkNotFound = ErrorType(_NOT_FOUND, 404, "Unable to find VpcLink with ID {link_id}")
SettingsNotFound = ErrorType(
    _NOT_FOUND, 404, "Unable to find RouteSettings for route key '{route_key}'"
)
ParameterNotFound = ErrorType(_NOT_FOUND, 404, "Invalid parameter name specified")
CorsNotFound = ErrorType(_NOT_FOUND, 404, "Unable to find CORS configuration for the API")

BadRequest = ErrorType(_BAD_REQUEST, 400, "{message}")
RouteKeyInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "The provided route key is not formatted properly for HTTP protocol. "
    'Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
)
RouteSelectionInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid route selection expression. HTTP APIs only support $request.method $request.path",
)
SelectionInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid route selection expression specified: {expression}"
)
RouteSelectionMissing = ErrorType(
    _BAD_REQUEST, 400, "Route selection expression is a required parameter for WEBSOCKET APIs"
)
NotForWebSocket = ErrorType(_BAD_REQUEST, 400, "{member} is not supported for WEBSOCKET APIs")
ResponseKeyInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid response key specified: {key}")
StageMapped = ErrorType(
    _BAD_REQUEST,
    400,
    "Deleting stage {stage} failed. Please remove all base path mappings related to the stage in "
    "your domains: {domains}",
)
ApiMapped = ErrorType(
    _BAD_REQUEST,
    400,
    "Deleting API {api_id} failed. Please remove all API mappings for the API from your custom "
    "domain names.",
)
# Developer Guide, "Set the routing mode for your custom domain name" and "Routing rules to connect
# API stages to a custom domain name for REST APIs" say what cannot be, not in which words.
MappingsUnused = ErrorType(
    _BAD_REQUEST,
    400,
    "Cannot create an API mapping for a domain name with routing mode ROUTING_RULE_ONLY",
)
RulesUnused = ErrorType(
    _BAD_REQUEST,
    400,
    "Cannot create a routing rule for a domain name with routing mode API_MAPPING_ONLY",
)
RuleActionsInvalid = ErrorType(
    _BAD_REQUEST, 400, "A routing rule must have exactly one InvokeApi action"
)
RuleConditionInvalid = ErrorType(
    _BAD_REQUEST, 400, "A condition must have either MatchHeaders or MatchBasePaths"
)
RuleConditionsMany = ErrorType(
    _BAD_REQUEST,
    400,
    "A routing rule can have up to two MatchHeaders conditions and one MatchBasePaths condition",
)
RuleValuesMany = ErrorType(_BAD_REQUEST, 400, "Each AnyOf must contain exactly one value")
RuleHeaderInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid header name specified: {header}")
RuleGlobInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid header value glob specified: {glob}")
RuleBaseInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid base path specified: {base}")
NotForJwt = ErrorType(_BAD_REQUEST, 400, "{member} is not supported for JWT authorizers")
WebSocketKeyInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid route key {route_key}: only $connect, $disconnect and $default"
)
AuthorizationOfMessages = ErrorType(
    _BAD_REQUEST,
    400,
    "Currently, authorization is restricted to the $connect route only",
)
TooManyScopes = ErrorType(_BAD_REQUEST, 400, "A route can have at most 10 authorization scopes")
TooManyAudiences = ErrorType(_BAD_REQUEST, 400, "An authorizer can have at most 50 audiences")
IntegrationMethodInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid HTTP method specified: {method}")
TimeoutInvalid = ErrorType(
    _BAD_REQUEST, 400, "Timeout should be between 50 ms and 29000 ms for WEBSOCKET APIs"
)
ConnectionTypeInvalid = ErrorType(
    _BAD_REQUEST, 400, "VPC_LINK is not supported for integrations of type {kind}"
)
ConnectionIdMissing = ErrorType(
    _BAD_REQUEST, 400, "ConnectionId is required for ConnectionType VPC_LINK"
)
NotForHttp = ErrorType(_BAD_REQUEST, 400, "{member} is not supported for HTTP APIs")
CredentialsWithAnyOrigin = ErrorType(
    _BAD_REQUEST, 400, "Allow credentials is not supported for all origins ('*')"
)
OriginInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid format for origin {origin}")
TargetInvalid = ErrorType(_BAD_REQUEST, 400, "Unable to find Integration for target '{target}'")
AuthorizerNeeded = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid authorizer ID specified. Setting the authorization type to {kind} requires a valid "
    "authorizer.",
)
AuthorizationTypeInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid authorization type specified: {kind}"
)
ScopesNotAllowed = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid Route authorization type specified. Authorization Scopes are only valid for "
    "COGNITO_USER_POOLS and JWT authorization types",
)
IntegrationTypeInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid IntegrationType specified for HTTP protocol: {kind}"
)
IntegrationUriInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid IntegrationUri specified: {uri}")
IntegrationMethodMissing = ErrorType(
    _BAD_REQUEST, 400, "Enumeration value for HttpMethod must be non-empty"
)
PayloadVersionMissing = ErrorType(
    _BAD_REQUEST, 400, "PayloadFormatVersion is a required parameter for integration"
)
PayloadVersionInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid PayloadFormatVersion specified: {version}"
)
SubtypeInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid or unsupported IntegrationSubtype specified: {subtype}"
)
SubtypeParametersMissing = ErrorType(
    _BAD_REQUEST, 400, "Required parameters for {subtype} are missing: [{names}]"
)
SubtypeParametersUnknown = ErrorType(
    _BAD_REQUEST, 400, "Unsupported parameters for {subtype}: [{names}]"
)
CredentialsNeeded = ErrorType(
    _BAD_REQUEST, 400, "CredentialsArn must be specified for AWS service integrations"
)
MappingKeyInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid mapping expression parameter specified: {key}"
)
MappingValueInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid mapping expression specified: {value}")
AuthorizerUriInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid Authorizer URI: {uri}. Authorizer URI should be a valid API Gateway ARN that "
    "represents a Lambda function invocation.",
)
IdentitySourceInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid identity source specified: {source}")
JwtConfigurationNeeded = ErrorType(
    _BAD_REQUEST, 400, "JwtConfiguration with Issuer and Audience is required for JWT authorizers"
)
IssuerInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Caught exception when connecting to {issuer}. Please try again later. Error: Invalid issuer: "
    "{issuer}. Issuer must have a valid discovery endpoint ended with "
    "'/.well-known/openid-configuration'",
)
AuthorizerVersionNeeded = ErrorType(
    _BAD_REQUEST, 400, "AuthorizerPayloadFormatVersion is a required parameter for authorizer"
)
AuthorizerVersionInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid AuthorizerPayloadFormatVersion specified: {version}"
)
SimpleResponsesInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "EnableSimpleResponses is only supported for AuthorizerPayloadFormatVersion 2.0",
)
StageNameInvalid = ErrorType(_BAD_REQUEST, 400, "Stage name only allows a-zA-Z0-9_-")
StageDeploymentInvalid = ErrorType(_BAD_REQUEST, 400, "Deployment id does not exist")
DeploymentOfAutoDeploy = ErrorType(
    _BAD_REQUEST, 400, "Deployment ID cannot be set for a stage with AutoDeploy enabled"
)
SettingsOfUnknownRoute = ErrorType(
    _NOT_FOUND, 404, "Unable to find Route by key {route_key} within the provided RouteSettings"
)
VariablesInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Stage variable names must be alphanumeric and underscores, and the values must match the "
    "regular expression [A-Za-z0-9-._~:/?#&=,]+",
)
AccessLogFormatInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid access log format. Should be single line and have context variables"
)
AccessLogDestinationInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid ARN specified in the request")
NothingToDeploy = ErrorType(
    _BAD_REQUEST, 400, "Unable to deploy API because no routes exist in this API"
)
DeploymentActive = ErrorType(
    _BAD_REQUEST, 400, "Active stages pointing to this deployment must be moved or deleted"
)
ModelSchemaInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid model schema specified: {reason}")
ModelNameInvalid = ErrorType(_BAD_REQUEST, 400, "Model name must be alphanumeric: {name}")
ArnInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid ARN specified in the request")
TokenInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid value for nextToken: {token}")
MaxResultsInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid value for maxResults: {value}")
DomainNameInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid domain name specified")
DomainConfigurationsMany = ErrorType(
    _BAD_REQUEST, 400, "Only one domain name configuration is supported"
)
CertificateNeeded = ErrorType(
    _BAD_REQUEST, 400, "A certificate ARN must be specified in the domain name configuration"
)
MappingKeyOfDomainInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid API mapping key specified")
ImportUnreadable = ErrorType(
    _BAD_REQUEST, 400, "Invalid OpenAPI input. Unable to build importer with provided input."
)
ImportInvalid = ErrorType(_BAD_REQUEST, 400, "Errors found during import:\n\t{problems}")
ImportWarnings = ErrorType(_BAD_REQUEST, 400, "Warnings found during import:\n\t{problems}")

# As quotas are answered (https://github.com/anomalyco/sst/issues/4522), there with the status 429,
# here with the one the model has for the code.
TooMany = ErrorType(
    _CONFLICT,
    409,
    "Maximum number of {noun} for this API has been reached. Please contact AWS if you need "
    "additional {noun}.",
)
RouteExists = ErrorType(_CONFLICT, 409, "Route with key {route_key} already exists for this API")
IntegrationInUse = ErrorType(
    _CONFLICT,
    409,
    "Cannot delete Integration because it is referenced by the following Routes with Ids: [{ids}]",
)
AuthorizerInUse = ErrorType(
    _CONFLICT,
    409,
    "Cannot delete Authorizer because it is referenced by the following Routes with Ids: [{ids}]",
)
AuthorizerExists = ErrorType(
    _CONFLICT, 409, "Authorizer name must be unique. Authorizer {name} already exists in this API"
)
ResponseExists = ErrorType(_CONFLICT, 409, "Response with key {key} already exists")
ModelExists = ErrorType(_CONFLICT, 409, "Model name {name} already exists for this API")
StageExists = ErrorType(_CONFLICT, 409, "Stage already exists")
DomainNameExists = ErrorType(_CONFLICT, 409, "The domain name you provided already exists.")
MappingExists = ErrorType(_CONFLICT, 409, "ApiMapping key already exists for this domain name")
PriorityTaken = ErrorType(
    _CONFLICT, 409, "A routing rule with priority {priority} already exists for this domain name"
)
NothingManaged = ErrorType(
    _NOT_FOUND, 404, "API {api_id} has no {kind} that is managed by API Gateway"
)
# The members `ApiGatewayManaged` of Route and Integration say what cannot be done.
ManagedKept = ErrorType(
    _CONFLICT, 409, "Cannot {action} {noun} because it is managed by API Gateway"
)
