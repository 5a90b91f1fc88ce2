"""Amazon SES's manifest."""

from cloudarium.core.service import Endpoint, HttpRoute, Listener, Service

SERVICE = Service(
    name="ses",
    package=__package__,
    endpoints=(Endpoint("ses", signing_name="ses"),),
    listeners=(Listener("smtp", 4525, "receiving.smtp:serve"),),
    http_routes=(HttpRoute("sending.pages:answer", path=r"/_aws/ses/?$"),),
    jobs={
        "deliver": "sending.delivery:deliver",
        "publish": "sending.events:publish",
        "receive": "receiving.processing:receive",
        "verify": "identities:verified",
    },
)
