"""Prints docs/api.md: `python -m app.web.api.v1 > docs/api.md`."""

import sys

from app.web.api.v1.printing import api_page

sys.stdout.write(api_page())
