"""The seam to the registry: the facts of an employer in the snapshot that its flags rest on."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session

from app.accounts.schemas import Principal
from app.cases.findings import employer_from_flags
from app.cases.schemas import Employer
from app.detection.schemas import FlagView
from app.errors import Invalid, NotFound
from app.registry import employers
from app.registry.outside import outside
from app.registry.queries import snapshot_by_id
from app.registry.snapshots import SnapshotReader

OPEN: Final = "cases.open"
_OUTSIDE_TABLE: Final = "sumber_pemberi_kerja"
_UNKNOWN: Final = ("", None)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is kept of the employer. `told`: the fields that rest on somebody's word alone.

    `key` finds its open case; it comes from the flags, so that two requests find the same one.
    """

    employer: Employer
    told: tuple[str, ...]
    key: str


def facts_of(
    session: Session,
    *,
    principal: Principal,
    found: Sequence[FlagView],
    told: Employer | None,
    snapshots_dir: Path,
) -> Facts:
    """Return what the snapshot of the flags knows of their employer.

    What it leaves empty the flags fill, then what a person `told`: data on record weigh more, so
    that page, law and packet read the same.

    Raises:
        Invalid: what was told is of another employer.
    """
    said = employer_from_flags(found)
    if told is not None and told.npp != said.npp:
        raise Invalid("Data pemberi kerja tidak cocok dengan temuan yang dipilih.")
    layers = (*_recorded(session, principal, said, found, snapshots_dir), said)
    known = _joined(layers)
    whole = _joined((*layers, told) if told is not None else layers)
    return Facts(
        employer=Employer(**{**whole, "sumber": said.sumber, "id_sumber": said.id_sumber}),
        told=tuple(field for field in whole if whole[field] != known[field]),
        key=said.key,
    )


def _joined(layers: Sequence[Employer]) -> dict[str, Any]:
    """Return each field as the first layer that knows it has it."""
    rows = [asdict(layer) for layer in layers]
    return {
        field: next((row[field] for row in rows if row[field] not in _UNKNOWN), empty)
        for field, empty in asdict(Employer(nama="")).items()
    }


def _recorded(
    session: Session,
    principal: Principal,
    said: Employer,
    found: Sequence[FlagView],
    snapshots_dir: Path,
) -> tuple[Employer, ...]:
    """Return the facts on record; none when the snapshot has no such employer, or is gone."""
    try:
        snapshot = SnapshotReader(snapshots_dir, snapshot_by_id(session, found[0].snapshot_id))
        if said.npp:
            return (_registered(principal, snapshot, said.npp),)
        return _known_outside(principal, snapshot, said, found)
    except NotFound:
        return ()


def _registered(principal: Principal, snapshot: SnapshotReader, npp: str) -> Employer:
    profile = employers.profile(principal, snapshot=snapshot, npp=npp, action=OPEN)
    head = profile.head
    return Employer(
        nama=head.nama,
        npp=npp,
        bentuk=head.bentuk or "",
        npwp=head.npwp or "",
        nib=head.nib or "",
        kbli=head.kbli or "",
        skala=head.skala,
        kelas_jkk=head.kelas_jkk,
        alamat=head.alamat or "",
        kode_wilayah=head.kode_wilayah,
        program=",".join(profile.program),
        jumlah_tk=profile.active_workers,
    )


def _known_outside(
    principal: Principal, snapshot: SnapshotReader, said: Employer, found: Sequence[FlagView]
) -> tuple[Employer, ...]:
    """Return it as each agency of the flags knows it, the one that carries them first."""
    ids = [(said.sumber, said.id_sumber)] + [
        (str(row.values.get("sumber", "")), str(row.values.get("id_sumber", "")))
        for flag in found
        for row in flag.evidence
        if row.table == _OUTSIDE_TABLE
    ]
    rows = outside(principal, action=OPEN, snapshot=snapshot, ids=dict.fromkeys(ids))
    return tuple(
        Employer(
            nama=row.nama,
            npwp=row.npwp,
            nib=row.nib,
            kbli=row.kbli,
            skala=row.skala,
            alamat=row.alamat,
            kode_wilayah=row.kode_wilayah,
            jumlah_tk=row.jumlah_tk,
        )
        for row in rows
    )
