"""What the SQS API offers."""
