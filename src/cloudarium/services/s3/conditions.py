"""Conditional requests (RFC 9110, section 13; S3 user guide, "Conditional requests")."""

from collections.abc import Mapping
from email.utils import formatdate
from typing import Any

from cloudarium.services.s3 import errors


def _matches(header: str, etag: str) -> bool:
    names = [name.strip().removeprefix("W/").strip('"') for name in header.split(",")]
    return "*" in names or etag.strip('"') in names


def check_read(request: Mapping[str, Any], etag: str, modified: float) -> None:
    """GetObject, HeadObject: raises PreconditionFailed (412) or NotModified (304)."""
    second = int(modified)
    if (header := request.get("IfMatch")) is not None:
        if not _matches(header, etag):
            raise _failed("If-Match")
    elif (since := request.get("IfUnmodifiedSince")) is not None and second > since:
        raise _failed("If-Unmodified-Since")
    if (header := request.get("IfNoneMatch")) is not None:
        if _matches(header, etag):
            raise _not_modified(etag, modified)
    elif (since := request.get("IfModifiedSince")) is not None and second <= since:
        raise _not_modified(etag, modified)


def check_copy_source(request: Mapping[str, Any], etag: str, modified: float) -> None:
    """CopyObject, UploadPartCopy: every condition that does not hold is PreconditionFailed."""
    second = int(modified)
    if (header := request.get("CopySourceIfMatch")) is not None:
        if not _matches(header, etag):
            raise _failed("x-amz-copy-source-If-Match")
    elif (since := request.get("CopySourceIfUnmodifiedSince")) is not None and second > since:
        raise _failed("x-amz-copy-source-If-Unmodified-Since")
    if (header := request.get("CopySourceIfNoneMatch")) is not None:
        if _matches(header, etag):
            raise _failed("x-amz-copy-source-If-None-Match")
    elif (since := request.get("CopySourceIfModifiedSince")) is not None and second <= since:
        raise _failed("x-amz-copy-source-If-Modified-Since")


def check_write(request: Mapping[str, Any], key: str, etag: str | None) -> None:
    """PutObject, CopyObject, CompleteMultipartUpload over the current object's etag (None: absent).

    Raises PreconditionFailed; NoSuchKey when If-Match names an object that is not there.
    """
    none_match, match = request.get("IfNoneMatch"), request.get("IfMatch")
    if none_match is not None:
        if none_match != "*":
            raise errors.NotImplemented(name="If-None-Match")
        if etag is not None:
            raise _failed("If-None-Match")
    if match is not None:
        if etag is None:
            raise errors.NoSuchKey(members={"Key": key})
        if not _matches(match, etag):
            raise _failed("If-Match")


def _not_modified(etag: str, modified: float) -> Exception:
    members = {"ETag": etag, "Last-Modified": formatdate(int(modified), usegmt=True)}
    return errors.NotModified(members=members)


def _failed(condition: str) -> Exception:
    return errors.PreconditionFailed(members={"Condition": condition})
