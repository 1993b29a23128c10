"""Starts the command line."""

from moderation.commands import main

if __name__ == "__main__":
    main(prog_name="python -m moderation")
