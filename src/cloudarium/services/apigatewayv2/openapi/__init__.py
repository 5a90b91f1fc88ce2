"""OpenAPI documents of HTTP APIs."""
