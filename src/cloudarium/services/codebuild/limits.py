"""CodeBuild's documented numbers.

https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html
"""

DEFAULT_TIMEOUT_MINUTES = 60
DEFAULT_QUEUED_MINUTES = 480
CREDENTIAL_SECONDS = 3600
MAX_NAMES = 100
NAME = 150
DESCRIPTION = 255
SECONDARY = 12
# compute type -> memory in MB, of the Linux container environments
MEMORY_MEGABYTES = {
    "BUILD_GENERAL1_SMALL": 4096,
    "BUILD_GENERAL1_MEDIUM": 8192,
    "BUILD_GENERAL1_LARGE": 16_384,
    "BUILD_GENERAL1_XLARGE": 73_728,
    "BUILD_GENERAL1_2XLARGE": 147_456,
}
