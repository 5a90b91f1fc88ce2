"""Domain name access associations: which VPC endpoints reach a private domain name; kept."""

from __future__ import annotations

from cloudarium.core import arn
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import domains, errors, holdings, paging

_ARN = "domainNameAccessAssociationArn"


def create_domain_name_access_association(ctx: Context, request: Request) -> Response:
    """Associate a domain name with a VPC endpoint."""
    domain = domains.find(ctx, _name(request["domainNameArn"]))
    kind, source = request["accessAssociationSourceType"], request["accessAssociationSource"]
    place = f"domainname/{domain['domainName']}/{kind.lower()}source/{source}"
    name = f"arn:aws:apigateway:{ctx.region}:{ctx.account}:/domainnameaccessassociations/{place}"
    if holdings.get(ctx, holdings.ACCESS_ASSOCIATION, name) is not None:
        raise errors.AccessAssociationExists()
    association: Response = {
        _ARN: name,
        "domainNameArn": request["domainNameArn"],
        "accessAssociationSourceType": kind,
        "accessAssociationSource": source,
    }
    if request.get("tags"):
        association["tags"] = request["tags"]
    holdings.put(ctx, holdings.ACCESS_ASSOCIATION, name, association)
    return association


def get_domain_name_access_associations(ctx: Context, request: Request) -> Response:
    """Return a page of associations; none is another account's."""
    is_own = request.get("resourceOwner") != "OTHER_ACCOUNTS"
    found = holdings.load(ctx, holdings.ACCESS_ASSOCIATION) if is_own else []
    return paging.page(request, found, lambda one: str(one[_ARN]), lambda one: one)


def delete_domain_name_access_association(ctx: Context, request: Request) -> None:
    """Delete an association."""
    holdings.delete(ctx, holdings.ACCESS_ASSOCIATION, _find(ctx, request)[_ARN])


def reject_domain_name_access_association(ctx: Context, request: Request) -> None:
    """Reject an association, as the domain name's owner."""
    found = _find(ctx, request)
    if found["domainNameArn"] != request["domainNameArn"]:
        raise errors.AccessAssociationNotFound()
    holdings.delete(ctx, holdings.ACCESS_ASSOCIATION, found[_ARN])


def _name(domain_arn: str) -> str:
    """Return the domain name an ARN (`...:/domainnames/{name}[+{id}]`) is of."""
    parsed = arn.parse(domain_arn)
    if parsed is None or not parsed.resource.startswith("/domainnames/"):
        raise errors.ArnInvalid()
    return parsed.resource.rpartition("/")[2].partition("+")[0]


def _find(ctx: Context, request: Request) -> Response:
    found = holdings.get(ctx, holdings.ACCESS_ASSOCIATION, request[_ARN])
    if found is None:
        raise errors.AccessAssociationNotFound()
    return found
