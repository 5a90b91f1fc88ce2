"""Templates: kept, replaced, removed, shown, tried out."""

from __future__ import annotations

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.core.documents import json_object
from cloudarium.services.ses import errors, limits, rendering, templates

_PAGE = 100


def create_template(ctx: Context, request: Request) -> Response:
    """Keep a new template."""
    given = request["Template"]
    name = given["TemplateName"]
    parts = templates.parts_of(given)
    if templates.lookup(ctx, name) is not None:
        raise errors.TemplateAlreadyExists(members={"Name": name}, name=name, account=ctx.account)
    if len(templates.of_account(ctx)) >= limits.TEMPLATES:
        raise errors.LimitExceeded(what="templates", limit=limits.TEMPLATES)
    templates.put(ctx, name, parts, ctx.now)
    return {}


def update_template(ctx: Context, request: Request) -> Response:
    """Replace a template."""
    given = request["Template"]
    found = templates.find(ctx, given["TemplateName"])
    templates.put(ctx, found.name, templates.parts_of(given), found.created_at)
    return {}


def delete_template(ctx: Context, request: Request) -> Response:
    """Remove a template; one that is not there is no error."""
    templates.delete(ctx, request["TemplateName"])
    return {}


def get_template(ctx: Context, request: Request) -> Response:
    """Return a template."""
    return {"Template": templates.find(ctx, request["TemplateName"]).shown}


def list_templates(ctx: Context, request: Request) -> Response:
    """Return templates' names, the newest first."""
    invalid = errors.InvalidParameterValue(message="Invalid NextToken.")
    size = min(request.get("MaxItems") or _PAGE, _PAGE)
    page, token = pages.page(templates.of_account(ctx), request.get("NextToken"), size, invalid)
    shown = [{"Name": each.name, "CreatedTimestamp": each.created_at} for each in page]
    return {"TemplatesMetadata": shown, "NextToken": token}


def test_render_template(ctx: Context, request: Request) -> Response:
    """Return what a template and data make."""
    found = templates.find(ctx, request["TemplateName"])
    data = json_object(request["TemplateData"])
    if data is None:
        raise errors.InvalidRenderingParameter(members={"TemplateName": found.name})
    rendered = {name: rendering.render(text, data) for name, text in found.parts.items()}
    lines = [f"Subject: {rendered['SubjectPart']}", "MIME-Version: 1.0"]
    for name, kind in (("TextPart", "text/plain"), ("HtmlPart", "text/html")):
        if name in rendered:
            lines += [f"Content-Type: {kind}; charset=UTF-8", "", rendered[name]]
    return {"RenderedTemplate": "\r\n".join(lines) + "\r\n"}
