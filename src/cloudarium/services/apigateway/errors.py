"""Every error this service raises.

Texts are AWS's, as answered by its API (recorded answers of public test suites and issue threads)
and the reference of each operation.
"""

from __future__ import annotations

from functools import partial

from cloudarium.core.errors import ErrorType

_not_found = partial(ErrorType, "NotFoundException", 404)
_bad_request = partial(ErrorType, "BadRequestException", 400)
_conflict = partial(ErrorType, "ConflictException", 409)

ApiNotFound = _not_found("Invalid API identifier specified {account}:{api_id}")
RestApiInvalid = _bad_request("Invalid REST API identifier specified")
ResourceNotFound = _not_found("Invalid Resource identifier specified")
MethodNotFound = _not_found("Invalid Method identifier specified")
IntegrationNotFound = _not_found("Invalid Integration identifier specified")
ResponseNotFound = _not_found("Invalid Response status code specified")
ModelNotFound = _not_found("Invalid model name specified: {name}")
AuthorizerNotFound = _not_found("Invalid Authorizer identifier specified")
ValidatorNotFound = _not_found("Invalid Request Validator identifier specified")
DeploymentNotFound = _not_found("Invalid Deployment identifier specified")
StageNotFound = _not_found("Invalid stage identifier specified")
GatewayResponseNotFound = _not_found("Gateway response type not defined on api")
ParameterNotFound = _not_found("Invalid parameter name specified")
ContentTypeNotFound = _not_found("Content-Type specified was not found")

ApiKeyNotFound = _not_found("Invalid API Key identifier specified")
UsagePlanNotFound = _not_found("Invalid Usage Plan ID specified")
PlanKeyNotFound = _not_found("Usage Plan Key not found for the specified Usage Plan: {plan_id}")
PlansUnsupported = _bad_request("Usage plans are not allowed for HTTP Apis")
PlanStageNotFound = _not_found("API Stage not found: {api_id}:{stage}")
DocumentationVersionNotFound = _not_found("Invalid Documentation version specified")

