"""The system as a user has it: a real server, real clients, real processes."""
