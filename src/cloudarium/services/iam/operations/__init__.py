"""What IAM and STS offer."""
