"""A service's manifest: everything the composition root must know before it loads the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Endpoint:
    """One botocore model a service answers for.

    `signing_name` is the service in a signature's credential scope, `target_prefix` what stands
    before the dot in `X-Amz-Target`, `path_prefix` tells models of one signing name apart;
    `compresses`: answers are compressed for callers that accept it, and bodies in other encodings
    than gzip refused. A body of more than `max_body` bytes is refused with an empty 413, if that is
    not 0. `cross_origin` is `module:function`, a `(runtime, HttpRequest) -> Headers`: what the
    answer to a request with an `Origin` has besides.
    """

    model: str
    signing_name: str
    target_prefix: str = ""
    path_prefix: str = ""
    compresses: bool = False
    max_body: int = 0
    cross_origin: str = ""


@dataclass(frozen=True)
class HttpRoute:
    """HTTP requests that are not AWS API calls but belong to a service.

    Either `host` (a regular expression the Host header, without its port, must match) or `path`
    (one the path must match from its start) picks them; `handler` is `module:function`, an
    `async (runtime, HttpRequest) -> HttpResponse`. Where services share hosts or paths, `claims`, a
    `(runtime, HttpRequest) -> bool`, tells whether a request is this one's.
    """

    handler: str
    host: str = ""
    path: str = ""
    claims: str = ""


@dataclass(frozen=True)
class Listener:
    """A port besides the HTTP one.

    `handler` is `module:function`, an `async (runtime, socket) -> None`. The socket is bound and
    listening; the handler serves it until cancelled.
    """

    name: str
    default_port: int
    handler: str


@dataclass(frozen=True)
class Service:
    """A service's manifest. Everything named `module:function` is relative to `package`.

    `wording` is an `(operation's name, params, violations) -> AwsError`: the error of an input
    that is not as the model wants it, where the framework's own words are not the service's.
    """

    name: str
    package: str
    endpoints: tuple[Endpoint, ...]
    iam_prefix: str = ""
    subscriptions: Mapping[type, str] = field(default_factory=dict)
    jobs: Mapping[str, str] = field(default_factory=dict)
    resource_types: Mapping[str, str] = field(default_factory=dict)
    http_routes: tuple[HttpRoute, ...] = ()
    listeners: tuple[Listener, ...] = ()
    metric_sink: str = ""
    log_sink: str = ""
    segment_sink: str = ""
    startup: str = ""
    validation_code: str = ""
    constraints: bool = True
    wording: str = ""

    @property
    def action_prefix(self) -> str:
        """The prefix of the service's IAM actions."""
        return self.iam_prefix or self.endpoints[0].signing_name

    @property
    def principal(self) -> str:
        """The service principal other services see when this one calls them."""
        return f"{self.action_prefix}.amazonaws.com"
