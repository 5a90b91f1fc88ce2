"""API Gateway's HTTP and WebSocket APIs."""
