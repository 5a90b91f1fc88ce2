"""AWS Signature Version 4, checked: header, query (presigned) and chunked payloads.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
"""

from __future__ import annotations

import hashlib
import hmac
import posixpath
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple, NoReturn
from urllib.parse import quote, unquote, unquote_to_bytes

from cloudarium.core.errors import AwsError, IncompleteSignature
from cloudarium.wire.http import HttpRequest

ALGORITHM = "AWS4-HMAC-SHA256"
_SPACES = re.compile(" +")
_UNRESERVED = "-_.~"
_MAX_EXPIRES = 7 * 86400
_FORMAT = "%Y%m%dT%H%M%SZ"
_FIELDS = ("Credential", "SignedHeaders", "Signature")
_HEX_DIGITS = 64
_SIGNATURE = re.compile(r"Signature=([^, ]+)")


_Scope = tuple[str, str, str, str, str, str, tuple[str, ...]]


class Signature(NamedTuple):
    """What a signed request says of itself. `scope` is the credential scope.

    `names` are the signed headers; `expires` is seconds, for presigned requests only.
    """

    access_key_id: str
    scope: str
    day: str
    region: str
    service: str
    signed_headers: str
    names: tuple[str, ...]
    signature: str
    timestamp: str
    token: str | None
    expires: int | None = None

    @property
    def signed_at(self) -> float:
        """When it was signed, epoch seconds. Raises AwsError if that is no date."""
        moment = _moment(self.timestamp)
        if self.day != self.timestamp[:8]:
            raise AwsError(
                "SignatureDoesNotMatch",
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date "
                f"from HTTP: '{self.day}' != '{self.timestamp[:8]}', from '{self.timestamp}'.",
                403,
            )
        return moment


@lru_cache(64)
def _moment(timestamp: str) -> float:
    try:
        moment = datetime.strptime(timestamp, _FORMAT)
    except ValueError:
        raise IncompleteSignature(
            message=f"Date must be in ISO-8601 'basic format'. Got '{timestamp}'."
        ) from None
    return moment.replace(tzinfo=UTC).timestamp()


def read(request: HttpRequest) -> Signature | None:
    """Return the request's signature, or None if it has none. Raises AwsError if it is broken."""
    authorization = request.headers.get("authorization", "")
    if authorization.startswith(ALGORITHM):
        return _from_header(request, authorization)
    if "X-Amz-Signature" in request.query_string:
        return _from_query(request)
    return None


def _from_header(request: HttpRequest, authorization: str) -> Signature:
    stem, signature = authorization[:-_HEX_DIGITS], authorization[-_HEX_DIGITS:]
    if not stem.endswith("Signature="):
        found = _SIGNATURE.search(authorization)
        signature = found[1] if found else ""
        stem = authorization.replace(signature, "", 1)
    credential, signed_headers = _signer(stem)
    if not (credential and signed_headers and signature):
        _refuse(authorization, (credential, signed_headers, signature))
    headers = request.headers
    timestamp = headers.get("x-amz-date") or _date_header(request)
    token = headers.get("x-amz-security-token")
    return Signature(*_scope(credential, signed_headers), signature, timestamp, token)


@lru_cache(256)
def _signer(stem: str) -> tuple[str, str]:
    """Return the credential and the signed headers an Authorization header names, or "" for it.

    `stem` is the header without the signature: so it is the same from request to request.
    """
    parts = stem[len(ALGORITHM) :].replace(" ", "").split(",")
    fields = dict(part.partition("=")[::2] for part in parts)
    return fields.get("Credential", ""), fields.get("SignedHeaders", "")


def _refuse(authorization: str, values: tuple[str, str, str]) -> NoReturn:
    missing = next(name for name, value in zip(_FIELDS, values, strict=True) if not value)
    raise IncompleteSignature(
        message=f"Authorization header requires '{missing}' parameter. "
        f"Authorization={authorization}"
    )


def _date_header(request: HttpRequest) -> str:
    """Return the `Date` header in the basic format, empty if it is none."""
    try:
        moment = parsedate_to_datetime(request.headers.get("date", ""))
    except ValueError:
        return ""
    return (moment if moment.tzinfo is None else moment.astimezone(UTC)).strftime(_FORMAT)


