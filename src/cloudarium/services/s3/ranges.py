"""The Range header (RFC 9110, section 14.2, as S3 reads it: one range of bytes, or none)."""

import re

from cloudarium.services.s3 import errors

_RANGE = re.compile(r"bytes=([0-9]{0,19})-([0-9]{0,19})")
_COPY_RANGE = re.compile(r"bytes=([0-9]{1,19})-([0-9]{1,19})")


def parsed(header: str | None, size: int) -> tuple[int, int] | None:
    """Return first and last byte the header asks for, or None for the whole object.

    Several ranges or a malformed header are ignored, as RFC 9110 allows and S3 does.
    Raises InvalidRange when no byte of the object is in the range.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if header is None or match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = match.group(1), match.group(2)
    if first == "":
        begin, end = max(0, size - int(last)), size - 1
    else:
        begin, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < begin:
            return None
    if begin > end:
        raise errors.InvalidRange(members={"RangeRequested": header, "ActualObjectSize": str(size)})
    return begin, end


def of_copy_source(header: str | None, size: int) -> tuple[int, int]:
    """Return first and last byte of an UploadPartCopy source.

    Raises InvalidArgument or InvalidRequest.
    """
    if header is None:
        return 0, size - 1
    match = _COPY_RANGE.fullmatch(header)
    if match is None or int(match.group(1)) > int(match.group(2)):
        raise errors.InvalidArgument(
            members={"ArgumentName": "x-amz-copy-source-range", "ArgumentValue": header},
            message="The x-amz-copy-source-range value must be of the form bytes=first-last where "
            "first and last are the zero-based offsets of the first and last bytes to copy",
        )
    if int(match.group(2)) >= size:
        raise errors.InvalidArgument(
            members={"ArgumentName": "x-amz-copy-source-range", "ArgumentValue": header},
            message=f"Range specified is not valid for source object of size: {size}",
        )
    return int(match.group(1)), int(match.group(2))
