"""WebSocket APIs at work: connections, their messages, and what the backend may do with them."""
