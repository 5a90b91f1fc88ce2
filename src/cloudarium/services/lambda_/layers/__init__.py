"""Layers: files that functions share, in their /opt."""
