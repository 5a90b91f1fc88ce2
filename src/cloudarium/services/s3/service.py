"""Amazon S3's manifest."""

from cloudarium.core.service import Endpoint, HttpRoute, Service

SERVICE = Service(
    name="s3",
    package=__package__,
    endpoints=(Endpoint("s3", signing_name="s3"),),
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
        HttpRoute("form_uploads:answer", host=r".+\.s3[.-].*", claims="forms:claims"),
        HttpRoute("form_uploads:answer", path=r"/[a-z0-9][a-z0-9.-]+/?$", claims="forms:claims"),
    ),
    validation_code="MalformedXML",
    constraints=False,
)
