"""The facts services tell each other: frozen dataclasses, no logic."""
