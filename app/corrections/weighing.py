"""PURE: how heavy a correction of the past is for one paper of a case, and what to do with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.cases.stages import BREACHES, Action, Stage, Violation
from app.corrections.outside import NOTHING, OutsidePast
from app.corrections.past import Past
from app.law.late_payment import Arrears
from app.law.money import Rupiah


class Kind(StrEnum):
    """What told the facts: the opening of the case, a letter or report, a sealed packet."""

    CASE = "kasus"
    LETTER = "surat"
    PACKET = "berkas"


class Choice(StrEnum):
    """Withdraw the paper, write another one with the new figures, or leave it as it is."""

    WITHDRAW = "tarik"
    ADJUST = "sesuaikan"
    IGNORE = "abaikan"


class Ground(StrEnum):
    """Why a choice is proposed; `sentences.reason` says it in words."""

    DEBT_GONE = "pokok_nihil"
    MONTHS_SHORT = "bulan_kurang"
    FLAGS_GONE = "temuan_gugur"
    REGISTERED = "sudah_terdaftar"
    NO_WORKERS = "tanpa_pekerja"
    ALL_GONE = "semua_gugur"
    PARTLY_GONE = "sebagian_gugur"
    AMOUNT = "jumlah"
    WORKERS = "pekerja"
    WORKERS_UNSWEPT = "pekerja_belum_disapu"
    BASES = "dasar_upah"
    SOURCES = "sumber"
    SOURCES_UNSWEPT = "sumber_belum_disapu"
    APART = "tidak_berpengaruh"
    ROUNDED = "pembulatan"
    SMALL = "kecil"


PROPOSES: Final[Mapping[Ground, Choice]] = {
    Ground.DEBT_GONE: Choice.WITHDRAW,
    Ground.MONTHS_SHORT: Choice.WITHDRAW,
    Ground.FLAGS_GONE: Choice.WITHDRAW,
    Ground.REGISTERED: Choice.WITHDRAW,
    Ground.NO_WORKERS: Choice.WITHDRAW,
    Ground.ALL_GONE: Choice.WITHDRAW,
    Ground.PARTLY_GONE: Choice.ADJUST,
    Ground.AMOUNT: Choice.ADJUST,
    Ground.WORKERS: Choice.ADJUST,
    Ground.WORKERS_UNSWEPT: Choice.ADJUST,
    Ground.BASES: Choice.ADJUST,
    Ground.SOURCES: Choice.ADJUST,
    Ground.SOURCES_UNSWEPT: Choice.ADJUST,
    Ground.APART: Choice.IGNORE,
    Ground.ROUNDED: Choice.IGNORE,
    Ground.SMALL: Choice.IGNORE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Dated values as they stood on the day of the paper: rupiah, rupiah per bill, months."""

    material: Rupiah
    rounding: Rupiah
    arrears_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """What the paper rests on. `gone`: rules of the case that the last sweep no longer found.

    `gone` None: the newest data have not been swept, so nobody can say.
    """

    kind: Kind
    violations: frozenset[Violation]
    gone: frozenset[Violation] | None

    @property
    def tells_workers(self) -> bool:
        """Whether workers and wages are facts of the paper: of a breach, or listed in a packet."""
        return self.kind is Kind.PACKET or bool(self.violations & BREACHES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Debts at the end of the paper's day, before and after the correction, in rupiah.

    `moved` is what moved on every bill taken together, up and down alike: two wrongs that cancel
    out are still two. `lines` are the bills whose debt moved; `bases` those of which only the
    workers or the wages did. `sources` are the rows of other agencies that moved, `told` the
    workers they tell of; `registered_as` is the NPP that the employer already had, since that day.
    """

    principal_was: Rupiah
    principal: Rupiah
    penalty_was: Rupiah
    penalty: Rupiah
    months_was: int
    months: int
    moved: Rupiah
    lines: int
    bills: int
    bases: int
    payments: int
    workers: int
    limit: Rupiah
    least_months: int
    fallen: tuple[Violation, ...]
    ground: Ground
    sources: int = 0
    told_was: int = 0
    told: int = 0
    registered_as: str = ""
    registered_on: date | None = None

    @property
    def proposal(self) -> Choice:
        return PROPOSES[self.ground]

    @property
    def total_was(self) -> Rupiah:
        return self.principal_was + self.penalty_was

    @property
    def total(self) -> Rupiah:
        return self.principal + self.penalty


def weigh(
    was: Arrears,
    now: Arrears,
    *,
    past: Past,
    workers: int,
    stake: Stake,
    limits: Limits,
    outside: OutsidePast = NOTHING,
) -> Weight:
    """Return the weight of the correction `past` that turned the debts `was` into `now`.

    Law: none. Reading: ADR 0021, 0026. A paper whose every ground has gone is withdrawn, however
    small the sum. Otherwise it is adjusted when a ground has gone, when at least the dated amount
    moved, or when workers, wages or rows of others moved that it tells of; else it may be ignored.
    """
    moved, lines = _moved(was, now)
    bases = sum(not bill.amount_moved for bill in past.bills) if stake.tells_workers else 0
    told = bool(workers or bases or outside.moved)
    fallen, ground = _fallen(was, now, stake=stake, limits=limits, told=told, outside=outside)
    size = _size(moved, lines, workers=workers, bases=bases, stake=stake, at=limits, beside=outside)
    registered = outside.registered
    return Weight(
        principal_was=was.principal,
        principal=now.principal,
        penalty_was=was.penalty,
        penalty=now.penalty,
        months_was=was.months_in_arrears,
        months=now.months_in_arrears,
        moved=moved,
        lines=lines,
        bills=sum(bill.amount_moved for bill in past.bills),
        bases=bases,
        payments=sum(abs(payment.times) for payment in past.payments),
        workers=workers,
        limit=limits.material,
        least_months=limits.arrears_months,
        fallen=fallen,
        ground=ground or size,
        sources=len(outside.moved),
        told_was=outside.workers_was,
        told=outside.workers,
        registered_as=registered.npp if registered is not None else "",
        registered_on=registered.since if registered is not None else None,
    )


def _fallen(
    was: Arrears,
    now: Arrears,
    *,
    stake: Stake,
    limits: Limits,
    told: bool,
    outside: OutsidePast,
) -> tuple[tuple[Violation, ...], Ground | None]:
    """Return the grounds that have gone, and what that means for the paper; None: they stand."""
    why: dict[Violation, Ground] = {}
    if Violation.PIUTANG in stake.violations:
        if was.principal and not now.principal:
            why[Violation.PIUTANG] = Ground.DEBT_GONE
        elif was.months_in_arrears >= limits.arrears_months > now.months_in_arrears:
            why[Violation.PIUTANG] = Ground.MONTHS_SHORT
    if told:
        # A flag of workers goes for many reasons; only where workers moved is it the correction.
        for rule in stake.violations & BREACHES & (stake.gone or frozenset()):
            why[rule] = Ground.FLAGS_GONE
    unregistered = _unregistered_fallen(outside)
    if Violation.PWBD in stake.violations and unregistered is not None:
        why[Violation.PWBD] = unregistered
    fallen = tuple(sorted(why))
    if not fallen:
        return (), None
    if set(fallen) != stake.violations:
        return fallen, Ground.PARTLY_GONE
    grounds = set(why.values())
    return fallen, grounds.pop() if len(grounds) == 1 else Ground.ALL_GONE


def _unregistered_fallen(outside: OutsidePast) -> Ground | None:
    if outside.registered is not None:
        return Ground.REGISTERED
    return Ground.NO_WORKERS if outside.workers_was and not outside.workers else None


def _size(
    moved: Rupiah,
    lines: int,
    *,
    workers: int,
    bases: int,
    stake: Stake,
    at: Limits,
    beside: OutsidePast,
) -> Ground:
    unswept = stake.gone is None and stake.violations & BREACHES
    if moved >= at.material:
        return Ground.AMOUNT
    if workers:
        return Ground.WORKERS_UNSWEPT if unswept else Ground.WORKERS
    if bases:
        return Ground.BASES
    if beside:
        return Ground.SOURCES_UNSWEPT if unswept else Ground.SOURCES
    if not moved:
        return Ground.APART
    return Ground.ROUNDED if moved <= at.rounding * lines else Ground.SMALL


def _moved(was: Arrears, now: Arrears) -> tuple[Rupiah, int]:
    before, after = (
        {
            (line.month, line.programme): (line.outstanding, line.penalty)
            for line in side.lines
            if line.is_due
        }
        for side in (was, now)
    )
    moved = {
        key: abs(after.get(key, (0, 0))[0] - before.get(key, (0, 0))[0])
        + abs(after.get(key, (0, 0))[1] - before.get(key, (0, 0))[1])
        for key in before.keys() | after.keys()
    }
    return sum(moved.values()), sum(bool(amount) for amount in moved.values())


class NextPage(StrEnum):
    """Where the existing way on is: a step of the workflow, or the page of the packet."""

    STEP = "langkah"
    PACKET = "berkas"
    NONE = "tidak_ada"


@dataclass(frozen=True, slots=True)
class WayOn:
    page: NextPage
    action: Action | None = None


def way_on(choice: Choice, *, kind: Kind, step: Action | None, stage: Stage) -> WayOn:
    """Return what carries the choice out. Weighty steps keep their own two people (ADR 0015).

    A letter that has left is not unsent. While the prosecutor is to have the file, or has it, the
    referral comes back first; otherwise a case without a ground is closed, and one with another
    figure gets its next letter.
    """
    if choice is Choice.IGNORE or stage is Stage.CLOSED:
        return WayOn(NextPage.NONE)
    with_prosecutor = stage is Stage.REFERRED
    if with_prosecutor or (choice is Choice.WITHDRAW and stage is Stage.REFERRAL):
        return WayOn(NextPage.STEP, Action.WITHDRAW_REFERRAL)
    if choice is Choice.WITHDRAW:
        return WayOn(NextPage.STEP, Action.CLOSE)
    if kind is Kind.PACKET:
        return WayOn(NextPage.PACKET)
    if kind is Kind.LETTER and step is not None:
        return WayOn(NextPage.STEP, step)
    return WayOn(NextPage.NONE)
