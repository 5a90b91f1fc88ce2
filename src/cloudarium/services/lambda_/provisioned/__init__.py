"""Provisioned concurrency: environments that are ready before they are needed."""
