"""What SNS offers, by the names boto3 gives its methods."""
