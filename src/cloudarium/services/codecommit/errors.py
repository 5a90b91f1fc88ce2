"""Every error CodeCommit raises.

Codes are the model's; the texts follow what the service answers, or where that is not
published, the error's description in the API reference.
"""

from __future__ import annotations

from cloudarium.core.errors import ErrorType


def _error(code: str, template: str) -> ErrorType:
    return ErrorType(code, 400, template)


# Repositories
RepositoryDoesNotExist = _error("RepositoryDoesNotExistException", "{name} does not exist")
RepositoryNameExists = _error(
    "RepositoryNameExistsException", "Repository named {name} already exists"
)
InvalidRepositoryName = _error(
    "InvalidRepositoryNameException",
    "The repository name is not valid. Repository names can be any valid combination of letters, "
    "numbers, periods, underscores, and dashes between 1 and 100 characters in length. Names are "
    "case sensitive. For more information, see Limits in the AWS CodeCommit User Guide. ",
)
InvalidRepositoryDescription = _error(
    "InvalidRepositoryDescriptionException",
    "The description is not valid. Descriptions cannot be more than 1,000 characters.",
)
RepositoryNameRequired = _error("RepositoryNameRequiredException", "A repository name is required.")
RepositoryNamesRequired = _error(
    "RepositoryNamesRequiredException", "At least one repository name is required."
)
MaximumRepositoryNamesExceeded = _error(
    "MaximumRepositoryNamesExceededException",
    "The maximum number of allowed repository names in a request is {limit}.",
)
EncryptionKeyNotFound = _error("EncryptionKeyNotFoundException", "No encryption key was found.")
InvalidContinuationToken = _error(
    "InvalidContinuationTokenException", "The continuation token is not valid."
)
InvalidMaxResults = _error(
    "InvalidMaxResultsException", "The specified number of maximum results is not valid."
)

InvalidSortBy = _error("InvalidSortByException", "The specified sort by value is not valid.")
InvalidOrder = _error("InvalidOrderException", "The specified sort order is not valid.")

# Branches and commits
BranchDoesNotExist = _error(
    "BranchDoesNotExistException", "Branch {name} does not exist in repository {repository}"
)
BranchNameExists = _error("BranchNameExistsException", "Branch {name} already exists")
BranchNameRequired = _error("BranchNameRequiredException", "A branch name is required.")
BranchNameIsTagName = _error(
    "BranchNameIsTagNameException",
    "The specified branch name is not valid because it is a tag name: {name}",
)
InvalidBranchName = _error("InvalidBranchNameException", "Invalid branch name: {name}")
DefaultBranchCannotBeDeleted = _error(
    "DefaultBranchCannotBeDeletedException",
    "The specified branch is the default branch for the repository, and cannot be deleted. "
    "To delete this branch, you must first set another branch as the default branch.",
)
CommitDoesNotExist = _error("CommitDoesNotExistException", "Could not find commit {commit}")
NoDefaultBranch = _error(
    "CommitDoesNotExistException",
    "No commit was specified, and the repository {repository} has no default branch.",
)
CommitIdDoesNotExist = _error("CommitIdDoesNotExistException", "Could not find commit {commit}")
InvalidCommitId = _error("InvalidCommitIdException", "Invalid commit ID: {commit}")
CommitIdsListRequired = _error(
    "CommitIdsListRequiredException",
    "A list of commit IDs is required, but was either not specified or the list was empty.",
)
CommitIdsLimitExceeded = _error(
    "CommitIdsLimitExceededException",
    "The maximum number of allowed commit IDs in a batch request is {limit}.",
)
ParentCommitIdRequired = _error(
    "ParentCommitIdRequiredException",
    "A parent commit ID is required because the branch {branch} already has a commit.",
)
ParentCommitDoesNotExist = _error(
    "ParentCommitDoesNotExistException",
    "The parent commit {commit} does not exist in the branch {branch}.",
)
InvalidParentCommitId = _error(
    "InvalidParentCommitIdException", "Invalid parent commit ID: {commit}"
)
ParentCommitIdOutdated = _error(
    "ParentCommitIdOutdatedException",
    "The parent commit ID is outdated: the tip of the branch {branch} is {tip}.",
)
CommitMessageLengthExceeded = _error(
    "CommitMessageLengthExceededException", "The commit message is too long. Provide a shorter one."
)
NameLengthExceeded = _error(
    "NameLengthExceededException",
    "The user name is not valid because it has exceeded the character limit for author names.",
)
InvalidEmail = _error("InvalidEmailException", "The specified email address is not valid.")

