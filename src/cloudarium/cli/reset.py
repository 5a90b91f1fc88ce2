"""`cloudarium reset`: remove the state of a stopped cloud."""

from __future__ import annotations

import argparse
import shutil

from cloudarium.cli import place
from cloudarium.cli.settings import SettingsError


def run(options: argparse.Namespace) -> int:
    """Remove the state folder, after asking."""
    folder = options.dir
    if not folder.exists():
        print("There is nothing to remove.")
        return 0
    if not (folder / "lock").exists():
        raise SettingsError(f"{folder} is not a state folder")
    if not options.yes and input(f"Remove everything in {folder}? [y/N] ").lower() != "y":
        return 1
    with place.occupied(folder):
        shutil.rmtree(folder)
    print(f"Removed {folder}.")
    return 0
