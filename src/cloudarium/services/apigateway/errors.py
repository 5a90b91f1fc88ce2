"""Every error this service raises.

Texts are AWS's, as answered by its API (recorded answers of public test suites and issue threads)
and the reference of each operation.
"""

from __future__ import annotations

from cloudarium.core.errors import ErrorType

_NOT_FOUND = "NotFoundException"
_BAD_REQUEST = "BadRequestException"
_CONFLICT = "ConflictException"

ApiNotFound = ErrorType(_NOT_FOUND, 404, "Invalid API identifier specified {account}:{api_id}")
RestApiInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid REST API identifier specified")
ResourceNotFound = ErrorType(_NOT_FOUND, 404, "Invalid Resource identifier specified")
MethodNotFound = ErrorType(_NOT_FOUND, 404, "Invalid Method identifier specified")
IntegrationNotFound = ErrorType(_NOT_FOUND, 404, "Invalid Integration identifier specified")
ResponseNotFound = ErrorType(_NOT_FOUND, 404, "Invalid Response status code specified")
ModelNotFound = ErrorType(_NOT_FOUND, 404, "Invalid model name specified: {name}")
AuthorizerNotFound = ErrorType(_NOT_FOUND, 404, "Invalid Authorizer identifier specified")
ValidatorNotFound = ErrorType(_NOT_FOUND, 404, "Invalid Request Validator identifier specified")
DeploymentNotFound = ErrorType(_NOT_FOUND, 404, "Invalid Deployment identifier specified")
StageNotFound = ErrorType(_NOT_FOUND, 404, "Invalid stage identifier specified")
GatewayResponseNotFound = ErrorType(_NOT_FOUND, 404, "Gateway response type not defined on api")
ParameterNotFound = ErrorType(_NOT_FOUND, 404, "Invalid parameter name specified")
ContentTypeNotFound = ErrorType(_NOT_FOUND, 404, "Content-Type specified was not found")

ApiKeyNotFound = ErrorType(_NOT_FOUND, 404, "Invalid API Key identifier specified")
UsagePlanNotFound = ErrorType(_NOT_FOUND, 404, "Invalid Usage Plan ID specified")
PlanKeyNotFound = ErrorType(
    _NOT_FOUND, 404, "Usage Plan Key not found for the specified Usage Plan: {plan_id}"
)
PlanStageNotFound = ErrorType(_NOT_FOUND, 404, "API Stage not found: {api_id}:{stage}")
DocumentationVersionNotFound = ErrorType(_NOT_FOUND, 404, "Invalid Documentation version specified")

