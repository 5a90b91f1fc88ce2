"""The `cloudarium` command."""
