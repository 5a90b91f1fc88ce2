"""EventBridge Scheduler's documented numbers.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html and
https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
"""

MAX_INPUT_BYTES = 262_144
RETRY_ATTEMPTS = 185
RETRY_SECONDS = 86_400
START_DATE_LENIENCE = 300
PAGE = 100
# Not documented: retries come with "exponential backoff", and tokens are kept for a time.
LONGEST_DELAY = 900
TOKEN_SECONDS = 86_400
