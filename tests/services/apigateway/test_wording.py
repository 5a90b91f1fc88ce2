"""How inputs are refused that are not as the model wants them."""

from __future__ import annotations

from typing import Any

from .support import new_api, refused

_OPS = "Member must satisfy enum value set: [add, remove, move, test, replace, copy]"


def test_members_of_a_body_are_named_by_their_input(client: Any) -> None:
    endpoint = {"types": ["wrong", "EDGE"], "ipAddressType": "odd"}
    error = refused(lambda: client.create_rest_api(name="a", endpointConfiguration=endpoint))
    start = "createRestApiInput.endpointConfiguration"
    assert error == (
        "ValidationException",
        400,
        "2 validation errors detected: Value '[wrong, EDGE]' at "
        f"'{start}.types' failed to satisfy constraint: Member must satisfy constraint: "
        "[Member must satisfy enum value set: [PRIVATE, EDGE, REGIONAL]]; "
        f"Value 'odd' at '{start}.ipAddressType' failed to satisfy constraint: "
        "Member must satisfy enum value set: [ipv4, dualstack]",
    )


def test_they_come_before_those_of_the_path(client: Any) -> None:
    api, root = new_api(client)
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET", "statusCode": "odd"}
    patches = [{"op": "wrong", "path": "/x"}]
    error = refused(lambda: client.update_method_response(**place, patchOperations=patches))
    assert error[2] == (
        "2 validation errors detected: Value 'wrong' at "
        "'updateMethodResponseInput.patchOperations.1.member.op' failed to satisfy constraint: "
        f"{_OPS}; Value 'odd' at 'statusCode' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [1-5]\d\d"
    )


def test_a_response_type_is_of_the_path(client: Any) -> None:
    api, _ = new_api(client)
    error = refused(lambda: client.get_gateway_response(restApiId=api, responseType="ODD"))
    assert error[2].startswith(
        "1 validation error detected: Value 'ODD' at 'responseType' failed to satisfy constraint: "
        "Member must satisfy enum value set: [REQUEST_TOO_LARGE, RESOURCE_NOT_FOUND, "
    )