BadRequest = ErrorType(_BAD_REQUEST, 400, "{message}")
EmptyName = ErrorType(_BAD_REQUEST, 400, "API name is required")
EmptyDescription = ErrorType(_BAD_REQUEST, 400, "Description cannot be an empty string")
CompressionSizeInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid minimum compression size, must be between 0 and 10485760"
)
EndpointTypesEmpty = ErrorType(
    _BAD_REQUEST, 400, "REGIONAL Configuration and EDGE Configuration cannot be both DISABLED."
)
EndpointTypesMany = ErrorType(
    _BAD_REQUEST, 400, "Cannot create an api with multiple Endpoint Types."
)
PrivateNeedsDualstack = ErrorType(
    _BAD_REQUEST, 400, "Only dualstack ipAddressType is supported for Private APIs."
)
EndpointTypeInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE"
)
EndpointTypeOpInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid patch operation specified. Must be 'add'|'remove'|'replace'"
)
AddressTypeInvalid = ErrorType(_BAD_REQUEST, 400, "ipAddressType must be either ipv4 or dualstack.")
PolicyInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid policy document. Please check the policy syntax and ensure that Principals are valid.",
)
PathPartInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly "
    "braces at the beginning and the end.",
)
GreedyParent = ErrorType(
    _BAD_REQUEST,
    400,
    "Cannot create a child of a resource with a greedy path variable: {path_part}",
)
VariableSibling = ErrorType(
    _BAD_REQUEST,
    400,
    "A sibling ({path_part}) of this resource already has a variable path part "
    "-- only one is allowed",
)
ResourcesCyclical = ErrorType(_BAD_REQUEST, 400, "Resources cannot be cyclical.")
RootPathPart = ErrorType(_BAD_REQUEST, 400, "Root resource cannot update its pathPart.")
RootParent = ErrorType(_BAD_REQUEST, 400, "Root resource cannot update its parentId.")
RootUndeletable = ErrorType(_BAD_REQUEST, 400, "Root resource cannot be deleted")
HttpMethodInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY",
)
AuthorizationTypeInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid authorization type specified. "
    "Valid options are NONE, AWS_IAM, CUSTOM, and COGNITO_USER_POOLS",
)
AuthorizerInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or "
    "COGNITO_USER_POOLS requires a valid authorizer.",
)
AuthorizerNameEmpty = ErrorType(_BAD_REQUEST, 400, "Authorizer name cannot be empty")
AuthorizerUnsupported = ErrorType(
    _BAD_REQUEST, 400, "Authorizers of type '{type}' are not supported"
)
ProvidersMissing = ErrorType(
    _BAD_REQUEST, 400, "Authorizer provider ARNs cannot be empty for COGNITO_USER_POOLS"
)
ProviderInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid provider ARN specified: {arn}")
AuthorizerUriInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid Authorizer URI: {uri}. Authorizer URI should be a valid API Gateway ARN that "
    "represents a Lambda function invocation.",
)
AuthorizerTtlInvalid = ErrorType(
    _BAD_REQUEST, 400, "Authorizer result TTL must be between 0 and 3600 seconds"
)
AuthorizerSourceInvalid = ErrorType(
    _BAD_REQUEST, 400, "Identity source is required and must be a valid mapping expression"
)
ValidatorInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid Request Validator identifier specified")
ValidatorNameBlank = ErrorType(_BAD_REQUEST, 400, "Request Validator name cannot be blank")
ModelInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid model identifier specified: {name}")
ModelNameEmpty = ErrorType(_BAD_REQUEST, 400, "Model name must be non-empty")
ModelNameInvalid = ErrorType(_BAD_REQUEST, 400, "Model name must be alphanumeric: {name}")
ModelSchemaEmpty = ErrorType(
    _BAD_REQUEST, 400, "Model schema must have at least 1 property or array items defined"
)
ModelSchemaInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid model specified: Validation Result: warnings : [], "
    "errors : [Invalid model schema specified. {reason}]",
)
ParameterNamesClash = ErrorType(
    _BAD_REQUEST, 400, "Parameter names must be unique across querystring, header and path"
)
MappingExpressionInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid mapping expression specified: Validation Result: warnings : [], "
    "errors : [{reason}: {expression}]",
)
ContentTypeInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Validation Result: warnings : [], errors : [Invalid content type specified: {content_type}]",
)
IntegrationMethodMissing = ErrorType(
    _BAD_REQUEST, 400, "Enumeration value for HttpMethod must be non-empty"
)
UriInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid ARN specified in the request")
LambdaUriNeeded = ErrorType(
    _BAD_REQUEST,
    400,
    "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose "
    "stream invocations.",
)
StreamingUnsupported = ErrorType(
    _BAD_REQUEST,
    400,
    "Response transfer mode STREAM is not supported for integrations of type {type}",
)
TimeoutInvalid = ErrorType(_BAD_REQUEST, 400, "Timeout should be between 50 ms and {most} ms")
SelectionPatternInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid regular expression specified for selection pattern"
)
IntegrationTypeInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid integration type {type} specified. Must be one of: "
    "[HTTP, MOCK, HTTP_PROXY, AWS_PROXY, AWS]",
)
HttpUriInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid HTTP endpoint specified for URI")
ActionUriInvalid = ErrorType(
    _BAD_REQUEST, 400, "AWS ARN for integration must contain path or action"
)
RoleNeeded = ErrorType(_BAD_REQUEST, 400, "Role ARN must be specified for AWS integrations")
ContentHandlingInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid content handling specified. Must be one of: [CONVERT_TO_BINARY, CONVERT_TO_TEXT]",
)
PatchPathInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid patch path {path}")
PatchPathNotOneOf = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid patch path  '{path}' specified for op '{op}'. Must be one of: [{paths}]",
)
PatchOpUnsupported = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid patch path  '{path}' specified for op '{op}'. Please choose supported operations",
)
PatchOpInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid patch operation specified. Must be one of: [{ops}]"
)
PatchValueEmpty = ErrorType(_BAD_REQUEST, 400, "Invalid null or empty value in {member}")
StagePathInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid method setting path: {path}. Must be one of: [{paths}]"
)
StageSettingInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid value for method setting {path}: {value}"
)
NothingToDeploy = ErrorType(_BAD_REQUEST, 400, "The REST API doesn't contain any methods")
IntegrationMissing = ErrorType(_BAD_REQUEST, 400, "No integration defined for method")
PolicyMissing = ErrorType(
    _BAD_REQUEST, 400, "Private REST API doesn't have a resource policy attached to it"
)
StageNameEmpty = ErrorType(_BAD_REQUEST, 400, "Stage name cannot be blank")
StageNameInvalid = ErrorType(_BAD_REQUEST, 400, "Stage name only allows a-zA-Z0-9_-")
DeploymentInvalid = ErrorType(_BAD_REQUEST, 400, "Deployment id does not exist")
DeploymentActive = ErrorType(
    _BAD_REQUEST, 400, "Active stages pointing to this deployment must be moved or deleted"
)
VariablesInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Stage variable names must be alphanumeric and underscores, and the values must match the "
    "regular expression [A-Za-z0-9-._~:/?#&=,]+",
)
CacheSizeInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid cache cluster size specified. Must be one of: [{sizes}]"
)
CanaryStageMissing = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid deployment content specified.Non null and non empty stageName must be provided for "
    "canary deployment. Provided value is null",
)
CanaryStageUnknown = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid deployment content specified.Stage {name} must already be created before making a "
    "canary release deployment",
)
StageSettingMissing = ErrorType(
    _BAD_REQUEST,
    400,
    "Cannot remove method setting {path} because there is no method setting for this method ",
)
StageAddInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid add operation with path: {path}")
CanaryTrafficInvalid = ErrorType(
    _BAD_REQUEST, 400, "Canary percent traffic must be between 0.0 and 100.0"
)
AccessLogFormatInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid access log format. Should be single line and have context variables"
)
ExporterUnknown = ErrorType(_BAD_REQUEST, 400, "No API exporter for type '{kind}'")
ExportTypeInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid media type specified: {kind}. Must be one of: [application/json, application/yaml]",
)
ImportUnreadable = ErrorType(
    _BAD_REQUEST, 400, "Invalid OpenAPI input. Unable to build importer with provided input."
)
ImportMalformed = ErrorType(_BAD_REQUEST, 400, "Invalid OpenAPI input. At '{place}': {reason}")
ImportInvalid = ErrorType(_BAD_REQUEST, 400, "Errors found during import:\n\t{problems}")
ImportWarnings = ErrorType(_BAD_REQUEST, 400, "Warnings found during import:\n\t{problems}")
ArnInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid ARN specified in the request")
CloudWatchRoleMissing = ErrorType(
    _BAD_REQUEST, 400, "The role ARN does not have required permissions configured."
)

