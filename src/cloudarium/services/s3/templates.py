"""AWS::S3::Bucket's properties as the calls that set them (their shapes differ from the API's)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cloudarium.core import tags
from cloudarium.services.s3.buckets import BLOCK_ALL, ENCRYPTION, OWNER_ENFORCED

Params = dict[str, Any]

# What takes a setting back when its property leaves the template.
UNDO: dict[str, tuple[str, Params]] = {
    "PutBucketVersioning": (
        "PutBucketVersioning",
        {"VersioningConfiguration": {"Status": "Suspended"}},
    ),
    "PutBucketEncryption": (
        "PutBucketEncryption",
        {"ServerSideEncryptionConfiguration": ENCRYPTION},
    ),
    "PutPublicAccessBlock": (
        "PutPublicAccessBlock",
        {"PublicAccessBlockConfiguration": BLOCK_ALL},
    ),
    "PutBucketOwnershipControls": (
        "PutBucketOwnershipControls",
        {"OwnershipControls": OWNER_ENFORCED},
    ),
    "PutBucketAcl": ("PutBucketAcl", {"ACL": "private"}),
    "PutBucketCors": ("DeleteBucketCors", {}),
    "PutBucketLifecycleConfiguration": ("DeleteBucketLifecycle", {}),
    "PutBucketNotificationConfiguration": (
        "PutBucketNotificationConfiguration",
        {"NotificationConfiguration": {}},
    ),
    "PutBucketTagging": ("DeleteBucketTagging", {}),
    "PutBucketWebsite": ("DeleteBucketWebsite", {}),
    "PutBucketAccelerateConfiguration": (
        "PutBucketAccelerateConfiguration",
        {"AccelerateConfiguration": {"Status": "Suspended"}},
    ),
}


def calls(properties: Mapping[str, Any], wanted: Mapping[str, str]) -> dict[str, Params]:
    """Return the operations, with their parameters but the bucket, that make `properties` so.

    `wanted` are the bucket's tags.
    """
    result: dict[str, Params] = {}
    if found := properties.get("VersioningConfiguration"):
        result["PutBucketVersioning"] = {"VersioningConfiguration": {"Status": found["Status"]}}
    if found := properties.get("BucketEncryption"):
        result["PutBucketEncryption"] = _encryption(found)
    if found := properties.get("PublicAccessBlockConfiguration"):
        block = {name: _flag(found.get(name, False)) for name in BLOCK_ALL}
        result["PutPublicAccessBlock"] = {"PublicAccessBlockConfiguration": block}
    if found := properties.get("OwnershipControls"):
        result["PutBucketOwnershipControls"] = {"OwnershipControls": found}
    if found := properties.get("AccessControl"):
        result["PutBucketAcl"] = {"ACL": _canned(found)}
    if found := properties.get("CorsConfiguration"):
        result["PutBucketCors"] = _cors(found)
    if found := properties.get("LifecycleConfiguration"):
        rules = [_lifecycle_rule(rule) for rule in found.get("Rules", [])]
        result["PutBucketLifecycleConfiguration"] = {"LifecycleConfiguration": {"Rules": rules}}
    if found := properties.get("NotificationConfiguration"):
        result["PutBucketNotificationConfiguration"] = _notification(found)
    if found := properties.get("WebsiteConfiguration"):
        result["PutBucketWebsite"] = {"WebsiteConfiguration": _website(found)}
    if found := properties.get("AccelerateConfiguration"):
        status = {"Status": found["AccelerationStatus"]}
        result["PutBucketAccelerateConfiguration"] = {"AccelerateConfiguration": status}
    if wanted:
        result["PutBucketTagging"] = {"Tagging": {"TagSet": tags.to_list(wanted)}}
    return result


def _flag(value: Any) -> bool:
    """Templates write booleans as booleans or as text."""
    return value is True or str(value).lower() == "true"


def _canned(name: str) -> str:
    """`BucketOwnerFullControl` as the API has it: `bucket-owner-full-control`."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


def _encryption(found: Mapping[str, Any]) -> Params:
    rules = [
        {
            "ApplyServerSideEncryptionByDefault": rule.get("ServerSideEncryptionByDefault"),
            "BucketKeyEnabled": _flag(rule.get("BucketKeyEnabled", False)),
        }
        for rule in found.get("ServerSideEncryptionConfiguration", [])
    ]
    return {"ServerSideEncryptionConfiguration": {"Rules": rules}}


