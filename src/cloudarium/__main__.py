"""`python -m cloudarium`."""

from cloudarium.cli.main import main

main()
