"""`python -m reftel.cli`."""

from reftel.cli import main

main()
