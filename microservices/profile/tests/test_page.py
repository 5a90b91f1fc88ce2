import base64
import hashlib
import re

from profiles.logic import Location, Profile
from profiles.page import CONTENT_SECURITY_POLICY, profile_page
from profiles.validation import Introduction

ADA = Profile("ada", Introduction("Ada Lovelace", "Poetical science."), 1_800_000_000)
EVIL = "<script>alert('\"&')</script>"


def test_a_page_shows_the_profile_and_the_place() -> None:
    page = profile_page(ADA, Location(51.5, -0.12, "London"))
    assert "<h1>Ada Lovelace</h1>" in page
    assert "Poetical science." in page
    assert "London · 51.50° N, 0.12° W" in page
    assert 'cx="179.9" cy="38.5"' in page
    assert "15 January 2027" in page


def test_a_page_without_a_location_has_no_map() -> None:
    assert "<svg" not in profile_page(ADA, None)


def test_every_value_is_escaped() -> None:
    evil = Profile("ada", Introduction(EVIL, EVIL), 0)
    page = profile_page(evil, Location(0, 0, EVIL))
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(&#x27;&quot;&amp;&#x27;)&lt;/script&gt;") == 4


def test_the_policy_allows_exactly_the_style_of_the_page() -> None:
    style = re.findall(r"<style>(.*?)</style>", profile_page(ADA, None), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in CONTENT_SECURITY_POLICY
    assert " style=" not in profile_page(ADA, Location(0, 0))
