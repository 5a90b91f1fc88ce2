"""What this service refuses, by kind; the handler turns kinds into HTTP statuses."""


class Refused(Exception):
    """A request that is answered with an error: `code` for programs, `message` for people."""

    status = 500

    def __init__(self, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry_after = retry_after


class Invalid(Refused):
    """The request is malformed."""

    status = 400


class Unauthenticated(Refused):
    """The user did not prove who they are."""

    status = 401


class Forbidden(Refused):
    """The user is known, and may not do this."""

    status = 403


class NotFound(Refused):
    """There is no such thing."""

    status = 404


class Unavailable(Refused):
    """It cannot be done now; `retry_after` is in seconds."""

    status = 503
