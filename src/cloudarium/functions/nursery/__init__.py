"""Code of the nursery process: it forks contained programs. Standard library only.

The server never imports the modules of this package; it starts `nursery.py` as a script.
"""
