"""What other agencies know: truthful records of registered employers, and firms only they know."""

from dataclasses import replace
from datetime import date

from app.demo import geography, identifiers, names
from app.demo.businesses import BUSINESSES
from app.demo.geography import Place
from app.demo.model import Employer, Listed, Membership, SourceRecord
from app.demo.scene import Scene, active_on, as_listed

_MISSPELT_SHARE = 0.12
_LIST_COMPLETE_SHARE = 0.92

# fmt: off
_LISTS_SHARE = {"WLKP": 0.10, "OSS": 0.00, "DJP": 0.55, "KESEHATAN": 0.95}
_STALE_SHARE = {"WLKP": 0.25, "OSS": 0.55, "DJP": 0.10, "KESEHATAN": 0.05}
# fmt: on
AGENCIES = tuple(_LISTS_SHARE)


def record(
    scene: Scene,
    of: Employer,
    *,
    sumber: str,
    on: date,
    head_count: int | None = None,
) -> SourceRecord:
    """Make a record that names the employer beyond doubt; by default it counts our own workers."""
    shown = of.npwp and _npwp_as_written(scene, of.npwp, sumber=sumber)
    made = SourceRecord(
        sumber=sumber,
        id_sumber=source_id(scene, sumber),
        nama=names.written_otherwise(scene.rng, of.nama) if shown or of.nib else of.nama,
        npwp=shown,
        nib=of.nib if sumber in {"OSS", "WLKP"} or not shown else "",
        kbli=of.kbli,
        alamat=of.alamat,
        kode_wilayah=of.place.kode_wilayah,
        jumlah_tk=len(active_on(of, on)) if head_count is None else head_count,
        skala=of.skala if sumber == "OSS" else "",
        on=on,
    )
    of.sources.append(made)
    return made


def record_with_list(
    scene: Scene,
    of: Employer,
    *,
    sumber: str,
    on: date,
    also: tuple[Listed, ...] = (),
    without: tuple[Membership, ...] = (),
) -> SourceRecord:
    """Make a record that names every worker registered on the day, and `also` others."""
    made = record(scene, of, sumber=sumber, on=on)
    made.listed = [
        as_listed(member, wage=member.wage) for member in active_on(of, on) if member not in without
    ]
    made.listed += also
    made.jumlah_tk = len(made.listed)
    return made


def usual_records(scene: Scene, of: Employer) -> None:
    """Add what agencies usually know of an employer that tells everybody the same."""
    rng = scene.rng
    for sumber in AGENCIES:
        if rng.random() >= scene.shape.usual[sumber]:
            continue
        stale = rng.random() < _STALE_SHARE[sumber]
        on = scene.stale_day() if stale else scene.fresh_day()
        if on <= of.registered_on:
            continue
        made = record(scene, of, sumber=sumber, on=on)
        made.jumlah_tk = max(made.jumlah_tk - rng.choice((0, 0, 0, 1, 2)), 0)
        if made.npwp and rng.random() < _MISSPELT_SHARE:
            made.nama = names.misspelt(rng, of.nama)
        if rng.random() < _LISTS_SHARE[sumber]:
            made.listed = _usual_list(scene, of, on=on)
            made.jumlah_tk = max(made.jumlah_tk, len(made.listed))
        _leave_gaps(scene, made, of)


def stranger(
    scene: Scene,
    *,
    sumber: str,
    on: date,
    head_count: int,
    place: Place | None = None,
    slot: int = 3,
) -> SourceRecord:
    """Make an employer that is registered nowhere with us, with NPWP and NIB."""
    rng = scene.rng
    home = place or geography.pick_place(rng, scene.shape.places, shares=scene.shape.place_shares)
    business = rng.choices(BUSINESSES, weights=[business.weight for business in BUSINESSES])[0]
    npwp = identifiers.npwp15(scene.firm_number(), tax_office=home.tax_office)
    return SourceRecord(
        sumber=sumber,
        id_sumber=source_id(scene, sumber),
        nama=names.firm_name(scene.firm_words(slot), bentuk=rng.choice(("PT", "CV", "CV", "UD"))),
        npwp=_npwp_as_written(scene, npwp, sumber=sumber),
        nib=identifiers.nib(scene.number()) if sumber in {"OSS", "WLKP"} else "",
        kbli=business.code,
        alamat=geography.address(rng, home, industrial=business.industrial),
        kode_wilayah=home.kode_wilayah,
        jumlah_tk=head_count,
        skala=rng.choice(("mikro", "kecil")) if sumber == "OSS" else "",
        on=on,
    )


def seen_again(
    scene: Scene, known: SourceRecord, *, sumber: str, on: date, head_count: int
) -> SourceRecord:
    """Return the same stranger as another agency knows it, under the other form of its NPWP."""
    longer = identifiers.npwp16(known.npwp) if len(known.npwp) == 15 else known.npwp  # noqa: PLR2004
    return replace(
        known,
        sumber=sumber,
        id_sumber=source_id(scene, sumber),
        nama=names.written_otherwise(scene.rng, known.nama),
        npwp=longer,
        nib="",
        skala="",
        jumlah_tk=head_count,
        on=on,
        listed=[],
    )


def newcomer(scene: Scene, *, start: date, wage: int) -> Listed:
    """Return a worker whom nobody registered anywhere."""
    person = scene.person()
    return Listed(person.nik, person.nama, person.born, start, wage)


def source_id(scene: Scene, sumber: str) -> str:
    number = scene.number()
    match sumber:
        case "LAPORAN":
            return f"LAP-{scene.calendar.today.year}-{number:07d}"
        case "KESEHATAN":
            return f"{number:010d}"
        case _:
            return f"{sumber}-{number:010d}"


def _npwp_as_written(scene: Scene, npwp: str, *, sumber: str) -> str:
    if sumber in {"DJP", "OSS"}:
        return identifiers.npwp16(npwp)
    if sumber == "WLKP" and scene.rng.random() < 0.15:  # noqa: PLR2004  (typed from the card)
        return identifiers.npwp_punctuated(npwp)
    return npwp


def _usual_list(scene: Scene, of: Employer, *, on: date) -> list[Listed]:
    """Most of those registered on the day, at about the wage we know, with holes in the cells."""
    rng = scene.rng
    listed = []
    for member in active_on(of, on):
        if rng.random() > _LIST_COMPLETE_SHARE:
            continue
        wage = member.wage * rng.randint(96, 106) // 100 if rng.random() < 0.8 else None  # noqa: PLR2004
        entry = as_listed(member, wage=wage)
        listed.append(replace(entry, start=None) if rng.random() < 0.1 else entry)  # noqa: PLR2004
    return listed


def _leave_gaps(scene: Scene, made: SourceRecord, of: Employer) -> None:
    """Drop what half-filled rows lack, never the last thing that ties the row to its employer."""
    rng = scene.rng
    if rng.random() < 0.2:  # noqa: PLR2004
        made.kbli = ""
    if rng.random() < 0.15:  # noqa: PLR2004
        made.alamat = ""
    if made.npwp and made.nib and made.nib == of.nib and rng.random() < 0.25:  # noqa: PLR2004
        made.npwp = ""
