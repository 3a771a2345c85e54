"""`make bench`: runs every benchmark, prints what it measured, fails where a promise is broken.

`python -m bench national` runs the sweep alone, at the sizes that it is given.
"""

import sys

from bench import flags, import_rows, law, packet, sweep_rules
from bench.national import course


def main() -> int:
    """Return 0 when every ratio is within what the issue promises."""
    # The packet's benchmark answers with an exit code, the others with whether they kept theirs.
    kept = [
        import_rows.main(),
        sweep_rules.main(),
        course.main(),
        flags.main(),
        law.main(),
        packet.main() == 0,
    ]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["national", *words]:
            sys.exit(0 if course.main(words) else 1)
        case _:
            sys.exit(main())
