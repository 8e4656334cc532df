"""The command `mailproto`. Each subcommand is a module, imported when it is run."""

from mailproto.cli._main import main

__all__ = ["main"]
