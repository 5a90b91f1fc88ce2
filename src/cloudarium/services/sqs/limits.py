"""SQS's documented numbers.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html and
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
"""

MAX_MESSAGE_BYTES = 1_048_576
MAX_BATCH = 10
MAX_RECEIVE = 10
MAX_WAIT_SECONDS = 20
MAX_DELAY_SECONDS = 900
MAX_VISIBILITY_SECONDS = 43_200
MAX_MESSAGE_ATTRIBUTES = 10
DEDUPLICATION_SECONDS = 300
PURGE_INTERVAL_SECONDS = 60
REDRIVE_SOURCES = 10  # of a RedriveAllowPolicy
MAX_RECEIVE_COUNT = 1000
MOVES_PER_SECOND = 500
LISTED_MOVES = 10

# attribute -> (default, least, most); an empty default is not shown unless set
NUMBER_ATTRIBUTES = {
    "DelaySeconds": ("0", 0, MAX_DELAY_SECONDS),
    "MaximumMessageSize": ("1048576", 1024, MAX_MESSAGE_BYTES),
    "MessageRetentionPeriod": ("345600", 60, 1_209_600),
    "ReceiveMessageWaitTimeSeconds": ("0", 0, MAX_WAIT_SECONDS),
    "VisibilityTimeout": ("30", 0, MAX_VISIBILITY_SECONDS),
    "KmsDataKeyReusePeriodSeconds": ("", 60, 86_400),
}
KEY_REUSE_SECONDS = "300"  # shown with a key only, as AWS was recorded to
