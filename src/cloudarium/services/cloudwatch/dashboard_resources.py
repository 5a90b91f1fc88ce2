"""AWS::CloudWatch::Dashboard."""

from __future__ import annotations

import orjson

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.cloudwatch.errors import DashboardNotFound


async def _put(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    name = resource.physical_id or properties.get("DashboardName") or resource.generated_name(255)
    body = properties["DashboardBody"]
    text = body if isinstance(body, str) else orjson.dumps(body).decode()
    params = {"DashboardName": name, "DashboardBody": text}
    await resource.call("cloudwatch", "PutDashboard", params)
    return Resource(name)


async def _delete(resource: ResourceRequest) -> None:
    params = {"DashboardNames": [resource.physical_id]}
    try:
        await resource.call("cloudwatch", "DeleteDashboards", params)
    except AwsError as error:
        if not DashboardNotFound.matches(error):
            raise


DASHBOARD = ResourceType(
    name="AWS::CloudWatch::Dashboard",
    properties={
        "DashboardName": Property(replaces=True),
        "DashboardBody": Property(required=True),
    },
    create=_put,
    update=_put,
    delete=_delete,
)
