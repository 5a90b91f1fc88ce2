"""AWS::Logs::QueryDefinition."""

from __future__ import annotations

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.logs.errors import QueryDefinitionNotFound

_PARAMETERS = {
    "Name": "name",
    "QueryString": "queryString",
    "QueryLanguage": "queryLanguage",
    "LogGroupNames": "logGroupNames",
}


async def _put(resource: ResourceRequest) -> Resource:
    given = resource.properties
    params = {new: given[old] for old, new in _PARAMETERS.items() if old in given}
    if resource.physical_id:
        params["queryDefinitionId"] = resource.physical_id
    answer = await resource.call("logs", "PutQueryDefinition", params)
    identifier = answer["queryDefinitionId"]
    return Resource(identifier, {"QueryDefinitionId": identifier})


async def _delete(resource: ResourceRequest) -> None:
    try:
        params = {"queryDefinitionId": resource.physical_id}
        await resource.call("logs", "DeleteQueryDefinition", params)
    except AwsError as error:
        if not QueryDefinitionNotFound.matches(error):
            raise


QUERY_DEFINITION = ResourceType(
    name="AWS::Logs::QueryDefinition",
    properties={
        "LogGroupNames": Property(),
        "Name": Property(required=True),
        "QueryLanguage": Property(replaces=True),
        "QueryString": Property(required=True),
    },
    create=_put,
    update=_put,
    delete=_delete,
    attributes=("QueryDefinitionId",),
)
