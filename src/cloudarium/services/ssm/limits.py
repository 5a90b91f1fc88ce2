"""Parameter Store's numbers.

"Systems Manager endpoints and quotas", AWS General Reference, and the API reference's pages.
"""

STANDARD_BYTES = 4096  # PutParameter, Value
ADVANCED_BYTES = 8192  # PutParameter, Value
VERSIONS = 100  # ParameterMaxVersionLimitExceeded
LEVELS = 15  # HierarchyLevelLimitExceededException
NAME_WITH_ARN = 1011  # PutParameter, Name
TAGS = 50  # "Tagging Systems Manager parameters"
PAGE = 50  # DescribeParameters, GetParameterHistory: MaxResults
PATH_PAGE = 10  # GetParametersByPath: MaxResults
LABELS = 10  # of a version: LabelParameterVersion
