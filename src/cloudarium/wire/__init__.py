"""Bytes to dicts and back, from botocore's models: HTTP, SigV4, protocols, validation."""
