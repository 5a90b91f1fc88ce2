"""What the HTTP server takes of a client, and how long it waits for one."""

# In bytes: a request's head, what has come of one that has no end yet, and a body.
MAX_HEAD = 64 << 10
MAX_RECEIVED = 4 * MAX_HEAD
MAX_BODY = 5 << 30

# Requests that wait on one connection while an earlier one is answered.
MAX_PIPELINED = 16

# Headers' names that are remembered as they were written.
MAX_NAMES = 1024

# In seconds: for a request's head, between two requests, between two parts of a body, to take in an
# answer, and to see that it was refused.
HEAD_SECONDS = 30.0
IDLE_SECONDS = 75.0
BODY_SECONDS = 60.0
WRITE_SECONDS = 60.0
LINGER_SECONDS = 5.0
NEVER = float("inf")
