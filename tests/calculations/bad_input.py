"""What a calculation cannot use, one row per kind: the API, the command and the page say no to it.

`place` is the field of the API, `input_` the one of the page; None where a page cannot ask it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from app.infra.calendars import packaged_calendar
from app.law.book import LawBook, Norms, parameter_named
from app.law.dated import Dated

CONTRIBUTION = {"month": "2026-03", "wage": 12000000, "jkk_class": 2, "scale": "menengah"}
BILL = {"month": "2026-02", "programme": "JHT", "amount": 684000}
PAYMENT = {"month": "2026-02", "programme": "JHT", "paid_on": "2026-07-20", "amount": 100000}
ARREARS = {"bills": [BILL], "payments": [PAYMENT], "cutoff": "2026-09-30"}
DEADLINE = {"from": "2026-03-13", "working_days": 10}
WORKER = {"wage": 5000000, "started_on": "2026-02-01"}
ESTIMATE = {
    "kind": "PDS_UPAH", "cutoff": "2026-04-10", "workers": [WORKER], "jkk_class": 1,
    "scale": "kecil",
}  # fmt: skip
THEN = {"bills": [BILL], "cutoff": "2026-03-31"}
DIFFERENCE = {"before": THEN, "after": ARREARS}
SETTLEMENT = {"bills": [BILL], "from": "2026-09-30", "pay_on": "2026-10-15"}
INSTALMENTS = {**SETTLEMENT, "pay_on": None, "instalments": {"count": 3, "first_on": "2026-10-15"}}
SCHEDULE = {**SETTLEMENT, "pay_on": None, "schedule": [{"on": "2026-10-15"}]}


@dataclass(frozen=True)
class Bad:
    name: str
    kind: str
    document: Mapping[str, object]
    place: str
    value: str
    status: int
    input_: str | None
    query: str = ""
    shown: str = ""


# A page writes days and months out; `shown` is the value as it stands there.
# fmt: off
BAD = (
    Bad("a contribution before July 2015", "contribution", {**CONTRIBUTION, "month": "2015-06"},
        "month", "2015-06", 422,
        "month", "iuran?month=2015-06&wage=1&scale=besar&jkk_class=1", "Juni 2015"),
    Bad("a bill before July 2015", "arrears", {**ARREARS, "bills": [{**BILL, "month": "2015-06"}]},
        "bills.0.month", "2015-06", 422,
        "lines", "tunggakan?lines=2015-06;JHT;684000&cutoff=2026-09-30", "Juni 2015"),
    Bad("a negative wage", "contribution", {**CONTRIBUTION, "wage": -250000},
        "wage", "-250000", 422,
        "wage", "iuran?month=2026-03&wage=-250000&scale=besar&jkk_class=1", "“-250000”"),
    Bad("a negative bill", "arrears", {**ARREARS, "bills": [{**BILL, "amount": -684000}]},
        "bills.0.amount", "-684000", 422,
        "lines", "tunggakan?lines=2026-02;JHT;-684000&cutoff=2026-09-30",
        "“2026-02;JHT;-684000”"),
    Bad("a payment to an unknown bill", "arrears",
        {**ARREARS, "payments": [{**PAYMENT, "programme": "JP"}]},
        "payments.0", "JP 2026-02", 422,
        None),  # a line of the page holds the bill and its payment together
    Bad("a payment to another month", "arrears",
        {**ARREARS, "payments": [{**PAYMENT, "month": "2026-01"}]},
        "payments.0", "JHT 2026-01", 422, None),
    Bad("a start that is no day", "deadline", {**DEADLINE, "from": "2026-02-30"},
        "from", "2026-02-30", 422,
        "from", "tenggat?from=2026-02-30&count=10&unit=working_days", "“2026-02-30”"),
    Bad("a cut-off that is no day", "arrears", {**ARREARS, "cutoff": "2026-02-30"},
        "cutoff", "2026-02-30", 422,
        "cutoff", "tunggakan?lines=2026-02;JHT;684000&cutoff=2026-02-30", "“2026-02-30”"),
    Bad("a payment on a day that is none", "arrears",
        {**ARREARS, "payments": [{**PAYMENT, "paid_on": "2026-02-30"}]},
        "payments.0.paid_on", "2026-02-30", 422,
        "lines", "tunggakan?lines=2026-02;JHT;684000;2026-02-30;1000&cutoff=2026-09-30",
        "2026-02-30"),
    Bad("a month that is none", "contribution", {**CONTRIBUTION, "month": "2026-13"},
        "month", "2026-13", 422,
        "month", "iuran?month=2026-13&wage=1&scale=besar&jkk_class=1", "2026-13"),
    Bad("a deadline into a year not loaded", "deadline", {**DEADLINE, "from": "2027-12-17"},
        "working_days", "2028", 409,
        "count", "tenggat?from=2027-12-17&count=10&unit=working_days", "2028"),
    Bad("a deadline from a year not loaded", "deadline", {**DEADLINE, "from": "2014-12-30"},
        "from", "2014", 409,
        "from", "tenggat?from=2014-12-30&count=10&unit=working_days", "2014"),
    Bad("a bill due in a year not loaded", "arrears",
        {"bills": [BILL, {**BILL, "month": "2027-12"}], "cutoff": "2026-09-30"},
        "bills.1.month", "2028", 409,
        "lines",
        "tunggakan?lines=2026-02;JHT;684000%0A2027-12;JHT;684000&cutoff=2026-09-30",
        "Desember 2027"),
    Bad("an estimate of a negative wage", "estimate",
        {**ESTIMATE, "workers": [{**WORKER, "wage": -5000000}]},
        "workers.0.wage", "-5000000", 422,
        "workers",
        "perkiraan?kind=PDS_UPAH&workers=A;-5000000;2026-02-01&cutoff=2026-04-10&scale=kecil"
        "&jkk_class=1", "“A;-5000000;2026-02-01”"),
    Bad("a reported wage above the evidenced one", "estimate",
        {**ESTIMATE, "workers": [{**WORKER, "reported": 5000001}]},
        "workers.0.reported", "5000001", 422,
        "workers",
        "perkiraan?kind=PDS_UPAH&workers=A;5000000;2026-02-01;;5000001&cutoff=2026-04-10"
        "&scale=kecil&jkk_class=1", "5000001"),
    Bad("a worker who began on a day that is none", "estimate",
        {**ESTIMATE, "workers": [{**WORKER, "started_on": "2026-02-30"}]},
        "workers.0.started_on", "2026-02-30", 422,
        "workers",
        "perkiraan?kind=PDS_UPAH&workers=A;5000000;2026-02-30&cutoff=2026-04-10&scale=kecil"
        "&jkk_class=1", "2026-02-30"),
    Bad("a second cut-off before the first", "difference",
        {"before": THEN, "after": {**ARREARS, "cutoff": "2026-03-30"}},
        "after.cutoff", "2026-03-30", 422,
        "cutoff_after",
        "perubahan?lines=2026-02;JHT;684000&cutoff=2026-03-31&cutoff_after=2026-03-30",
        "30 Maret 2026"),
    Bad("an early bill in the first history", "difference",
        {**DIFFERENCE, "before": {**THEN, "bills": [{**BILL, "month": "2015-06"}]}},
        "before.bills.0.month", "2015-06", 422,
        "lines",
        "perubahan?lines=2015-06;JHT;1&lines_after=2026-02;JHT;1&cutoff=2026-03-31"
        "&cutoff_after=2026-09-30", "Juni 2015"),
    Bad("a bill of the second history due in a year not loaded", "difference",
        {**DIFFERENCE, "after": {**ARREARS, "bills": [BILL, {**BILL, "month": "2027-12"}]}},
        "after.bills.1.month", "2028", 409,
        "lines_after",
        "perubahan?lines=2026-02;JHT;1&lines_after=2026-02;JHT;1%0A2027-12;JHT;1"
        "&cutoff=2026-03-31&cutoff_after=2026-09-30", "Desember 2027"),
    Bad("a payroll before July 2015", "contribution",
        {"month": "2015-06", "workers": [{"wage": 1}], "jkk_class": 1, "scale": "besar"},
        "month", "2015-06", 422,
        "month", "iuran?month=2015-06&workers=A;1&scale=besar&jkk_class=1", "Juni 2015"),
    Bad("an estimate before July 2015", "estimate", {**ESTIMATE, "cutoff": "2015-06-30"},
        "cutoff", "2015-06-30", 422,
        "cutoff",
        "perkiraan?kind=PWBD&workers=A;5000000;2015-02-01&cutoff=2015-06-30&scale=kecil"
        "&jkk_class=1", "30 Juni 2015"),
    Bad("an estimate over centuries", "estimate", {**ESTIMATE, "cutoff": "9999-12-31"},
        "cutoff", "9999-12-31", 422,
        "cutoff",
        "perkiraan?kind=PWBD&workers=A;5000000;2026-02-01&cutoff=9999-12-31&scale=kecil"
        "&jkk_class=1", "9999-12-31"),
    Bad("an early bill in a settlement", "settlement",
        {**SETTLEMENT, "bills": [{**BILL, "month": "2015-06"}]},
        "bills.0.month", "2015-06", 422,
        "lines", "penyelesaian?lines=2015-06;JHT;1&from=2026-09-30&on=2026-10-15&count=1",
        "Juni 2015"),
    Bad("a negative bill in a settlement", "settlement",
        {**SETTLEMENT, "bills": [{**BILL, "amount": -684000}]},
        "bills.0.amount", "-684000", 422,
        "lines",
        "penyelesaian?lines=2026-02;JHT;-684000&from=2026-09-30&on=2026-10-15&count=1",
        "“2026-02;JHT;-684000”"),
    Bad("a settlement with a payment to an unknown bill", "settlement",
        {**SETTLEMENT, "payments": [{**PAYMENT, "programme": "JP"}]},
        "payments.0", "JP 2026-02", 422, None),
    Bad("a settlement from a day that is none", "settlement",
        {**SETTLEMENT, "from": "2026-02-30"}, "from", "2026-02-30", 422,
        "from", "penyelesaian?lines=2026-02;JHT;1&from=2026-02-30&on=2026-10-15&count=1",
        "“2026-02-30”"),
    Bad("a settlement before anything is due", "settlement",
        {**SETTLEMENT, "from": "2026-03-16"}, "from", "2026-03-16", 422,
        "from", "penyelesaian?lines=2026-02;JHT;1&from=2026-03-16&on=2026-10-15&count=1",
        "16 Maret 2026"),
    Bad("a settlement of a bill due in a year not loaded", "settlement",
        {**SETTLEMENT, "bills": [BILL, {**BILL, "month": "2027-12"}]},
        "bills.1.month", "2028", 409,
        "lines",
        "penyelesaian?lines=2026-02;JHT;1%0A2027-12;JHT;1&from=2026-09-30&on=2026-10-15&count=1",
        "Desember 2027"),
    Bad("a payment day before the agreement", "settlement",
        {**SETTLEMENT, "pay_on": "2026-09-29"}, "pay_on", "2026-09-29", 422,
        "on", "penyelesaian?lines=2026-02;JHT;1&from=2026-09-30&on=2026-09-29&count=1",
        "29 September 2026"),
    Bad("a first instalment before the agreement", "settlement",
        {**INSTALMENTS, "instalments": {"count": 3, "first_on": "2026-09-29"}},
        "instalments.first_on", "2026-09-29", 422,
        "on", "penyelesaian?lines=2026-02;JHT;1&from=2026-09-30&on=2026-09-29&count=3",
        "29 September 2026"),
    Bad("instalments beyond the last year", "settlement",
        {**INSTALMENTS, "instalments": {"count": 3, "first_on": "9998-11-15"}},
        "instalments.first_on", "9998-11-15", 422,
        "on", "penyelesaian?lines=2026-02;JHT;1&from=2026-09-30&on=9998-11-15&count=3",
        "9998-11-15"),
    Bad("a payment day in the last year of all", "settlement",
        {**SETTLEMENT, "pay_on": "9999-01-01"}, "pay_on", "9999-01-01", 422,
        "on", "penyelesaian?lines=2026-02;JHT;1&from=2026-09-30&on=9999-01-01&count=1",
        "9999-01-01"),
    Bad("a schedule before the agreement", "settlement",
        {**SCHEDULE, "schedule": [{"on": "2026-09-29"}]}, "schedule.0.on", "2026-09-29", 422,
        "schedule", "penyelesaian?lines=2026-02;JHT;1&from=2026-09-30&schedule=2026-09-29",
        "29 September 2026"),
    Bad("a negative instalment", "settlement",
        {**SCHEDULE, "schedule": [{"on": "2026-10-15", "amount": -5000}]},
        "schedule.0.amount", "-5000", 422,
        "schedule",
        "penyelesaian?lines=2026-02;JHT;1&from=2026-09-30&schedule=2026-10-15;-5000",
        "“2026-10-15;-5000”"),
)
GAPS = (
    Bad("a rate not enacted", "contribution", {**CONTRIBUTION, "month": "2027-01"},
        "month", "2027-01-01", 422,
        "month", "iuran?month=2027-01&wage=1&scale=besar&jkk_class=2", "1 Januari 2027"),
    Bad("a penalty not enacted", "arrears",
        {"bills": [BILL, {**BILL, "month": "2027-01"}], "cutoff": "2027-09-30"},
        "bills.1.month", "2027-01-01", 422,
        "lines", "tunggakan?lines=2026-02;JHT;684000%0A2027-01;JHT;684000&cutoff=2027-09-30",
        "1 Januari 2027"),
    Bad("no ageing classes at the cut-off", "arrears",
        {"bills": [BILL], "cutoff": "2027-09-30"},
        "cutoff", "2027-09-30", 422,
        "cutoff", "tunggakan?lines=2026-02;JHT;684000&cutoff=2027-09-30", "30 September 2027"),
    Bad("a lump sum before there was an order to book it in", "arrears",
        {**ARREARS, "payments": [{**PAYMENT, "month": None, "paid_on": "2015-06-30"}]},
        "payments.0.paid_on", "2015-06-30", 422,
        "lines",
        "tunggakan?lines=2026-02;JHT;684000%0A;JHT;;2015-06-30;1000&cutoff=2026-09-30",
        "30 Juni 2015"),
    Bad("a rate not enacted for a payroll", "contribution",
        {"month": "2027-01", "workers": [{"wage": 1}], "jkk_class": 2, "scale": "besar"},
        "month", "2027-01-01", 422,
        "month", "iuran?month=2027-01&workers=A;1&scale=besar&jkk_class=2", "1 Januari 2027"),
    Bad("a rate not enacted for an estimate", "estimate", {**ESTIMATE, "cutoff": "2027-04-10"},
        "cutoff", "2027-01-01", 422,
        "cutoff",
        "perkiraan?kind=PWBD&workers=A;5000000;2026-02-01&cutoff=2027-04-10&scale=kecil"
        "&jkk_class=1", "1 Januari 2027"),
    Bad("a penalty not enacted for a settlement", "settlement",
        {**SETTLEMENT, "bills": [BILL, {**BILL, "month": "2027-01"}]},
        "bills.1.month", "2027-01-01", 422,
        "lines",
        "penyelesaian?lines=2026-02;JHT;1%0A2027-01;JHT;1&from=2026-09-30&on=2026-10-15&count=1",
        "1 Januari 2027"),
    Bad("no ageing classes on the day of payment", "settlement",
        {**SETTLEMENT, "pay_on": "2027-10-15"}, "pay_on", "2027-10-15", 422,
        "on", "penyelesaian?lines=2026-02;JHT;1&from=2026-09-30&on=2027-10-15&count=1",
        "15 Oktober 2027"),
    Bad("no ageing classes on the day of the agreement", "settlement",
        {**SETTLEMENT, "from": "2027-09-30", "pay_on": "2027-10-15"}, "from", "2027-09-30", 422,
        "from", "penyelesaian?lines=2026-02;JHT;1&from=2027-09-30&on=2027-10-15&count=1",
        "30 September 2027"),
    Bad("no ageing classes in the second history", "difference",
        {**DIFFERENCE, "after": {**ARREARS, "cutoff": "2027-09-30"}},
        "after.cutoff", "2027-09-30", 422,
        "cutoff_after",
        "perubahan?lines=2026-02;JHT;684000&cutoff=2026-03-31&cutoff_after=2027-09-30",
        "30 September 2027"),
)
# fmt: on


def gapped() -> Norms:
    """Return the law as it would be if some values ended with 2026 and nothing followed."""
    ended: dict[str, Dated[object]] = {}
    for key in ("rate.jht.employer", "late.rate", "ageing.classes"):
        known = parameter_named(key)
        last = replace(known.versions[-1], valid_to=date(2026, 12, 31))
        ended[key] = replace(known, versions=(*known.versions[:-1], last))
    return Norms(law=LawBook(MappingProxyType(ended)), calendar=packaged_calendar())