# Files and folders
BlobIdDoesNotExist = _error("BlobIdDoesNotExistException", "Could not find blob {blob}")
InvalidBlobId = _error("InvalidBlobIdException", "Invalid blob ID: {blob}")
FileDoesNotExist = _error("FileDoesNotExistException", "Could not find path {path}")
FolderDoesNotExist = _error("FolderDoesNotExistException", "Could not find path {path}")
PathDoesNotExist = _error("PathDoesNotExistException", "Could not find path {path}")
InvalidPath = _error("InvalidPathException", "The specified path is not valid: {path}")
FileTooLarge = _error("FileTooLargeException", "The file exceeds the size limit of 6 MB.")
FileContentRequired = _error(
    "FileContentRequiredException",
    "The file cannot be added because it is empty. "
    "Empty files cannot be added to the repository with this API.",
)
FileContentSizeLimitExceeded = _error(
    "FileContentSizeLimitExceededException",
    "The file cannot be added because it is too large. The maximum file size is 6 MB, and the "
    "combined file content change size is 7 MB.",
)
SameFileContent = _error(
    "SameFileContentException",
    "The file was not added or updated because the content of the file is exactly the same as "
    "the content of that file in the repository and branch that you specified.",
)
FileNameConflict = _error(
    "FileNameConflictsWithDirectoryNameException",
    "A file cannot be added because {path} is a directory in this repository.",
)
DirectoryNameConflict = _error(
    "DirectoryNameConflictsWithFileNameException",
    "A file cannot be added because a part of the path {path} is a file in this repository.",
)
SubmoduleConflict = _error(
    "FilePathConflictsWithSubmodulePathException",
    "The commit cannot be created because the file path {path} points to a submodule.",
)
FileEntryRequired = _error(
    "FileEntryRequiredException",
    "The commit cannot be created because no files have been specified as added, updated, or "
    "changed (PutFile or DeleteFile) for the commit.",
)
MaximumFileEntriesExceeded = _error(
    "MaximumFileEntriesExceededException",
    "The number of specified files to change as part of this commit exceeds the maximum number "
    "of files that can be changed in a single commit.",
)
SourceFileOrContentRequired = _error(
    "SourceFileOrContentRequiredException",
    "The commit cannot be created because no source files or file content have been specified.",
)
FileContentAndSourceFileSpecified = _error(
    "FileContentAndSourceFileSpecifiedException",
    "The commit cannot be created because both a source file and file content have been "
    "specified for the same file.",
)
SamePathRequest = _error(
    "SamePathRequestException",
    "The commit cannot be created because one or more changes in this commit duplicate actions "
    "in the same file path: {path}",
)
PutFileEntryConflict = _error(
    "PutFileEntryConflictException",
    "The commit cannot be created because one or more files specified in the commit reference "
    "both a file and a folder: {path}",
)
NoChange = _error(
    "NoChangeException",
    "The commit cannot be created because no changes will be made to the repository "
    "as a result of this commit.",
)

InvalidFileMode = _error(
    "InvalidFileModeException", "The specified file mode permission is not valid: {mode}"
)

# Tags
InvalidResourceArn = _error(
    "InvalidResourceArnException", "The value for the resource ARN is not valid: {arn}"
)
TooManyTags = _error(
    "TooManyTagsException", "The maximum number of tags for an AWS CodeCommit resource is {limit}."
)
InvalidSystemTagUsage = _error(
    "InvalidSystemTagUsageException", 'The tag key is not valid. Keys cannot start with "aws:".'
)
InvalidTagsMap = _error("InvalidTagsMapException", "The map of tags is not valid.")

# Triggers
MaximumTriggersExceeded = _error(
    "MaximumRepositoryTriggersExceededException",
    "The number of triggers allowed for the repository was exceeded.",
)
InvalidTriggerName = _error(
    "InvalidRepositoryTriggerNameException",
    "The name of the trigger is not valid: {name}",
)
InvalidTriggerDestination = _error(
    "InvalidRepositoryTriggerDestinationArnException",
    "The Amazon Resource Name (ARN) for the trigger is not valid for the specified "
    "destination: {arn}",
)
InvalidTriggerRegion = _error(
    "InvalidRepositoryTriggerRegionException",
    "The AWS Region for the trigger target does not match the AWS Region for the repository.",
)
InvalidTriggerCustomData = _error(
    "InvalidRepositoryTriggerCustomDataException",
    "The custom data provided for the trigger is not valid.",
)
MaximumBranchesExceeded = _error(
    "MaximumBranchesExceededException", "The number of branches for the trigger was exceeded."
)
InvalidTriggerEvents = _error(
    "InvalidRepositoryTriggerEventsException",
    "One or more events specified for the trigger is not valid: {event}",
)
TriggerEventsRequired = _error(
    "RepositoryTriggerEventsListRequiredException",
    "At least one event for the trigger is required, but was not specified.",
)
