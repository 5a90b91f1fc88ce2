"""What the API offers."""
