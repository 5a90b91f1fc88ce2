"""Which resources there are with tags, and how their services list, tell and change them.

The types are those of "Services that support the Resource Groups Tagging API" (its user guide).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cloudarium.core import arn as arns
from cloudarium.core.tags import CAPITAL, SMALL

Names = tuple[str, str]


@dataclass(frozen=True)
class Kind:
    """A type of resources, and the operation that lists them.

    `items` and `member` lead to what `arn` is made of, `page` are the tokens' names in request and
    answer. With `within` they are listed for each of other resources: the operation that lists
    those, where they are in its answer, their name, and what the name is called in the request.
    """

    type: str
    operation: str
    items: str
    member: str = ""
    arn: str = "{value}"
    page: Names = ("NextToken", "NextToken")
    within: tuple[str, str, str, str] | None = None
    is_global: bool = False

    @property
    def model(self) -> str:
        """The service's model."""
        return MODELS.get(self.type, self.type.partition(":")[0])


# Where the model is not called as the service is in ARNs.
MODELS = {"apigateway:apis": "apigatewayv2"}
_BUSES = ("ListEventBuses", "EventBuses", "Name", "EventBusName")
_SMALL = ("nextToken", "nextToken")
_MARKERS = ("Marker", "NextMarker")
_OF_ACCOUNT = "arn:aws:{service}:{region}:{account}:"
KINDS = (
    Kind("apigateway:restapis", "GetRestApis", "items", "id", page=("position", "position"),
         arn="arn:aws:apigateway:{region}::/restapis/{value}"),
    Kind("apigateway:apis", "GetApis", "Items", "ApiId",
         arn="arn:aws:apigateway:{region}::/apis/{value}"),
    Kind("cloudwatch:alarm", "DescribeAlarms", "MetricAlarms", "AlarmArn"),
    Kind("codecommit", "ListRepositories", "repositories", "repositoryName", page=_SMALL,
         arn=_OF_ACCOUNT + "{value}"),
    Kind("codepipeline", "ListPipelines", "pipelines", "name", page=_SMALL,
         arn=_OF_ACCOUNT + "{value}"),
    Kind("dynamodb:table", "ListTables", "TableNames", arn=_OF_ACCOUNT + "table/{value}",
         page=("ExclusiveStartTableName", "LastEvaluatedTableName")),
    Kind("ecr:repository", "DescribeRepositories", "repositories", "repositoryArn", page=_SMALL),
    Kind("events:event-bus", "ListEventBuses", "EventBuses", "Arn"),
    Kind("events:rule", "ListRules", "Rules", "Arn", within=_BUSES),
    Kind("iam:instance-profile", "ListInstanceProfiles", "InstanceProfiles", "Arn",
         page=("Marker", "Marker"), is_global=True),
    Kind("iam:policy", "ListPolicies", "Policies", "Arn", page=("Marker", "Marker"),
         is_global=True),
    Kind("lambda:event-source-mapping", "ListEventSourceMappings", "EventSourceMappings",
         "EventSourceMappingArn", page=_MARKERS),
    Kind("lambda:function", "ListFunctions", "Functions", "FunctionArn", page=_MARKERS),
    Kind("logs:log-group", "DescribeLogGroups", "logGroups", "logGroupArn", page=_SMALL),
    Kind("s3:bucket", "ListBuckets", "Buckets", "Name", arn="arn:aws:s3:::{value}",
         page=("ContinuationToken", "ContinuationToken")),
    Kind("scheduler:schedule-group", "ListScheduleGroups", "ScheduleGroups", "Arn"),
    Kind("sns:topic", "ListTopics", "Topics", "TopicArn"),
    Kind("sqs:queue", "ListQueues", "QueueUrls", arn=_OF_ACCOUNT + "{name}"),
    Kind("ssm:parameter", "DescribeParameters", "Parameters", "ARN"),
    Kind("xray:group", "GetGroups", "Groups", "GroupARN"),
)  # fmt: skip


@dataclass(frozen=True)
class Tags:
    """How tags are told and changed.

    `resource` is the member that names the resource, `name` makes its value of the ARN; `more`
    says of what kind it is where the service wants to know. Tags are lists of pairs, or a map
    (`pairs` is None).
    """

    model: str
    resource: str = "ResourceArn"
    told: str = "Tags"
    given: str = "Tags"
    keys: str = "TagKeys"
    pairs: Names | None = CAPITAL
    operations: tuple[str, str, str] = ("ListTagsForResource", "TagResource", "UntagResource")
    name: Callable[[str], str] = str
    more: tuple[tuple[str, str], ...] = ()


def _last(arn: str) -> str:
    return arn.rpartition("/")[2]


def _queue_url(arn: str) -> str:
    account, name = arn.split(":")[4:6]
    return f"/{account}/{name}"


def _parameter(arn: str) -> str:
    """A parameter's name: one with a path begins with a slash in the ARN too."""
    name = arn.rpartition(":parameter")[2]
    return name if "/" in name[1:] else name[1:]


def _small(model: str, pairs: Names | None, operation: str = "ListTagsForResource") -> Tags:
    operations = (operation, "TagResource", "UntagResource")
    return Tags(model, "resourceArn", "tags", "tags", "tagKeys", pairs, operations)


_SSM = ("ListTagsForResource", "AddTagsToResource", "RemoveTagsFromResource")
# By the service in the ARN, or that and the kind of resource.
TAGS = {
    "apigateway:/restapis": _small("apigateway", None, "GetTags"),
    "apigateway:/apis": Tags(
        "apigatewayv2", pairs=None, operations=("GetTags", "TagResource", "UntagResource")
    ),
    "cloudwatch": Tags("cloudwatch", "ResourceARN"),
    "codecommit": _small("codecommit", None),
    "codepipeline": _small("codepipeline", SMALL),
    "dynamodb": Tags("dynamodb", operations=("ListTagsOfResource", "TagResource", "UntagResource")),
    "ecr": _small("ecr", CAPITAL),
    "events": Tags("events", "ResourceARN"),
    "iam:instance-profile": Tags(
        "iam",
        "InstanceProfileName",
        operations=("ListInstanceProfileTags", "TagInstanceProfile", "UntagInstanceProfile"),
        name=_last,
    ),
    "iam:policy": Tags(
        "iam", "PolicyArn", operations=("ListPolicyTags", "TagPolicy", "UntagPolicy")
    ),
    "lambda": Tags(
        "lambda", "Resource", pairs=None, operations=("ListTags", "TagResource", "UntagResource")
    ),
    "logs": _small("logs", None),
    "scheduler": Tags("scheduler"),
    "sns": Tags("sns"),
    "sqs": Tags(
        "sqs",
        "QueueUrl",
        pairs=None,
        operations=("ListQueueTags", "TagQueue", "UntagQueue"),
        name=_queue_url,
    ),
    "ssm": Tags(
        "ssm",
        "ResourceId",
        told="TagList",
        operations=_SSM,
        name=_parameter,
        more=(("ResourceType", "Parameter"),),
    ),
    "xray": Tags("xray", "ResourceARN"),
}


def tags_of(arn: str) -> Tags | None:
    """Return how the tags of a resource are told and changed, None if they are not."""
    parts = arns.parse(arn)
    if parts is None:
        return None
    lead = "/" if parts.resource.startswith("/") else ""
    kind = lead + parts.resource.removeprefix("/").replace("/", ":").partition(":")[0]
    return TAGS.get(f"{parts.service}:{kind}") or TAGS.get(parts.service)