BadRequest = _bad_request("{message}")
EmptyName = _bad_request("API name is required")
EmptyDescription = _bad_request("Description cannot be an empty string")
CompressionSizeInvalid = _bad_request(
    "Invalid minimum compression size, must be between 0 and 10485760"
)
EndpointTypesEmpty = _bad_request(
    "REGIONAL Configuration and EDGE Configuration cannot be both DISABLED."
)
EndpointTypesMany = _bad_request("Cannot create an api with multiple Endpoint Types.")
PrivateNeedsDualstack = _bad_request("Only dualstack ipAddressType is supported for Private APIs.")
EndpointsNeedPrivate = _bad_request("VPCEndpoints can only be specified with PRIVATE apis.")
EndpointTypeInvalid = _bad_request(
    "Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE"
)
EndpointTypeOpInvalid = _bad_request(
    "Invalid patch operation specified. Must be 'add'|'remove'|'replace'"
)
AddressTypeInvalid = _bad_request("ipAddressType must be either ipv4 or dualstack.")
# As an API without one is answered, in the words of a public Terraform module's tests against AWS.
EndpointAccessModeMissing = _bad_request(
    "Endpoint access mode is required for the specified security policy"
)
SecurityPolicyInvalid = _bad_request(
    "Security policy {policy} is not supported for endpoints of type {endpoint}"
)
EndpointAccessModeInvalid = _bad_request(
    "Invalid endpoint access mode specified. Must be one of: [BASIC, STRICT]"
)
PolicyInvalid = _bad_request(
    "Invalid policy document. Please check the policy syntax and ensure that Principals are valid.",
)
PathPartInvalid = _bad_request(
    "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly "
    "braces at the beginning and the end.",
)
GreedyParent = _bad_request(
    "Cannot create a child of a resource with a greedy path variable: {path_part}",
)
VariableSibling = _bad_request(
    "A sibling ({path_part}) of this resource already has a variable path part "
    "-- only one is allowed",
)
ResourcesCyclical = _bad_request("Resources cannot be cyclical.")
RootPathPart = _bad_request("Root resource cannot update its pathPart.")
RootParent = _bad_request("Root resource cannot update its parentId.")
RootUndeletable = _bad_request("Root resource cannot be deleted")
HttpMethodInvalid = _bad_request(
    "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY",
)
AuthorizationTypeInvalid = _bad_request(
    "Invalid authorization type specified. "
    "Valid options are NONE, AWS_IAM, CUSTOM, and COGNITO_USER_POOLS",
)
AuthorizerInvalid = _bad_request(
    "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or "
    "COGNITO_USER_POOLS requires a valid authorizer.",
)
AuthorizerNameEmpty = _bad_request("Authorizer name cannot be empty")
AuthorizerUnsupported = _bad_request("Authorizers of type '{type}' are not supported")
ScopesUnsupported = _bad_request(
    "Invalid Method authorization type specified. Authorization Scopes are only valid for "
    "COGNITO_USER_POOLS authorization type",
)
ProvidersMissing = _bad_request("ProviderARNs cannot be empty")
ProviderInvalid = _bad_request("Invalid provider ARN specified: {arn}")
AuthorizerUriInvalid = _bad_request(
    "Invalid Authorizer URI: {uri}. Authorizer URI should be a valid API Gateway ARN that "
    "represents a Lambda function invocation.",
)
AuthorizerTtlInvalid = _bad_request(
    "Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds."
)
AuthorizerSourceMissing = _bad_request("IdentitySource cannot be empty")
RequestSourceInvalid = _bad_request(
    "Invalid request identity source expression: {source}. The sources must be separated by comma, "
    "and each source must be either a method request parameter, matching "
    "'method.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, matching "
    "'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching "
    "'context.[a-zA-Z0-9._-]+'",
)
AuthorizerSourceInvalid = _bad_request(
    "Identity source is required and must be a valid mapping expression"
)
ValidatorInvalid = _bad_request("Invalid Request Validator identifier specified")
ValidatorNameBlank = _bad_request("Request Validator name cannot be blank")
ModelInvalid = _bad_request("Invalid model identifier specified: {name}")
ModelNameEmpty = _bad_request("Model name must be non-empty")
ModelNameInvalid = _bad_request("Model name must be alphanumeric: {name}")
ModelSchemaEmpty = _bad_request("Model schema must have at least 1 property or array items defined")
ModelSchemaInvalid = _bad_request(
    "Invalid model specified: Validation Result: warnings : [], "
    "errors : [Invalid model schema specified{reason}]",
)
ModelReferenceInvalid = _bad_request(
    "Invalid model specified: Validation Result: warnings : [], "
    "errors : [Model reference must be in canonical form]",
)
ParameterNamesClash = _bad_request(
    "Parameter names must be unique across querystring, header and path"
)
MappingExpressionInvalid = _bad_request(
    "Invalid mapping expression specified: Validation Result: warnings : [], "
    "errors : [{reason}: {expression}]",
)
ContentTypeInvalid = _bad_request(
    "Validation Result: warnings : [], errors : [Invalid content type specified: {content_type}]",
)
IntegrationMethodMissing = _bad_request("Enumeration value for HttpMethod must be non-empty")
UriInvalid = _bad_request("Invalid ARN specified in the request")
LambdaUriNeeded = _bad_request(
    "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose "
    "stream invocations.",
)
StreamingUnsupported = _bad_request(
    "Response transfer mode STREAM is not supported for integrations of type {type}",
)
TimeoutInvalid = _bad_request("Timeout should be between 50 ms and {most} ms")
SelectionPatternInvalid = _bad_request("Invalid regex pattern specified")
CacheKeyInvalid = _bad_request("Invalid cache key parameter specified")
ConnectionNeeded = _bad_request(
    "ConnectionId should be set to the vpcLinkId or stage variable on connection type VPC_LINK"
)
IntegrationTypeInvalid = _bad_request(
    "Invalid integration type {type} specified. Must be one of: "
    "[HTTP, MOCK, HTTP_PROXY, AWS_PROXY, AWS]",
)
HttpUriInvalid = _bad_request("Invalid HTTP endpoint specified for URI")
ActionUriInvalid = _bad_request("AWS ARN for integration must contain path or action")
RoleNeeded = _bad_request("Role ARN must be specified for AWS integrations")
ContentHandlingInvalid = _bad_request(
    "Invalid content handling specified. Must be one of: [CONVERT_TO_BINARY, CONVERT_TO_TEXT]",
)
PatchPathInvalid = _bad_request("Invalid patch path {path}")
PatchPathNotOneOf = _bad_request(
    "Invalid patch path  '{path}' specified for op '{op}'. Must be one of: [{paths}]",
)
PatchOpUnsupported = _bad_request(
    "Invalid patch path  '{path}' specified for op '{op}'. Please choose supported operations",
)
PatchOpInvalid = _bad_request("Invalid patch operation specified. Must be one of: [{ops}]")
PatchValueEmpty = _bad_request("Invalid null or empty value in {member}")
StagePathInvalid = _bad_request("Invalid method setting path: {path}. Must be one of: [{paths}]")
StageSettingInvalid = _bad_request("Invalid value for method setting {path}: {value}")
CallerWithPolicy = _bad_request(
    "Caller provided credentials not allowed when resource policy is set"
)
NothingToDeploy = _bad_request("The REST API doesn't contain any methods")
IntegrationMissing = _bad_request("No integration defined for method")
PolicyMissing = _bad_request("Private REST API doesn't have a resource policy attached to it")
StageNameEmpty = _bad_request("Stage name cannot be blank")
StageNameInvalid = _bad_request("Stage name only allows a-zA-Z0-9_")
DeploymentInvalid = _bad_request("Deployment id does not exist")
DeploymentActive = _bad_request(
    "Active stages pointing to this deployment must be moved or deleted"
)
VariableNameInvalid = _bad_request(
    "Invalid stage variable name: {name}. Please use names with only word characters."
)
VariableValueInvalid = _bad_request(
    "Invalid stage variable value of key {name}.  Please use values with alphanumeric characters "
    "and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.",
)
CacheTtlInvalid = _bad_request(
    "Invalid time-to-live setting, must be an integer no greater than 3600"
)
CacheSizeInvalid = _bad_request("Invalid cache cluster size specified. Must be one of: [{sizes}]")
CanaryStageMissing = _bad_request(
    "Invalid deployment content specified.Non null and non empty stageName must be provided for "
    "canary deployment. Provided value is {name}",
)
CanaryStageUnknown = _bad_request(
    "Invalid deployment content specified.Stage {name} must already be created before making a "
    "canary release deployment",
)
StageSettingMissing = _bad_request(
    "Cannot remove method setting {path} because there is no method setting for this method ",
)
StageAddInvalid = _bad_request("Invalid add operation with path: {path}")
CopyInvalid = _bad_request(
    "Invalid copy operation with path: {path} and from {source}. Valid copy:path are "
    "[/deploymentId, /variables] and valid copy:from are [/canarySettings/deploymentId, "
    "/canarySettings/stageVariableOverrides]",
)
CanaryMissing = _bad_request("Promotion not available. Canary does not exist.")
CanaryTrafficInvalid = _bad_request("Canary percent traffic must be between 0.0 and 100.0")
AccessLogFormatInvalid = _bad_request(
    "Invalid access log format. Should be single line and have context variables"
)
AccessLogIdMissing = _bad_request(
    "Access Log format must include either $context.requestId or $context.extendedRequestId : "
    "'{format}'",
)
AccessLogDestinationInvalid = _bad_request(
    "Invalid ARN specified in the request. The ARN must be a valid CloudWatch Logs log group or "
    "Kinesis Data Firehose delivery stream ARN.",
)
AccessLogStreamInvalid = _bad_request(
    "Kinesis Firehose delivery stream name must begin with the characters 'amazon-apigateway-': "
    "'{name}'",
)
ExporterUnknown = _bad_request("No API exporter for type '{kind}'")
ExportTypeInvalid = _bad_request(
    "Invalid media type specified: {kind}. Must be one of: [application/json, application/yaml]",
)
ImportUnreadable = _bad_request(
    "Invalid OpenAPI input. Unable to build importer with provided input."
)
ImportMalformed = _bad_request("Invalid OpenAPI input. At '{place}': {reason}")
IntegrationMalformed = _bad_request(
    "Unable to parse API definition because of a malformed integration at path {path}."
)
ImportInvalid = _bad_request("Errors found during import:\n\t{problems}")
ImportWarnings = _bad_request("Warnings found during import:\n\t{problems}")
ArnInvalid = _bad_request("Invalid ARN specified in the request")
CloudWatchRoleMissing = _bad_request("The role ARN does not have required permissions configured.")

