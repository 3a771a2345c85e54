"""/cases/{case_id}/figures: why the arrears of a case changed, and what was never billed."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Query

from app.calculations.differences import DifferenceAnswer
from app.calculations.estimates import EstimateAnswer
from app.cases import queries
from app.infra.wording import sentence, translate
from app.law.estimates import EstimateKind
from app.packets.estimates import FlagEstimate, Given, estimates
from app.packets.figures import Change, Figures, figures
from app.packets.moments import Moment
from app.web.api.operation import LanguageDep, PrincipalDep, TodayDep, may, operations
from app.web.api.v1.shapes import Answer, FieldFault, OnDay, faults
from app.web.deps import ContextDep, PathId, SessionDep

router = operations("cases")
Scale = Literal["mikro", "kecil", "menengah", "besar"]


class MomentDocument(Answer):
    """`key` untuk `since`; `on` tanggal batas angkanya; `printed` jumlah pada berkas tersegel."""

    key: str
    label: str
    number: str
    on: date
    recorded_at: datetime
    printed: int | None

    @classmethod
    def of(cls, moment: Moment, language: str) -> "MomentDocument":
        return cls(
            key=moment.key,
            label=translate(moment.label, language),
            number=moment.number,
            on=moment.on,
            recorded_at=moment.recorded_at,
            printed=moment.printed,
        )


class FiguresChange(Answer):
    """`late_data`: pada `since` belum ada data; dipakai yang pertama diketahui saat dicatat.

    `printed` jumlah pada berkas tersegel bila berbeda dari hitungan kembali, selain itu null.
    """

    since: str
    until: date
    snapshot_then: str
    as_of_then: date
    snapshot_now: str
    as_of_now: date
    late_data: bool
    printed: int | None
    difference: DifferenceAnswer

    @classmethod
    def of(cls, change: Change) -> "FiguresChange":
        return cls(
            since=change.since.key,
            until=change.until,
            snapshot_then=change.data_then.id,
            as_of_then=change.data_then.as_of,
            snapshot_now=change.data_now.id,
            as_of_now=change.data_now.as_of,
            late_data=change.late_data,
            printed=change.printed,
            difference=change.answer,
        )


class FlagEstimateDocument(Answer):
    """Perkiraan, bukan tagihan. `refused` sebabnya bila `estimate` null.

    `folded`: pohonnya berhenti pada bulan dan program karena pekerjanya banyak.
    """

    flag_id: int
    rule: EstimateKind
    estimate: EstimateAnswer | None
    folded: bool
    remarks: list[FieldFault]
    refused: list[FieldFault]

    @classmethod
    def of(cls, item: FlagEstimate, language: str) -> "FlagEstimateDocument":
        return cls(
            flag_id=item.flag_id,
            rule=item.rule,
            estimate=item.answer,
            folded=item.folded,
            remarks=faults(item.remarks, language),
            refused=faults((item.refused,) if item.refused else (), language),
        )


class FiguresDocument(Answer):
    """`unknown` sebabnya bila `change` null, selain itu kosong."""

    moments: list[MomentDocument]
    change: FiguresChange | None
    unknown: str
    estimates: list[FlagEstimateDocument]

    @classmethod
    def of(
        cls, told: Figures, estimated: tuple[FlagEstimate, ...], language: str
    ) -> "FiguresDocument":
        return cls(
            moments=[MomentDocument.of(moment, language) for moment in told.moments],
            change=FiguresChange.of(told.change) if told.change else None,
            unknown=sentence(told.unknown, language) if told.unknown else "",
            estimates=[FlagEstimateDocument.of(item, language) for item in estimated],
        )


@router.get(
    "/cases/{case_id}/figures",
    summary="Sebab perubahan tunggakan kasus, dan perkiraannya",
    dependencies=may("cases.read"),
)
def show_figures(
    case_id: PathId,
    session: SessionDep,
    context: ContextDep,
    principal: PrincipalDep,
    language: LanguageDep,
    today: TodayDep,
    *,
    since: Annotated[
        str, Query(max_length=80, description="`key` dari `moments`; kosong: yang pertama.")
    ] = "",
    scale: Annotated[Scale | None, Query(description="Bila kasus belum mengetahuinya.")] = None,
    jkk_class: Annotated[
        int | None, Query(ge=1, le=5, description="Bila kasus belum mengetahuinya.")
    ] = None,
    on: OnDay = None,
) -> FiguresDocument:
    """Angka pada hari surat, laporan, atau berkas tersegel, dibandingkan dengan hari ini.

    Perlu juga hak membaca registri (`employers:read`). Data dan parameter saat itu adalah yang
    diketahui pada hari itu; perkiraan tidak pernah dijumlahkan dengan tunggakan.
    """
    file = queries.case_file(session, principal=principal, case=case_id, on=on or today)
    snapshots = context.settings.snapshots_dir
    told = figures(session, principal=principal, file=file, since=since, snapshots_dir=snapshots)
    estimated = estimates(
        session,
        principal=principal,
        file=file,
        given=Given(scale=scale or "", jkk_class=jkk_class),
        snapshots_dir=snapshots,
    )
    return FiguresDocument.of(told, estimated, language)
