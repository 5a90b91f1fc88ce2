"""Every error CodePipeline raises, and why an action fails."""

from __future__ import annotations

from cloudarium.core.errors import ErrorType


def _error(code: str, template: str) -> ErrorType:
    return ErrorType(code, 400, template)


PipelineNotFound = _error(
    "PipelineNotFoundException", "Account '{account}' does not have a pipeline with name '{name}'"
)
PipelineNameInUse = _error(
    "PipelineNameInUseException",
    "A pipeline with the name '{name}' already exists in account '{account}'",
)
PipelineVersionNotFound = _error(
    "PipelineVersionNotFoundException",
    "Account '{account}' does not have a pipeline with name '{name}' and version '{version}'",
)
ExecutionNotFound = _error(
    "PipelineExecutionNotFoundException",
    "Pipeline execution with id '{id}' does not exist for pipeline with name '{pipeline}'",
)
StageNotFound = _error(
    "StageNotFoundException", "Pipeline '{pipeline}' does not have a stage with name '{stage}'"
)
ActionNotFound = _error(
    "ActionNotFoundException", "Stage '{stage}' does not have an action with name '{action}'"
)
NotStoppable = _error(
    "PipelineExecutionNotStoppableException",
    "Unable to stop pipeline execution {id}: it is not in progress.",
)
DuplicatedStop = _error(
    "DuplicatedStopRequestException",
    "Pipeline execution {id} is already in a Stopping state. "
    "You can stop and abandon it, but not stop and wait again.",
)
StageNotRetryable = _error(
    "StageNotRetryableException", "The stage {stage} has no failed actions to retry."
)
NotLatestExecution = _error(
    "NotLatestPipelineExecutionException",
    "The stage has a later execution than {id}; only the latest one can be retried.",
)
InvalidApprovalToken = _error("InvalidApprovalTokenException", "The approval token is not valid.")
ApprovalAlreadyCompleted = _error(
    "ApprovalAlreadyCompletedException",
    "The approval action has already been approved or rejected.",
)
JobNotFound = _error("JobNotFoundException", "Job with id '{id}' not found")
InvalidJobState = _error("InvalidJobStateException", "The job {id} is in the state {status}.")
OutputVariablesSizeExceeded = _error(
    "OutputVariablesSizeExceededException",
    "Exceeded the total size limit for all variables in the pipeline.",
)
InvalidNextToken = _error("InvalidNextTokenException", "The next token is not valid.")
InvalidArn = _error("InvalidArnException", "The resource ARN {arn} is not valid.")
ResourceNotFound = _error("ResourceNotFoundException", "Could not find resource {arn}")
InvalidTags = _error("InvalidTagsException", "The tag key {key} is reserved or not valid.")
TooManyTags = _error("TooManyTagsException", "The resource has more than the {limit} tags allowed.")
InvalidVariables = _error("ValidationException", "{message}")

# A declaration that is refused.
TooFewStages = _error(
    "InvalidStructureException",
    "Pipeline has only {count} stage(s). There should be a minimum of 2 stages in a pipeline",
)
TooManyStages = _error(
    "InvalidStructureException",
    "Pipeline has too many stages. There can only be up to {limit} stages in a pipeline",
)
SourceStageFirst = _error(
    "InvalidStructureException",
    "Pipeline should start with a stage that only contains source actions",
)
SourceOnlyFirst = _error(
    "InvalidStructureException",
    "Source actions can only be included in the first stage of the pipeline",
)
OnlySources = _error(
    "InvalidStructureException",
    "Pipeline should contain at least 1 action whose category is not Source",
)
DuplicateStage = _error(
    "InvalidStageDeclarationException", "Stage name '{name}' is used more than once"
)
NoArtifactStore = _error(
    "InvalidStructureException",
    "Pipeline should have exactly one of artifactStore and artifactStores",
)
ArtifactStoreElsewhere = _error(
    "ValidationException",
    "Your pipeline must have an artifact store, such as an artifact bucket, for each region where "
    "you have an action. The following region is missing in 'pipeline.artifactStores': {region}.",
)
ManyRegions = _error(
    "ValidationException",
    "Your pipeline contains actions in more than one region. Use 'pipeline.artifactStores' instead "
    "of 'pipeline.artifactStore' to declare an artifact store, such as an artifact bucket, for "
    "each region where you have an action.",
)
RoleNotAssumable = _error(
    "InvalidStructureException",
    "CodePipeline is not authorized to perform AssumeRole on role {arn}",
)
NotSupported = _error("InvalidStructureException", "{what} is not supported by Cloudarium")
VariablesNeedV2 = _error(
    "InvalidStructureException", "Pipeline variable can only be used with V2 pipelines"
)
ModeNeedsV2 = _error(
    "InvalidStructureException", "QUEUED or PARALLEL mode can only be used with V2 pipelines"
)
DuplicateVariable = _error(
    "InvalidStructureException",
    "Variable names must be unique. The following variable name is already in use: {name}",
)
EmptyStage = _error("InvalidStageDeclarationException", "Stage '{name}' has no actions")
DuplicateAction = _error(
    "InvalidStageDeclarationException", "Duplicate action name '{action}' in stage '{stage}'"
)
UnknownActionType = _error(
    "InvalidActionDeclarationException",
    "ActionType (Category: '{category}', Provider: '{provider}', Owner: '{owner}', "
    "Version: '{version}') in action '{action}' is not available in region '{region}'",
)
MissingConfiguration = _error(
    "InvalidActionDeclarationException",
    "Action configuration for action '{action}' is missing required configuration '{key}'",
)
UnknownConfiguration = _error(
    "InvalidActionDeclarationException",
    "Action configuration for action '{action}' contains unknown configuration '{key}'",
)
InvalidConfiguration = _error(
    "InvalidActionDeclarationException",
    "Action configuration for action '{action}' has an invalid value '{value}' for '{key}'",
)
TooFewArtifacts = _error(
    "InvalidActionDeclarationException",
    "Action {action} declares {count} {direction} artifacts which is less than the minimum "
    "count ({limit})",
)
TooManyArtifacts = _error(
    "InvalidActionDeclarationException",
    "Action {action} declares {count} {direction} artifacts which is more than the maximum "
    "count ({limit})",
)
UndeclaredInput = _error(
    "InvalidActionDeclarationException",
    "Input Artifact Bundle {artifact} in action {action} is not declared as Output Artifact "
    "Bundle in any of the preceding actions",
)
DuplicateOutput = _error(
    "InvalidActionDeclarationException",
    "Output Artifact Bundle name must be unique within the pipeline. "
    "{artifact} has been used more than once.",
)
DuplicateNamespace = _error(
    "InvalidActionDeclarationException",
    "Namespace must be unique within the pipeline. {namespace} has been used more than once.",
)
