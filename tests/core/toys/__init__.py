"""A service with jobs to try the core with."""