def _cors(found: Mapping[str, Any]) -> Params:
    names = {
        "Id": "ID",
        "AllowedHeaders": "AllowedHeaders",
        "AllowedMethods": "AllowedMethods",
        "AllowedOrigins": "AllowedOrigins",
        "ExposedHeaders": "ExposeHeaders",
    }
    rules = []
    for rule in found.get("CorsRules", []):
        shown = {api: rule[name] for name, api in names.items() if name in rule}
        if "MaxAge" in rule:
            shown["MaxAgeSeconds"] = int(rule["MaxAge"])
        rules.append(shown)
    return {"CORSConfiguration": {"CORSRules": rules}}


def _lifecycle_rule(rule: Mapping[str, Any]) -> Params:
    shown: Params = {"Status": rule["Status"], "Filter": _filter(rule)}
    if "Id" in rule:
        shown["ID"] = rule["Id"]
    expiration: Params = {}
    if "ExpirationInDays" in rule:
        expiration["Days"] = int(rule["ExpirationInDays"])
    if "ExpirationDate" in rule:
        moment = datetime.fromisoformat(str(rule["ExpirationDate"]))
        expiration["Date"] = moment.timestamp()
    if "ExpiredObjectDeleteMarker" in rule:
        expiration["ExpiredObjectDeleteMarker"] = _flag(rule["ExpiredObjectDeleteMarker"])
    if expiration:
        shown["Expiration"] = expiration
    noncurrent = dict(rule.get("NoncurrentVersionExpiration") or {})
    if "NoncurrentVersionExpirationInDays" in rule:
        noncurrent["NoncurrentDays"] = rule["NoncurrentVersionExpirationInDays"]
    if noncurrent:
        days = {name: int(value) for name, value in noncurrent.items()}
        shown["NoncurrentVersionExpiration"] = days
    if abort := rule.get("AbortIncompleteMultipartUpload"):
        days = {"DaysAfterInitiation": int(abort["DaysAfterInitiation"])}
        shown["AbortIncompleteMultipartUpload"] = days
    for name in ("Transition", "Transitions", "NoncurrentVersionTransitions"):
        if rule.get(name):
            found = rule[name]
            shown["Transitions"] = found if isinstance(found, list) else [found]
    return shown


def _filter(rule: Mapping[str, Any]) -> Params:
    parts: Params = {}
    if rule.get("TagFilters"):
        parts["Tags"] = rule["TagFilters"]
    for name in ("ObjectSizeGreaterThan", "ObjectSizeLessThan"):
        if name in rule:
            parts[name] = int(rule[name])
    if not parts:
        return {"Prefix": rule.get("Prefix", "")}
    return {"And": {"Prefix": rule.get("Prefix", ""), **parts}}


def _notification(found: Mapping[str, Any]) -> Params:
    lists = {
        "LambdaConfigurations": ("LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
        "QueueConfigurations": ("QueueConfigurations", "Queue", "QueueArn"),
        "TopicConfigurations": ("TopicConfigurations", "Topic", "TopicArn"),
    }
    result: Params = {}
    for name, (api, target, arn) in lists.items():
        entries = [
            {arn: entry[target], "Events": [entry["Event"]], **_key_filter(entry)}
            for entry in found.get(name) or []
        ]
        if entries:
            result[api] = entries
    bridge = found.get("EventBridgeConfiguration")
    if bridge is not None and _flag(bridge.get("EventBridgeEnabled", True)):
        result["EventBridgeConfiguration"] = {}
    return {"NotificationConfiguration": result}


def _key_filter(entry: Mapping[str, Any]) -> Params:
    rules = ((entry.get("Filter") or {}).get("S3Key") or {}).get("Rules")
    return {"Filter": {"Key": {"FilterRules": rules}}} if rules else {}


def _website(found: Mapping[str, Any]) -> Params:
    shown: Params = {}
    if "IndexDocument" in found:
        shown["IndexDocument"] = {"Suffix": found["IndexDocument"]}
    if "ErrorDocument" in found:
        shown["ErrorDocument"] = {"Key": found["ErrorDocument"]}
    if "RedirectAllRequestsTo" in found:
        shown["RedirectAllRequestsTo"] = found["RedirectAllRequestsTo"]
    if "RoutingRules" in found:
        names = {"RedirectRule": "Redirect", "RoutingRuleCondition": "Condition"}
        shown["RoutingRules"] = [
            {api: _texts(rule[name]) for name, api in names.items() if name in rule}
            for rule in found["RoutingRules"]
        ]
    return shown


def _texts(values: Mapping[str, Any]) -> Params:
    return {name: str(value) for name, value in values.items()}
