"""Amazon SES's manifest."""

from cloudarium.core.service import Endpoint, Listener, Service

SERVICE = Service(
    name="ses",
    package=__package__,
    endpoints=(Endpoint("ses", signing_name="ses"),),
    listeners=(Listener("smtp", 4525, "receiving.smtp:serve"),),
    jobs={"receive": "receiving.processing:receive"},
)
