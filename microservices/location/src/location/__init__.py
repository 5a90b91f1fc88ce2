"""Where users are."""
