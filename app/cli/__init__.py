"""The `patuh` command: composition root for operators."""

from app.cli.commands import main

__all__ = ["main"]
