"""The pure parts: router, patches, templates, gateway responses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudarium.gateway.router import Router
from cloudarium.gateway.templates import Input, Template, Unsupported, Util
from cloudarium.services.apigateway import patches
from cloudarium.services.apigateway.serving import failures


def test_routes_by_specificity_and_goes_back() -> None:
    router = Router(
        [
            ("/", {"GET": "root"}),
            ("/a/b/c", {"GET": "abc"}),
            ("/a/{x}/d", {"GET": "axd"}),
            ("/a/{rest+}", {"ANY": "rest"}),
            ("/{one}", {"GET": "one"}),
        ]
    )
    assert router.find("GET", "/") == ("root", {})
    assert router.find("GET", "/a/b/c") == ("abc", {})
    assert router.find("GET", "/a/b/d") == ("axd", {"x": "b"})
    assert router.find("GET", "/a/b/e") == ("rest", {"rest": "b/e"})
    assert router.find("POST", "/a/b/c") == ("rest", {"rest": "b/c"})
    assert router.find("GET", "/%61/b/c") == ("abc", {})
    assert router.find("GET", "/a") == ("one", {"one": "a"})
    assert router.find("GET", "/x/y") is None
    assert router.find("GET", "//") == ("root", {})
    assert router.find("GET", "/a//d") == ("rest", {"rest": "/d"})


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=2), max_size=4))
def test_a_router_of_all_paths_finds_each(parts: list[str]) -> None:
    path = "/" + "/".join(parts)
    router = Router([(path, {"GET": path}), ("/{rest+}", {"ANY": "rest"})])
    assert router.find("GET", path) == (path, {})


@given(st.text(alphabet="a~/1", min_size=1))
def test_pointer_escapes_go_back(text: str) -> None:
    assert patches.unescape(text.replace("~", "~0").replace("/", "~1")) == text


def _render(text: str, body: str = "", **scope: Any) -> str:
    parameters = {"path": {"id": "7"}, "querystring": {"id": "8", "q": "1"}, "header": {"h": "x"}}
    values = {"input": Input(body, parameters), "util": Util(), "context": {}, **scope}
    return Template(text).render(values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("$input.params('id')", "7"),
        ("$input.params(\"q\")-$input.params('none')", "1-"),
        ("$input.json('$.a.b[1]')", '"y"'),
        ("$input.path('$.a').b[0]", "x"),
        ("${input.body}!", '{"a": {"b": ["x", "y"]}}!'),
        ("$context.identity.sourceIp", "1.1.1.1"),
        ("$context['stage']-$context.none", "s-"),
        ("$unknown.x $5", "$unknown.x $5"),
        ("$util.escapeJavaScript($input.path('$.quote'))", ""),
        ("$util.urlEncode('a b')$util.urlDecode('a+b')", "a+ba b"),
        ("$util.base64Encode('a')$util.base64Decode('YQ==')", "YQ==a"),
        ("$util.parseJson('[1]')", "[1]"),
        ("a## comment\nb#* more *#c", "abc"),
    ],
)
def test_templates_fill_in_references(text: str, expected: str) -> None:
    body = '{"a": {"b": ["x", "y"]}}'
    context = {"identity": {"sourceIp": "1.1.1.1"}, "stage": "s"}
    assert _render(text, body, context=context) == expected


@pytest.mark.parametrize("text", ["#if(1)x", "#set(a = 1)", "#parse('x')", "$input.params(1 + )"])
def test_templates_refuse_what_they_do_not_know(text: str) -> None:
    with pytest.raises(Unsupported):
        Template(text)


def test_what_scripts_would_read_is_escaped() -> None:
    assert _render("$util.escapeJavaScript($input.body)", 'it\'s "</x>"') == (
        'it\\\'s \\"<\\/x>\\"'
    )


def test_a_failure_keeps_its_own_status_unless_the_api_says_another() -> None:
    scope: dict[str, Any] = {"context": {}, "stageVariables": {}, "method": {}}
    failure = failures.malformed_proxy_response("why")
    plain = failures.GatewayResponses().render(failure, scope, "")
    assert (plain.status, plain.body) == (502, b'{"message": "Internal server error"}')
    own = {"DEFAULT_5XX": failures.defined("DEFAULT_5XX", {"statusCode": "599"})}
    assert failures.GatewayResponses(own).render(failure, scope, "").status == 599
