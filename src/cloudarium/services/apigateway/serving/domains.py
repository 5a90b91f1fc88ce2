"""Requests to custom domain names: which API, stage and path they mean.

Source: Developer Guide, "Use API mappings to connect API stages to a custom domain name".
"""

from __future__ import annotations

import json

from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.apigateway import holdings
from cloudarium.services.apigateway.domains import ROOT
from cloudarium.services.apigateway.serving.exchange import Address


def resolved(runtime: ServiceRuntime, where: Address) -> Address | None:
    """Return the address a domain's mapping stands for; one that names an API stays as it is.

    The longest base path wins; a mapping without a stage takes it from the path's next part.
    """
    if "." not in where.api_id:
        return where
    with runtime.store.transaction() as db:
        wildcard = "*." + where.api_id.partition(".")[2]
        row = db.execute(
            "SELECT document FROM holdings WHERE kind = ? AND id IN (?, ?) ORDER BY id DESC",
            (holdings.DOMAIN_NAME, where.api_id, wildcard),
        ).fetchone()
    if row is None:
        return None
    mappings = json.loads(row["document"])["mappings"]
    whole = f"/{where.stage}{where.path}".removesuffix("/") or "/"
    for base in sorted((one for one in mappings if one != ROOT), key=len, reverse=True):
        if whole == f"/{base}" or whole.startswith(f"/{base}/"):
            return _mapped(where, mappings[base], whole.removeprefix(f"/{base}") or "/", whole)
    return _mapped(where, mappings[ROOT], whole, whole) if ROOT in mappings else None


def _mapped(where: Address, mapping: dict[str, str], path: str, whole: str) -> Address:
    stage = mapping.get("stage")
    if not stage:
        stage, _, rest = path.lstrip("/").partition("/")
        path = f"/{rest}"
    return where._replace(
        api_id=mapping["restApiId"],
        stage=stage,
        path=path,
        domain=where.api_id,
        shown_path=whole,
        base_path=mapping["basePath"],
    )
