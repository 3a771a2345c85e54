"""Names every module that declares tables, so that migrations and tests see all of them."""

from importlib import import_module
from importlib.util import find_spec

ROOMS = (
    "audit",
    "accounts",
    "lawbook",
    "registry",
    "linkage",
    "detection",
    "cases",
    "packets",
    "corrections",
    "web.api",
)

# A room that split its tables along a noun names the others here.
SPLIT = ("detection.control_tables", "detection.rule_tables")

for _module in SPLIT:
    import_module(f"app.{_module}")
for _room in ROOMS:
    if find_spec(f"app.{_room}.tables") is not None:
        import_module(f"app.{_room}.tables")
