"""Every error this service raises.

Texts are AWS's, as answered by its API (recorded in public issue threads and test suites, and in
what badmintoncryer/cdk-preflight saw stacks fail with), and the reference of each operation.
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
    'Route selection expression is currently limited to "${request.method} ${request.path}"',
)
SelectionInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid route selection expression specified: {expression}"
)
RouteSelectionMissing = ErrorType(_BAD_REQUEST, 400, "Invalid routeSelectionExpression")
CorsUnsupported = ErrorType(_BAD_REQUEST, 400, "Cors is not supported for WEBSOCKET protocolType")
NotForWebSocket = ErrorType(_BAD_REQUEST, 400, "{member} is not supported for WEBSOCKET APIs")
ResponseKeyInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid response key specified: {key}")
RouteResponseKeyInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Currently, only $default is supported as a RouteResponseKey. The creation of the "
    "RouteResponse with a key of $default will indicate to API Gateway that this Route is intended "
    "to handle two-way communication.",
)
ResponsesUnsupported = ErrorType(
    _BAD_REQUEST, 400, "{noun}s are currently not supported for this API protocol type."
)
ModelsUnsupported = ErrorType(
    _BAD_REQUEST, 400, "Currently, Models are not permitted for APIs with a protocol type of HTTP"
)
KeysUnsupported = ErrorType(
    _BAD_REQUEST, 400, "ApiKeyRequired is not currently supported for HTTP APIs."
)
ExecutionLogsUnsupported = ErrorType(
    _BAD_REQUEST, 400, "Execution logs are not supported on protocolType HTTP"
)
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
TimeoutInvalid = ErrorType(_BAD_REQUEST, 400, "Timeout should be between 50 ms and 29000 ms")
ConnectionTypeInvalid = ErrorType(
    _BAD_REQUEST, 400, "VPC_LINK is not supported for integrations of type {kind}"
)
ConnectionIdMissing = ErrorType(
    _BAD_REQUEST, 400, "ConnectionId must be set to vpcLinkId for ConnectionType VPC_LINK"
)
NotForHttp = ErrorType(_BAD_REQUEST, 400, "{member} is not supported for HTTP APIs")
CredentialsWithAnyOrigin = ErrorType(
    _BAD_REQUEST, 400, "allow-credentials is not supported if 'allow-origin' is *"
)
OriginInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid format for origin {origin}")
TargetMalformed = ErrorType(
    _BAD_REQUEST,
    400,
    "Unexpected or malformed target in route {route_id}. Correct format should be "
    "integrations/<integration_id>.",
)
TargetInvalid = ErrorType(_BAD_REQUEST, 400, "Unable to find Integration for target '{target}'")
AuthorizerNeeded = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid authorizer ID specified. Setting the authorization type to {kind} requires a valid "
    "{authorizer}.",
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
    _BAD_REQUEST,
    400,
    "Currently, an API with a protocol type of HTTP may only be associated with proxy integrations "
    "(AWS_PROXY, HTTP_PROXY)",
)
IntegrationUriMissing = ErrorType(_BAD_REQUEST, 400, "Invalid integration URI specified")
HttpUriInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid HTTP endpoint specified for URI")
IntegrationUriInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid IntegrationUri specified: {uri}")
PrivateUriInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map "
    "service ARN.",
)
IntegrationMethodMissing = ErrorType(
    _BAD_REQUEST, 400, "HttpMethod parameter method must be specified for integrationType {kind}"
)
PayloadVersionMissing = ErrorType(
    _BAD_REQUEST, 400, "PayloadFormatVersion is a required parameter for integration"
)
PayloadVersionInvalid = ErrorType(_BAD_REQUEST, 400, "Unsupported PayloadFormatVersion: {version}")
PayloadVersionOfProxyInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "PayloadFormatVersion {version} is not supported for integration of type HTTP_PROXY",
)
SubtypeInvalid = ErrorType(_BAD_REQUEST, 400, "Operation: {subtype} is not supported.")
SubtypeParametersMissing = ErrorType(
    _BAD_REQUEST,
    400,
    "Operation: {subtype} requires enabling passthrough, or defining all of the following "
    "parameters in the parameter mapping: [{names}]",
)
SubtypeParametersUnknown = ErrorType(
    _BAD_REQUEST, 400, "Unsupported parameters for {subtype}: [{names}]"
)
CredentialsNeeded = ErrorType(
    _BAD_REQUEST, 400, "CredentialsArn must be specified for AWS service integrations"
)
SubtypeRoleMissing = ErrorType(
    _BAD_REQUEST,
    400,
    "Role ARN must be specified for AWS integration configuration with Subtype: {subtype}",
)
MappingKeyInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid "
    "{side} Actioned Parameter destination specified: {key}]",
)
MappingStatusInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Status Code "
    "{status} is not valid.]",
)
MappingValueInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid mapping expression specified: {value}")
WebSocketAuthorizerInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis.",
)
AuthorizerUriMissing = ErrorType(
    _BAD_REQUEST, 400, "AuthorizerUri is a required field in an Authorizer"
)
AuthorizerUriInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid Authorizer URI: {uri}. Authorizer URI should be a valid API Gateway ARN that "
    "represents a Lambda function invocation.",
)
IdentitySourceInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid identity source expression: {source}. The source must be a request header, request "
    "querystring, stage variable or context parameter",
)
WebSocketSourceInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid request identity source expression: {source}. The sources must be separated by comma, "
    "and each source must be either a request parameter, matching "
    "'route.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, matching "
    "'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching "
    "'context.[a-zA-Z0-9._-]+'",
)
IdentitySourceMissing = ErrorType(
    _BAD_REQUEST,
    400,
    "Identity source must be set if authorizer caching is enabled (TTL is greater than 0)",
)
JwtConfigurationNeeded = ErrorType(
    _BAD_REQUEST, 400, "JwtConfiguration must not be null for JWT Authorizer"
)
AudienceMissing = ErrorType(
    _BAD_REQUEST, 400, "Audience list must have at least 1 item for JWT Authorizer"
)
IssuerInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid issuer: Issuer is not a valid URL for JWT Authorizer"
)
AuthorizerVersionNeeded = ErrorType(
    _BAD_REQUEST,
    400,
    "AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer",
)
AuthorizerVersionInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid AuthorizerPayloadFormatVersion specified: {version}"
)
SimpleResponsesInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    'EnableSimpleResponses can only be set for AuthorizerPayloadFormatVersion "2.0".',
)
StageNameInvalid = ErrorType(_BAD_REQUEST, 400, "Stage name only allows a-zA-Z0-9_")
StageDeploymentInvalid = ErrorType(_BAD_REQUEST, 400, "Deployment id does not exist")
DeployedStageMissing = ErrorType(
    _BAD_REQUEST,
    400,
    "Stage {stage} does not exist. StageName specified on a CreateDeployment request must exist so "
    "the stage can be updated with the new deployment.",
)
ServiceUnsupported = ErrorType(_BAD_REQUEST, 400, "AWS Service of type {service} not supported")
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
AccessLogIdMissing = ErrorType(
    _BAD_REQUEST,
    400,
    "The following errors are found in Access Log Format: Access Log format must include either "
    "$context.requestId or $context.extendedRequestId : '{format}'",
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
DomainNameUnderscored = ErrorType(
    _BAD_REQUEST, 400, "Domain names cannot contain an underscore character"
)
EdgeUnsupported = ErrorType(
    _BAD_REQUEST, 400, "EDGE endpoint type is not supported for APIGatewayV2 domainName"
)
CertificateElsewhere = ErrorType(
    _BAD_REQUEST, 400, "Invalid certificate ARN: {arn}. Certificate must be in '{region}'."
)
SubnetsMissing = ErrorType(_BAD_REQUEST, 400, "SubnetIds for a vpc link cannot be empty")
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
    _BAD_REQUEST,
    400,
    "Authorizer name must be unique. Authorizer {name} already exists in this RestApi.",
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
