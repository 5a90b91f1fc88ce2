"""Amazon S3's manifest."""

from cloudarium.core.service import Endpoint, HttpRoute, Service

# Where buckets are addressed, by host or by path.
_BUCKETS = ({"host": r".+\.s3[.-].*"}, {"path": "/[a-z0-9]"})

SERVICE = Service(
    name="s3",
    package=__package__,
    endpoints=(Endpoint("s3", signing_name="s3", cross_origin="cross_origin:headers"),),
    jobs={
        "notify": "notifications:notify",
        "forget": "blobs:forget",
        "lifecycle": "lifecycle:run",
    },
    resource_types={
        "AWS::S3::Bucket": "resources:BUCKET",
        "AWS::S3::BucketPolicy": "resources:BUCKET_POLICY",
    },
    http_routes=(
        HttpRoute("website_pages:answer", host=r".+\.s3-website([.-].*)?"),
        *(
            HttpRoute(handler, **where, claims=claims)
            for handler, claims in (
                ("form_uploads:answer", "addresses:is_form"),
                ("cross_origin:preflight", "addresses:is_preflight"),
            )
            for where in _BUCKETS
        ),
    ),
    validation_code="MalformedXML",
    constraints=False,
)
