"""API Gateway, by real clients."""