ResourceExists = ErrorType(
    _CONFLICT, 409, "Another resource with the same parent already has this name: {path_part}"
)
MethodExists = ErrorType(_CONFLICT, 409, "Method already exists for this resource")
ResponseExists = ErrorType(_CONFLICT, 409, "Response already exists for this resource")
ModelExists = ErrorType(_CONFLICT, 409, "Model name already exists for this REST API")
ModelInUse = ErrorType(
    _CONFLICT,
    409,
    "Cannot delete model '{name}', is referenced in method {direction}: {path}/{method}",
)
ModelReferenced = ErrorType(
    _CONFLICT, 409, "Cannot delete model '{name}', is referenced in model: {other}"
)
ValidatorInUse = ErrorType(
    _CONFLICT,
    409,
    "Cannot delete request validator '{name}', is referenced in method: {path}/{method}",
)
AuthorizerApiNotFound = ErrorType(
    _CONFLICT,
    409,
    "Unable to complete operation due to concurrent modification. Please try again later.",
)
AuthorizerExists = ErrorType(
    _CONFLICT, 409, "Authorizer name must be unique. Authorizer with this name already exists"
)
AuthorizerInUse = ErrorType(
    _CONFLICT,
    409,
    "Cannot delete authorizer '{name}', is referenced in method: {path}/{method}",
)
StageExists = ErrorType(_CONFLICT, 409, "Stage already exists")
ApiKeyExists = ErrorType(_CONFLICT, 409, "API Key already exists")
ApiKeyTooShort = ErrorType(_BAD_REQUEST, 400, "API Key value should be at least 20 characters")
PlanPathInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Invalid patch path  '{path}' specified for op '{op}'. Must be one of: [{paths}]",
)
UsagePlanInUse = ErrorType(
    _BAD_REQUEST,
    400,
    "Cannot delete Usage Plan {plan_id} because there are API Stages associated with it, "
    "including {stage}",
)
KeyTypeInvalid = ErrorType(_BAD_REQUEST, 400, "Usage Plan Key type must be API_KEY")
PlanKeyExists = ErrorType(_CONFLICT, 409, "Usage Plan Key already exists in this Usage Plan")
PlanKeyElsewhere = ErrorType(
    _CONFLICT, 409, "API Key belongs to another Usage Plan with the same API stage"
)
PlanStageInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid API Stage specified")
PlanThrottleInvalid = ErrorType(
    _BAD_REQUEST, 400, "Usage Plan throttle rateLimit and burstLimit must not be negative"
)
QuotaInvalid = ErrorType(
    _BAD_REQUEST,
    400,
    "Usage Plan quota limit must be positive and its period one of DAY, WEEK, MONTH",
)
UsagePlanNameEmpty = ErrorType(_BAD_REQUEST, 400, "Usage Plan name cannot be blank")
UsageDatesInvalid = ErrorType(
    _BAD_REQUEST, 400, "Usage dates must be YYYY-MM-DD, in order and within 90 days"
)
DomainNameNotFound = ErrorType(_NOT_FOUND, 404, "Invalid domain name identifier specified")
DomainNameInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid domain name specified")
DomainNameExists = ErrorType(_CONFLICT, 409, "The domain name you provided already exists.")
BasePathNotFound = ErrorType(_NOT_FOUND, 404, "Invalid base path mapping identifier specified")
BasePathInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid base path specified")
BasePathsEmpty = ErrorType(
    _CONFLICT, 409, "Only one base path mapping is allowed if the base path is empty."
)
BasePathExists = ErrorType(_CONFLICT, 409, "Base path already exists for this domain name")
StageMapped = ErrorType(
    _BAD_REQUEST,
    400,
    "Deleting stage {stage} failed. Please remove all base path mappings related to the stage in "
    "your domains: {domains}",
)
RestApiMapped = ErrorType(
    _BAD_REQUEST,
    400,
    "Deleting RestApi {api_id} failed. Please remove all base path mappings related to the RestApi "
    "in your domains: {domains}",
)
RoutingModeInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid routing mode specified. Must be one of: [{modes}]"
)
# Developer Guide, "Set the routing mode for your custom domain name": such a domain takes none.
MappingsUnused = ErrorType(
    _BAD_REQUEST,
    400,
    "Cannot create a base path mapping for a domain name with routing mode ROUTING_RULE_ONLY",
)
ClientCertificateNotFound = ErrorType(
    _NOT_FOUND, 404, "Invalid Client Certificate identifier specified"
)
ClientCertificateInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid Client Certificate identifier specified"
)
ClientCertificateInUse = ErrorType(
    _BAD_REQUEST, 400, "Client certificate {id} is used by stage {stage}"
)
AccessAssociationNotFound = ErrorType(
    _NOT_FOUND, 404, "Invalid domain name access association identifier specified"
)
AccessAssociationExists = ErrorType(
    _CONFLICT, 409, "The domain name access association already exists"
)
SdkTypeNotFound = ErrorType(_NOT_FOUND, 404, "Invalid SDK type identifier specified")
SdkUnsupported = ErrorType(_BAD_REQUEST, 400, "SDKs of type '{kind}' are not generated here")
VpcLinkNotFound = ErrorType(_NOT_FOUND, 404, "Invalid Vpc Link identifier specified")
VpcLinkTargetInvalid = ErrorType(_BAD_REQUEST, 400, "Invalid ARN. ARN is not well formed {arn}")
VpcLinkNameEmpty = ErrorType(_BAD_REQUEST, 400, "Name cannot be empty")
DocumentationPartNotFound = ErrorType(
    _NOT_FOUND, 404, "Invalid Documentation part identifier specified"
)
DocumentationPartExists = ErrorType(
    _CONFLICT, 409, "Documentation part already exists for the specified location"
)
DocumentationVersionExists = ErrorType(_CONFLICT, 409, "Documentation version already exists")
DocumentationUnreadable = ErrorType(
    _BAD_REQUEST, 400, "Unable to build importer with provided input."
)
DocumentationInvalid = ErrorType(
    _BAD_REQUEST, 400, "Invalid Documentation part properties: Invalid JSON"
)
