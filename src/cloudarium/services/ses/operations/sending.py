"""SendEmail, SendRawEmail, SendTemplatedEmail, SendBulkTemplatedEmail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.documents import json_object
from cloudarium.core.errors import AwsError
from cloudarium.services.ses import addresses, errors, identities, rendering, templates
from cloudarium.services.ses.receiving.mail import parsed
from cloudarium.services.ses.sending import composing, events, sender
from cloudarium.services.ses.sending.sender import Outgoing
from cloudarium.services.ses.templates import Template

_ARNS = ("SourceArn", "FromArn", "ReturnPathArn", "TemplateArn")


def _outgoing(ctx: Context, request: Mapping[str, Any]) -> Outgoing:
    """Return what a request sends, checked. Raises what forbids it."""
    for name in _ARNS:
        if request.get(name) and f":{ctx.account}:" not in request[name]:
            raise errors.InvalidParameterValue(
                message="Sending with another account's identity is not supported by Cloudarium."
            )
    source, recipients = sender.envelope(request)
    outgoing = Outgoing(
        source,
        recipients,
        request.get("ConfigurationSetName"),
        _tags(request.get("Tags")),
        request.get("ReturnPath"),
    )
    with ctx.transaction():
        sender.check(ctx, outgoing)
    return outgoing


def _tags(given: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    return {tag["Name"]: tag["Value"] for tag in given or ()}


async def send_email(ctx: Context, request: Request) -> Response:
    """Send a message made of a subject and a body."""
    outgoing = _outgoing(ctx, request)
    message_id = composing.new_id(ctx)
    raw = composing.composed(ctx, message_id, request, request["Message"])
    await sender.send(ctx, outgoing, message_id, raw)
    return {"MessageId": message_id}


async def send_raw_email(ctx: Context, request: Request) -> Response:
    """Send a message as it is; its headers may name a configuration set and tags."""
    raw = request["RawMessage"]["Data"]
    message = parsed(raw)
    if not message["from"]:
        raise errors.InvalidParameterValue(message="Missing required header 'From'.")
    set_name = request.get("ConfigurationSetName") or message["x-ses-configuration-set"]
    written = [part.partition("=") for part in (message["x-ses-message-tags"] or "").split(",")]
    tags = [{"Name": name.strip(), "Value": value.strip()} for name, _, value in written if value]
    outgoing = _outgoing(
        ctx,
        {
            **request,
            "ConfigurationSetName": set_name,
            "Tags": request.get("Tags") or tags,
        },
    )
    with ctx.transaction():
        identities.check_verified(ctx, addresses.all_of([str(message["from"])]))
    message_id = composing.new_id(ctx)
    await sender.send(ctx, outgoing, message_id, composing.finished(ctx, message_id, raw))
    return {"MessageId": message_id}


async def send_templated_email(ctx: Context, request: Request) -> Response:
    """Send a message made of a template; what cannot be rendered is told as an event."""
    with ctx.transaction():
        template = templates.find(ctx, request["Template"])
    data = _data(request["TemplateData"])
    return {"MessageId": await _send_rendered(ctx, request, template, data)}


async def send_bulk_templated_email(ctx: Context, request: Request) -> Response:
    """Send a template to many, each with data of its own over the default data."""
    with ctx.transaction():
        template = templates.find(ctx, request["Template"])
    default = _data(request.get("DefaultTemplateData") or "{}")
    shared = {name: value for name, value in request.items() if name != "Destinations"}
    answers = []
    for each in request["Destinations"]:
        single = {
            **shared,
            "Destination": each["Destination"],
            "Tags": each.get("ReplacementTags") or request.get("DefaultTags"),
        }
        try:
            data = {**default, **_data(each.get("ReplacementTemplateData") or "{}")}
            message_id = await _send_rendered(ctx, single, template, data)
            answers.append({"Status": "Success", "MessageId": message_id})
        except AwsError as error:
            answers.append({"Status": _status(error), "Error": error.message})
    return {"Status": answers}


def _status(error: AwsError) -> str:
    """Return an error's name among the API's BulkEmailStatuses."""
    if errors.MessageRejected.matches(error):
        return "MessageRejected"
    if errors.ConfigurationSetDoesNotExist.matches(error):
        return "ConfigurationSetDoesNotExist"
    if errors.AccountSendingPaused.matches(error):
        return "AccountSendingPaused"
    if errors.ConfigurationSetSendingPaused.matches(error):
        return "ConfigurationSetSendingPaused"
    return "InvalidParameterValue"


def _data(text: str) -> dict[str, Any]:
    found = json_object(text)
    if found is None:
        raise errors.InvalidParameterValue(message="Template data is not a JSON object.")
    return found


async def _send_rendered(
    ctx: Context, request: Mapping[str, Any], template: Template, data: Mapping[str, Any]
) -> str:
    outgoing = _outgoing(ctx, request)
    message_id = composing.new_id(ctx)
    try:
        message = _rendered(template, data)
    except AwsError as error:
        _tell_failure(ctx, request, outgoing, message_id, template.name, error)
        return message_id
    raw = composing.composed(ctx, message_id, request, message)
    await sender.send(ctx, outgoing, message_id, raw)
    return message_id


def _rendered(template: Template, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `Message` a template makes."""
    parts = {name: rendering.render(text, data) for name, text in template.parts.items()}
    body = {}
    if "TextPart" in parts:
        body["Text"] = {"Data": parts["TextPart"]}
    if "HtmlPart" in parts:
        body["Html"] = {"Data": parts["HtmlPart"]}
    return {"Subject": {"Data": parts["SubjectPart"]}, "Body": body}


def _tell_failure(
    ctx: Context,
    request: Mapping[str, Any],
    outgoing: Outgoing,
    message_id: str,
    template: str,
    error: AwsError,
) -> None:
    raw = composing.composed(ctx, message_id, request, {"Subject": {"Data": ""}})
    with ctx.transaction():
        payload = {
            "mail": events.mail(ctx, outgoing, message_id, raw),
            "configuration_set": outgoing.configuration_set,
        }
        failure = {"errorMessage": error.message, "templateName": template}
        events.tell(ctx, payload, "Rendering Failure", failure)
    ctx.telemetry.metric("AWS/SES", "RenderingFailure", 1, "Count")
