"""POST Object: uploads by forms, as pages of browsers send them.

API reference, "POST Object" and "Authenticating Requests: Browser-Based Uploads Using POST".
"""

from __future__ import annotations

import base64
import hmac
from typing import Any
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

from cloudarium.core.errors import AwsError, SignatureDoesNotMatch
from cloudarium.core.identity import ANONYMOUS, Principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.s3 import (
    addresses,
    authorization,
    cross_origin,
    errors,
    events,
    form_policies,
    forms,
    refusals,
    writing,
)
from cloudarium.services.s3.forms import Form
from cloudarium.wire.http import HttpRequest, HttpResponse

_PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'
_XML = ("content-type", "application/xml")
_MEMBERS = {
    "acl": "ACL",
    "cache-control": "CacheControl",
    "content-disposition": "ContentDisposition",
    "content-encoding": "ContentEncoding",
    "content-type": "ContentType",
    "x-amz-server-side-encryption": "ServerSideEncryption",
    "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
    "x-amz-storage-class": "StorageClass",
    "x-amz-website-redirect-location": "WebsiteRedirectLocation",
}
_NOT_IMPLEMENTED = ("expires", "tagging")
_METADATA = "x-amz-meta-"
_SIGNED_V4 = ("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature")
_SIGNED_V2 = ("awsaccesskeyid", "signature")


async def answer(runtime: ServiceRuntime, request: HttpRequest) -> HttpResponse:
    """Take a form's file in and answer as the form wants it."""
    request_id = runtime.kernel.ids.uuid()
    try:
        response = await _uploaded(runtime, request, request_id)
    except AwsError as error:
        response = refusals.answer(error, request_id)
    response.headers += cross_origin.headers(runtime, request)
    return response


async def _uploaded(runtime: ServiceRuntime, request: HttpRequest, request_id: str) -> HttpResponse:
    bucket, form = addresses.bucket_and_key(request)[0], forms.read(request)
    key = form.fields.get("key", "").replace("${filename}", form.filename)
    if not key:
        raise _missing("key")
    fields = {**form.fields, "key": key, "bucket": bucket}
    principal = _principal(runtime, form)
    if "policy" in fields:
        now = runtime.kernel.clock.wall()
        form_policies.check(fields["policy"], fields, len(form.file), now)
    wanted = _request(fields, bucket, key)
    source = {"aws:SourceIp": request.client}
    ctx = runtime.context(principal.account, "us-east-1", principal, request_id, source)
    with ctx.transaction():
        for access in authorization.required(ctx, "PutObject", wanted):
            ctx.authorize(access)
    made = await writing.write(ctx, wanted, form.file, events.POST)
    await runtime.store.durable()
    where = f"http://{request.headers.get('host', '')}{request.path.rstrip('/')}/{quote(key)}"
    return _thanks(fields, made, where)


def _principal(runtime: ServiceRuntime, form: Form) -> Principal:
    """Return who signed the form's policy; nobody if it has none. Raises SignatureDoesNotMatch."""
    fields = form.fields
    if "policy" not in fields:
        return ANONYMOUS
    names = _SIGNED_V2 if "signature" in fields else _SIGNED_V4
    for name in names:
        if name not in fields:
            raise _missing(name)
    old = names is _SIGNED_V2
    if not old and fields["x-amz-credential"].split("/")[3:] != ["s3", "aws4_request"]:
        raise SignatureDoesNotMatch()
    scope = [fields["awsaccesskeyid"]] if old else fields["x-amz-credential"].split("/")
    credential = runtime.credential(scope[0], fields.get("x-amz-security-token"))
    policy = fields["policy"].encode()
    if old:
        made = base64.b64encode(hmac.digest(credential.secret.encode(), policy, "sha1")).decode()
    else:
        key = f"AWS4{credential.secret}".encode()
        for part in scope[1:]:
            key = hmac.digest(key, part.encode(), "sha256")
        made = hmac.digest(key, policy, "sha256").hex()
    if not hmac.compare_digest(made.encode(), fields[names[-1]].encode()):
        raise SignatureDoesNotMatch()
    return credential.principal


def _request(fields: dict[str, str], bucket: str, key: str) -> dict[str, Any]:
    """Return PutObject's request for what a form says. Raises NotImplemented."""
    for name in _NOT_IMPLEMENTED:
        if name in fields:
            raise errors.NotImplemented(name=name)
    metadata = {
        name.removeprefix(_METADATA): value
        for name, value in fields.items()
        if name.startswith(_METADATA)
    }
    given = {member: fields[name] for name, member in _MEMBERS.items() if name in fields}
    return {"Bucket": bucket, "Key": key, "Metadata": metadata, **given}


def _thanks(fields: dict[str, str], made: dict[str, Any], where: str) -> HttpResponse:
    headers = [("etag", made["ETag"]), ("location", where)]
    if made["VersionId"]:
        headers.append(("x-amz-version-id", made["VersionId"]))
    place = {"bucket": fields["bucket"], "key": fields["key"], "etag": made["ETag"]}
    if redirect := fields.get("success_action_redirect") or fields.get("redirect"):
        joint = "&" if "?" in redirect else "?"
        headers[1] = ("location", f"{redirect}{joint}{urlencode(place)}")
        return HttpResponse(303, headers)
    status = fields.get("success_action_status")
    if status == "201":
        told = {"Location": where, **{name.title(): value for name, value in place.items()}}
        told["ETag"] = told.pop("Etag")
        items = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in told.items())
        body = f"{_PROLOG}<PostResponse>{items}</PostResponse>".encode()
        return HttpResponse(201, [*headers, _XML], body)
    return HttpResponse(200 if status == "200" else 204, headers)


def _missing(name: str) -> AwsError:
    return errors.InvalidArgument(
        members={"ArgumentName": name, "ArgumentValue": ""},
        message=f"Bucket POST must contain a field named '{name}'.  If it is specified, please "
        "check the order of the fields.",
    )
