"""Makes a registered employer and its workers, with sizes as skewed as in life."""

from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.demo import geography, identifiers, names
from app.demo.businesses import BUSINESSES, CONSTRUCTION, Business
from app.demo.chance import below
from app.demo.geography import Place
from app.demo.model import Employer, Membership
from app.demo.scene import Scene

_YEAR = 365
_SETTLED_DAYS = 520
_WAGE_STEP = 25_000
_LAST_SAFE_DAY = 27

# Two irrational steps fill the unit square evenly: any number of employers has the same mix.
_STEP_ACROSS, _STEP_UP = 0.7548776662466927, 0.5698402909980532


@dataclass(frozen=True, slots=True)
class _Band:
    """A part of all employers: their scale, their smallest and largest size, how steep between.

    The largest of all is a matter of the region's shape.
    """

    upto: float
    scale: str
    smallest: int
    largest: int
    steepness: float


# fmt: off
_BANDS = (
    _Band(0.56,  "mikro",       1,     6, 1.6),
    _Band(0.85,  "kecil",       4,    24, 1.6),
    _Band(0.965, "menengah",   20,   120, 1.9),
    _Band(1.0,   "besar",     100,     0, 3.6),
)
_SCALE_BOUNDS = (("mikro", 6), ("kecil", 24), ("menengah", 120))
_FORMS: Mapping[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "mikro":    (("Perorangan", "UD", "CV", "PT"),            (55, 25, 12, 8)),
    "kecil":    (("PT", "CV", "UD", "Koperasi", "Yayasan"),   (38, 42, 10, 6, 4)),
    "menengah": (("PT", "CV", "Yayasan", "Koperasi"),         (82, 10, 5, 3)),
    "besar":    (("PT",),                                     (1,)),
}
_HAS_NPWP = {"mikro": 0.30, "kecil": 0.78, "menengah": 0.97, "besar": 0.99}
_HAS_NIB  = {"mikro": 0.50, "kecil": 0.85, "menengah": 0.97, "besar": 0.99}
_PAY_PERCENT = {"mikro": (52, 100), "kecil": (76, 128), "menengah": (100, 165), "besar": (102, 180)}
# fmt: on
_BUILDERS = 0.06
_ON_ESTATES = frozenset({"menengah", "besar"})
_MANAGER_SHARE = {"mikro": 0.0, "kecil": 0.03, "menengah": 0.06, "besar": 0.07}
_CAUSES = ("mengundurkan_diri", "klaim_jht", "phk", "pindah", "lain")


@dataclass(frozen=True, slots=True)
class Cast:
    """What a story asks of its employer. Empty or zero: whatever chance brings.

    `settled` employers have had the same workers for longer than any fresh source is old.
    """

    smallest: int = 1
    largest: int = 100_000
    scale: str = ""
    programmes: tuple[str, ...] = ()
    construction: bool = False
    settled: bool = True


SETTLED = Cast()
ANY = Cast(settled=False)


def employer(scene: Scene, *, index: int, slot: int, cast: Cast) -> Employer:
    """Make the employer of that index with its workers; `slot` is its place in the scene."""
    rng = scene.rng
    size, scale = _size_and_scale(scene, index=index, cast=cast)
    place = geography.pick_place(rng, scene.shape.places, shares=scene.shape.place_shares)
    business = _business(scene, cast=cast)
    form = rng.choices(*_FORMS[scale])[0]
    npwp = _npwp(scene, place=place) if rng.random() < _HAS_NPWP[scale] else ""
    oldest = scene.calendar.ago(rng.randint(4, 14) * _YEAR)
    made = Employer(
        npp=identifiers.npp(index),
        nama=names.firm_name(scene.firm_words(slot), bentuk=form),
        bentuk=form,
        npwp=npwp,
        npwp_shown=_shown(scene, npwp),
        nib=identifiers.nib(scene.number()) if rng.random() < _HAS_NIB[scale] else "",
        kbli=business.code,
        skala=scale,
        kelas_jkk=business.risk_class,
        place=place,
        alamat=geography.address(
            rng, place, industrial=business.industrial and scale in _ON_ESTATES
        ),
        registered_on=_safe(oldest),
        programmes=cast.programmes or rng.choices(*scene.shape.programmes[scale])[0],
    )
    for _ in range(size):
        made.members.append(new_member(scene, made, settled=cast.settled))
    if not cast.settled:
        _let_some_leave(scene, made)
    return made


