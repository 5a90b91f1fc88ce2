"""Which IAM action each operation needs ("... Resource Group Tagging API", Service Authorization
Reference): one on everything, and to change tags what the resource's own service wants besides.
"""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """The permission that `operation` needs."""
    yield Access(f"tag:{operation}", "*")
