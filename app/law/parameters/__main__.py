"""Prints docs/parameters.md: `python -m app.law.parameters > docs/parameters.md`."""

import sys

from app.law.parameters.page import markdown

sys.stdout.write(markdown())
