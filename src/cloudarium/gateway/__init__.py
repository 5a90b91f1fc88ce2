"""What API Gateway's data planes share, of REST APIs and of HTTP and WebSocket APIs."""
