"""What is answered about the soundness of a case: defects, routes, papers, the radar."""

from datetime import date

from app.cases.defects import Defect, Severity
from app.cases.papers import PAPER_LABELS, Paper, PaperKind
from app.cases.radar import Signal, SignalKind, Turn
from app.infra.wording import sentence, translate
from app.law.citation import Grade
from app.law.routes import LABELS, Route, RouteAdvice, RouteState
from app.web.api.v1.shapes import Answer, FieldFault, faults


class DefectDocument(Answer):
    """`fatal` menghalangi rujukan dan penyegelan; `citation` berkata bila belum diverifikasi."""

    code: str
    severity: Severity
    sentence: str
    repair: str
    reading: str
    citation: str
    grade: Grade

    @classmethod
    def of(cls, defect: Defect, language: str) -> "DefectDocument":
        return cls(
            code=defect.code,
            severity=defect.severity,
            sentence=sentence(defect.sentence, language),
            repair=sentence(defect.repair, language),
            reading=translate(defect.reading, language),
            citation=defect.citation.label,
            grade=defect.citation.grade,
        )


class RouteDocument(Answer):
    """`gaps` yang belum ada atau sebabnya tertutup; `cautions` yang dinilai manusia."""

    route: Route
    label: str
    state: RouteState
    gaps: list[FieldFault]
    cautions: list[FieldFault]
    excludes: list[Route]
    citation: str
    grade: Grade

    @classmethod
    def of(cls, item: RouteAdvice, language: str) -> "RouteDocument":
        return cls(
            route=item.route,
            label=translate(LABELS[item.route], language),
            state=item.state,
            gaps=faults(item.gaps, language),
            cautions=faults(item.cautions, language),
            excludes=list(item.excludes),
            citation=item.citation.label,
            grade=item.citation.grade,
        )


class PaperDocument(Answer):
    """`case_id` null: milik kantor dan semua kasusnya. `valid_until` hari terakhir."""

    id: int
    case_id: int | None
    kind: PaperKind
    label: str
    number: str
    signed_on: date
    valid_until: date | None
    ended_on: date | None
    substitution: bool | None
    stamped: bool | None
    note: str

    @classmethod
    def of(cls, paper: Paper, language: str) -> "PaperDocument":
        return cls(
            id=paper.id,
            case_id=paper.case_id,
            kind=paper.kind,
            label=translate(PAPER_LABELS[paper.kind], language),
            number=paper.number,
            signed_on=paper.signed_on,
            valid_until=paper.valid_until,
            ended_on=paper.ended_on,
            substitution=paper.substitution,
            stamped=paper.stamped,
            note=paper.note,
        )


class SignalDocument(Answer):
    """`case_number` kosong bila menyangkut seluruh kantor; `officer` petugas kasusnya."""

    kind: SignalKind
    on: date
    office_code: str
    case_number: str
    employer: str
    officer: str
    turn: Turn
    sentence: str

    @classmethod
    def of(cls, signal: Signal, language: str) -> "SignalDocument":
        return cls(
            kind=signal.kind,
            on=signal.on,
            office_code=signal.owner.office_code,
            case_number=signal.owner.case_number,
            employer=signal.owner.employer,
            officer=signal.owner.officer,
            turn=signal.turn,
            sentence=sentence(signal.sentence, language),
        )
