"""What is answered about cases: one of them, a line of a list, what is possible now."""

from datetime import date
from typing import Any

from app.cases.schemas import CaseFile, CaseRow, CaseThen, NextState, NextStep, StepOption, Task
from app.cases.stages import Action, Proof, Stage, Violation
from app.infra.wording import sentence, translate
from app.packets.standing import Standing
from app.web.api.v1.case_judgements import DefectDocument, RouteDocument
from app.web.api.v1.case_ledgers import (
    ApprovalDocument,
    DeadlineDocument,
    PersonDocument,
    UnderminedDocument,
)
from app.web.api.v1.shapes import Answer, FieldFault, faults


class EmployerDocument(Answer):
    nama: str
    npp: str
    divisi: str
    bentuk: str
    npwp: str
    nib: str
    kbli: str
    skala: str
    kelas_jkk: int | None
    alamat: str
    kode_wilayah: str
    program: str
    jumlah_tk: int | None
    sumber: str
    id_sumber: str
    kontak: str


class CaseFlagDocument(Answer):
    flag_id: int
    rule: str
    rule_version: int
    rule_edition: int
    snapshot_id: str
    sentence: str
    jumlah_tk: int
    potensi_rupiah: int
    bulan_tunggak: int
    numbers: dict[str, Any]
    source_ages: dict[str, int]
    confidence: str
    added_on: date


class CaseThenDocument(Answer):
    """Kasus dengan tahap yang diketahui pada akhir hari itu."""

    number: str
    stage: Stage
    stage_label: str

    @classmethod
    def of(cls, case: CaseThen, language: str) -> "CaseThenDocument":
        return cls(
            number=case.number,
            stage=case.stage,
            stage_label=translate(case.stage_label, language),
        )


class CasesThenDocument(Answer):
    """Yang sudah tercatat pada akhir `known_on` di zona kantor pemegang token."""

    npp: str
    known_on: date
    items: list[CaseThenDocument]


class CaseLine(Answer):
    """`act_on` adalah hari sejak kapan seseorang diperlukan; null bila tidak ada."""

    id: int
    number: str
    office_code: str
    stage: Stage
    stage_label: str
    employer_name: str
    npp: str
    violations: list[Violation]
    officer: PersonDocument | None
    opened_on: date
    next_state: NextState
    next_action: Action | None
    next_label: str
    next_due_on: date | None
    act_on: date | None
    needs_action: bool
    overdue_days: int
    waiting_approval: bool
    version: int

    @classmethod
    def of(cls, row: CaseRow, language: str) -> "CaseLine":
        shown = cls.model_validate(row)
        return shown.model_copy(
            update={
                "stage_label": translate(row.stage_label, language),
                "next_label": translate(row.next_label, language),
            }
        )


class OptionDocument(Answer):
    """Satu langkah: mungkin sekarang (`allowed`), atau mengapa belum (`reasons`).

    `possible_from` hari pertama bila waktu saja yang ditunggu. `second_person`: POST membuat
    usulan yang harus disetujui orang lain.
    """

    action: Action
    label: str
    to: Stage | None
    allowed: bool
    reasons: list[FieldFault]
    proofs: list[Proof]
    letter: bool
    second_person: bool
    possible_from: date | None
    citation: str
    closing_reasons: list[str]

    @classmethod
    def of(cls, option: StepOption, language: str) -> "OptionDocument":
        return cls(
            action=option.action,
            label=translate(option.label, language),
            to=option.to,
            allowed=option.allowed,
            reasons=faults(option.reasons, language),
            proofs=list(option.proofs),
            letter=option.letter,
            second_person=option.second_person,
            possible_from=option.possible_from,
            citation=option.citation,
            closing_reasons=list(option.closing_reasons),
        )


class NextDocument(Answer):
    state: NextState
    action: Action | None
    act_on: date | None
    sentence: str

    @classmethod
    def of(cls, following: NextStep, language: str) -> "NextDocument":
        return cls(
            state=following.state,
            action=following.action,
            act_on=following.act_on,
            sentence=sentence(following.sentence, language),
        )


