"""LabelParameterVersion, UnlabelParameterVersion."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.ssm import labels, parameters


def label_parameter_version(ctx: Context, request: Request) -> Response:
    """Put labels on a version, the newest unless one is said; what can be no label is told."""
    name, wanted = request["Name"], request.get("ParameterVersion")
    found = parameters.versions(ctx, name)[-1]
    if wanted is not None:
        found = parameters.version(ctx, name, wanted)
    given = request["Labels"]
    labels.attach(ctx, name, found.version, filter(labels.is_valid, given))
    invalid = [label for label in given if not labels.is_valid(label)]
    return {"InvalidLabels": invalid, "ParameterVersion": found.version}


def unlabel_parameter_version(ctx: Context, request: Request) -> Response:
    """Take labels off a version; what is not on it is told."""
    name, given = request["Name"], request["Labels"]
    found = parameters.version(ctx, name, request["ParameterVersion"])
    present = labels.on(ctx, name, found.version)
    removed = [label for label in given if label in present]
    labels.detach(ctx, name, removed)
    invalid = [label for label in given if label not in present]
    return {"RemovedLabels": removed, "InvalidLabels": invalid}
