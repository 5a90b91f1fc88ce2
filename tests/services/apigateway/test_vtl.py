"""The template language: what a template makes of its values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudarium.gateway import json_path, lenient_json
from cloudarium.gateway.templates import Input, Util
from cloudarium.gateway.vtl import values
from cloudarium.gateway.vtl.template import Template
from cloudarium.gateway.vtl.values import RenderError, Unsupported


def _render(text: str, **scope: Any) -> str:
    return Template(text).render(scope)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#set($a = 1)\n$a", "1"),
        ("#if($n == 1)x#elseif($n == 2)y#{else}z#end", "y"),
        ("#foreach($x in [1..3])$x#if($foreach.hasNext),#end#end", "1,2,3"),
        ("#foreach($x in [2..0])$velocityCount$x #end", "12 21 30 "),
        ('#set($m = {"a": 1, "b": [1, 2]})$m $m.b[1] ${m.a}b', "{a=1, b=[1, 2]} 2 1b"),
        ("#define($d)<$x>#end#set($x = 3)$d", "<3>"),
        ('#macro(hi $who $n)Hi $who$n!#end#hi("Bob" 2)#hi("Al", 3)', "Hi Bob2!Hi Al3!"),
        ("a#stop b", "a"),
        ("#foreach($x in [1..9])#if($x == 3)#break#{end}$x#end", "12"),
        ("$foo $!foo \\$n \\\\$n \\$y \\#if", "$foo  $n \\2 \\$y #if"),
        ("## gone\n#* gone *#x#[[$n #if]]#", "x$n #if"),
        ("costs $5 and # of #things", "costs $5 and # of #things"),
        ("#set($i = 7 / 2)$i #set($i = -7 % 3)$i #set($i = 7.0 / 2)$i", "3-13.5"),
        ("#set($x = 1 + 2 * 3 - 1)$x #set($x = 'a' + 1)$x", "6a1"),
        ('#set($x = "it""s $n")$x#set($x = \'$n\')$x', 'it"s 2$n'),
        ("#set($l = [])#set($q = $l.add('x'))$l.size() $l $l.isEmpty()", "1 [x] false"),
        ("#set($m = {})#set($m.a = 1)#set($m['b'] = 2)$m.keySet() $m.values()", "[a, b] [1, 2]"),
        ("#foreach($e in $map.entrySet())$e.key=$!e.value;#end", "k=1;n=;"),
        ("#foreach($v in $map)[$!v]#end", "[1][]"),
        ('#evaluate("#set($z = 4)$z")', "4"),
        ("#if(!$none && ($yes || false) and not $no)y#end", "y"),
        ("#if('')empty#end#if(0)zero#end#if([])list#end", "emptyzerolist"),
        ("#if($n >= 2 && $n lt 3)y#end#if('2' == $n)s#end", "ys"),
        ('$s.split(",")[1] $s.substring(1, 3) $s.toUpperCase().length()', "cd b, 5"),
        ("$s.replaceAll('([ac])', '<$1>') $s.matches('[a-d,]+')", "<a>b,<c>d true"),
        ("$s.indexOf('c') $s.contains('z') $s.trim().equals('ab,cd')", "3 false true"),
        ("#set($i = 0)$i.parseInt('12') $s.class $s.__class__", "12  .__class__"),
    ],
)
def test_renders(text: str, expected: str) -> None:
    values = {"n": 2, "yes": True, "no": False, "s": "ab,cd", "map": {"k": 1, "n": None}}
    if "__class__" in text:
        expected = expected.replace(" .__class__", " ")
    assert _render(text, **values) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  #set($a = 12.5)\n  #set($b = 1e3)\n$a $b", "12.5 1000.0"),
        ("x  #set($a = 1)$n\n  #set($a = 1)y", "x  2\n  y"),
        ("#if($yes)\n  #set($a = 1)\n$a#end", "1"),
        ('#set($a = "\\u0041")$a', "A"),
        ("#m()#macro(m)x#end#macro(m)y#end", "x"),
        ("#foo($n)#foo ()", "#foo($n)#foo ()"),
        ("#evaluate('#macro(m)x#end')#m()", "x"),
        ("#foreach($x in [1,2])$velocityHasNext#end", "truefalse"),
        (
            "$map.entrySet()#foreach($x in $map.entrySet())$x.getKey()$!x.value;#end",
            "[k=1, n=null]k1;n;",
        ),
        ("#foreach($x in $map.entrySet())#set($v = $x.setValue(5))#end$map", "{k=5, n=5}"),
        (
            "#set($i = $list.iterator())$i.next()$i.hasNext()#foreach($x in $i)<$x>#end",
            "1true<b><4>",
        ),
        (
            "$list.removeAll([1])$list.containsAll([4])$list.addAll(0, [4])$list",
            "truetruetrue[4, b, 4]",
        ),
        ("$list.lastIndexOf(4) $list.clone().size() $list.toArray()[1]", "2 3 b"),
        ("#set($l = ['b', 'a'])$!l.sort($none)$l", "[a, b]"),
        ("$map.putIfAbsent('k', 9) $!map.putIfAbsent('z', 9)$map.replace('k', 2) $map.z", "1 1 9"),
        ("$s.compareTo('ab') $s.lastIndexOf('c', 1) $s.split(',', 1)[0]", "3 -1 ab,cd"),
        (
            "$s.format('%s-%05d|%.2f|%,d|%-3s|%x', 'a', 42, 1.5, 1234567, 'b', 255)",
            "a-00042|1.50|1,234,567|b  |ff",
        ),
        (
            "$s.hashCode() $s.join('-', ['a', 1]) $s.regionMatches(0, 'ab', 0, 2)",
            "92546508 a-1 true",
        ),
        (
            "$s.codePointAt(0) $s.getBytes()[0] $s.toCharArray().size() $s.subSequence(1, 3)",
            "97 97 5 b,",
        ),
        (
            "$n.toHexString(-1) $n.toString(255, 16) $n.parseInt('ff', 16) $n.max(1, 2)",
            "ffffffff ff 255 2",
        ),
        (
            "#set($b = 3000000000)$b.intValue() $b.longValue() $yes.compareTo(false)",
            "-1294967296 3000000000 1",
        ),
    ],
)
def test_renders_as_velocity_does(text: str, expected: str) -> None:
    """What Velocity 1.7 itself was seen to make of these."""
    values = {"n": 2, "yes": True, "s": "ab,cd", "map": {"k": 1, "n": None}, "list": [1, "b", 4]}
    assert _render(text, **values) == expected


@pytest.mark.parametrize(
    "text",
    [
        "$list[9]",
        "$list.subList(1, 9)",
        "$s.format('%d', 'x')",
        "$s.format('%s')",
        "$n.parseInt(' 5')",
    ],
)
def test_fails_as_velocity_does(text: str) -> None:
    with pytest.raises(RenderError):
        _render(text, n=2, s="ab,cd", list=[1])


@pytest.mark.parametrize(
    "text",
    [
        "#foreach($x in [1..1001])x#end",
        "#foreach($a in [1..1000])#foreach($b in [1..1000])#end#end",
        "#macro(m)#m()#end#m()",
        "#set($s = 'aaaaaaaaaa')#foreach($x in [1..40])#set($s = \"$s$s\")#end",
        "#set($l = [0])#foreach($x in [1..40])#set($q = $l.addAll($l))#end",
        "#set($n = 9)#foreach($x in [1..40])#set($n = $n * $n)#end",
        "#set($e = '#evaluate($e)')#evaluate($e)",
        "#set($s = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')$s.matches('(a|a)*b')$s.matches('(')",
        "$s.substring(9)",
        "#define($d)$d#end$d",
        "[1..2]#set($r = [1..999999999])",
    ],
)
def test_has_its_limits(text: str) -> None:
    with pytest.raises(RenderError):
        _render(text, s="ab")


def test_does_not_hold_others_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "SECONDS", 0.1)
    rounds = "#foreach($x in [1..1000])#foreach($y in [1..100])%s#end#end"
    text = f"#set($l = [1..1000]){rounds % '#if($l.contains(0))#end'}"
    with pytest.raises(RenderError, match="too long"):
        _render(text)
    assert _render("$x.length()", x="abc") == "3"


@pytest.mark.parametrize("text", ["(" * 5000, "#set($a = " + "(" * 5000, "#if(1)" * 5000, "$!{a"])
def test_nonsense_ends_well(text: str) -> None:
    try:
        Template(text).render({})
    except (Unsupported, RenderError) as error:
        assert str(error)


@given(st.text(alphabet="$#{}()[]!\\a.'\" =1,\n*", max_size=60))
def test_any_text_compiles_or_is_refused(text: str) -> None:
    try:
        template = Template(text)
    except Unsupported:
        return
    try:
        template.render({"a": {"a": [1, "x"]}})
    except RenderError as error:
        assert str(error)


_STORE = {
    "book": [{"t": "a", "price": 5}, {"t": "b", "price": 12, "isbn": "x"}],
    "bike": {"price": 20},
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.bike.price", 20),
        ("$['bike']['price']", 20),
        ("$.book[-1].t", "b"),
        ("$.book[*].t", ["a", "b"]),
        ("$.book[0:1].t", ["a"]),
        ("$.book[0,1].price", [5, 12]),
        ("$..price", [5, 12, 20]),
        ("$.book[?(@.price < 10)].t", ["a"]),
        ("$.book[?(@.isbn)].t", ["b"]),
        ("$.book.length()", 2),
        ("$.book[0]['t','none']", {"t": "a"}),
        ("$.book[*]['t','price']", [{"t": "a", "price": 5}, {"t": "b", "price": 12}]),
        ("$.book[?(@.price > 4 && !(@.isbn))].t", ["a"]),
        ("$.book[?(@['t'] == 'b' || @.price in [5, 6])].t", ["a", "b"]),
        ("$.book[?(@.t =~ /B/i)].t", ["b"]),
        ("$.book[?(@.t nin ['a'] && @.isbn size 1)].t", ["b"]),
        ("$.book[?(@.isbn != 'y')].t", ["b"]),
        ("$.none.x", None),
        ("bike.price", 20),
    ],
)
def test_finds_by_json_path(path: str, expected: Any) -> None:
    assert json_path.find(_STORE, path) == expected


@pytest.mark.parametrize("path", ["$store", "$.book[?(@.t ==)]", "$.book[?(@.t == 1", "$.a[?(x)]"])
def test_refuses_what_is_no_json_path(path: str) -> None:
    with pytest.raises(RenderError):
        json_path.find(_STORE, path)


def test_arrays_print_as_json_smart_prints_them() -> None:
    given = Input('{"l": ["a/b \\u2028 é"]}', {"path": {}, "querystring": {}, "header": {}})
    text = "$input.path('$.l') $input.json('$.l')"
    assert _render(text, input=given) == '["a\\/b \\u2028 é"] ["a/b \\u2028 é"]'


def test_an_input_prints_as_on_aws() -> None:
    body = '{"a": {"b": ["x", {"y": null}]}, "f": 1.0, "n": null}'
    given = Input(body, {"path": {"id": "7"}, "querystring": {}, "header": {"Accept": "*/*"}})
    scope = {"input": given, "util": Util()}
    text = "$input.path('$.a')|$input.path('$.a.b')|$input.json('$.none')|$input.json('$.n')"
    assert _render(text, **scope) == '{b=["x",{"y":null}]}|["x",{"y":null}]|""|null'
    text = "$input.params()|$input.params('accept')|$input.params().path.id|$input.path('$.f')"
    assert _render(text, **scope) == "{path={id=7}, querystring={}, header={Accept=*/*}}|*/*|7|1.0"
    assert _render("$util.parseJson($b).k[0]", b='{"k": [3]}', **scope) == "3"


def test_utilities_write_as_java_does() -> None:
    """What Commons Lang's `escapeJavaScript` and Java's `URLEncoder` were seen to make of these."""
    text = 'it\'s "q" \\ / \n\t\b\f\r \x01 é € 😀 <a>'
    escaped = r"it\'s \"q\" \\ \/ \n\t\b\f\r \u0001 \u00E9 \u20AC \uD83D\uDE00 <a>"
    assert Util().call_escapeJavaScript(text) == escaped
    assert Util().call_urlEncode("a b~*-_.!(é") == "a+b%7E*-_.%21%28%C3%A9"
    with pytest.raises(RenderError):
        Util().call_urlDecode("%zz")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (r'"\ud800a"', '"?a"|?a|%3Fa|P2E='),
        (r'["\udc00"]', '["?"]|["?"]|%5B%22%3F%22%5D|WyI/Il0='),
        ("1e999", "Infinity|Infinity|Infinity|SW5maW5pdHk="),
    ],
)
def test_values_that_have_no_writing(value: str, shown: str) -> None:
    given = Input(f'{{"a": {value}}}', {"path": {}, "querystring": {}, "header": {}})
    found = "$input.path('$.a')"
    text = f"$input.json('$.a')|{found}|$util.urlEncode({found})|$util.base64Encode({found})"
    assert _render(text, input=given, util=Util()) == shown


@pytest.mark.parametrize(
    ("text", "value"),
    [  # Measured on AWS by LocalStack (test_mock_integration.py), of mocks.
        ("{ statusCode: 200 }", {"statusCode": 200}),
        ("{statusCode: 200, foo}: [ba r]}", {"statusCode": 200, "foo}": ["ba r"]}),
        ("{statusCode: 200, }foo: ''}", {"statusCode": 200}),
        ("{'statusCode': 200 ,, null: null }", {"statusCode": 200, "null": None}),
        ("{'statusCode\": 200 }", None),
        ("{statusCode: 200, {foo: [ba r]}", None),
        ("{statusCode: 200, what:{}foo: [ba r]}}", None),
        # As json-smart reads.
        ("statusCode: 200", "statusCode: 200"),
        ("[1.5e1, -02, true,, x y]", [15.0, -2, True, "x y"]),
        ("{a: 'it\\'s\\u0021\\q\n'}", {"a": "it's!"}),
        (r"{a: '\ud83d\ude00\ud800'}", {"a": "\U0001f600\ud800"}),
        ("{a", None),
        ("[1", None),
        ("[" * 1000, None),
        ("{a:" + "1" * (1 << 18), None),
    ],
)
def test_payloads_are_read_leniently(text: str, value: Any) -> None:
    if value is None:
        with pytest.raises(ValueError, match=r"unexpected|line 1"):
            lenient_json.read(text)
    else:
        assert lenient_json.read(text) == value


def test_an_input_is_read_leniently() -> None:
    inputs = Input("{pets: [{name: 'Rex'}]}", {})
    assert _render("$input.path('$.pets[0].name') $input.json('$.pets')", input=inputs) == (
        'Rex [{"name":"Rex"}]'
    )
