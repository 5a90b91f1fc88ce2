"""Resources: create, read, move, delete."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import apis, errors, paging, tree
from cloudarium.services.apigateway.patches import Patches, Refusal, text

_PATCHES = Patches({"/parentId": text("parentId"), "/pathPart": text("pathPart")}, Refusal.LISTED)


def create_resource(ctx: Context, request: Request) -> Response:
    """Create a resource below another."""
    if apis.get(ctx, request["restApiId"]) is None:
        raise errors.ResourceNotFound()
    added = tree.add(ctx, request["restApiId"], request["parentId"], request["pathPart"])
    return tree.answer(added)


def get_resource(ctx: Context, request: Request) -> Response:
    """Return one resource, with its methods if `embed` says `methods`."""
    resource = tree.find(ctx, request["restApiId"], request["resourceId"])
    return tree.answer(resource, with_methods=_embeds_methods(request))


def get_resources(ctx: Context, request: Request) -> Response:
    """Return a page of an API's resources, in the order of their paths."""
    api = apis.find(ctx, request["restApiId"])
    with_methods = _embeds_methods(request)

    def answer(resource: tree.Resource) -> dict[str, Any]:
        return tree.answer(resource, with_methods=with_methods)

    resources = tree.load(ctx, api.id).values()
    return paging.page(request, resources, lambda one: one.path, answer)


def update_resource(ctx: Context, request: Request) -> Response:
    """Give a resource another parent or path part."""
    resource = tree.find(ctx, request["restApiId"], request["resourceId"])
    before = {"parentId": resource.parent_id, "pathPart": resource.path_part}
    after = _PATCHES.apply(before, request.get("patchOperations"))
    if resource.parent_id is None:
        if after.get("pathPart") != before["pathPart"]:
            raise errors.RootPathPart()
        if after.get("parentId") != before["parentId"]:
            raise errors.RootParent()
        return tree.answer(resource)
    return tree.answer(tree.move(ctx, resource, after.get("parentId"), after.get("pathPart", "")))


def delete_resource(ctx: Context, request: Request) -> None:
    """Delete a resource and those below it."""
    resource = tree.find(ctx, request["restApiId"], request["resourceId"])
    if resource.parent_id is None:
        raise errors.RootUndeletable()
    tree.delete(ctx, resource)


def _embeds_methods(request: Request) -> bool:
    return "methods" in (request.get("embed") or ())
