"""GetParameter, GetParameters, GetParametersByPath, GetParameterHistory."""

from __future__ import annotations

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError
from cloudarium.services.ssm import errors, filters, labels, limits, names, parameters


def get_parameter(ctx: Context, request: Request) -> Response:
    """Return one parameter, by name, ARN, `name:version` or `name:label`."""
    found, selector = parameters.selected(ctx, request["Name"])
    decrypted = request.get("WithDecryption", False)
    return {"Parameter": found.shown(ctx, decrypted=decrypted, selector=selector)}


def get_parameters(ctx: Context, request: Request) -> Response:
    """Return up to ten parameters, and the names that are none."""
    decrypted = request.get("WithDecryption", False)
    found, invalid = [], []
    for name in request["Names"]:
        try:
            parameter, selector = parameters.selected(ctx, name)
        except AwsError:
            invalid.append(name)
        else:
            found.append(parameter.shown(ctx, decrypted=decrypted, selector=selector))
    found.sort(key=lambda shown: str(shown["Name"]))
    return {"Parameters": found, "InvalidParameters": invalid}


def get_parameters_by_path(ctx: Context, request: Request) -> Response:
    """Return the parameters below a path, one level of them unless `Recursive`."""
    path = request["Path"]
    if not path.startswith("/"):
        raise errors.BadPath(path=path)
    asked = request.get("ParameterFilters") or []
    recursive = request.get("Recursive", False)
    found = parameters.under(ctx, path.rstrip("/") + "/", recursive=recursive)
    found = filters.fitting(ctx, found, asked, filters.BY_PATH)
    size = request.get("MaxResults") or limits.PATH_PAGE
    page, token = pages.page(found, request.get("NextToken"), size, errors.InvalidToken())
    decrypted = request.get("WithDecryption", False)
    return {"Parameters": [p.shown(ctx, decrypted=decrypted) for p in page], "NextToken": token}


def get_parameter_history(ctx: Context, request: Request) -> Response:
    """Return the kept versions of a parameter, oldest first."""
    name, _ = names.parsed(ctx, request["Name"])
    found = parameters.versions(ctx, name)
    size = request.get("MaxResults") or limits.PAGE
    page, token = pages.page(found, request.get("NextToken"), size, errors.InvalidToken())
    decrypted = request.get("WithDecryption", False)
    shown = [
        {
            **each.metadata(),
            "Value": each.visible(decrypted=decrypted),
            "Labels": labels.on(ctx, name, each.version),
        }
        for each in page
    ]
    return {"Parameters": shown, "NextToken": token}
