"""PURE: draws employers by lot, the same ones whenever the seed and the frame are the same.

There is no generator: whoever has the frame orders it by SHA-256 of the seed and the NPP and takes
the first of each stratum, in any language and on any machine.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.errors import FieldProblem, Invalid
from app.infra.wording import N_

# Rises with every change of how is drawn; a kept draw keeps the number it was made under.
DEFINITION: Final = 1


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """An employer that may be drawn; `stratum` is empty where there are no strata."""

    npp: str
    stratum: str


@dataclass(frozen=True, slots=True)
class Stratum:
    """`size` employers of the frame, of which `drawn` were taken."""

    key: str
    size: int
    drawn: int

    @property
    def weight(self) -> Fraction:
        """Return how many employers of the frame one drawn employer stands for."""
        return Fraction(self.size, self.drawn)


@dataclass(frozen=True, slots=True)
class Drawn:
    """`npps` in the order of the lot; the digests are SHA-256 of the frame and of that order."""

    strata: tuple[Stratum, ...]
    npps: tuple[str, ...]
    frame_sha256: str
    list_sha256: str


def draw(frame: Iterable[Candidate], *, seed: str, wanted: int) -> Drawn:
    """Draw `wanted` employers; every employer of the frame has a chance.

    Raises:
        Invalid: the frame holds fewer employers, or more strata than can be reached.
    """
    candidates = sorted(frame)
    strata = allocated(Counter(one.stratum for one in candidates), wanted=wanted)
    left = {one.key: one.drawn for one in strata}
    taken = []
    for candidate in sorted(candidates, key=lambda one: lot(seed, one.npp)):
        if left[candidate.stratum]:
            left[candidate.stratum] -= 1
            taken.append(candidate.npp)
    return Drawn(
        strata=strata,
        npps=tuple(taken),
        frame_sha256=_digest(f"{one.npp}\t{one.stratum}" for one in candidates),
        list_sha256=_digest(taken),
    )


def allocated(sizes: Mapping[str, int], *, wanted: int) -> tuple[Stratum, ...]:
    """Share `wanted` out: one to each stratum, the rest in proportion by largest remainder.

    Raises:
        Invalid: as `draw`.
    """
    total = sum(sizes.values())
    if not 1 <= wanted <= total:
        raise _refused(
            N_("{wanted} pemberi kerja tidak dapat diundi dari {total} yang ada; isi 1 sampai "
               "{total}."),
            wanted=wanted,
            total=total,
        )  # fmt: skip
    if wanted < len(sizes):
        raise _refused(
            N_("Lapisan yang dipilih berisi {count} kelompok; undi paling sedikit {count} atau "
               "pilih lapisan lebih sedikit, agar setiap pemberi kerja dapat terundi."),
            count=len(sizes),
        )  # fmt: skip
    drawn = dict.fromkeys(sizes, 1)
    for key in _by_remainder(sizes, wanted - len(sizes)):
        drawn[key] += 1
    return tuple(Stratum(key, sizes[key], drawn[key]) for key in sorted(sizes))


def lot(seed: str, npp: str) -> str:
    """Return the lot of an employer; the smallest are drawn."""
    return hashlib.sha256(f"{seed}\n{npp}".encode()).hexdigest()


def _by_remainder(sizes: Mapping[str, int], rest: int) -> Sequence[str]:
    """Return the strata that get one more, once for each; none gets more than it holds."""
    room = {key: size - 1 for key, size in sizes.items() if size > 1}
    total = sum(room.values())
    whole = {key: rest * free // total for key, free in room.items()} if total else {}
    given = [key for key, count in whole.items() for _ in range(count)]
    # A stratum whose share is whole has no remainder; the others still have room for one more.
    remainders = sorted(room, key=lambda key: (-(rest * room[key] % total), key))
    return [*given, *remainders[: rest - len(given)]]


def _digest(lines: Iterable[str]) -> str:
    found = hashlib.sha256()
    for line in lines:
        found.update(f"{line}\n".encode())
    return found.hexdigest()


def _refused(template: str, **values: object) -> Invalid:
    return Invalid(template, fields=(FieldProblem("banyaknya", template, values),), **values)
