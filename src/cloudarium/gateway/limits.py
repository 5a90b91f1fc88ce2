"""Documented numbers of every kind of API.

Source: "Amazon API Gateway quotas and important notes" (Developer Guide).
"""

from __future__ import annotations

# "Total combined size of request line and header values": 10,240 bytes.
HEAD_BYTES = 10_240
PAYLOAD_BYTES = 10 * 1024 * 1024
# The throttle of an account in a region.
THROTTLE_RATE = 10_000.0
THROTTLE_BURST = 5_000
# How long the keys of an issuer are kept. Source: Developer Guide, "Control access to HTTP APIs
# with JWT authorizers": "API Gateway can cache the public key for two hours."
KEYS_SECONDS = 7200
KEYS_TIMEOUT_SECONDS = 5
# How soon an issuer is asked again for a key it did not have.
KEYS_AGAIN_SECONDS = 10
