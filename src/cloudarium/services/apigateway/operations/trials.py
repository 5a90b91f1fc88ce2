"""Test invocations of methods."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway.router import Router
from cloudarium.services.apigateway import apis, deployments, errors, tree
from cloudarium.services.apigateway.serving import trial
from cloudarium.services.apigateway.serving.compiled import Compiled, Method


async def test_invoke_method(ctx: Context, request: Request) -> Response:
    """Run a method as it now is; answer its response and the log of how it came about."""
    with ctx.transaction():
        api = apis.find(ctx, request["restApiId"])
        resource = tree.find(ctx, api.id, request["resourceId"])
        document = tree.method(resource, request["httpMethod"])
        if "methodIntegration" not in document:
            raise errors.IntegrationNotFound()
        compiled = Compiled(deployments.snapshot(ctx, api))
    path = (request.get("pathWithQueryString") or resource.path).partition("?")[0]
    found: Router[str] = Router([(resource.path, {"ANY": resource.id})])
    match = found.find("ANY", path)
    if match is None:
        raise errors.TestPathInvalid()
    method = Method(resource.id, resource.path, document, compiled.check(document))
    return await trial.run(ctx, compiled, method, match.parameters, request)
