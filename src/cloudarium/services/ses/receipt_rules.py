"""Receipt rules: what a rule may say, and whether SES may do what it asks for."""

from __future__ import annotations

import re
from typing import Any

from cloudarium.core.arn import parse
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.ses import addresses, errors, limits, rule_sets
from cloudarium.services.ses.rule_sets import Rule
from cloudarium.wire.http import Body

SETUP_NOTIFICATION = "AMAZON_SES_SETUP_NOTIFICATION"
_SETUP_TEXT = (
    "Received from: Amazon SES\r\n"
    "Subject: Amazon SES Setup Notification\r\n\r\n"
    "This message is to notify you that Amazon SES can write to this bucket.\r\n"
)
_UNSUPPORTED = ("WorkmailAction", "ConnectAction")
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,50}")
_HEADER_VALUE_LENGTH = 2048
_SMTP_CODE = re.compile(r"[45]\d\d")
_STATUS_CODE = re.compile(r"[45]\.\d{1,3}\.\d{1,3}")


def completed(rule: Rule) -> Rule:
    """Return a rule as SES shows it, its defaults filled in."""
    actions = [dict(action) for action in rule.get("Actions") or []]
    for action in actions:
        if "LambdaAction" in action:
            action["LambdaAction"] = {"InvocationType": "Event", **action["LambdaAction"]}
        if "SNSAction" in action:
            action["SNSAction"] = {"Encoding": "UTF-8", **action["SNSAction"]}
    return {
        "Name": rule["Name"],
        "Enabled": bool(rule.get("Enabled")),
        "TlsPolicy": rule.get("TlsPolicy") or "Optional",
        "Recipients": list(rule.get("Recipients") or []),
        "Actions": actions,
        "ScanEnabled": bool(rule.get("ScanEnabled")),
    }


def check(rule: Rule) -> None:
    """Raise InvalidParameterValue or LimitExceeded for a rule SES does not take."""
    rule_sets.check_name(rule["Name"], "rule")
    if len(rule["Actions"]) > limits.ACTIONS:
        raise errors.LimitExceeded(what="actions of a rule", limit=limits.ACTIONS)
    if len(rule["Recipients"]) > limits.RECIPIENTS_OF_RULE:
        raise errors.LimitExceeded(what="recipients of a rule", limit=limits.RECIPIENTS_OF_RULE)
    for recipient in rule["Recipients"]:
        domain = recipient.removeprefix(".")
        if not (addresses.is_address(recipient) or addresses.is_domain(domain)):
            raise errors.InvalidParameterValue(message=f"Invalid recipient: {recipient}")
    for action in rule["Actions"]:
        _check_action(action)


def _check_action(action: dict[str, Any]) -> None:
    if len(action) != 1:
        raise errors.InvalidParameterValue(message="An action must be of exactly one type.")
    ((kind, settings),) = action.items()
    if kind in _UNSUPPORTED:
        raise errors.InvalidParameterValue(message=f"{kind} is not supported by Cloudarium.")
    if kind == "S3Action" and settings.get("KmsKeyArn"):
        bucket = settings["BucketName"]
        raise errors.EncryptionUnsupported(members={"Bucket": bucket}, key=settings["KmsKeyArn"])
    if kind == "AddHeaderAction":
        value = settings["HeaderValue"]
        if not _HEADER_NAME.fullmatch(settings["HeaderName"]):
            raise errors.InvalidParameterValue(message="Invalid header name.")
        if len(value) >= _HEADER_VALUE_LENGTH or "\r" in value or "\n" in value:
            raise errors.InvalidParameterValue(message="Invalid header value.")
    if kind == "BounceAction":
        _check_bounce(settings)


def _check_bounce(settings: dict[str, str]) -> None:
    if not _SMTP_CODE.fullmatch(settings["SmtpReplyCode"]):
        raise errors.InvalidParameterValue(message="Invalid SMTP reply code.")
    if not _STATUS_CODE.fullmatch(settings.get("StatusCode", "5.0.0")):
        raise errors.InvalidParameterValue(message="Invalid SMTP status code.")
    if not addresses.is_address(settings["Sender"]):
        raise errors.InvalidParameterValue(message=f"Invalid sender: {settings['Sender']}")


async def try_out(ctx: Context, rule_set: str, rule: Rule) -> None:
    """Raise unless SES may do what the rule's actions say.

    As on AWS a rule that writes to a bucket leaves `AMAZON_SES_SETUP_NOTIFICATION` there.
    """
    arn = rule_sets.arn(ctx, rule_set, rule["Name"])
    for action in rule["Actions"]:
        ((kind, settings),) = action.items()
        if kind == "S3Action":
            await _try_bucket(ctx, arn, settings)
        if kind == "LambdaAction":
            await _try_function(ctx, arn, settings["FunctionArn"])
        if settings.get("TopicArn"):
            await _try_topic(ctx, arn, settings["TopicArn"])


async def put_object(ctx: Context, rule: str, settings: dict[str, str], key: str, data: Any) -> Any:
    """Write an object as an S3 action does: as SES, or as the action's role."""
    role = settings.get("IamRoleArn")
    principal = await ctx.assume_role(role, "SES") if role else None
    params = {
        "Bucket": settings["BucketName"],
        "Key": settings.get("ObjectKeyPrefix", "") + key,
        "Body": data,
    }
    return await ctx.call("s3", "PutObject", params, principal=principal, source_arn=rule)


async def _try_bucket(ctx: Context, rule: str, settings: dict[str, str]) -> None:
    try:
        await put_object(ctx, rule, settings, SETUP_NOTIFICATION, Body(_SETUP_TEXT.encode()))
    except AwsError:
        bucket = settings["BucketName"]
        raise errors.InvalidS3Configuration(members={"Bucket": bucket}, bucket=bucket) from None


async def _try_function(ctx: Context, rule: str, arn: str) -> None:
    invalid = errors.InvalidLambdaFunction(members={"FunctionArn": arn}, arn=arn)
    parsed = parse(arn)
    if parsed is None or parsed.service != "lambda" or parsed.region != ctx.region:
        raise invalid
    params = {"FunctionName": arn, "InvocationType": "DryRun"}
    try:
        await ctx.call("lambda", "Invoke", params, account=parsed.account, source_arn=rule)
    except AwsError:
        raise invalid from None


async def _try_topic(ctx: Context, rule: str, arn: str) -> None:
    invalid = errors.InvalidSnsTopic(members={"Topic": arn}, arn=arn)
    parsed = parse(arn)
    if parsed is None or parsed.service != "sns" or parsed.region != ctx.region:
        raise invalid
    try:
        # SNS authorizes a message before it looks at it and refuses an empty one: a dry run.
        params = {"TopicArn": arn, "Message": ""}
        await ctx.call("sns", "Publish", params, account=parsed.account, source_arn=rule)
    except AwsError as error:
        if not error.code.startswith("InvalidParameter"):
            raise invalid from None
