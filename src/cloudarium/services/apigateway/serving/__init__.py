"""The data plane: what a deployed API does with requests."""
