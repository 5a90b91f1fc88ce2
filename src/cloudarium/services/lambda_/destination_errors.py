"""What Lambda says about where records of invocations cannot be sent to.

Recorded by LocalStack and badmintoncryer/cdk-preflight; those of permissions are told in the
Terraform provider and in public reports.
"""

DEAD_LETTER = "Invalid dead letter queue ARN: "
DEAD_LETTER_REGION = (
    "The resource specified by the TargetArn must be in the same region as the Lambda function it's"
    " associated with."
)
DEAD_LETTER_SERVICE = (
    "The service specified by the TargetArn is not supported for dead letter configuration."
)
DEAD_LETTER_FIFO = "FIFO {service} {noun} is not supported for dead letter configuration"
DEAD_LETTER_DENIED = (
    "The provided execution role does not have permissions to call {operation} on {service}"
)
CONFIG = (
    "The provided destination config DestinationConfig(onSuccess={success}, onFailure={failure}) is"
    " invalid."
)
NO_FUNCTION = "The destination ARN {arn} is invalid."
ITSELF = "You can't specify the function as a destination for itself."
DENIED = "The function's execution role does not have permissions to call {operation} on {arn}"
SERVICE = "The service specified by the TargetArn isn't supported as a destination."
FIFO = "FIFO-type Amazon {service} {noun}s aren't supported as a destination."
MAPPING_DENIED = (
    "The function execution role does not have permissions to call {operation} on {service}"
)
