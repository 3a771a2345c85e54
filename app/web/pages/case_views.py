"""PURE: what the pages of one case show, made from its CaseFile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.accounts.schemas import Principal, UserView
from app.cases.clocks import ClockState
from app.cases.schemas import (
    Approval,
    CaseFile,
    CaseFlag,
    CaseRow,
    Deadline,
    Delivery,
    Event,
    NextState,
    StepOption,
    Undermined,
)
from app.cases.stages import PROOF_LABELS, VIOLATION_LABELS, Action
from app.infra.wording import N_, translate
from app.law.parameters.programmes import obliged_programmes
from app.registry.reference.regions import regency_names
from app.web.law_words import law_words
from app.web.pages.case_words import CHANNELS, CLOCKS, RESULTS, SCALES
from app.web.pages.defect_views import DefectLine, defect_lines
from app.web.pages.due import Due, due, due_in_days
from app.web.pages.receipt_words import receipt_words
from app.web.pages.timeline_words import details_of
from app.web.spoken import spoken, spoken_template

APPROVE: Final = "cases.approve"
# Entries that the step they belong to already shows: its exhibits and its deliveries.
TOLD_ELSEWHERE: Final = frozenset({"evidence_added", "service_recorded"})
PROVE_RECEIPT: Final = N_("Catat bukti terima surat")


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one case's pages, made once from the router."""

    case: str
    evidence: str
    deadlines: str
    packet: str
    routes: str
    settlement: str
    figures: str
    steps: Mapping[Action, str]
    files: Mapping[int, str]
    employer: str


@dataclass(frozen=True, slots=True)
class Tab:
    address: str
    words: str
    current: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class Option:
    """A step as a line or as the main card; `address` is empty where no form takes it."""

    action: str
    label: str
    citation: str
    second_person: bool
    letter: bool
    proofs: str
    possible_from: date | None
    reasons: tuple[str, ...]
    address: str
    button: str


