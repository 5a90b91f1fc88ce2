"""People who use the reference system, over its HTTP APIs alone."""

from __future__ import annotations

import time

from cloudarium.cli.life.clients import until
from cloudarium.cli.life.web import Answer, ask, ask_signed

_PASSWORD = "correct horse battery staple"
_PROBES = {
    "authentication": ("POST", "/introspections", {"token": "none-such-token"}),
    "location": ("GET", "/locations/nobody", None),
    "profile": ("GET", "/profiles/nobody", None),
}


def until_live(service: str, url: str) -> None:
    """Wait until a service answers: itself, not the gateway in its place."""
    method, path, body = _PROBES[service]

    def look() -> bool:
        answer = ask(method, url + path, body)
        # location is private: its refusal of an unsigned request is its answer.
        expected = (403,) if service == "location" else (200, 404)
        return answer.status in expected

    until(f"an answer of {service}", look)


class Session:
    """A user, new in every life, and her page."""

    def __init__(self, urls: dict[str, str], keys: dict[str, str]) -> None:
        self._urls = urls
        self._keys = keys
        self.user = f"ada-{int(time.time()):x}"
        self.page_url = f"{urls['profile']}/profiles/{self.user}"
        self._token = ""

    def live(self) -> dict[str, bool]:
        """Go through what a user does; return what held."""
        return {
            "registered": self._register(),
            "logged_in": self._log_in(),
            "location_written": self._write_location(),
            "location_private": self._location_is_private(),
            "profile_written": self._write_profile(),
            "page_served": self.page_has("Ada Lovelace", "51.5"),
            "validation_400": self._invalid_is_refused(),
            "logged_out": self._log_out(),
        }

    def _register(self) -> bool:
        body = {"user": self.user, "password": _PASSWORD}
        first = ask("POST", f"{self._urls['authentication']}/users", body)
        again = ask("POST", f"{self._urls['authentication']}/users", body)
        return (first.status, again.status) == (201, 409)

    def _log_in(self) -> bool:
        url = f"{self._urls['authentication']}/sessions"
        wrong = ask("POST", url, {"user": self.user, "password": "wrong wrong wrong"})
        answer = ask("POST", url, {"user": self.user, "password": _PASSWORD})
        self._token = answer.json["token"] if answer.status == 201 else ""
        return wrong.status == 401 and bool(self._token)

    def _write_location(self) -> bool:
        body = {"latitude": 51.5, "longitude": -0.1, "place": "London"}
        url = f"{self._urls['location']}/locations/{self.user}"
        answer = ask_signed("PUT", url, self._keys, body, {"x-user-token": self._token})
        return answer.status == 200

    def _location_is_private(self) -> bool:
        return ask("GET", f"{self._urls['location']}/locations/{self.user}").status == 403

    def read_location(self) -> Answer:
        """Read the location as a caller with the right to."""
        url = f"{self._urls['location']}/locations/{self.user}"
        return ask_signed("GET", url, self._keys)

    def _write_profile(self) -> bool:
        body = {"name": "Ada Lovelace", "about": "Programs for the Analytical Engine."}
        answer = ask("PUT", self.page_url, body, {"authorization": f"Bearer {self._token}"})
        return answer.status == 200

    def page(self) -> Answer:
        """Ask for the page as a browser does."""
        return ask("GET", self.page_url, headers={"accept": "text/html"})

    def page_has(self, *texts: str) -> bool:
        """Tell whether the page is served and shows all of `texts`."""
        answer = self.page()
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        return answer.status == 200 and is_page and all(text in answer.text for text in texts)

    def _invalid_is_refused(self) -> bool:
        """A body that does not fit the model is API Gateway's to refuse, before any function."""
        headers = {"authorization": f"Bearer {self._token}"}
        answer = ask("PUT", self.page_url, {"name": 7}, headers)
        return answer.status == 400 and answer.json == {"message": "Invalid request body"}

    def _log_out(self) -> bool:
        headers = {"authorization": f"Bearer {self._token}"}
        answer = ask("DELETE", f"{self._urls['authentication']}/sessions", None, headers)
        after = ask("PUT", self.page_url, {"name": "Mallory"}, headers)
        return (answer.status, after.status) == (204, 401)
