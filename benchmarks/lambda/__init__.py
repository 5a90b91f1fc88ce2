"""Lambda measured."""
