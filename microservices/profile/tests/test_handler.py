import json
from typing import Any

import pytest
from fakes import NOW, World, event
from profiles.handler import respond
from profiles.logic import Location

ADA = {"name": "Ada Lovelace", "about": "Poetical science.\nNumbers."}
TOKEN = {"Authorization": "Bearer t-ada"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def call(world: World, *arguments: Any, **more: Any) -> tuple[int, Any]:
    answer = respond(event(*arguments, **more), world.profiles)
    return answer["statusCode"], json.loads(answer["body"])


def written(world: World, body: object = ADA) -> World:
    assert call(world, "PUT /profiles/{user}", body=body, headers=TOKEN)[0] == 200
    return world


def test_what_is_written_is_read(world: World) -> None:
    expected = {"user": "ada", **ADA, "updated": NOW}
    assert call(world, "PUT /profiles/{user}", body=ADA, headers=TOKEN) == (200, expected)
    assert call(world, "GET /profiles/{user}") == (200, {**expected, "location": None})
    world.locations.known["ada"] = Location(51.5, -0.12)
    where = {"latitude": 51.5, "longitude": -0.12, "place": None}
    assert call(world, "GET /profiles/{user}") == (200, {**expected, "location": where})


@pytest.mark.parametrize(
    ("accept", "content"),
    [
        (BROWSER, "text/html; charset=utf-8"),
        ("text/html", "text/html; charset=utf-8"),
        ("*/*", "application/json"),
        ("", "application/json"),
        ("application/json", "application/json"),
        ("application/json, text/html;q=0.5", "application/json"),
        ("text/html;q=0", "application/json"),
        ("text/html;q=nonsense", "application/json"),
    ],
)
def test_callers_get_what_they_accept(world: World, accept: str, content: str) -> None:
    answer = respond(
        event("GET /profiles/{user}", headers={"Accept": accept}), written(world).profiles
    )
    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (200, content)
    assert answer["headers"]["Vary"] == "Accept"


def test_a_page_tells_people_that_nobody_is_there(world: World) -> None:
    answer = respond(event("GET /profiles/{user}", headers={"accept": BROWSER}), world.profiles)
    assert answer["statusCode"] == 404
    assert "This user has no profile." in answer["body"]
    assert "default-src 'none'" in answer["headers"]["Content-Security-Policy"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        "{",
        [],
        {"about": "nameless"},
        {**ADA, "admin": True},
        {**ADA, "name": ""},
        {**ADA, "name": "x" * 81},
        {**ADA, "name": "a\nb"},
        {**ADA, "name": "\ud800"},
        {**ADA, "about": 7},
        {**ADA, "about": "x" * 501},
        {**ADA, "about": "a\x00b"},
    ],
)
def test_malformed_bodies_are_refused(world: World, body: object) -> None:
    assert call(world, "PUT /profiles/{user}", body=body, headers=TOKEN)[0] == 400
    assert not world.store.profiles


def test_malformed_users_are_refused(world: World) -> None:
    assert call(world, "GET /profiles/{user}", "../etc")[0] == 400


@pytest.mark.parametrize(
    ("authorization", "status", "code"),
    [
        ("", 401, "TokenInvalid"),
        ("Bearer", 401, "TokenInvalid"),
        ("Basic t-ada", 401, "TokenInvalid"),
        ("Bearer old", 401, "TokenInvalid"),
        ("Bearer t-bob", 403, "NotYours"),
    ],
)
def test_only_the_user_writes(world: World, authorization: str, status: int, code: str) -> None:
    headers = {"authorization": authorization}
    answer = call(world, "PUT /profiles/{user}", body=ADA, headers=headers)
    assert (answer[0], answer[1]["code"]) == (status, code)


def test_the_log_line_has_metrics_and_no_token(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    written(world)
    output = capsys.readouterr().out
    assert "t-ada" not in output
    line = json.loads(output)
    assert (line["Service"], line["Route"]) == ("profile", "PUT /profiles/{user}")
