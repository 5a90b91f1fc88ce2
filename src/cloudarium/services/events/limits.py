"""EventBridge's documented numbers.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html and
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
"""

MAX_TARGETS_PER_RULE = 5
PATTERN_BYTES = 2048
MAX_ENTRY_BYTES = 262_144
MAX_LISTED = 100
RETRY_ATTEMPTS = 185
RETRY_SECONDS = 86_400
