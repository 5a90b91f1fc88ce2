"""What the Logs API offers."""
