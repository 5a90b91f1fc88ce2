"""Documented numbers.

Source: "Quotas for configuring and running an HTTP API in API Gateway" (Developer Guide), unless
said otherwise.
"""

from __future__ import annotations

HTTP_TIMEOUT_MS = 30_000
WEBSOCKET_TIMEOUT_MS = 29_000
ROUTES_PER_API = 300
INTEGRATIONS_PER_API = 300
STAGES_PER_API = 10
AUTHORIZERS_PER_API = 10
SCOPES_PER_ROUTE = 10
AUDIENCES_PER_AUTHORIZER = 50
AUTHORIZER_TIMEOUT_MS = 10_000
PAGE_DEFAULT = 25
PAGE_MAX = 500
# Of WebSocket connections. Source: "Quotas for configuring and running a WebSocket API in API
# Gateway" (Developer Guide).
MESSAGE_BYTES = 128 * 1024
FRAME_BYTES = 32 * 1024
IDLE_SECONDS = 600
CONNECTION_SECONDS = 7200
# New connections a second of an account in a region.
NEW_CONNECTIONS = 500
