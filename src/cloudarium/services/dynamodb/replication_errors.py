"""The errors of global tables, of which there are none; the messages are the service's own.

Version 2017.11.29 takes no new ones anywhere, and its operations know none of version 2019.11.21.
Source: the service's answers in 2026, as its users recorded them.
"""

from cloudarium.core.errors import ErrorType

from .errors import invalid, value

_MISSING = "Global table with name: '{name}' does not exist."

GlobalTableNotFound = ErrorType(
    "GlobalTableNotFoundException", 400, "Global table not found: " + _MISSING
)
SettingsNotFound = ErrorType("GlobalTableNotFoundException", 400, _MISSING)
NoReplicas = ErrorType("ResourceNotFoundException", 400, _MISSING)
NothingToScale = invalid(
    "Failed to update settings for global table with name: \u2018{name}\u2019 "
    "because at least one update parameter must be specified."
)
LegacyVersion = value(
    "DynamoDB global tables version 2017.11.29 is not supported. We recommend using DynamoDB "
    "global tables version 2019.11.21, instead of version 2017.11.29 (Legacy)."
)
EmptyGroup = value("Global table must have atleast one replica")
RegionMissing = value("ReplicationGroup members must specify RegionName")
TwoActions = value(
    "A ReplicaUpdate structure cannot contain both a create replica action and a delete replica "
    "action"
)
NoAction = invalid("One or more parameter values were invalid")
