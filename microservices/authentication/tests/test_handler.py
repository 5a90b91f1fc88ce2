import json
from typing import Any

import pytest
from authentication.handler import ROUTES, respond
from fakes import World, event

ADA = {"user": "ada", "password": "difference engine"}


def call(
    world: World, route: str, body: object = None, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    answer = respond(event(route, body, headers), world.accounts)
    return answer["statusCode"], json.loads(answer["body"] or "null")


def test_register_log_in_introspect_log_out(world: World) -> None:
    assert call(world, "POST /users", ADA) == (201, {"user": "ada"})
    status, session = call(world, "POST /sessions", ADA)
    assert (status, session["user"]) == (201, "ada")
    token = {"token": session["token"]}
    known = {"active": True, "user": "ada", "expires": session["expires"]}
    assert call(world, "POST /introspections", token) == (200, known)
    bearer = {"authorization": f"bearer {session['token']}"}
    assert call(world, "DELETE /sessions", headers=bearer) == (204, None)
    assert call(world, "POST /introspections", token) == (200, {"active": False})


def test_registering_twice_is_a_conflict(world: World) -> None:
    call(world, "POST /users", ADA)
    status, refusal = call(world, "POST /users", ADA)
    assert (status, refusal["code"]) == (409, "UserExists")


@pytest.mark.parametrize(
    "body",
    [
        None,
        "{",
        "[" * 100_000,
        [],
        {"user": "ada"},
        {**ADA, "admin": True},
        {**ADA, "user": "Ada"},
        {**ADA, "user": "ada\n"},
        {**ADA, "user": 7},
        {**ADA, "password": "short"},
        {**ADA, "password": "x" * 129},
        {**ADA, "password": "\ud800" * 10},
    ],
)
def test_malformed_bodies_are_refused(world: World, body: object) -> None:
    assert call(world, "POST /users", body)[0] == 400
    assert not world.store.users


def test_a_wrong_password_is_401_and_too_many_are_429(world: World) -> None:
    for _ in range(3):
        assert call(world, "POST /sessions", ADA)[0] == 401
    answer = respond(event("POST /sessions", ADA), world.accounts)
    assert answer["statusCode"] == 429
    assert int(answer["headers"]["Retry-After"]) > 0


def test_logging_out_needs_a_token(world: World) -> None:
    assert call(world, "DELETE /sessions")[0] == 401
    assert call(world, "DELETE /sessions", headers={"Authorization": "Basic YTpi"})[0] == 401


def test_a_sane_correlation_id_is_kept(world: World) -> None:
    kept = respond(event("POST /users", ADA, {"X-Correlation-Id": "abcdef12"}), world.accounts)
    assert kept["headers"]["X-Correlation-Id"] == "abcdef12"
    made = respond(event("POST /users", ADA, {"X-Correlation-Id": "a\nb"}), world.accounts)
    assert made["headers"]["X-Correlation-Id"] == "11111111-2222-3333-4444-555555555555"


def test_the_log_line_has_metrics_and_no_secrets(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    call(world, "POST /users", ADA)
    _, session = call(world, "POST /sessions", ADA)
    output = capsys.readouterr().out
    assert ADA["password"] not in output
    assert session["token"] not in output
    line = json.loads(output.splitlines()[1])
    assert (line["Service"], line["Route"], line["status"]) == (
        "authentication",
        "POST /sessions",
        201,
    )
    metrics = line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    assert all(metric["Name"] in line for metric in metrics)


def test_what_is_not_a_refusal_is_raised(world: World) -> None:
    with pytest.raises(KeyError):
        respond(event("GET /nowhere"), world.accounts)
    assert "GET /nowhere" not in ROUTES
