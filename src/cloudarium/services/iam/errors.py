"""Every error IAM and STS raise.

Codes and statuses are the models'; messages are those the services answer.
"""

from __future__ import annotations

from cloudarium.core.errors import ErrorType

_MISSING = "NoSuchEntityException"
_EXISTS = "EntityAlreadyExistsException"
_CONFLICT = "DeleteConflictException"
_LIMIT = "LimitExceededException"
_INVALID = "InvalidInputException"

NoSuchNamedEntity = ErrorType(_MISSING, 404, "The {kind} with name {name} cannot be found.")
NoSuchInlinePolicy = ErrorType(_MISSING, 404, "The {kind} policy with name {name} cannot be found.")
NoSuchPolicy = ErrorType(_MISSING, 404, "Policy {arn} was not found.")
NotAttachable = ErrorType(_MISSING, 404, "Policy {arn} does not exist or is not attachable.")
NoSuchPolicyVersion = ErrorType(
    _MISSING, 404, "Policy {arn} version {version} does not exist or is not attachable."
)
NoSuchAccessKey = ErrorType(_MISSING, 404, "The Access Key with id {id} cannot be found.")
NoSuchSshKey = ErrorType(_MISSING, 404, "The Public Key with id {id} cannot be found.")
NoSuchServiceCredential = ErrorType(
    _MISSING, 404, "The Service Specific Credential with id {id} cannot be found."
)
NoSuchAlias = ErrorType(_MISSING, 404, "The account alias with name {alias} cannot be found.")
NoSuchInstanceProfile = ErrorType(_MISSING, 404, "Instance Profile {name} cannot be found.")
NoSuchLoginProfile = ErrorType(_MISSING, 404, "Login Profile for User {name} cannot be found.")
NoPasswordPolicy = ErrorType(
    _MISSING, 404, "The Password Policy with domain name {account} cannot be found."
)
NoBoundary = ErrorType(_MISSING, 404, "No permissions boundary found for {kind} {name}.")

EntityExists = ErrorType(_EXISTS, 409, "{kind} with name {name} already exists.")
PolicyExists = ErrorType(
    _EXISTS, 409, "A policy called {name} already exists. Duplicate names are not allowed."
)
InstanceProfileExists = ErrorType(_EXISTS, 409, "Instance Profile {name} already exists.")
LoginProfileExists = ErrorType(_EXISTS, 409, "Login Profile for user {name} already exists.")
AliasExists = ErrorType(_EXISTS, 409, "The account alias {alias} already exists.")

MustDetachPolicies = ErrorType(
    _CONFLICT, 409, "Cannot delete entity, must detach all policies first."
)
MustDeletePolicies = ErrorType(_CONFLICT, 409, "Cannot delete entity, must delete policies first.")
MustDeleteAccessKeys = ErrorType(
    _CONFLICT, 409, "Cannot delete entity, must delete access keys first."
)
MustDeleteCredentials = ErrorType(
    _CONFLICT, 409, "Cannot delete entity, must remove referenced objects first."
)
MustDeleteLoginProfile = ErrorType(
    _CONFLICT, 409, "Cannot delete entity, must delete login profile first."
)
MustRemoveRoles = ErrorType(
    _CONFLICT, 409, "Cannot delete entity, must remove roles from instance profile first."
)
MustRemoveUsers = ErrorType(
    _CONFLICT, 409, "Cannot delete entity, must remove users from group first."
)
PolicyInUse = ErrorType(_CONFLICT, 409, "Cannot delete a policy attached to entities.")
PolicyHasVersions = ErrorType(
    _CONFLICT,
    409,
    "This policy has more than one version. Before you delete a policy, you must delete the "
    "policy's versions. The default version is deleted with the policy.",
)
DefaultVersion = ErrorType(_CONFLICT, 409, "Cannot delete the default version of a policy.")

QuotaExceeded = ErrorType(_LIMIT, 409, "Cannot exceed quota for {quota}: {limit}")
InlinePolicyTooLarge = ErrorType(
    _LIMIT, 409, "Maximum policy size of {limit} bytes exceeded for {kind} {name}"
)
TooManyVersions = ErrorType(
    _LIMIT,
    409,
    "A managed policy can have up to {limit} versions. Before you create a new version, "
    "you must delete an existing version.",
)

MalformedPolicy = ErrorType("MalformedPolicyDocumentException", 400, "{message}")
AwsPolicyReadOnly = ErrorType(
    "AccessDeniedException", 403, "Policy {arn} is owned by AWS and cannot be changed."
)
DuplicateTags = ErrorType(
    _INVALID,
    400,
    "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
)
ServiceNotSupported = ErrorType(
    "ServiceNotSupportedException", 404, "No such service {service} is supported"
)
PasswordViolation = ErrorType("PasswordPolicyViolationException", 400, "{message}")
InvalidPublicKey = ErrorType("InvalidPublicKeyException", 400, "The public key is not valid.")
UnrecognizedEncoding = ErrorType(
    "UnrecognizedPublicKeyEncodingException", 400, "The public key encoding is not recognized."
)
DuplicateSshKey = ErrorType(
    "DuplicateSSHPublicKeyException",
    400,
    "The SSH public key is already associated with the specified IAM user.",
)
UserNameNeeded = ErrorType(
    "ValidationError", 400, "Must specify userName when calling with non-User credentials"
)
InvalidMarker = ErrorType("ValidationError", 400, "Invalid Marker.")
InvalidArn = ErrorType("ValidationError", 400, "ARN {arn} is not valid.")
ServiceRoleTaken = ErrorType(
    "InvalidInputException",
    400,
    "Service role name {name} has been taken in this account, please try a different suffix.",
)
NoServiceRole = ErrorType(
    "InvalidInputException",
    400,
    "Service-linked roles for {service} are not supported by Cloudarium.",
)
NoServiceRoleSuffix = ErrorType(
    "InvalidInputException", 400, "Custom suffix is not allowed for {service}"
)
NoServiceName = ErrorType(
    "AccessDeniedException", 403, "{service} is not a valid AWS service name (Service Principal)"
)
ReservedPath = ErrorType(
    _INVALID,
    400,
    "Paths beginning with '/aws-service-role' are reserved for AWS Service Linked Roles",
)
OtherPartition = ErrorType("ValidationError", 400, "Invalid ARN partition")
NoPolicyArn = ErrorType(_INVALID, 400, "ARN {arn} is not valid.")

DurationTooLong = ErrorType(
    "ValidationError",
    400,
    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
)
ChainedDurationTooLong = ErrorType(
    "ValidationError",
    400,
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
    "role chaining",
)
SessionCredentials = ErrorType(
    "AccessDeniedException", 403, "Cannot call {operation} with session credentials"
)
MfaFailed = ErrorType(
    "AccessDeniedException",
    403,
    "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
)
NotSupported = ErrorType("ValidationError", 400, "{member} is not supported by Cloudarium.")
InvalidRoleArn = ErrorType("ValidationError", 400, "{arn} is invalid")
SessionPolicyMissing = ErrorType(
    "ValidationError", 400, "Policy {arn} does not exist or is not attachable."
)
DuplicateSessionTags = ErrorType(
    "InvalidParameterValue",
    400,
    "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
)
SessionPolicyTooLong = ErrorType(
    "ValidationError",
    400,
    "1 validation error detected: Value at 'policy' failed to satisfy constraint: "
    "Member must have length less than or equal to {limit}",
)
PackedPolicyTooLarge = ErrorType(
    "PackedPolicyTooLargeException",
    400,
    "Packed policy consumes {percent}% of allotted space, please use smaller policy.",
)
