"""Stack operations as persisted state machines."""
