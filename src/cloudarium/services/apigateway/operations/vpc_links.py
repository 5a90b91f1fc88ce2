"""VPC links: kept and read back."""

from __future__ import annotations

from cloudarium.core import arn
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import apis, errors, holdings, paging
from cloudarium.services.apigateway.patches import Patches, text

_PATCHES = Patches({"/name": text("name"), "/description": text("description")})


def create_vpc_link(ctx: Context, request: Request) -> Response:
    """Create a VPC link; it is pending, and available soon after."""
    if not request["name"]:
        raise errors.VpcLinkNameEmpty()
    if len(request["targetArns"]) > 1:
        raise errors.VpcLinkTargetsMany()
    for target in request["targetArns"]:
        if arn.parse(target) is None:
            raise errors.VpcLinkTargetInvalid(arn=target)
    link: Response = {
        "id": apis.new_id(ctx),
        "name": request["name"],
        "targetArns": request["targetArns"],
        "status": "PENDING",
    }
    link.update({name: request[name] for name in ("description", "tags") if request.get(name)})
    holdings.put(ctx, holdings.VPC_LINK, link["id"], link)
    ctx.schedule("vpc_link", {"id": link["id"]})
    return link


def get_vpc_link(ctx: Context, request: Request) -> Response:
    """Return a VPC link."""
    return {"tags": {}, **_find(ctx, request)}


def get_vpc_links(ctx: Context, request: Request) -> Response:
    """Return a page of VPC links."""
    found = holdings.load(ctx, holdings.VPC_LINK)
    return paging.page(request, found, lambda link: str(link["id"]), lambda link: link)


def update_vpc_link(ctx: Context, request: Request) -> Response:
    """Patch a VPC link."""
    link = _PATCHES.apply(_find(ctx, request), request.get("patchOperations"))
    if not link.get("name"):
        raise errors.VpcLinkNameEmpty()
    holdings.put(ctx, holdings.VPC_LINK, link["id"], link)
    return {"tags": {}, **link}


def delete_vpc_link(ctx: Context, request: Request) -> None:
    """Delete a VPC link."""
    holdings.delete(ctx, holdings.VPC_LINK, _find(ctx, request)["id"])


def _find(ctx: Context, request: Request) -> Response:
    link = holdings.get(ctx, holdings.VPC_LINK, request["vpcLinkId"])
    if link is None:
        raise errors.VpcLinkNotFound()
    return link
