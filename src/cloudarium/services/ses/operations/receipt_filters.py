"""CreateReceiptFilter, DeleteReceiptFilter, ListReceiptFilters."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.ses import receipt_filters
from cloudarium.services.ses.receipt_filters import ReceiptFilter


def create_receipt_filter(ctx: Context, request: Request) -> Response:
    """Allow or block mail from an address or a range of addresses."""
    given = request["Filter"]
    settings = given["IpFilter"]
    receipt_filters.create(ctx, ReceiptFilter(given["Name"], settings["Policy"], settings["Cidr"]))
    return {}


def delete_receipt_filter(ctx: Context, request: Request) -> Response:
    """Remove a filter; one that is not there is no error."""
    receipt_filters.delete(ctx, request["FilterName"])
    return {}


def list_receipt_filters(ctx: Context, request: Request) -> Response:
    """Return all filters."""
    return {
        "Filters": [
            {"Name": each.name, "IpFilter": {"Policy": each.policy, "Cidr": each.cidr}}
            for each in receipt_filters.of_account(ctx)
        ]
    }
