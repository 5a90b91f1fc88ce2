"""What functions can import of AWS's Python runtime, by its names."""
