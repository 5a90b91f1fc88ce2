"""Lambda's documented figures ("Lambda quotas" in the developer guide, unless said otherwise)."""

CONCURRENT_EXECUTIONS = 1000
# "The minimum unreserved concurrency is 100", PutFunctionConcurrency.
MINIMUM_UNRESERVED = 100
CODE_STORAGE_BYTES = 80_530_636_800  # 75 GB
ZIPPED_BYTES = 52_428_800
REQUEST_BYTES = 70_167_211  # of CreateFunction, as it says itself
UNZIPPED_BYTES = 262_144_000
ENVIRONMENT_BYTES = 4096
# "Invocation payload": synchronous 6 MB, asynchronous 1 MB.
PAYLOAD_BYTES = 6_291_456
EVENT_BYTES = 1_048_576
LOG_TAIL_BYTES = 4096  # Invoke's LogResult
TIMEOUT_SECONDS = 900
MEMORY_MEGABYTES = 10_240
POLICY_BYTES = 20_480
# Asynchronous invocation: two retries, after one and two minutes; events live for six hours.
RETRY_SECONDS = (60, 120)
EVENT_AGE_SECONDS = 21_600
# A throttled event is tried again after 1 second, then ever later, up to 5 minutes.
THROTTLED_RETRY_SECONDS = (1, 300)
CREDENTIAL_SECONDS = 3600
PAGE_ITEMS = 50
NAME_CHARACTERS = 64  # of a function, without what may stand before it in an ARN
# Event source mappings, "Parameters for Lambda event source mappings" in the developer guide.
FILTERS = 5  # AWS raises it to ten on request
MAPPING_PAGE_ITEMS = 100
RECEIVED_AT_ONCE = 10  # messages of one ReceiveMessage
QUEUE_POLLERS = 50  # AWS scales up to 1,250
# "Configuring scaling behavior for SQS event source mappings", provisioned mode.
POLLERS = (2, 200)  # MinimumPollers and MaximumPollers where they are not given
FEWEST_POLLERS = 2
MOST_POLLERS = 10_000
INVOCATIONS_OF_A_POLLER = 10
PROVISIONED_QUEUE_POLLERS = 200  # AWS: up to 100,000 invocations at a time
POLL_RETRY_SECONDS = 60
STREAM_RECORD_SECONDS = 86_400  # how long a DynamoDB stream keeps records
BATCH_RETRY_SECONDS = (1, 60)  # doubling
WINDOW_STATE_BYTES = 1_048_576  # "Your state can be a maximum of 1 MB per shard"
LAYERS = 5  # of one function
TAGS = 50  # of one resource
# "Use Lambda recursive loop detection": approximately 16 invocations in one chain of requests.
RECURSIVE_INVOCATIONS = 16

# "Visualize Lambda function invocations using AWS X-Ray": one a second, and 5 % of the others.
TRACED_A_SECOND = 1
TRACED_RATE = 0.05
