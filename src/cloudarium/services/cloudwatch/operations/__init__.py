"""What the CloudWatch API offers."""
