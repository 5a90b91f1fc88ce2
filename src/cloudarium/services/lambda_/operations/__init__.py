"""The operations of the Lambda API."""
