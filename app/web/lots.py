"""The seed of a lot: chosen by the machine at the moment of the draw, by nobody else."""

import secrets
from typing import Annotated

from fastapi import Depends


def seed() -> str:
    return secrets.token_hex(16)


SeedDep = Annotated[str, Depends(seed)]
