"""The runtimes' bootstraps: what runs inside a function's environment and calls its handler."""

from pathlib import Path

PYTHON = Path(__file__).parent / "python" / "bootstrap.py"
NODE = Path(__file__).parent / "node" / "bootstrap.js"
JAVA = Path(__file__).parent / "java"
EXTENSIONS = Path(__file__).parent / "extensions" / "launch.py"
