"""What invocations remember of a function holds only until the function changes."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.core.errors import AwsError
from cloudarium.core.identity import service_principal

SAYS = "def handler(event, context):\n    return {!r}\n"


def _as_service(functions: Any) -> bytes:
    cloud = functions.cloud
    answer: dict[str, bytes] = cloud.run(
        cloud.kernel.dispatch(
            "lambda",
            "Invoke",
            {"FunctionName": "hello"},
            principal=service_principal("apigateway.amazonaws.com", cloud.account),
            account=cloud.account,
            region=cloud.region,
            conditions={"aws:SourceAccount": cloud.account},
        )
    )
    return answer["Payload"]


def test_new_code_and_a_moved_alias_serve_the_next_invocation(functions: Any) -> None:
    functions.make(SAYS.format("one"), Publish=True)
    functions.client.create_alias(FunctionName="hello", Name="live", FunctionVersion="1")
    assert (functions.call(), functions.call(Qualifier="live")) == ("one", "one")
    code = functions.zip(SAYS.format("two"))
    functions.client.update_function_code(FunctionName="hello", ZipFile=code, Publish=True)
    assert (functions.call(), functions.call(Qualifier="live")) == ("two", "one")
    functions.client.update_alias(FunctionName="hello", Name="live", FunctionVersion="2")
    assert functions.call(Qualifier="live") == "two"
    functions.client.delete_alias(FunctionName="hello", Name="live")
    with pytest.raises(ClientError, match="Function not found"):
        functions.call(Qualifier="live")


def test_a_permission_taken_away_is_gone_at_once(functions: Any) -> None:
    functions.make(SAYS.format("one"))
    functions.client.add_permission(
        FunctionName="hello",
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    assert [_as_service(functions), _as_service(functions)] == [b'"one"', b'"one"']
    functions.client.remove_permission(FunctionName="hello", StatementId="api")
    with pytest.raises(AwsError) as caught:
        _as_service(functions)
    assert caught.value.code == "AccessDeniedException"


def test_a_reservation_holds_from_the_next_invocation_on(functions: Any) -> None:
    functions.make(SAYS.format("one"))
    assert functions.call() == "one"
    functions.client.put_function_concurrency(FunctionName="hello", ReservedConcurrentExecutions=0)
    with pytest.raises(ClientError, match="Rate Exceeded"):
        functions.call()
    functions.client.delete_function_concurrency(FunctionName="hello")
    assert functions.call() == "one"
