"""The fine of PP 86/2013 for not registering or not reporting truly.

Another debt than the late-payment penalty: its own type, which no other amount adds to.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.law.book import LawBook
from app.law.dated import Applied
from app.law.derivation import Derivation, Input, percent
from app.law.faults import fault
from app.law.money import Rupiah, check_amount, formatted, round_half_up
from app.law.parameters.administrative_fine import (
    FINE_BASE,
    FINE_PERIODS,
    FINE_RATE,
    FINE_WINDOW,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministrativeFine:
    """`window_ends_on` is the last day, inclusive, on which the fine may run."""

    base: Rupiah
    rate_per_month: Decimal
    months: int
    amount: Rupiah
    window_ends_on: date
    parameters: tuple[Applied[object], ...]

    def derivation(self) -> Derivation:
        return Derivation(
            label="Denda administratif PP 86/2013",
            value=self.amount,
            formula=f"{formatted(self.base)} × {percent(self.rate_per_month)} × {self.months}, "
            "dibulatkan setengah ke atas",
            inputs=(
                Input("iuran yang seharusnya dibayar", formatted(self.base)),
                Input("jangka waktu berakhir", self.window_ends_on.isoformat()),
            ),
            citation=self.parameters[0].citation,
        )


def administrative_fine(
    *, contributions_due: Rupiah, second_warning_ended_on: date, on: date, law: LawBook
) -> AdministrativeFine:
    """Return the fine as it stands on the day `on`; 0 until the second warning has run out.

    Law: PP 86/2013: 0.1 % per month of the contributions that should have been paid, for at most
    30 days from the end of the second warning. Reading: those 30 days hold one month, and the
    caller decides which contributions form the base (law.md section 9, 2 and 3).

    Raises:
        Invalid: the base is out of range.
        ParameterGap: PP 86/2013 was not in force when the warning ended.
    """
    check_amount(contributions_due, field="contributions_due")
    if second_warning_ended_on.year == date.max.year:
        raise fault(
            "second_warning_ended_on",
            "Tanggal {day} ({field}) tidak dapat dipakai.",
            day=second_warning_ended_on.isoformat(),
        )
    rate = law[FINE_RATE].applied_on(second_warning_ended_on)
    window = law[FINE_WINDOW].applied_on(second_warning_ended_on)
    periods = law[FINE_PERIODS].applied_on(second_warning_ended_on)
    months = periods.value if on > second_warning_ended_on else 0
    return AdministrativeFine(
        base=contributions_due,
        rate_per_month=rate.value,
        months=months,
        amount=round_half_up(contributions_due * rate.value * months),
        window_ends_on=second_warning_ended_on + timedelta(days=window.value),
        parameters=(
            rate,
            window,
            periods,
            law[FINE_BASE].applied_on(second_warning_ended_on),
        ),
    )
