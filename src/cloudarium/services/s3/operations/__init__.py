"""What S3 offers, by the names boto3 gives its methods."""
