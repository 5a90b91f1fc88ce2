"""IAM's documented quotas ("IAM and AWS STS quotas", IAM User Guide)."""

from __future__ import annotations

USERS = 5000
GROUPS = 300
ROLES = 1000
POLICIES = 1500
POLICY_VERSIONS_IN_USE = 10000
INSTANCE_PROFILES = 1000
ROLES_PER_INSTANCE_PROFILE = 1
SERVER_CERTIFICATES = 20
SIGNING_CERTIFICATES_PER_USER = 2
ACCESS_KEYS_PER_USER = 2
SSH_KEYS_PER_USER = 5
SERVICE_CREDENTIALS_PER_USER = 2
GROUPS_PER_USER = 10
ATTACHED_POLICIES = {"user": 10, "group": 10, "role": 20}
VERSIONS_PER_POLICY = 5
TAGS = 50

# Characters without white space.
MANAGED_POLICY_SIZE = 6144
INLINE_POLICY_SIZE = {"user": 2048, "group": 5120, "role": 10240}
TRUST_POLICY_SIZE = 2048
SESSION_POLICY_SIZE = 2048

# Characters; a policy that does not say how many has 6, an account without a policy 8.
PASSWORD_SIZE = 128
DEFAULT_PASSWORD_SIZE = 8
DEFAULT_POLICY_PASSWORD_SIZE = 6

# Seconds.
DEFAULT_ROLE_SESSION = 3600
MAX_CHAINED_SESSION = 3600
DEFAULT_SESSION = 43200
MAX_ROOT_SESSION = 3600

# Characters of session policy, policy ARNs and tags together. AWS packs them and does not tell
# the size of the result that it allows.
PACKED_SIZE = 4096
