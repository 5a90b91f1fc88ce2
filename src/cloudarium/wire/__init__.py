"""Bytes to dicts and back: HTTP, routing, SigV4, protocols and validation, from botocore's models."""
