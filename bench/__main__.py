"""`make bench`: runs every benchmark, prints what it measured, fails where a promise is broken."""

import sys

from bench import import_rows, packet, sweep_rules


def main() -> int:
    """Return 0 when every ratio is within what the issue promises."""
    kept = [part.main() for part in (import_rows, sweep_rules, packet)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
