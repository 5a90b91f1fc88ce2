"""ExecuteStatement."""

from cloudarium.core.context import Context, Request, Response

from ..metrics import metered
from ..partiql import statements


@metered("ExecuteStatement")
def execute_statement(ctx: Context, request: Request) -> Response:
    """Runs a PartiQL statement: a page of items, or one item's change."""
    statement, binding = statements.bound(request)
    return statements.run(ctx, statement, binding, request)
