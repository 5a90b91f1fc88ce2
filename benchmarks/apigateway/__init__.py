"""API Gateway beside the floor of its own HTTP server."""
