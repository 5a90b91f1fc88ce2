"""Function URLs: HTTP endpoints of functions."""
