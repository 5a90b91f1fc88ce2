"""Application Auto Scaling's documented numbers.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_Operations.html and, for
DynamoDB's alarms,
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
"""

PAGE = 50
POLICY_PAGE = 10
ACTIVITY_SECONDS = 42 * 86_400
# A change is looked after until the service shows it; how often AWS looks is not documented.
CONFIRM_SECONDS = 10
CONFIRM_TIMES = 60