ResourceExists = _conflict(
    "Another resource with the same parent already has this name: {path_part}"
)
MethodExists = _conflict("Method already exists for this resource")
ResponseExists = _conflict("Response already exists for this resource")
ModelExists = _conflict("Model name already exists for this REST API")
ModelInUse = _conflict(
    "Cannot delete model '{name}', is referenced in method {direction}: {path}/{method}",
)
ModelReferenced = _conflict("Cannot delete model '{name}', is referenced in model: {other}")
ValidatorInUse = _conflict(
    "Cannot delete request validator '{name}', is referenced in method: {path}/{method}",
)
AuthorizerApiNotFound = _conflict(
    "Unable to complete operation due to concurrent modification. Please try again later.",
)
AuthorizerExists = _conflict(
    "Authorizer name must be unique. Authorizer with this name already exists"
)
AuthorizerInUse = _conflict(
    "Cannot delete authorizer '{name}', is referenced in method: {path}/{method}",
)
StageExists = _conflict("Stage already exists")
ApiKeyExists = _conflict("API Key already exists")
ApiKeyTooShort = _bad_request("API Key value should be at least 20 characters")
UsagePlanInUse = _bad_request(
    "Cannot delete Usage Plan {plan_id} because there are API Stages associated with it, "
    "including {stage}",
)
KeyTypeInvalid = _bad_request("Usage Plan Key type must be API_KEY")
PlanKeyExists = _conflict("Usage Plan Key already exists in this Usage Plan")
PlanKeyElsewhere = _conflict("API Key belongs to another Usage Plan with the same API stage")
PlanStageInvalid = _bad_request("Invalid API Stage specified")
PlanThrottleInvalid = _bad_request(
    "Usage Plan throttle rateLimit and burstLimit must not be negative"
)
PlanMethodInvalid = _bad_request("Invalid method {{resourcePath: {path},method: }} specified")
QuotaLimitInvalid = _bad_request("Usage Plan quota limit must be a non-negative numeric")
QuotaPeriodInvalid = _bad_request(
    "Invalid Usage Plan quota period specified. Must be one of [DAY, WEEK, MONTH]"
)
DayOffsetInvalid = _bad_request("Usage Plan quota offset must be zero in the DAY period")
QuotaOffsetInvalid = _bad_request(
    "Usage Plan quota offset must be between 0 and {most} inclusive in the {period} period"
)
UsagePlanNameEmpty = _bad_request("Usage Plan name cannot be blank")
UsageDatesInvalid = _bad_request("Usage dates must be YYYY-MM-DD, in order and within 90 days")
DomainNameNotFound = _not_found("Invalid domain name identifier specified")
DomainNameDotted = _bad_request("Trailing period should be omitted from domain name")
DomainNameInvalid = _bad_request("Invalid domain name specified")
CertificateMisplaced = _bad_request(
    "Cannot import certificates for {other} while {active} is active."
)
CertificateElsewhere = _bad_request(
    "Invalid certificate ARN: {arn}. Certificate must be in '{region}'."
)
# Terraform's acceptance tests note it.
UploadUnsupported = _bad_request("Uploading certificates is not supported for REGIONAL.")
MutualTlsUnsupported = _bad_request("Mutual TLS authentication is only supported with TLS 1.2.")
DomainNameExists = _conflict("The domain name you provided already exists.")
BasePathNotFound = _not_found("Invalid base path mapping identifier specified")
BasePathSlashed = _bad_request(
    "API Gateway V1 doesn't support the slash character (/) in base path mappings. To create a "
    "multi-level base path mapping, use API Gateway V2."
)
BasePathStageInvalid = _bad_request("Invalid stage identifier specified")
BasePathInvalid = _bad_request("Invalid base path specified")
BasePathsEmpty = _conflict("Only one base path mapping is allowed if the base path is empty.")
BasePathExists = _conflict("Base path already exists for this domain name")
StageMapped = _bad_request(
    "Deleting stage {stage} failed. Please remove all base path mappings related to the stage in "
    "your domains: {domains}",
)
RestApiMapped = _bad_request(
    "Deleting RestApi {api_id} failed. Please remove all base path mappings related to the RestApi "
    "in your domains: {domains}",
)
RoutingModeInvalid = _bad_request("Invalid routing mode specified. Must be one of: [{modes}]")
# Developer Guide, "Set the routing mode for your custom domain name": such a domain takes none.
MappingsUnused = _bad_request(
    "Cannot create a base path mapping for a domain name with routing mode ROUTING_RULE_ONLY",
)
ClientCertificateNotFound = _not_found("Invalid Client Certificate identifier specified")
ClientCertificateInvalid = _bad_request("Invalid Client Certificate identifier specified")
ClientCertificateInUse = _bad_request("Client certificate {id} is used by stage {stage}")
AccessAssociationNotFound = _not_found(
    "Invalid domain name access association identifier specified"
)
AccessAssociationExists = _conflict("The domain name access association already exists")
SdkTypeNotFound = _not_found("Invalid SDK type identifier specified")
SdkUnsupported = _bad_request("SDKs of type '{kind}' are not generated here")
VpcLinkNotFound = _not_found("Invalid Vpc Link identifier specified")
VpcLinkTargetInvalid = _bad_request("Invalid ARN. ARN is not well formed {arn}")
VpcLinkTargetsMany = _bad_request("More than one target arn specified for vpc link.")
VpcLinkNameEmpty = _bad_request("Name cannot be empty")
DocumentationPartNotFound = _not_found("Invalid Documentation part identifier specified")
DocumentationPartExists = _conflict("Documentation part already exists for the specified location")
DocumentationVersionExists = _conflict("Documentation version already exists")
DocumentationLocationInvalid = _bad_request(
    "[Location type: API cannot have path, method, statusCode or name defined.]"
)
DocumentationUnreadable = _bad_request("Unable to build importer with provided input.")
DocumentationInvalid = _bad_request("Invalid Documentation part properties: Invalid JSON")
