"""Which ways of bringing an employer to comply are open, which shut each other out, and why.

Advice, never a decision: a person chooses, and says so in the case.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.errors import FieldProblem
from app.law.book import LawBook
from app.law.citation import Citation, reading
from app.law.money import Rupiah, formatted
from app.law.parameters import norms
from app.law.parameters.pupn import PUPN_MINIMUM, PUPN_NOT_WITH_LAW_ENFORCEMENT
from app.law.parameters.small_claims import SMALL_CLAIMS_CEILING


class Route(StrEnum):
    NON_LITIGATION = "non_litigasi"
    SMALL_CLAIM = "gugatan_sederhana"
    ORDINARY_CLAIM = "gugatan_biasa"
    PUPN = "pupn"
    LABOUR_INSPECTOR = "pengawas_ketenagakerjaan"
    DENIAL = "tmp2t"
    AGENT = "pembinaan_agen"


class RouteState(StrEnum):
    """`TAKEN`: under way now. `SHUT`: another route under way excludes it."""

    OPEN = "terbuka"
    LACKING = "belum_lengkap"
    SHUT = "tertutup"
    TAKEN = "sedang_ditempuh"
    NOT_APPLICABLE = "tidak_berlaku"


# fmt: off
LABELS: Final[Mapping[Route, str]] = MappingProxyType({
    Route.NON_LITIGATION:   "Jaksa Pengacara Negara, non-litigasi",
    Route.SMALL_CLAIM:      "Jaksa Pengacara Negara, gugatan sederhana",
    Route.ORDINARY_CLAIM:   "Jaksa Pengacara Negara, gugatan biasa",
    Route.PUPN:             "Penyerahan piutang ke PUPN/KPKNL",
    Route.LABOUR_INSPECTOR: "Laporan kepada pengawas ketenagakerjaan",
    Route.DENIAL:           "Permohonan sanksi TMP2T",
    Route.AGENT:            "Pembinaan oleh agen bagi usaha mikro",
})
STATE_LABELS: Final[Mapping[RouteState, str]] = MappingProxyType({
    RouteState.OPEN:           "terbuka",
    RouteState.LACKING:        "belum terbuka",
    RouteState.SHUT:           "tertutup oleh jalur lain",
    RouteState.TAKEN:          "sedang ditempuh",
    RouteState.NOT_APPLICABLE: "tidak berlaku bagi kasus ini",
})
# fmt: on

# One active way of collecting per debt: state counsel, PUPN, or the police (law.md 5.5).
_PROSECUTOR: Final = frozenset({Route.NON_LITIGATION, Route.SMALL_CLAIM, Route.ORDINARY_CLAIM})
EXCLUDES: Final[Mapping[Route, frozenset[Route]]] = MappingProxyType(
    {
        Route.NON_LITIGATION: frozenset({Route.PUPN}),
        Route.SMALL_CLAIM: frozenset({Route.PUPN, Route.ORDINARY_CLAIM}),
        Route.ORDINARY_CLAIM: frozenset({Route.PUPN, Route.SMALL_CLAIM}),
        Route.PUPN: _PROSECUTOR,
        Route.LABOUR_INSPECTOR: frozenset(),
        Route.DENIAL: frozenset(),
        Route.AGENT: frozenset(),
    }
)

_STATE_COUNSEL: Final = Citation(
    instrument="UU 16/2004 sebagaimana diubah dengan UU 11/2021", article="Pasal 30 ayat (2)",
    grade="A", source="S57",
)  # fmt: skip
_LABOUR: Final = Citation(
    instrument="PP 86/2013", article="Pasal 13 ayat (5)", grade="A", source="S29"
)  # fmt: skip
_DENIAL: Final = Citation(instrument="PP 86/2013", article="Pasal 8", grade="A", source="S22")
_AGENT: Final = reading("Tidak ditemukan norma; pembinaan usaha mikro oleh agen atas pilihan kita.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFacts:
    """What is known of one case on a day.

    `owes`: a breach is that contributions billed were not paid. `breaches`: not registered, or
    wrong or partial data. `claim`: principal and penalty on `on`, None when no bill is known.
    `referral_gaps` and `denial_gaps` are what the workflow says still stands in the way.
    `enforced`: state counsel or the police have, or had, the debt.
    """

    on: date
    owes: bool
    breaches: bool
    claim: Rupiah | None
    ageing: str | None
    scale: str
    law: LawBook
    taken: frozenset[Route] = frozenset()
    with_police: bool = False
    enforced: bool = False
    referral_gaps: tuple[FieldProblem, ...] = ()
    denial_gaps: tuple[FieldProblem, ...] = ()
    findings_reported: bool = False
    litigation_mandate: bool = False
    address_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteAdvice:
    """`gaps`: what lacks, or why it does not apply. `cautions`: what a person still has to judge.

    `excludes`: the routes that are shut while this one is under way.
    """

    route: Route
    state: RouteState
    gaps: tuple[FieldProblem, ...]
    cautions: tuple[FieldProblem, ...]
    excludes: tuple[Route, ...]
    citation: Citation

    @property
    def label(self) -> str:
        return LABELS[self.route]


def advice(facts: RouteFacts) -> tuple[RouteAdvice, ...]:
    """Return every route once, in a fixed order. Nothing is ranked and nothing chosen.

    Law: UU 16/2004 Pasal 30(2); PP 86/2013 Pasal 8 and 13(5); Perma 2/2015 jo. 4/2019. Reading:
    one active way of collecting per debt; TMP2T and the labour inspectorate may run beside it.
    """
    return tuple(_advice(route, facts) for route in Route)


def _advice(route: Route, facts: RouteFacts) -> RouteAdvice:
    look = _ROUTES[route]
    unfit = tuple(look.unfit(facts))
    shut = tuple(_shut(route, facts))
    gaps = tuple(look.gaps(facts))
    said: tuple[FieldProblem, ...] = ()
    if route in facts.taken:
        state = RouteState.TAKEN
    elif unfit:
        state, said = RouteState.NOT_APPLICABLE, unfit
    elif shut:
        state, said = RouteState.SHUT, shut + gaps
    else:
        state, said = (RouteState.LACKING if gaps else RouteState.OPEN), gaps
    return RouteAdvice(
        route=route,
        state=state,
        gaps=said,
        cautions=() if state is RouteState.NOT_APPLICABLE else tuple(look.cautions(facts)),
        excludes=tuple(other for other in Route if other in EXCLUDES[route]),
        citation=look.citation,
    )


def _shut(route: Route, facts: RouteFacts) -> Iterator[FieldProblem]:
    for other in sorted(facts.taken):
        if route in EXCLUDES[other]:
            yield FieldProblem(
                "route",
                "Jalur “{other}” sedang ditempuh untuk utang yang sama.",
                {"other": LABELS[other]},
            )
    if facts.with_police and route in _PROSECUTOR | {Route.PUPN}:
        yield FieldProblem("route", "Utang yang sama sedang ditangani kepolisian.")
    rule = facts.law[PUPN_NOT_WITH_LAW_ENFORCEMENT].find_on(facts.on)
    ruled_out = route is Route.PUPN and facts.enforced and not _PROSECUTOR & facts.taken
    if ruled_out and rule is not None and rule.value:
        yield FieldProblem(
            "route",
            "PUPN/KPKNL hanya menerima piutang yang belum pernah ditangani aparat penegak hukum.",
        )


def _always(_: RouteFacts) -> Iterator[FieldProblem]:
    yield from ()


def _no_debt(facts: RouteFacts) -> Iterator[FieldProblem]:
    if not facts.owes:
        yield FieldProblem("violations", "Kasus ini tidak memuat iuran yang menunggak.")


def _no_breach(facts: RouteFacts) -> Iterator[FieldProblem]:
    if not facts.breaches:
        yield FieldProblem(
            "violations",
            "TMP2T hanya untuk pelanggaran pendaftaran atau data, bukan keterlambatan membayar.",
        )


def _not_micro(facts: RouteFacts) -> Iterator[FieldProblem]:
    if not facts.scale:
        yield FieldProblem("scale", "Skala usaha belum diketahui.")
    elif facts.scale != "mikro":
        yield FieldProblem(
            "scale", "Pembinaan oleh agen hanya untuk usaha mikro; skala usaha ini {scale}.",
            {"scale": facts.scale},
        )  # fmt: skip


def _referral_gaps(facts: RouteFacts) -> Iterator[FieldProblem]:
    yield from facts.referral_gaps


def _claim_gaps(facts: RouteFacts) -> Iterator[FieldProblem]:
    yield from facts.referral_gaps
    if facts.claim is None:
        yield FieldProblem("claim", "Nilai tuntutan belum diketahui: tidak ada tagihan yang jatuh "
                           "tempo pada potret data.")  # fmt: skip
    if not facts.litigation_mandate:
        yield FieldProblem(
            "skk", "SKK litigasi belum dicatat; SKK non-litigasi tidak dapat dipakai menggugat."
        )


def _small_claim_gaps(facts: RouteFacts) -> Iterator[FieldProblem]:
    yield from _claim_gaps(facts)
    if facts.claim is not None:
        yield from over_ceiling(facts.claim, on=facts.on, law=facts.law)
    if not facts.address_known:
        yield FieldProblem("address", "Alamat tergugat harus diketahui; alamat belum tercatat.")


def over_ceiling(claim: Rupiah, *, on: date, law: LawBook) -> Iterator[FieldProblem]:
    """Yield why the claim is too high for the simple procedure on that day; nothing when it fits.

    Law: Perma 2/2015 as amended by Perma 4/2019. Reading: a claim of exactly the ceiling fits.
    """
    ceiling = law[SMALL_CLAIMS_CEILING].on(on)
    if claim > ceiling:
        yield FieldProblem(
            "claim",
            "Nilai tuntutan {claim} melebihi batas gugatan sederhana {ceiling} pada {on}.",
            {"claim": formatted(claim), "ceiling": formatted(ceiling), "on": on},
        )


def _pupn_gaps(facts: RouteFacts) -> Iterator[FieldProblem]:
    if facts.claim is None:
        yield FieldProblem("claim", "Nilai tuntutan belum diketahui: tidak ada tagihan yang jatuh "
                           "tempo pada potret data.")  # fmt: skip
        return
    version = facts.law[PUPN_MINIMUM].find_on(facts.on)
    if version is not None and facts.claim < version.value:
        yield FieldProblem(
            "claim",
            "Piutang {claim} kurang dari {minimum}, batas terendah PUPN/KPKNL.",
            {"claim": formatted(facts.claim), "minimum": formatted(version.value)},
        )


def _pupn_cautions(facts: RouteFacts) -> Iterator[FieldProblem]:
    if facts.ageing is not None and facts.ageing != "macet":
        yield FieldProblem(
            "ageing",
            "Praktik menyerahkan piutang macet; golongan piutang ini {ageing}.",
            {"ageing": facts.ageing.replace("_", " ")},
        )
    yield FieldProblem(
        "norm", "Sumber berbeda tentang peraturan menteri yang berlaku; periksa dengan KPKNL."
    )


def _claim_cautions(_: RouteFacts) -> Iterator[FieldProblem]:
    yield FieldProblem(
        "ground",
        "Apakah iuran tertunggak itu wanprestasi atau perbuatan melawan hukum diputuskan manusia.",
    )


def _small_claim_cautions(facts: RouteFacts) -> Iterator[FieldProblem]:
    yield from _claim_cautions(facts)
    yield FieldProblem(
        "parties",
        "Para pihak harus sedaerah hukum, atau penggugat menunjuk wakil yang sedaerah; belum "
        "diperiksa oleh Patuh.",
    )


def _denial_gaps(facts: RouteFacts) -> Iterator[FieldProblem]:
    yield from facts.denial_gaps


def _labour_gaps(facts: RouteFacts) -> Iterator[FieldProblem]:
    if not facts.findings_reported:
        yield FieldProblem("findings", "Laporan Hasil Pemeriksaan belum disahkan.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """`unfit`: why the route is not for such a case at all; `gaps`: what lacks today."""

    citation: Citation
    unfit: Callable[[RouteFacts], Iterator[FieldProblem]] = _always
    gaps: Callable[[RouteFacts], Iterator[FieldProblem]] = _always
    cautions: Callable[[RouteFacts], Iterator[FieldProblem]] = _always


_ROUTES: Final[Mapping[Route, _Look]] = MappingProxyType(
    {
        Route.NON_LITIGATION: _Look(citation=_STATE_COUNSEL, gaps=_referral_gaps),
        Route.SMALL_CLAIM: _Look(
            citation=norms.PERMA_SMALL_CLAIMS,
            unfit=_no_debt,
            gaps=_small_claim_gaps,
            cautions=_small_claim_cautions,
        ),
        Route.ORDINARY_CLAIM: _Look(
            citation=_STATE_COUNSEL, unfit=_no_debt, gaps=_claim_gaps, cautions=_claim_cautions
        ),
        Route.PUPN: _Look(
            citation=norms.PUPN_PRACTICE, unfit=_no_debt, gaps=_pupn_gaps, cautions=_pupn_cautions
        ),
        Route.LABOUR_INSPECTOR: _Look(citation=_LABOUR, gaps=_labour_gaps),
        Route.DENIAL: _Look(citation=_DENIAL, unfit=_no_breach, gaps=_denial_gaps),
        Route.AGENT: _Look(citation=_AGENT, unfit=_not_micro),
    }
)
