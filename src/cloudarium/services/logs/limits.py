"""Logs' documented numbers.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html,
API_GetLogEvents.html, API_PutRetentionPolicy.html and cloudwatch_limits_cwl.html
"""

MAX_BATCH_EVENTS = 10_000
MAX_BATCH_BYTES = 1_048_576
MAX_EVENT_BYTES = 1_048_576
EVENT_OVERHEAD_BYTES = 26
BATCH_SPAN_MS = 24 * 3600 * 1000
TOO_OLD_MS = 14 * 24 * 3600 * 1000
TOO_NEW_MS = 2 * 3600 * 1000
MAX_READ_EVENTS = 10_000
MAX_READ_BYTES = 1_048_576
MAX_DESCRIBED = 50
MAX_TAGS = 50
MAX_METRIC_FILTERS = 100
MAX_SUBSCRIPTION_FILTERS = 2
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
DAY_MS = 24 * 3600 * 1000
