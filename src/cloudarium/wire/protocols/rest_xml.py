"""REST with XML bodies: S3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.wire.http import HttpRequest, HttpResponse
from cloudarium.wire.model import OperationModel, ServiceModel, Shape
from cloudarium.wire.protocols import xml
from cloudarium.wire.protocols.base import Params, status_of, wire_code
from cloudarium.wire.protocols.rest import BoundOperations, respond_stream

_PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'
# The root elements of answers, which botocore's model does not name: the API reference's syntax of
# each operation's response.
_ROOTS = {
    "CompleteMultipartUploadOutput": "CompleteMultipartUploadResult",
    "CreateMultipartUploadOutput": "InitiateMultipartUploadResult",
    "DeleteObjectsOutput": "DeleteResult",
    "GetBucketAccelerateConfigurationOutput": "AccelerateConfiguration",
    "GetBucketAclOutput": "AccessControlPolicy",
    "GetBucketCorsOutput": "CORSConfiguration",
    "GetBucketLifecycleConfigurationOutput": "LifecycleConfiguration",
    "GetBucketLoggingOutput": "BucketLoggingStatus",
    "GetBucketRequestPaymentOutput": "RequestPaymentConfiguration",
    "GetBucketTaggingOutput": "Tagging",
    "GetBucketVersioningOutput": "VersioningConfiguration",
    "GetBucketWebsiteOutput": "WebsiteConfiguration",
    "GetObjectAclOutput": "AccessControlPolicy",
    "GetObjectAttributesOutput": "GetObjectAttributesResponse",
    "GetObjectTaggingOutput": "Tagging",
    "ListBucketAnalyticsConfigurationsOutput": "ListBucketAnalyticsConfigurationsResult",
    "ListBucketIntelligentTieringConfigurationsOutput": (
        "ListIntelligentTieringConfigurationsResult"
    ),
    "ListBucketInventoryConfigurationsOutput": "ListInventoryConfigurationsResult",
    "ListBucketMetricsConfigurationsOutput": "ListMetricsConfigurationsResult",
    "ListBucketsOutput": "ListAllMyBucketsResult",
    "ListMultipartUploadsOutput": "ListMultipartUploadsResult",
    "ListObjectVersionsOutput": "ListVersionsResult",
    "ListObjectsOutput": "ListBucketResult",
    "ListObjectsV2Output": "ListBucketResult",
    "ListPartsOutput": "ListPartsResult",
}


class RestXmlCodec:
    """Paths, queries, headers and XML bodies."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._writer = xml.XmlWriter()
        self._bound = BoundOperations()

    def parse(
        self, operation: OperationModel, request: HttpRequest, labels: Mapping[str, str]
    ) -> Params:
        """Return the params of path, query, headers and body."""
        bound = self._bound.of(operation, "input")
        if bound is None:
            return {}
        params = bound.parse_head(operation, request, labels)
        if bound.payload is not None:
            name, member = bound.payload
            if member.type == "blob":
                params[name] = request.body if member.streaming else request.body.read()
            elif member.type == "string":
                params[name] = request.body.read().decode("utf-8", "replace")
            elif request.body.size:
                params[name] = xml.parse(member, xml.parse_document(request.body.read()))
        elif bound.at("body") and request.body.size:
            params.update(xml.parse(bound.shape, xml.parse_document(request.body.read())))
        return params

    def answer(self, operation: OperationModel, result: Params, request_id: str) -> HttpResponse:
        """Return the answer."""
        bound = self._bound.of(operation, "output")
        common = [("x-amz-request-id", request_id), ("x-amz-id-2", request_id)]
        if bound is None:
            return HttpResponse(operation.status, common, b"")
        status, headers = bound.answer_head(operation, result)
        headers += common
        if result.get("ContentRange") is not None:
            status = 206
        if bound.payload is not None:
            name, member = bound.payload
            if member.type in ("blob", "string"):
                return respond_stream(status, headers, result.get(name))
            if result.get(name) is None:
                return HttpResponse(status, headers, b"")
            return self._document(status, headers, member, member.wire_name(name), result[name])
        if not bound.at("body"):
            return HttpResponse(status, headers, b"")
        if operation.name == "GetBucketLocation":
            return self._location(status, headers, result.get("LocationConstraint"))
        root = _ROOTS.get(bound.shape.name, bound.shape.name)
        return self._document(status, headers, bound.shape, root, bound.body_of(result))

    def _location(
        self, status: int, headers: list[tuple[str, str]], region: str | None
    ) -> HttpResponse:
        """GetBucketLocation's root element is the answer itself, which the model cannot say."""
        root = (
            f'<LocationConstraint xmlns="{self._namespace()}">{region or ""}</LocationConstraint>'
        )
        headers.append(("content-type", "application/xml"))
        return HttpResponse(status, headers, (_PROLOG + root).encode())

    def _document(
        self, status: int, headers: list[tuple[str, str]], shape: Shape, root: str, value: Any
    ) -> HttpResponse:
        parts: list[str] = []
        self._writer.compile(shape)(root, value, parts)
        if parts and parts[0].startswith(f"<{root}"):
            parts[0] = f'<{root} xmlns="{self._namespace()}"' + parts[0][len(root) + 1 :]
        headers.append(("content-type", "application/xml"))
        return HttpResponse(status, headers, (_PROLOG + "".join(parts)).encode())

    def _namespace(self) -> str:
        return "http://s3.amazonaws.com/doc/2006-03-01/"

    def error(self, error: AwsError, request_id: str) -> HttpResponse:
        """Return `<Error><Code>…`, further members as elements."""
        code = wire_code(self._model, error)
        code = "AccessDenied" if code == "AccessDeniedException" else code
        parts = [_PROLOG, f"<Error><Code>{xml.escape(code)}</Code>"]
        parts.append(f"<Message>{xml.escape(error.message)}</Message>")
        parts += [
            f"<{name}>{xml.escape(str(value))}</{name}>"
            for name, value in error.members.items()
            if "-" not in name
        ]
        parts.append(f"<RequestId>{request_id}</RequestId><HostId>{request_id}</HostId></Error>")
        headers = [
            ("x-amz-request-id", request_id),
            ("x-amz-id-2", request_id),
            ("content-type", "application/xml"),
        ]
        status = status_of(self._model, error)
        headers += [
            (name, str(value))
            for name, value in error.members.items()
            if "-" in name or status == 304
        ]
        body = b"" if status == 304 else "".join(parts).encode()
        return HttpResponse(status, headers, body)
