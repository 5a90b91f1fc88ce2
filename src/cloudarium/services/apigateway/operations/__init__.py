"""What the API Gateway API offers."""
