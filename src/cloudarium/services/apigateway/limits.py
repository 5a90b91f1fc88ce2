"""Documented numbers.

Source: "Amazon API Gateway quotas and important notes" (Developer Guide), unless said otherwise.
"""

from __future__ import annotations

INTEGRATION_TIMEOUT_MS = 29_000
# "The maximum duration for streaming responses is 15 minutes."
STREAM_TIMEOUT_MS = 900_000
INTEGRATION_TIMEOUT_LEAST_MS = 50
RESOURCES_PER_API = 300
STAGES_PER_API = 10
# CreateRestApi, `minimumCompressionSize`: "a nullable integer ... between 0 and 10485760".
COMPRESSION_BYTES = 10_485_760
# GetRestApis, `limit`: "The maximum number of returned results per page. The default value is 25
# and the maximum value is 500."
PAGE_DEFAULT = 25
PAGE_MAX = 500
# CreateApiKey: a key's value has 20 to 128 characters.
API_KEY_LENGTH = 20
