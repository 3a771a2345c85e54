"""A few employers made together: the stage on which one story is planted."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from app.demo import identifiers, names
from app.demo.days import DemoCalendar, month_end
from app.demo.model import Employer, Listed, Membership, Person, Planted, SourceRecord
from app.demo.shape import Shape

_FIRMS_PER_GROUP = 16
_FRESH_DAYS = (60, 380)
_STALE_DAYS = (620, 1500)
_SLOTS = 4


@dataclass(slots=True)
class Scene:
    """All chance comes from `rng`, seeded by the group, so that groups can be made apart.

    `bystanders` are the employers that no story has touched.
    """

    group: int
    rng: Random
    calendar: DemoCalendar
    shape: Shape
    employers: list[Employer] = field(default_factory=list)
    bystanders: list[Employer] = field(default_factory=list)
    outsiders: list[SourceRecord] = field(default_factory=list)
    truth: list[Planted] = field(default_factory=list)
    used: int = 0
    firms: int = 0

    def number(self) -> int:
        """Return a number that no other group and no earlier call had."""
        self.used += 1
        if self.used >= self.shape.numbers:
            raise OverflowError(f"a group holds fewer than {self.shape.numbers} numbered things")
        return self.group * self.shape.numbers + self.used

    def firm_number(self) -> int:
        """Return a number like `number`, from a series small enough for tax numbers."""
        self.firms += 1
        if self.firms >= _FIRMS_PER_GROUP:
            raise OverflowError("a group of the demo holds fewer than 16 firms")
        return self.group * _FIRMS_PER_GROUP + self.firms

    def firm_words(self, slot: int) -> str:
        if slot < _SLOTS:
            return names.firm_words(self.group * _SLOTS + slot)
        return names.longer_words(self.group * _SLOTS + slot - _SLOTS)

    def person(self) -> Person:
        female = self.rng.random() < 0.38  # noqa: PLR2004  (share of women at work)
        nik, born = identifiers.nik_and_birth(self.number(), female=female)
        return Person(nik, names.person_name(self.rng, female=female), born)

    def fresh_day(self) -> date:
        """Return a month's end, well inside 18 months and two months or more ago."""
        return month_end(self.calendar.ago(self.rng.randint(*_FRESH_DAYS)))

    def stale_day(self) -> date:
        return month_end(self.calendar.ago(self.rng.randint(*_STALE_DAYS)))

    def violation(
        self,
        rule: str,
        pattern: str,
        note: str,
        *,
        employer: Employer,
        jumlah_tk: int | None = None,
        sources: tuple[SourceRecord, ...] = (),
        niks: tuple[str, ...] = (),
    ) -> None:
        self._plant("violation", rule, pattern, note, employer, jumlah_tk, sources, niks)

    def innocent(
        self,
        rule: str,
        pattern: str,
        note: str,
        *,
        employer: Employer,
        jumlah_tk: int | None = None,
        sources: tuple[SourceRecord, ...] = (),
        niks: tuple[str, ...] = (),
    ) -> None:
        self._plant("innocent", rule, pattern, note, employer, jumlah_tk, sources, niks)

    def outside(self, kind: str, pattern: str, note: str, *, sources: list[SourceRecord]) -> None:
        """Record what is true of an employer that only other agencies know."""
        freshest = max(sources, key=lambda source: source.on)
        self.outsiders.extend(sources)
        self.truth.append(
            Planted(
                kind=kind,
                rule="PWBD",
                pattern=pattern,
                note=note,
                sumber=";".join(source.sumber for source in sources),
                id_sumber=";".join(source.id_sumber for source in sources),
                npwp="".join(filter(str.isdigit, freshest.npwp)),
                jumlah_tk=freshest.jumlah_tk if kind == "violation" else None,
            )
        )

    def _plant(
        self,
        kind: str,
        rule: str,
        pattern: str,
        note: str,
        employer: Employer,
        jumlah_tk: int | None,
        sources: tuple[SourceRecord, ...],
        niks: tuple[str, ...],
    ) -> None:
        self.truth.append(
            Planted(
                kind=kind,
                rule=rule,
                pattern=pattern,
                note=note,
                npp=employer.npp,
                divisi=employer.divisi_shown,
                sumber=";".join(source.sumber for source in sources),
                id_sumber=";".join(source.id_sumber for source in sources),
                npwp=employer.npwp_shown,
                nik=";".join(niks),
                jumlah_tk=jumlah_tk,
            )
        )


def active_on(employer: Employer, day: date) -> list[Membership]:
    return [member for member in employer.members if member.runs_on(day)]


def as_listed(member: Membership, *, wage: int | None = None) -> Listed:
    """Return the member as a truthful list shows it; `wage` when the list knows one."""
    person = member.person
    return Listed(person.nik, person.nama, person.born, member.start, wage)
