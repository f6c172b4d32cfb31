"""``python -m papermap``."""

from papermap.cli import main

main()
