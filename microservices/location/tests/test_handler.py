import json
from typing import Any

import pytest
from fakes import NOW, World, event
from location.errors import Unavailable
from location.handler import respond

LONDON = {"latitude": 51.5, "longitude": -0.12, "place": "London"}
TOKEN = {"X-User-Token": "t-ada"}


def call(world: World, *arguments: Any, **more: Any) -> tuple[int, Any]:
    answer = respond(event(*arguments, **more), world.locations)
    return answer["statusCode"], json.loads(answer["body"])


def test_what_is_written_is_read(world: World) -> None:
    expected = {"user": "ada", **LONDON, "updated": NOW}
    written = call(world, "PUT /locations/{user}", body=LONDON, headers=TOKEN)
    assert written == (200, expected)
    assert call(world, "GET /locations/{user}") == (200, expected)


def test_a_place_need_not_have_a_name(world: World) -> None:
    body = {"latitude": 0, "longitude": 180}
    assert call(world, "PUT /locations/{user}", body=body, headers=TOKEN)[0] == 200
    assert "place" not in call(world, "GET /locations/{user}")[1]


@pytest.mark.parametrize(
    "body",
    [
        None,
        "{",
        [],
        {"latitude": 1},
        {**LONDON, "altitude": 1},
        {**LONDON, "latitude": 90.1},
        {**LONDON, "longitude": -181},
        {**LONDON, "longitude": True},
        {**LONDON, "longitude": "1"},
        '{"latitude": NaN, "longitude": 0}',
        '{"latitude": 1e999, "longitude": 0}',
        '{"latitude": 1' + "0" * 400 + ', "longitude": 0}',
        {**LONDON, "place": ""},
        {**LONDON, "place": "a\nb"},
        {**LONDON, "place": "\ud800"},
        {**LONDON, "place": "x" * 101},
    ],
)
def test_malformed_bodies_are_refused(world: World, body: object) -> None:
    assert call(world, "PUT /locations/{user}", body=body, headers=TOKEN)[0] == 400
    assert not world.store.locations


def test_malformed_users_are_refused(world: World) -> None:
    assert call(world, "GET /locations/{user}", "../etc")[0] == 400


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        (None, 401, "TokenInvalid"),
        ({"x-user-token": "old"}, 401, "TokenInvalid"),
        ({"x-user-token": "t-bob"}, 403, "NotYours"),
    ],
)
def test_only_the_user_writes(
    world: World, headers: dict[str, str] | None, status: int, code: str
) -> None:
    answer = call(world, "PUT /locations/{user}", body=LONDON, headers=headers)
    assert (answer[0], answer[1]["code"]) == (status, code)


@pytest.mark.parametrize("route", ["GET /locations/{user}", "PUT /locations/{user}"])
def test_a_throttled_table_says_when_to_come_back(world: World, route: str) -> None:
    world.store.refusing = Unavailable("Throttled", "Too many requests now.", retry_after=1)
    answer = respond(event(route, body=LONDON, headers=TOKEN), world.locations)
    assert answer["statusCode"] == 503
    assert answer["headers"]["Retry-After"] == "1"


def test_the_correlation_id_goes_on_to_authentication(world: World) -> None:
    headers = {**TOKEN, "X-Correlation-Id": "abcdef12"}
    call(world, "PUT /locations/{user}", body=LONDON, headers=headers)
    assert world.authentication.asked == ["abcdef12"]


def test_the_log_line_has_metrics_and_no_token(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    call(world, "PUT /locations/{user}", body=LONDON, headers=TOKEN)
    output = capsys.readouterr().out
    assert "t-ada" not in output
    line = json.loads(output)
    assert (line["Service"], line["Route"], line["Requests"], line["Refusals"]) == (
        "location",
        "PUT /locations/{user}",
        1,
        0,
    )