@dataclass(frozen=True, slots=True)
class ExhibitLink:
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class TimelineItem:
    words: str
    is_step: bool
    on: date
    recorded_at: datetime
    recorded_late: bool
    actor: str
    approved_by: str
    letter_number: str
    note: str
    details: tuple[str, ...]
    deliveries: tuple[str, ...]
    exhibits: tuple[ExhibitLink, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    id: int
    label: str
    on: date
    letter_number: str
    note: str
    proposed_by: str
    proposed_at: datetime
    may_decide: bool


@dataclass(frozen=True, slots=True)
class UnderminedLine:
    """`address` is that of the step that repeats the letter; empty while it is not possible."""

    sentence: str
    address: str


@dataclass(frozen=True, slots=True)
class FlagLine:
    flag_id: int
    words: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """The page of one case; `main` is the one step that leads on, None when nothing of ours does.

    `estimate` in rupiah is the sum over the flags as they joined the case, None without flags.
    """

    case: CaseFile
    due: Due | None
    tabs: tuple[Tab, ...]
    main: Option | None
    next_sentence: str
    act_on: date | None
    undermined: tuple[UnderminedLine, ...]
    pending: tuple[Pending, ...]
    possible: tuple[Option, ...]
    blocked: tuple[Option, ...]
    timeline: tuple[TimelineItem, ...]
    timeline_left_out: int
    violations: str
    estimate: int | None
    workers: int | None
    place: str
    scale: str
    obliged: str
    employer_address: str
    flags: tuple[FlagLine, ...]
    colleagues: tuple[tuple[str, str], ...]
    defects: tuple[DefectLine, ...]
    routes_address: str


def case_view(
    case: CaseFile,
    *,
    principal: Principal,
    today: date,
    addresses: Addresses,
    colleagues: tuple[UserView, ...],
    language: str,
    whole_timeline: bool,
) -> CaseView:
    main = _main(case, addresses, language)
    options = tuple(
        option
        for option in case.options
        if main is None or not option.allowed or option.action.value != main.action
    )
    flags = case.flags
    return CaseView(
        case=case,
        due=case_due(case, today=today),
        tabs=tabs(case, addresses=addresses, current="case"),
        main=main,
        next_sentence=_next_sentence(case, main, language),
        act_on=case.next.act_on,
        undermined=tuple(_undermined(case, one, addresses, language) for one in case.undermined),
        pending=tuple(_pending(item, principal) for item in case.pending),
        possible=tuple(option_view(o, addresses, language) for o in options if o.allowed),
        blocked=tuple(option_view(o, addresses, language) for o in options if not o.allowed),
        timeline=tuple(
            _timeline_item(event, addresses, language)
            for event in reversed(case.chronology)
            if whole_timeline or event.verb not in TOLD_ELSEWHERE
        ),
        timeline_left_out=0
        if whole_timeline
        else sum(event.verb in TOLD_ELSEWHERE for event in case.events),
        violations=violation_words(case, language),
        estimate=sum(flag.potensi_rupiah or 0 for flag in flags) if flags else None,
        workers=max((flag.jumlah_tk or 0 for flag in flags), default=case.employer.jumlah_tk),
        place=regency_names().get(case.employer.kode_wilayah, case.employer.kode_wilayah),
        scale=SCALES.get(case.employer.skala, case.employer.skala),
        obliged=", ".join(obliged_programmes(case.employer.skala, on=case.as_of)),
        employer_address=addresses.employer,
        flags=tuple(
            FlagLine(flag.flag_id, rule_words(flag.rule), flag_sentence(flag, language))
            for flag in flags
        ),
        colleagues=_colleagues(case, principal, colleagues),
        defects=defect_lines(case.defects, language),
        routes_address=addresses.routes,
    )


def tabs(case: CaseFile, *, addresses: Addresses, current: str) -> tuple[Tab, ...]:
    # fmt: off
    rows = (
        ("case",      addresses.case,      N_("Ringkasan"),      None),
        ("evidence",  addresses.evidence,  N_("Bukti dan surat"), len(case.evidence)),
        ("deadlines", addresses.deadlines, N_("Tenggat"),        len(case.deadlines)),
        ("packet",    addresses.packet,    N_("Berkas rujukan"), None),
        ("routes",    addresses.routes,    N_("Jalur dan dokumen"), None),
        ("settlement", addresses.settlement, N_("Penyelesaian"), None),
        ("figures",   addresses.figures,   N_("Angka"),          None),
    )
    # fmt: on
    return tuple(
        Tab(address=address, words=words, current=name == current, count=count)
        for name, address, words, count in rows
    )


def case_due(case: CaseFile, *, today: date) -> Due | None:
    """Return the newest running deadline of the case, or how long a person has been waited for."""
    if not case.is_open:
        return None
    running = [deadline for deadline in case.deadlines if deadline.due_on is not None]
    if running and running[-1].state is not ClockState.LAPSED:
        return deadline_due(running[-1], today=today)
    return waiting_due(case.next.act_on, today=today)


def row_due(row: CaseRow, *, today: date) -> Due | None:
    """Return how near the day is on which a person is needed, or the employer's last day."""
    if row.next_state is NextState.WAIT and row.next_due_on is not None:
        return due_in_days(on=row.next_due_on, today=today)
    return waiting_due(row.act_on, today=today)


def row_words(row: CaseRow) -> str:
    """Return the sentence key of what comes next for this case."""
    if row.next_state is NextState.PROVE:
        return PROVE_RECEIPT
    if row.next_state is NextState.OUTSIDE:
        return N_("Menunggu Kejaksaan")
    if row.next_state is NextState.NONE:
        return N_("Selesai")
    return row.next_label or N_("Periksa data kasus")


def waiting_due(act_on: date | None, *, today: date) -> Due | None:
    """Say since when somebody is waited for; a day still to come is said as such."""
    if act_on is None:
        return None
    days = (today - act_on).days
    if days > 0:
        return Due(act_on, N_("Menunggu Anda {days} hari"), {"days": days}, "orange", "today")
    if days == 0:
        return Due(act_on, N_("Perlu tindakan hari ini"), {}, "orange", "today")
    return due_in_days(on=act_on, today=today)


def deadline_due(deadline: Deadline, *, today: date) -> Due | None:
    if deadline.due_on is None:
        return None
    return due(on=deadline.due_on, today=today, working_days=deadline.working_days)


def deadline_words(deadline: Deadline) -> str:
    return CLOCKS[deadline.clock]


def option_view(option: StepOption, addresses: Addresses, language: str) -> Option:
    return Option(
        action=option.action.value,
        label=option.label,
        citation=law_words(option.citation, language),
        second_person=option.second_person,
        letter=option.letter,
        proofs=", ".join(translate(PROOF_LABELS[proof], language) for proof in option.proofs),
        possible_from=option.possible_from,
        reasons=tuple(dict.fromkeys(spoken(reason, language) for reason in option.reasons)),
        address=addresses.steps.get(option.action, "") if option.allowed else "",
        button=option.label,
    )


def violation_words(case: CaseFile, language: str) -> str:
    return ", ".join(
        translate(VIOLATION_LABELS[violation], language) for violation in case.violations
    )


def flag_sentence(flag: CaseFlag, language: str) -> str:
    if not flag.sentence_template:
        return flag.sentence
    return spoken_template(flag.sentence_template, flag.sentence_values, language)


def rule_words(rule: str) -> str:
    return next((label for code, label in VIOLATION_LABELS.items() if code.value == rule), rule)


def _main(case: CaseFile, addresses: Addresses, language: str) -> Option | None:
    """Return the step that leads on: proving a receipt, or taking it when it is possible."""
    action = case.next.action
    if action is None:
        return None
    option = option_view(case.option(action), addresses, language)
    if case.next.state is NextState.PROVE:
        return Option(
            action="",
            label=PROVE_RECEIPT,
            citation=option.citation,
            second_person=False,
            letter=False,
            proofs="",
            possible_from=None,
            reasons=(),
            address=addresses.evidence,
            button=N_("Catat penyampaian"),
        )
    if action is Action.HAND_OVER or case.next.state is not NextState.STUCK:
        return option
    return option if option.address else None


def _next_sentence(case: CaseFile, main: Option | None, language: str) -> str:
    """Return what the card says beside its heading, which already names a step that is possible."""
    if main is not None and case.next.state is NextState.ACT:
        return ""
    return spoken(case.next.sentence, language)


def _pending(item: Approval, principal: Principal) -> Pending:
    return Pending(
        id=item.id,
        label=item.label,
        on=item.on,
        letter_number=item.letter_number,
        note=item.note,
        proposed_by=item.proposed_by.name,
        proposed_at=item.proposed_at,
        may_decide=principal.may(APPROVE) and principal.user_id != item.proposed_by.user_id,
    )


def _undermined(
    case: CaseFile, one: Undermined, addresses: Addresses, language: str
) -> UnderminedLine:
    again = case.option(one.step.action).allowed and one.early
    return UnderminedLine(
        sentence=spoken(one.problem, language),
        address=addresses.steps.get(one.step.action, "") if again else "",
    )


def _timeline_item(event: Event, addresses: Addresses, language: str) -> TimelineItem:
    words = translate(event.label, language)
    if step := str(event.detail.get("label", "")) if event.step is None else "":
        words = f"{words}: {translate(step, language)}"
    return TimelineItem(
        words=words,
        is_step=event.step is not None,
        on=event.on,
        recorded_at=event.recorded_at,
        recorded_late=event.recorded_late,
        actor=event.actor.name,
        approved_by=event.approved_by.name if event.approved_by else "",
        letter_number=event.letter_number,
        note=event.note,
        details=details_of(event, language),
        deliveries=tuple(delivery_words(item, language) for item in event.deliveries),
        exhibits=tuple(
            ExhibitLink(words=f"{item.exhibit} {item.title}", address=addresses.files[item.id])
            for item in event.evidence
        ),
    )


def delivery_words(item: Delivery, language: str) -> str:
    day = item.received_on or item.sent_on
    words = spoken_template(
        N_("{channel}, {result}, {day}"),
        {"channel": CHANNELS[item.channel], "result": RESULTS[item.result], "day": day},
        language,
    )
    hour = receipt_words(item.receipt, language) if item.receipt else ""
    return ", ".join(part for part in (words, hour, item.receiver_name) if part)


def _colleagues(
    case: CaseFile, principal: Principal, colleagues: tuple[UserView, ...]
) -> tuple[tuple[str, str], ...]:
    if not case.is_open or not principal.may("cases.assign"):
        return ()
    return tuple((str(person.id), person.name) for person in colleagues)
