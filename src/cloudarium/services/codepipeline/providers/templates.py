"""What the CloudFormation action hands to CloudFormation: template, parameters, tags."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core import tags
from cloudarium.core.documents import json_object
from cloudarium.services.codepipeline import artifacts, limits
from cloudarium.services.codepipeline.work import Failure, Work
from cloudarium.wire.http import Body


async def parameters(work: Work) -> dict[str, Any]:
    """Return the parameters CreateStack, UpdateStack and CreateChangeSet have in common."""
    configuration = work.configuration
    settings = await _template_configuration(work)
    values = {**_section(settings, "Parameters"), **await _overrides(work)}
    params: dict[str, Any] = {
        "StackName": configuration["StackName"],
        **await _template(work),
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": _text(value)} for key, value in values.items()
        ],
    }
    if "RoleArn" in configuration:
        params["RoleARN"] = configuration["RoleArn"]
    if "Capabilities" in configuration:
        listed = configuration["Capabilities"].split(",")
        params["Capabilities"] = [one.strip() for one in listed if one.strip()]
    if wanted := _section(settings, "Tags"):
        params["Tags"] = tags.to_list(wanted)
    if policy := _section(settings, "StackPolicy"):
        params["StackPolicyBody"] = json.dumps(policy)
    return params


def _section(settings: dict[str, Any], name: str) -> dict[str, Any]:
    found = settings.get(name, {})
    if not isinstance(found, dict):
        raise Failure("ConfigurationError", f"{name} is not a valid JSON object.")
    return found


def _text(value: Any) -> str:
    """Return a parameter's value as CloudFormation takes it; lists are joined by commas."""
    if isinstance(value, list):
        return ",".join(str(one) for one in value)
    return value if isinstance(value, str) else json.dumps(value)


async def _template(work: Work) -> dict[str, str]:
    """Return the template, by URL if it is too large to be part of the request."""
    data = await artifacts.read_file(work, work.configuration["TemplatePath"])
    if len(data) <= limits.TEMPLATE_BODY_BYTES:
        return {"TemplateBody": data.decode(errors="replace")}
    bucket = artifacts.store(work.ctx, work.pipeline)["location"]
    key = f"{work.pipeline['name'][: limits.PIPELINE_NAME_IN_KEY]}/templates/{work.action.id}"
    await work.call("s3", "PutObject", {"Bucket": bucket, "Key": key, "Body": Body(data)})
    return {"TemplateURL": f"https://{bucket}.s3.{work.region}.amazonaws.com/{key}"}


async def _template_configuration(work: Work) -> dict[str, Any]:
    """Return the template configuration file: Parameters, Tags and StackPolicy."""
    reference = work.configuration.get("TemplateConfiguration")
    if reference is None:
        return {}
    return _object(await artifacts.read_file(work, reference), reference)


async def _overrides(work: Work) -> dict[str, Any]:
    text = work.configuration.get("ParameterOverrides")
    if text is None:
        return {}
    given = _object(text.encode(), "ParameterOverrides")
    return {key: await _override(work, value) for key, value in given.items()}


def _object(data: bytes, what: str) -> dict[str, Any]:
    found = json_object(data)
    if found is None:
        raise Failure("ConfigurationError", f"{what} is not a valid JSON object.")
    return found


async def _override(work: Work, value: Any) -> Any:
    """Return a parameter's value, its function resolved if it is one."""
    if not isinstance(value, dict) or len(value) != 1:
        return value
    ((function, given),) = value.items()
    arguments = [str(one) for one in given] if isinstance(given, list) else []
    if function == "Fn::GetArtifactAtt" and len(arguments) == 2:
        return _artifact_attribute(work, *arguments)
    if function == "Fn::GetParam" and len(arguments) == 3:
        artifact, path, key = arguments
        content = _object(await artifacts.read_file(work, f"{artifact}::{path}"), path)
        if key not in content:
            raise Failure("ConfigurationError", f"The file {path} has no key {key}.")
        return content[key]
    raise Failure("ConfigurationError", f"The function {function} is not valid here.")


def _artifact_attribute(work: Work, artifact: str, attribute: str) -> str:
    location = artifacts.find(work.action.inputs, artifact)
    bucket, key = location["bucket"], location["key"]
    values = {
        "BucketName": bucket,
        "ObjectKey": key,
        "URL": f"https://s3.{work.region}.amazonaws.com/{bucket}/{key}",
    }
    if attribute not in values:
        raise Failure("ConfigurationError", f"An artifact has no attribute {attribute}.")
    return values[attribute]
