"""Documented numbers. Source: "Understand CloudFormation quotas", CloudFormation User Guide."""

TEMPLATE_BODY_BYTES = 51_200
TEMPLATE_URL_BYTES = 1_048_576
PARAMETERS = 200
MAPPINGS = 200
RESOURCES = 500
OUTPUTS = 200
PARAMETER_VALUE_BYTES = 4_096
DESCRIPTION_BYTES = 1_024
CONDITION_OPERANDS = (2, 10)
CIDR_BLOCKS = (1, 256)

# How many times Fn::ForEach repeats its bodies in one template at the most. Ours, not AWS's.
REPETITIONS = 10_000

# DescribeStackEvents, ListStackResources, ListStacks, ListExports answer at most this many at once.
PAGE = 100

# How often a resource's state is looked at before it counts as not stabilized, and how many seconds
# lie between two looks at first and at most. Ours, not AWS's.
POLLS = 1_800
POLL_SECONDS = (0.05, 2.0)

# How many seconds DescribeStacks waits for a stack in progress. Ours, not AWS's.
DESCRIBE_SECONDS = 5.0