class StepsDocument(Answer):
    """Apa yang mungkin pada hari `as_of`, dan mengapa yang lain belum."""

    case_id: int
    number: str
    stage: Stage
    version: int
    as_of: date
    next: NextDocument
    steps: list[OptionDocument]
    deadlines: list[DeadlineDocument]

    @classmethod
    def of(cls, case: CaseFile, language: str) -> "StepsDocument":
        return cls(
            case_id=case.id,
            number=case.number,
            stage=case.stage,
            version=case.version,
            as_of=case.as_of,
            next=NextDocument.of(case.next, language),
            steps=[OptionDocument.of(option, language) for option in case.options],
            deadlines=[DeadlineDocument.of(deadline) for deadline in case.deadlines],
        )


class CaseDocument(Answer):
    """Satu kasus. Linimasa, bukti, pengiriman, dan pembayaran ada pada alamatnya sendiri.

    `defects` yang dapat menggugurkan perkara; `routes` petunjuk jalur, bukan keputusan. Nilai
    tuntutan dihitung bila token boleh membaca registri. Keduanya kosong bila kasus ditutup.
    """

    id: int
    number: str
    office_code: str
    office_name: str
    stage: Stage
    stage_label: str
    version: int
    as_of: date
    opened_on: date
    closed_on: date | None
    closed_reason: str
    employer: EmployerDocument
    violations: list[Violation]
    officer: PersonDocument | None
    snapshot_id: str | None
    flags: list[CaseFlagDocument]
    deadlines: list[DeadlineDocument]
    undermined: list[UnderminedDocument]
    approvals: list[ApprovalDocument]
    next: NextDocument
    next_due_on: date | None
    defects: list[DefectDocument]
    routes: list[RouteDocument]

    @classmethod
    def of(cls, case: CaseFile, standing: Standing, language: str) -> "CaseDocument":
        return cls(
            id=case.id,
            number=case.number,
            office_code=case.office_code,
            office_name=case.office_name,
            stage=case.stage,
            stage_label=translate(case.stage_label, language),
            version=case.version,
            as_of=case.as_of,
            opened_on=case.opened_on,
            closed_on=case.closed_on,
            closed_reason=case.closed_reason,
            employer=EmployerDocument.model_validate(case.employer),
            violations=list(case.violations),
            officer=None if case.officer is None else PersonDocument.model_validate(case.officer),
            snapshot_id=case.snapshot_id,
            flags=[CaseFlagDocument.model_validate(flag) for flag in case.flags],
            deadlines=[DeadlineDocument.of(deadline) for deadline in case.deadlines],
            undermined=[UnderminedDocument.of(step, language) for step in case.undermined],
            approvals=[ApprovalDocument.of(approval, language) for approval in case.approvals],
            next=NextDocument.of(case.next, language),
            next_due_on=case.next_due_on,
            defects=[DefectDocument.of(item, language) for item in standing.defects],
            routes=[RouteDocument.of(item, language) for item in standing.routes],
        )


class OpenedDocument(Answer):
    """`already`: permintaan yang sama sudah membukanya; tidak ada yang berubah."""

    id: int
    number: str
    already: bool


class VersionDocument(Answer):
    id: int
    version: int


class StepDocument(Answer):
    """`event_seq` null bila langkah ini menunggu persetujuan `approval_id`."""

    case_id: int
    number: str
    stage: Stage
    version: int
    event_seq: int | None
    approval_id: int | None


class TaskDocument(Answer):
    kind: str
    case_id: int
    case_number: str
    employer_name: str
    action: Action | None
    approval_id: int | None
    sentence: str
    since: date

    @classmethod
    def of(cls, task: Task, language: str) -> "TaskDocument":
        return cls(
            kind=task.kind,
            case_id=task.case_id,
            case_number=task.case_number,
            employer_name=task.employer_name,
            action=task.action,
            approval_id=task.approval_id,
            sentence=sentence(task.sentence, language),
            since=task.since,
        )
