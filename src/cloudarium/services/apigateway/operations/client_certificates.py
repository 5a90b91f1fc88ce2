"""Client certificates: with which API Gateway shows endpoints that it is itself."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import apis, certificates, errors, holdings, paging
from cloudarium.services.apigateway.patches import Patches, text

_PATCHES = Patches({"/description": text("description")})


def generate_client_certificate(ctx: Context, request: Request) -> Response:
    """Make a key and a certificate of it, which holds for a year."""
    name = apis.new_id(ctx)
    certificate: Response = {"clientCertificateId": name, **certificates.generate(ctx)}
    for member in ("description", "tags"):
        if request.get(member):
            certificate[member] = request[member]
    holdings.put(ctx, holdings.CLIENT_CERTIFICATE, name, certificate)
    return _shown(certificate)


def get_client_certificate(ctx: Context, request: Request) -> Response:
    """Return a client certificate."""
    return {"tags": {}, **_shown(certificates.find(ctx, request["clientCertificateId"]))}


def get_client_certificates(ctx: Context, request: Request) -> Response:
    """Return a page of client certificates."""
    found = holdings.load(ctx, holdings.CLIENT_CERTIFICATE)
    return paging.page(request, found, lambda one: str(one["clientCertificateId"]), _shown)


def update_client_certificate(ctx: Context, request: Request) -> Response:
    """Patch a client certificate's description."""
    before = certificates.find(ctx, request["clientCertificateId"])
    after = _PATCHES.apply(before, request.get("patchOperations"))
    holdings.put(ctx, holdings.CLIENT_CERTIFICATE, after["clientCertificateId"], after)
    return {"tags": {}, **_shown(after)}


def delete_client_certificate(ctx: Context, request: Request) -> None:
    """Delete a client certificate no stage uses."""
    name = certificates.find(ctx, request["clientCertificateId"])["clientCertificateId"]
    stage = certificates.user(ctx, name)
    if stage is not None:
        raise errors.ClientCertificateInUse(id=name, stage=stage)
    holdings.delete(ctx, holdings.CLIENT_CERTIFICATE, name)


def _shown(certificate: Response) -> Response:
    """Return the reference's ClientCertificate."""
    return {name: one for name, one in certificate.items() if name != certificates.KEY}
