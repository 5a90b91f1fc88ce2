"""Creating, describing, changing and deleting pipelines."""

from __future__ import annotations

from cloudarium.core import pages, tags
from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError
from cloudarium.services.codepipeline import checks, errors, limits, pipelines, starting, structure


def create_pipeline(ctx: Context, request: Request) -> Response:
    """Create a pipeline; its first execution starts at once."""
    given = request["pipeline"]
    wanted = checks.tags(tags.from_list(request.get("tags"), tags.SMALL))
    structure.check(given, ctx.region)
    _check_role(ctx, given["roleArn"])
    pipeline = pipelines.insert(ctx, given, wanted)
    starting.start(ctx, pipeline, ("CreatePipeline", ctx.principal.arn))
    starting.watch_sources(ctx, pipeline)
    answer: Response = {"pipeline": pipeline.declaration}
    if wanted:
        answer["tags"] = tags.to_list(wanted, tags.SMALL)
    return answer


def update_pipeline(ctx: Context, request: Request) -> Response:
    """Replace the declaration; executions under way go on with the one they began with."""
    given = request["pipeline"]
    pipeline = pipelines.find(ctx, given["name"])
    structure.check(given, ctx.region)
    _check_role(ctx, given["roleArn"])
    updated = pipelines.update(ctx, pipeline, given)
    starting.watch_sources(ctx, updated)
    return {"pipeline": updated.declaration}


def _check_role(ctx: Context, arn: str) -> None:
    """Raise InvalidStructureException unless CodePipeline may assume the role."""
    try:
        ctx.role_session(arn, "check")
    except AwsError as error:
        raise errors.RoleNotAssumable(arn=arn) from error


def get_pipeline(ctx: Context, request: Request) -> Response:
    """Return the declaration in its latest or a given version."""
    pipeline = pipelines.find(ctx, request["name"])
    version = request.get("version", pipeline.version)
    metadata = {
        "pipelineArn": pipeline.arn,
        "created": pipeline.created_at,
        "updated": pipeline.updated_at,
    }
    found = pipelines.declaration(ctx, pipeline.name, version)
    return {"pipeline": found, "metadata": metadata}


def list_pipelines(ctx: Context, request: Request) -> Response:
    """List all pipelines, a page at a time."""
    size = request.get("maxResults", limits.PIPELINES_PER_PAGE)
    page, token = pages.page(
        pipelines.every(ctx), request.get("nextToken"), size, errors.InvalidNextToken()
    )
    summaries = [
        {
            "name": pipeline.name,
            "version": pipeline.version,
            "pipelineType": pipeline.declaration["pipelineType"],
            "executionMode": pipeline.mode,
            "created": pipeline.created_at,
            "updated": pipeline.updated_at,
        }
        for pipeline in page
    ]
    return {"pipelines": summaries, "nextToken": token}


def delete_pipeline(ctx: Context, request: Request) -> Response:
    """Delete a pipeline with its history; one that does not exist is fine."""
    ctx.cancel("poll", request["name"])
    pipelines.delete(ctx, request["name"])
    return {}
