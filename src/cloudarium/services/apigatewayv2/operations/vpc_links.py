"""VPC links, which are kept and read back: there is no VPC to link to."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import holdings
from cloudarium.services.apigatewayv2 import apis, errors, paging


def create_vpc_link(ctx: Context, request: Request) -> Response:
    """Create a VPC link, which is available at once."""
    if not request["SubnetIds"]:
        raise errors.SubnetsMissing()
    link: Response = {
        "CreatedDate": int(ctx.now),
        "Name": request["Name"],
        "SecurityGroupIds": request.get("SecurityGroupIds") or [],
        "SubnetIds": request["SubnetIds"],
        "Tags": request.get("Tags") or {},
        "VpcLinkId": apis.new_id(ctx),
        "VpcLinkStatus": "AVAILABLE",
        "VpcLinkStatusMessage": "VPC link is ready to route traffic",
        "VpcLinkVersion": "V2",
    }
    holdings.put(ctx, holdings.VPC_LINK, link["VpcLinkId"], link)
    return link


def get_vpc_link(ctx: Context, request: Request) -> Response:
    """Return a VPC link."""
    return _find(ctx, request["VpcLinkId"])


def get_vpc_links(ctx: Context, request: Request) -> Response:
    """Return the account's VPC links."""
    return paging.page(request, holdings.load(ctx, holdings.VPC_LINK), lambda link: link)


def update_vpc_link(ctx: Context, request: Request) -> Response:
    """Rename a VPC link."""
    link = _find(ctx, request["VpcLinkId"])
    if request.get("Name"):
        link["Name"] = request["Name"]
        holdings.put(ctx, holdings.VPC_LINK, link["VpcLinkId"], link)
    return link


def delete_vpc_link(ctx: Context, request: Request) -> Response:
    """Delete a VPC link."""
    link = _find(ctx, request["VpcLinkId"])
    holdings.delete(ctx, holdings.VPC_LINK, link["VpcLinkId"])
    return {}


def _find(ctx: Context, link_id: str) -> Response:
    link = holdings.get(ctx, holdings.VPC_LINK, link_id)
    if link is None:
        raise errors.VpcLinkNotFound(link_id=link_id)
    return link