def new_member(scene: Scene, at: Employer, *, settled: bool, divisi: str = "") -> Membership:
    """Make a worker who is registered at the employer, newly made for it."""
    newest = _SETTLED_DAYS if settled else 3
    span = (scene.calendar.today - at.registered_on).days - newest
    start = at.registered_on + timedelta(days=int(max(span, 0) * scene.rng.random() ** 0.7))
    return Membership(
        divisi=divisi or at.divisions[0],
        kpj=identifiers.kpj(scene.number()),
        person=scene.person(),
        start=_safe(start),
        wage=wage(scene, at.place, scale=at.skala),
    )


def wage(scene: Scene, place: Place, *, scale: str) -> int:
    rng = scene.rng
    least, most = _PAY_PERCENT[scale]
    percent = least + below(rng, most - least + 1)
    if rng.random() < _MANAGER_SHARE[scale]:
        percent = rng.randint(190, 520)
    return place.wage_floor * percent // 100 // _WAGE_STEP * _WAGE_STEP


def give_identifiers(scene: Scene, to: Employer) -> None:
    """Make sure that the employer's NPWP and NIB are known to the registry."""
    if not to.npwp:
        to.npwp = _npwp(scene, place=to.place)
        to.npwp_shown = to.npwp
    if not to.nib:
        to.nib = identifiers.nib(scene.number())


def _npwp(scene: Scene, *, place: Place) -> str:
    return identifiers.npwp15(scene.firm_number(), tax_office=place.tax_office)


def _shown(scene: Scene, npwp: str) -> str:
    longer = scene.rng.random() < 0.3  # noqa: PLR2004  (registered since the 16 digits came)
    return identifiers.npwp16(npwp) if npwp and longer else npwp


def _size_and_scale(scene: Scene, *, index: int, cast: Cast) -> tuple[int, str]:
    across = (0.5 + index * _STEP_ACROSS) % 1
    up = (0.5 + index * _STEP_UP) % 1
    band = _BANDS[bisect([band.upto for band in _BANDS], across)]
    largest = band.largest or scene.shape.largest
    size = band.smallest + int((largest + 1 - band.smallest) * up**band.steepness)
    fitting = min(max(size, cast.smallest), cast.largest)
    if fitting != size:
        fitting = scene.rng.randint(cast.smallest, min(cast.largest, cast.smallest + 12))
    if cast.scale:
        return fitting, cast.scale
    return fitting, band.scale if fitting == size else _scale_of(fitting)


def _scale_of(size: int) -> str:
    return next((scale for scale, most in _SCALE_BOUNDS if size <= most), "besar")


def _business(scene: Scene, *, cast: Cast) -> Business:
    builds = cast.construction or (not cast.settled and scene.rng.random() < _BUILDERS)
    pool = CONSTRUCTION if builds else BUSINESSES
    return scene.rng.choices(pool, weights=[business.weight for business in pool])[0]


def _let_some_leave(scene: Scene, at: Employer) -> None:
    """Add people who were here within the last three years and left."""
    rng = scene.rng
    for _ in range(len(at.members) // 6 + (rng.random() < 0.25)):  # noqa: PLR2004
        left = new_member(scene, at, settled=True)
        end = _safe(scene.calendar.ago(rng.randint(15, 900)))
        if end > left.start:
            left.end, left.cause = end, rng.choice(_CAUSES)
            at.members.append(left)


def _safe(day: date) -> date:
    """Keep off month ends, where other agencies' lists are dated."""
    return day if day.day <= _LAST_SAFE_DAY else day.replace(day=_LAST_SAFE_DAY)
