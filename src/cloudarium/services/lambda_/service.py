"""AWS Lambda: the manifest."""

from cloudarium.contracts.quotas import QuotaChanged
from cloudarium.contracts.sources import QueueHasMessages, StreamHasRecords
from cloudarium.core.service import Endpoint, HttpRoute, Service

SERVICE = Service(
    name="lambda",
    package=__package__ or "",
    endpoints=(Endpoint("lambda", signing_name="lambda"),),
    subscriptions={
        QuotaChanged: "concurrency:on_quota",
        QueueHasMessages: "sources.queues:on_messages",
        StreamHasRecords: "sources.streams:on_records",
    },
    jobs={
        "invoke": "asynchronous:invoke_later",
        "provision": "provisioned.allocation:allocate",
        "forget_code": "code:forget",
        "poll_queue": "sources.queues:poll",
        "poll_shard": "sources.streams:poll",
    },
    startup="provisioned.allocation:open_existing",
    wording="wording:refusal",
    http_routes=(
        HttpRoute("code:download", path="/_cloudarium/lambda/code/"),
        HttpRoute("debugging:handle", path="/_cloudarium/lambda/debug$"),
        HttpRoute("urls.serving:handle", host=r"[a-z0-9]+\.lambda-url\..+"),
        HttpRoute("urls.serving:handle", path=r"/_aws/lambda-url/"),
    ),
    resource_types={
        "AWS::Lambda::Function": "resources:FUNCTION",
        "AWS::Lambda::Version": "version_resources:VERSION",
        "AWS::Lambda::Alias": "version_resources:ALIAS",
        "AWS::Lambda::Permission": "resources:PERMISSION",
        "AWS::Lambda::EventInvokeConfig": "resources:EVENT_INVOKE_CONFIG",
        "AWS::Lambda::EventSourceMapping": "source_resources:EVENT_SOURCE_MAPPING",
        "AWS::Lambda::Url": "url_resources:URL",
        "AWS::Lambda::LayerVersion": "layer_resources:LAYER_VERSION",
        "AWS::Lambda::CodeSigningConfig": "signing_resources:CODE_SIGNING_CONFIG",
        "AWS::Lambda::LayerVersionPermission": "layer_resources:LAYER_VERSION_PERMISSION",
    },
)