def _from_query(request: HttpRequest) -> Signature:
    query = request.query
    credential, signed_headers, signature = (query.get(f"X-Amz-{name}", "") for name in _FIELDS)
    expires = _expires(query.get("X-Amz-Expires", ""))
    token = query.get("X-Amz-Security-Token")
    signer = _scope(credential, signed_headers)
    return Signature(*signer, signature, query.get("X-Amz-Date", ""), token, expires)


def _expires(text: str) -> int:
    problem = ""
    if not text.lstrip("-").isdecimal():
        problem = "X-Amz-Expires should be a number"
    elif int(text) < 0:
        problem = "X-Amz-Expires must be non-negative"
    elif int(text) > _MAX_EXPIRES:
        problem = (
            "X-Amz-Expires must be less than a week (in seconds); that is, "
            f"the given X-Amz-Expires must be less than {_MAX_EXPIRES} seconds"
        )
    if problem:
        raise AwsError("AuthorizationQueryParametersError", problem, 400)
    return int(text)


@lru_cache(256)
def _scope(credential: str, headers: str) -> _Scope:
    """Return what a signature says of its credential and headers. Raises AwsError."""
    scope = credential.rsplit("/", 4)
    if len(scope) != 5 or scope[4] != "aws4_request":
        raise IncompleteSignature(
            message="Credential must have exactly 5 slash-delimited elements, "
            f"e.g. keyid/date/region/service/term, got '{credential}'"
        )
    names = tuple(headers.lower().split(";"))
    if "host" not in names:
        raise IncompleteSignature(
            message="'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
        )
    key_id, day, region, service, _ = scope
    return key_id, "/".join(scope[1:]), day, region, service, ";".join(names), names


def signing_key(secret: str, signature: Signature) -> bytes:
    """Return the key derived for the signature's day, region and service."""
    key = f"AWS4{secret}".encode()
    for part in (signature.day, signature.region, signature.service, "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def matches(request: HttpRequest, signature: Signature, key: bytes) -> bool:
    """Tell whether the request bears the signature the key gives it, and the body its hash."""
    payload = _payload_hash(request, signature)
    if payload is None:
        return False
    headers, path = request.headers, request.path
    lines = "".join([f"{name}:{headers.get(name, '').strip()}\n" for name in signature.names])
    canonical = (
        f"{request.method}\n"
        f"{path if path == '/' else _canonical_path(path, signature.service)}\n"
        f"{_canonical_query(request.query_string) if request.query_string else ''}\n"
        f"{_SPACES.sub(' ', lines) if '  ' in lines else lines}\n"
        f"{signature.signed_headers}\n"
        f"{payload}"
    )
    # Headers came in as Latin-1, so that this gives back the bytes the client signed.
    digest = hashlib.sha256(canonical.encode("latin-1", "replace")).hexdigest()
    text = f"{ALGORITHM}\n{signature.timestamp}\n{signature.scope}\n{digest}"
    return hmac.compare_digest(_hmac(key, text).hex(), signature.signature)


def _payload_hash(request: HttpRequest, signature: Signature) -> str | None:
    declared = request.headers.get("x-amz-content-sha256")
    if declared is None:
        if signature.expires is not None and signature.service == "s3":
            return "UNSIGNED-PAYLOAD"
        return request.body.sha256()
    if declared.startswith(("UNSIGNED-PAYLOAD", "STREAMING-")):
        return declared
    return declared if declared == request.body.sha256() else None


def _canonical_path(path: str, service: str) -> str:
    if service == "s3":
        return quote(unquote_to_bytes(path), safe="/" + _UNRESERVED) if path else "/"
    normal = posixpath.normpath(path) if path else "/"
    normal = "/" + normal.lstrip("/")
    if path.endswith("/") and not normal.endswith("/"):
        normal += "/"
    return quote(normal, safe="/" + _UNRESERVED)


def _canonical_query(query_string: str) -> str:
    pairs = []
    for part in query_string.split("&"):
        name, _, value = part.partition("=")
        if part and unquote(name) != "X-Amz-Signature":
            pairs.append((_recoded(name), _recoded(value)))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _recoded(text: str) -> str:
    return quote(unquote_to_bytes(text.replace("+", " ")), safe=_UNRESERVED)
