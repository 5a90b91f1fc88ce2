"""Profiles as pages: self-contained, every value escaped, nothing loaded and no script run."""

import base64
import hashlib
from datetime import UTC, datetime
from html import escape

from .logic import Location, Profile

STYLE = """
:root { color-scheme: light dark; --ink: #1d2433; --soft: #667085; --line: #d9dde5;
  --paper: #fbfaf8; --dot: #d9480f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaf0; --soft: #98a2b3; --line: #333b4d;
  --paper: #12151c; --dot: #ff8a4c; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 2rem;
  background: var(--paper); color: var(--ink);
  font: 1.125rem/1.6 "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif; }
main { width: 100%; max-width: 34rem; }
h1 { margin: 0; font-size: clamp(2rem, 7vw, 3.25rem); line-height: 1.1; letter-spacing: -.02em;
  font-weight: 600; text-wrap: balance; overflow-wrap: anywhere; }
.user, footer, figcaption { color: var(--soft);
  font: .9rem/1.5 ui-sans-serif, system-ui, sans-serif; }
.user { margin: .5rem 0 1.75rem; }
.about { margin: 0 0 2.25rem; white-space: pre-line; overflow-wrap: anywhere; text-wrap: pretty; }
figure { margin: 0 0 2.25rem; }
svg { display: block; width: 100%; height: auto; border: 1px solid var(--line);
  border-radius: .5rem; }
svg path { stroke: var(--line); fill: none; stroke-width: .5; }
svg .axis { stroke-width: 1; }
svg circle { fill: var(--dot); }
svg .halo { opacity: .2; }
figcaption { margin-top: .6rem; }
footer { border-top: 1px solid var(--line); padding-top: 1rem; }
"""

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

MERIDIANS = "".join(f"M{x} 0V180" for x in range(30, 360, 30))
PARALLELS = "".join(f"M0 {y}H360" for y in range(30, 180, 30))


def profile_page(profile: Profile, location: Location | None) -> str:
    """A user's page."""
    introduction = profile.introduction
    day = datetime.fromtimestamp(profile.updated, UTC)
    updated = f'<time datetime="{day:%Y-%m-%d}">{day.day} {day:%B %Y}</time>'
    about = f'<p class="about">{escape(introduction.about)}</p>' if introduction.about else ""
    return _page(
        introduction.name,
        f"""<h1>{escape(introduction.name)}</h1>
<p class="user">@{escape(profile.user)}</p>
{about}
{_map(location) if location else ""}
<footer>Updated {updated}</footer>""",
    )


def refusal_page(message: str) -> str:
    """What a person sees instead of a page."""
    return _page("Not here", f'<h1>Not here</h1>\n<p class="user">{escape(message)}</p>')


def _page(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{STYLE}</style>
<main>
{body}
</main>
</html>
"""


def _map(location: Location) -> str:
    x, y = location.longitude + 180, 90 - location.latitude
    coordinates = _coordinates(location)
    caption = f"{location.place} · {coordinates}" if location.place else coordinates
    return f"""<figure>
<svg viewBox="0 0 360 180" role="img" aria-label="{escape(coordinates)} on a map of the world">
<path d="{MERIDIANS}{PARALLELS}"/><path class="axis" d="M180 0V180M0 90H360"/>
<circle class="halo" cx="{x:.1f}" cy="{y:.1f}" r="9"/><circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>
</svg>
<figcaption>{escape(caption)}</figcaption>
</figure>"""


def _coordinates(location: Location) -> str:
    north = f"{abs(location.latitude):.2f}° {'N' if location.latitude >= 0 else 'S'}"
    east = f"{abs(location.longitude):.2f}° {'E' if location.longitude >= 0 else 'W'}"
    return f"{north}, {east}"
