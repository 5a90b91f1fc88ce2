"""Velocity's template language as API Gateway's mapping templates use it: no I/O, no reflection."""
