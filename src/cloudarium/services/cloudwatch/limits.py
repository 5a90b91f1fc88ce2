"""CloudWatch's documented numbers.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html,
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html,
API_GetMetricData.html, API_GetMetricStatistics.html, and for retention
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
"""

MINUTE = 60
HOUR = 3600
DAY = 86_400

MAX_DATUMS = 1000
MAX_VALUES = 150
PAST_SECONDS = 14 * DAY
FUTURE_SECONDS = 2 * HOUR
LISTED_METRICS = 500
LISTED_DASHBOARDS = 1000
LISTED_FOR_SECONDS = 14 * DAY
MAX_STATISTICS_DATAPOINTS = 1440
MAX_DATAPOINTS = 100_800
MAX_QUERIES = 500
HIGH_RESOLUTION_PERIODS = (1, 5, 10, 20, 30)
ALARM_PERIODS = (10, 20, 30)
ALARM_QUERIES = 10  # metrics, and as many expressions, as measured in 2026
DESCRIBED_ALARMS = 50
DESCRIBED_HISTORY = 100
HISTORY_SECONDS = 30 * DAY
MAX_TAGS = 50

# period of stored points -> (seconds they are kept, the period they are then folded into)
RETENTION = {
    1: (3 * HOUR, 0),
    60: (15 * DAY, 300),
    300: (63 * DAY, 3600),
    3600: (455 * DAY, 0),
}
# From this many distinct values a minute on, values are kept with three significant digits.
EXACT_VALUES = 500
