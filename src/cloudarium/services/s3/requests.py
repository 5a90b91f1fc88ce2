"""What many requests share: the bucket they mean, what they say about an object, what we refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote

from cloudarium.core.context import Context
from cloudarium.services.s3 import buckets, checksums, encryption, errors, limits, tagging
from cloudarium.services.s3.buckets import Bucket
from cloudarium.services.s3.objects import Description, ObjectVersion

_HEADERS = (
    "CacheControl",
    "ContentDisposition",
    "ContentEncoding",
    "ContentLanguage",
    "ContentType",
    "Expires",
    "WebsiteRedirectLocation",
)
_DEFAULT_TYPE = "binary/octet-stream"
_ACLS = ("private", "bucket-owner-full-control")
_GRANTS = ("GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP")
_STORAGE_CLASSES = (
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER_IR",
)
_ARCHIVES = ("GLACIER", "DEEP_ARCHIVE", "OUTPOSTS", "SNOW", "EXPRESS_ONEZONE", "FSX_OPENZFS")
_NOT_IMPLEMENTED = (
    "MFA",
    "WriteOffsetBytes",
    "SSECustomerAlgorithm",
    "SSECustomerKey",
    "SSECustomerKeyMD5",
    "CopySourceSSECustomerAlgorithm",
    "CopySourceSSECustomerKey",
    "CopySourceSSECustomerKeyMD5",
    "SSEKMSEncryptionContext",
    "ObjectLockMode",
    "ObjectLockRetainUntilDate",
    "ObjectLockLegalHoldStatus",
    "ObjectLockEventHold",
    "ObjectLockEventHoldDurationDays",
    "ObjectLockEventHoldDurationYears",
    "AnnotationDirective",
    "IfMatchLastModifiedTime",
    "IfMatchSize",
    "IfMatchInitiatedTime",
)


def bucket(ctx: Context, request: Mapping[str, Any]) -> Bucket:
    """Return the request's bucket.

    Raises NoSuchBucket, and AccessDenied if the owner is another one.
    """
    found = buckets.find(ctx, request["Bucket"])
    expected = request.get("ExpectedBucketOwner")
    if expected is not None and expected != found.account:
        raise errors.AccessDenied()
    return found


def refuse_unsupported(request: Mapping[str, Any]) -> None:
    """Raise NotImplemented or AccessControlListNotSupported for what we do not do."""
    for name in _NOT_IMPLEMENTED:
        if request.get(name) is not None:
            raise errors.NotImplemented(name=name)
    encryption.check_request(request)
    refuse_acls(request)


def refuse_acls(request: Mapping[str, Any]) -> None:
    """Raise AccessControlListNotSupported unless the owner alone is granted anything."""
    if request.get("ACL", "private") not in _ACLS or any(request.get(name) for name in _GRANTS):
        raise errors.AccessControlListNotSupported()


def check_key(key: str) -> None:
    """Raise KeyTooLongError for a key of more than 1,024 bytes."""
    size = len(key.encode())
    if size > limits.KEY_BYTES:
        members = {"Size": str(size), "MaxSizeAllowed": str(limits.KEY_BYTES)}
        raise errors.KeyTooLongError(members=members)


def check_description(request: Mapping[str, Any]) -> None:
    """Raise what `description` would, as far as the request alone tells."""
    refuse_unsupported(request)
    check_key(request["Key"])
    _storage_class(request.get("StorageClass", "STANDARD"))
    _metadata(request.get("Metadata") or {})
    tagging.of_header(request.get("Tagging"))


def description(
    ctx: Context,
    bucket_: Bucket,
    request: Mapping[str, Any],
    checksum: Mapping[str, str] | None = None,
) -> Description:
    """Return what a request says about the object it writes."""
    refuse_unsupported(request)
    check_key(request["Key"])
    return Description(
        storage_class=_storage_class(request.get("StorageClass", "STANDARD")),
        headers={**headers(request), **encryption.of_new_object(ctx, bucket_, request)},
        metadata=_metadata(request.get("Metadata") or {}),
        tags=tagging.of_header(request.get("Tagging")),
        checksum=checksum or {},
    )


def headers(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the system headers a request gives, with S3's default content type."""
    given = {name: request[name] for name in _HEADERS if request.get(name) is not None}
    encoding = _without_chunking(given.pop("ContentEncoding", None))
    return {
        "ContentType": _DEFAULT_TYPE,
        **given,
        **({"ContentEncoding": encoding} if encoding else {}),
    }


def _without_chunking(encoding: str | None) -> str | None:
    """`aws-chunked` is how the body travelled, not how it is encoded."""
    if encoding is None:
        return None
    kept = [name.strip() for name in encoding.split(",")]
    return ",".join(name for name in kept if name and name != "aws-chunked") or None


def _storage_class(name: str) -> str:
    if name in _ARCHIVES:
        raise errors.NotImplemented(name=f"StorageClass {name}")
    if name not in _STORAGE_CLASSES:
        raise errors.InvalidStorageClass(members={"StorageClassRequested": name})
    return name


def _metadata(metadata: Mapping[str, str]) -> dict[str, str]:
    size = sum(len(key.encode()) + len(value.encode()) for key, value in metadata.items())
    if size > limits.USER_METADATA_BYTES:
        members = {"Size": str(size), "MaxSizeAllowed": str(limits.USER_METADATA_BYTES)}
        raise errors.MetadataTooLarge(members=members)
    return {key.lower(): value for key, value in metadata.items()}


def copy_source(request: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """Bucket, key and version id a CopySource names. Raises InvalidArgument."""
    source = request["CopySource"]
    if isinstance(source, Mapping):
        return source["Bucket"], source["Key"], source.get("VersionId")
    path, _, query = source.partition("?")
    name, separator, key = unquote(path).removeprefix("/").partition("/")
    if not separator or not key:
        raise errors.InvalidArgument(
            members={"ArgumentName": "x-amz-copy-source", "ArgumentValue": "x-amz-copy-source"},
            message="Invalid copy source object key",
        )
    return name, key, unquote(query.removeprefix("versionId=")) if query else None


def version_id(bucket_: Bucket, version: ObjectVersion) -> str | None:
    """Return the VersionId an answer carries: None in a bucket that never had versioning."""
    return version.version_id if bucket_.versioning else None


def checksum_members(checksum: Mapping[str, str]) -> dict[str, Any]:
    """Return a stored checksum as members of an answer."""
    if not checksum:
        return {}
    return {
        checksums.member(checksum["algorithm"]): checksum["value"],
        "ChecksumType": checksum["type"],
    }


def limit(request: Mapping[str, Any], name: str, highest: int, argument: str) -> int:
    """Return a listing's page size, at most `highest`.

    Raises InvalidArgument for a negative one.
    """
    value = request.get(name)
    if value is not None and not 0 <= value <= 2**31 - 1:
        raise errors.InvalidArgument(
            members={"ArgumentName": argument, "ArgumentValue": str(value)},
            message=f"Argument {argument} must be an integer between 0 and 2147483647",
        )
    return highest if value is None else min(value, highest)


def encoder(request: Mapping[str, Any]) -> Callable[[str], str]:
    """Return what an EncodingType does to the keys of a listing. Raises InvalidArgument."""
    kind = request.get("EncodingType")
    if kind not in (None, "url"):
        raise errors.InvalidArgument(
            members={"ArgumentName": "encoding-type", "ArgumentValue": kind},
            message="Invalid Encoding Method specified in Request",
        )
    return _quoted if kind else str


def _quoted(text: str) -> str:
    return quote(text, safe="/-_.*").replace("%20", "+")
