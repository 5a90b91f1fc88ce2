"""ListExports and ListImports."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.cloudformation import exports, pages
from cloudarium.services.cloudformation.errors import NotImported


def list_exports(ctx: Context, request: Request) -> Response:
    """Return what the stacks of this account and region export."""
    found, token = pages.page(exports.listed(ctx), request)
    return {"Exports": found, "NextToken": token}


def list_imports(ctx: Context, request: Request) -> Response:
    """Return the names of the stacks that import an export."""
    importers = exports.importers(ctx, request["ExportName"])
    if not importers:
        raise NotImported(name=request["ExportName"])
    found, token = pages.page(importers, request)
    return {"Imports": found, "NextToken": token}
