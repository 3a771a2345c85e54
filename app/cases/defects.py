"""PURE: what would sink the case in court, from what is on record. A row is one reading of law."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Final

from app.cases.edges import DELIVERED_ACTIONS
from app.cases.papers import MANDATES, PAPER_LABELS, STAMPED, PaperKind, Sent, newest
from app.cases.positions import Done, Position, deadline_of
from app.cases.stages import ARREARS, DOCUMENT_LABELS, Action, Stage, Violation, document_label
from app.errors import FieldProblem
from app.law.calendar import CalendarTooShort, WorkingCalendar
from app.law.citation import Citation, reading
from app.law.money import Rupiah
from app.law.parameters import norms
from app.law.routes import over_ceiling


class Severity(StrEnum):
    """`FATAL`: stops the referral and the sealing. `REPAIRABLE`: said, and stops nothing."""

    FATAL = "fatal"
    REPAIRABLE = "dapat_diperbaiki"


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketFacts:
    """What only the packet knows: its figures, its sources, its citations.

    `claim`: principal and penalty, None when no bill is known. `frozen_on` and `newest_on` are the
    days of the snapshot the referral rests on and of the last one; both None while nothing is
    frozen. `registered_…`: the employer as the last snapshot knows it, on `registered_on`.
    """

    claim: Rupiah | None = None
    frozen_on: date | None = None
    newest_on: date | None = None
    outdated: bool = False
    criminal_clause: bool = False
    citations: tuple[Citation, ...] = ()
    registered_name: str = ""
    registered_address: str = ""
    registered_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtFacts:
    """All that the rules may look at. `packet` None: nobody has looked at the packet."""

    position: Position
    on: date
    calendar: WorkingCalendar
    packet: PacketFacts | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Defect:
    """`sentence` says what is wrong, `repair` what to do about it, both in one sentence."""

    code: str
    severity: Severity
    sentence: FieldProblem
    repair: FieldProblem
    citation: Citation
    reading: str


Found = Iterator[FieldProblem]


@dataclass(frozen=True, slots=True, kw_only=True)
class DefectRule:
    """`reading` is how we understand the law; `repair` the way out, in Indonesian."""

    code: str
    severity: Severity
    citation: Citation
    reading: str
    repair: str
    find: Callable[[CourtFacts], Found]


def defects(facts: CourtFacts) -> tuple[Defect, ...]:
    """Return every defect on record as of `facts.on`, the fatal ones first."""
    found = [
        Defect(
            code=rule.code,
            severity=rule.severity,
            sentence=sentence,
            repair=FieldProblem(rule.code, rule.repair),
            citation=rule.citation,
            reading=rule.reading,
        )
        for rule in RULES
        for sentence in rule.find(facts)
    ]
    return tuple(sorted(found, key=lambda defect: defect.severity is not Severity.FATAL))


def fatal(position: Position, *, on: date, calendar: WorkingCalendar) -> tuple[Defect, ...]:
    """Return what forbids a referral, from the case alone."""
    known = defects(CourtFacts(position=position, on=on, calendar=calendar))
    return tuple(defect for defect in known if defect.severity is Severity.FATAL)


def _early(facts: CourtFacts, *, action: Action, after: Action) -> Found:
    step, earlier = facts.position.last_done(action), facts.position.last_done(after)
    if step is None:
        return
    names = {
        "document": DOCUMENT_LABELS[action],
        "on": step.on,
        "earlier": DOCUMENT_LABELS[after],
    }
    due_on = _due_on(facts, earlier) if earlier else None
    if due_on is None:
        yield FieldProblem(
            "receipt",
            "{document} tanggal {on} terbit sebelum {earlier} terbukti diterima.",
            names,
        )
    elif step.on <= due_on:
        yield FieldProblem(
            "on",
            "{document} tanggal {on} terbit sebelum tenggat {earlier} lewat pada {due_on}.",
            {**names, "due_on": due_on},
        )


def _due_on(facts: CourtFacts, step: Done) -> date | None:
    """Return the last day of that letter's clock; one beyond the calendar has not lapsed yet."""
    try:
        return deadline_of(facts.position, step, on=facts.on, calendar=facts.calendar).due_on
    except CalendarTooShort:
        return date.max


def _wrong_addressee(facts: CourtFacts) -> Found:
    for letter in _standing_letters(facts):
        name, _ = _record_on(facts, letter.on)
        if not _same(letter.addressee, name):
            yield FieldProblem(
                "addressee",
                "{document} {number} ditujukan kepada {addressee}, sedangkan pemberi kerja pada "
                "data hari itu {name}.",
                {
                    "document": document_label(letter.action, facts.position.violations),
                    "number": letter.number,
                    "addressee": letter.addressee,
                    "name": name,
                },
            )


def _wrong_address(facts: CourtFacts) -> Found:
    for letter in _standing_letters(facts):
        _, address = _record_on(facts, letter.on)
        if not _same(letter.address, address):
            yield FieldProblem(
                "address",
                "{document} {number} dikirim ke {address}, sedangkan alamat pada data hari itu "
                "{known}.",
                {
                    "document": document_label(letter.action, facts.position.violations),
                    "number": letter.number,
                    "address": letter.address,
                    "known": address,
                },
            )


def _standing_letters(facts: CourtFacts) -> Iterator[Sent]:
    """Yield letters that no later one of the same kind to the right place has replaced."""
    sent = facts.position.trail.sent
    for letter in sent:
        later = [one for one in sent if one.action is letter.action and one.seq > letter.seq]
        if not any(_rightly_addressed(facts, one) for one in later):
            yield letter


def _rightly_addressed(facts: CourtFacts, letter: Sent) -> bool:
    name, address = _record_on(facts, letter.on)
    return (
        bool(letter.addressee) and _same(letter.addressee, name) and _same(letter.address, address)
    )


def _record_on(facts: CourtFacts, on: date) -> tuple[str, str]:
    """Return name and address as they were on record: of the last snapshot, if it was there."""
    packet, trail = facts.packet, facts.position.trail
    if packet is not None and packet.registered_on is not None and packet.registered_on <= on:
        return packet.registered_name, packet.registered_address
    return trail.employer, trail.address


def _same(told: str, known: str) -> bool:
    """Say whether two names or addresses are one; what is not recorded contradicts nothing."""
    plain, other = _plain(told), _plain(known)
    return not plain or not other or plain == other


def _plain(text: str) -> str:
    """Return the letters and digits alone: spacing and full stops make no other party."""
    return "".join(char for char in text.upper() if char.isalnum())


def _no_capacity(facts: CourtFacts) -> Found:
    handed = facts.position.trail.handed
    for step in facts.position.steps:
        receipts = [one for one in handed if one.seq == step.seq]
        unknown = receipts and not any(one.capacity for one in receipts)
        if unknown and step.action in DELIVERED_ACTIONS:
            yield FieldProblem(
                "receiver_position",
                "{document} tanggal {on} diterima {receiver} tanpa jabatan atau hubungan yang "
                "dicatat.",
                {
                    "document": document_label(step.action, facts.position.violations),
                    "on": step.on,
                    "receiver": receipts[0].receiver,
                },
            )


def _mandate_expired(facts: CourtFacts) -> Found:
    for kind in sorted(MANDATES):
        known = facts.position.trail.of_kind(kind)
        if known and facts.position.trail.in_force(kind, on=facts.on) is None:
            last = known[-1]
            if last.last_on is not None and last.last_on < facts.on:
                yield FieldProblem(
                    "skk",
                    "{paper} {number} berakhir pada {until}.",
                    {"paper": PAPER_LABELS[kind], "number": last.number, "until": last.last_on},
                )


def _substitution(facts: CourtFacts, *, known: bool | None) -> Found:
    for kind in sorted(MANDATES):
        paper = facts.position.trail.in_force(kind, on=facts.on)
        if paper is None or paper.substitution is not known:
            continue
        names = {"paper": PAPER_LABELS[kind], "number": paper.number}
        if known is None:
            yield FieldProblem("skk", "Hak substitusi pada {paper} {number} belum dicatat.", names)
        else:
            yield FieldProblem("skk", "{paper} {number} tidak memuat hak substitusi.", names)


def _mandate_missing(facts: CourtFacts) -> Found:
    handed_over = facts.position.stage in {Stage.REFERRAL, Stage.REFERRED}
    if handed_over and not facts.position.trail.of_kind(*MANDATES):
        yield FieldProblem("skk", "Surat Kuasa Khusus belum dicatat.")


def _agreement_lapsed(facts: CourtFacts) -> Found:
    position = facts.position
    if position.last_done(Action.REPORT_FINDINGS) is None:
        return
    referral = position.last_done(Action.REFER)
    day = referral.on if referral else facts.on
    known = position.trail.of_kind(PaperKind.AGREEMENT)
    if not known:
        yield FieldProblem(
            "pks", "Perjanjian kerja sama kantor ini dengan Kejaksaan belum dicatat."
        )
    elif position.trail.in_force(PaperKind.AGREEMENT, on=day) is None:
        last = newest(known)
        yield FieldProblem(
            "pks",
            "Perjanjian kerja sama {number} tidak berlaku pada hari rujukan {day}.",
            {"number": last.number if last else "-", "day": day},
        )


def _two_collectors(facts: CourtFacts) -> Found:
    for kind in (PaperKind.PUPN, PaperKind.POLICE):
        paper = facts.position.trail.in_force(kind, on=facts.on)
        if paper is not None:
            yield FieldProblem(
                "route",
                "{paper} {number} masih berjalan sejak {since}; Kejaksaan tidak dapat menagih "
                "utang yang sama.",
                {
                    "paper": PAPER_LABELS[kind],
                    "number": paper.number,
                    "since": paper.signed_on,
                },
            )


def _claim_too_high(facts: CourtFacts) -> Found:
    chosen = facts.position.trail.in_force(PaperKind.SMALL_CLAIM, on=facts.on)
    if chosen is None or facts.packet is None or facts.packet.claim is None:
        return
    yield from over_ceiling(facts.packet.claim, on=facts.on, law=facts.position.law)


def _criminal_clause(facts: CourtFacts) -> Found:
    if facts.packet is None or not facts.packet.criminal_clause:
        return
    violations = facts.position.violations
    if not violations & ARREARS or Violation.PWBD in violations:
        yield FieldProblem(
            "criminal_clause",
            "Surat rujukan memilih menyebut Pasal 55 UU 24/2011, sedangkan kasus ini tidak memuat "
            "pelanggaran Pasal 19.",
        )


def _unverified_citation(facts: CourtFacts) -> Found:
    for cited in facts.packet.citations if facts.packet else ():
        if cited.grade == "C":
            yield FieldProblem(
                "citation",
                "Kutipan {instrument} belum diverifikasi dan tidak boleh dicetak sebagai hukum.",
                {"instrument": cited.instrument},
            )


def _unchecked_citation(facts: CourtFacts) -> Found:
    unchecked = [
        f"{cited.instrument} {cited.article}"
        for cited in (facts.packet.citations if facts.packet else ())
        if cited.article
        and cited.grade != "C"
        and (cited.article_grade or cited.grade) != "A"
        and not cited.checked_by
    ]
    if unchecked:
        yield FieldProblem(
            "citation",
            "Nomor pasal pada {count} kutipan belum dicocokkan orang yang bernama: {cited}.",
            {"count": len(unchecked), "cited": "; ".join(unchecked)},
        )


def _frozen_early(facts: CourtFacts) -> Found:
    packet = facts.packet
    if packet is None or not packet.outdated:
        return
    if packet.frozen_on is None or packet.newest_on is None:
        return
    yield FieldProblem(
        "snapshot",
        "Angka rujukan memakai potret data {frozen}; potret terakhir {newest}.",
        {"frozen": packet.frozen_on, "newest": packet.newest_on},
    )


def _unstamped(facts: CourtFacts) -> Found:
    for paper in facts.position.trail.of_kind(*STAMPED):
        if paper.stamped is False and (paper.last_on is None or facts.on <= paper.last_on):
            yield FieldProblem(
                "stamp",
                "{paper} {number} belum bermeterai.",
                {"paper": PAPER_LABELS[paper.kind], "number": paper.number},
            )


_MANDATE: Final = Citation(
    instrument="SEMA 2/1959 jo. SEMA 6/1994", article=None, grade="B", source="S72, S73, S75, S76",
)  # fmt: skip
_AGREEMENT: Final = Citation(
    instrument="Praktik kerja sama BPJS Ketenagakerjaan dan Kejaksaan", article=None, grade="B",
    source="S70, S71",
)  # fmt: skip
_ONE_COLLECTOR: Final = norms.PUPN_PRACTICE
_PASAL_55: Final = Citation(
    instrument="UU 24/2011", article="Pasal 55", grade="A", source="S7, S8"
)  # fmt: skip
_PARTY: Final = Citation(
    instrument="Praktik pengadilan: pihak dan alamat gugatan sederhana", article=None, grade="B",
    source="S83, PN-BTL, PA-PKP",
)  # fmt: skip
_STAMP: Final = Citation(instrument="UU 10/2020", article="Pasal 3", grade="A", source="S77")
_HOUSE: Final = reading("Aturan Patuh: yang dicetak harus dapat dipertanggungjawabkan.")

# fmt: off
RULES: Final = (
    DefectRule(
        code="warning-early", severity=Severity.FATAL, citation=norms.PP_86_2013_WARNING,
        find=partial(_early, action=Action.WARN_2, after=Action.WARN_1),
        reading="Teguran kedua baru ada sesudah tenggat teguran pertama lewat, dihitung sejak "
                "terbukti diterima.",
        repair="Lengkapi bukti terima yang sebenarnya; bila tenggat memang belum lewat, cabut "
               "rujukan bila sudah ada, lalu ulangi Teguran Tertulis II."),
    DefectRule(
        code="fine-early", severity=Severity.FATAL, citation=norms.PP_86_2013_FINE_WINDOW,
        find=partial(_early, action=Action.IMPOSE_FINE, after=Action.WARN_2),
        reading="Denda dikenakan sejak teguran kedua berakhir, bukan sebelumnya.",
        repair="Lengkapi bukti terima yang sebenarnya; bila tenggat memang belum lewat, cabut "
               "rujukan bila sudah ada, lalu ulangi pengenaan denda."),
    DefectRule(
        code="wrong-addressee", severity=Severity.FATAL, citation=_PARTY, find=_wrong_addressee,
        reading="Surat kepada badan lain tidak mengikat pemberi kerja, dan gugatan salah pihak "
                "tidak diterima.",
        repair="Cabut rujukan bila sudah ada, lalu kirim surat baru kepada nama yang benar; bila "
               "surat itu teguran, ulangi dalam kasus baru."),
    DefectRule(
        code="two-collectors", severity=Severity.FATAL, citation=_ONE_COLLECTOR,
        find=_two_collectors,
        reading="Satu utang hanya ditagih satu jalur pada satu waktu: jaksa, PUPN/KPKNL, atau "
                "polisi.",
        repair="Catat berakhirnya jalur yang lain, atau jangan rujuk kasus ini."),
    DefectRule(
        code="mandate-expired", severity=Severity.FATAL, citation=_MANDATE, find=_mandate_expired,
        reading="Kuasa yang sudah berakhir tidak dapat diperbaiki di depan pengadilan.",
        repair="Terbitkan SKK baru lalu catat di sini."),
    DefectRule(
        code="mandate-without-substitution", severity=Severity.FATAL, citation=_MANDATE,
        find=partial(_substitution, known=False),
        reading="Hak substitusi tidak dianggap ada bila tidak tertulis, sedangkan Kajari "
                "meneruskan kuasa kepada tim JPN.",
        repair="Terbitkan SKK baru yang memuat hak substitusi lalu catat di sini."),
    DefectRule(
        code="claim-too-high", severity=Severity.FATAL, citation=norms.PERMA_SMALL_CLAIMS,
        find=_claim_too_high,
        reading="Nilai tuntutan adalah pokok dan denda pada hari itu; tepat pada batas masih "
                "boleh.",
        repair="Tempuh gugatan biasa, atau catat berakhirnya keputusan gugatan sederhana."),
    DefectRule(
        code="criminal-clause", severity=Severity.FATAL, citation=_PASAL_55, find=_criminal_clause,
        reading="Pasal 55 hanya menjangkau Pasal 19; tidak mendaftar dikenai sanksi administratif.",
        repair="Kunci ulang rujukan tanpa ketentuan pidana."),
    DefectRule(
        code="unverified-citation", severity=Severity.FATAL, citation=_HOUSE,
        find=_unverified_citation,
        reading="Kutipan bertingkat C tidak pernah dicetak sebagai hukum.",
        repair="Minta petugas hukum membaca naskah resminya, atau hapus kutipan itu."),
    DefectRule(
        code="wrong-address", severity=Severity.REPAIRABLE, citation=_PARTY, find=_wrong_address,
        reading="Alamat yang keliru membuka sanggahan bahwa surat tidak pernah sampai.",
        repair="Pastikan alamatnya; kirim ulang bila surat tidak sampai di tempat yang benar."),
    DefectRule(
        code="no-capacity", severity=Severity.REPAIRABLE,
        citation=reading("Tidak ditemukan norma; penerima tanpa kedudukan mudah disanggah."),
        find=_no_capacity,
        reading="Penerima harus dapat dikaitkan dengan pemberi kerja.",
        repair="Minta keterangan penerima, lalu catat penyampaian dengan jabatan atau "
               "hubungannya."),
    DefectRule(
        code="substitution-unknown", severity=Severity.REPAIRABLE, citation=_MANDATE,
        find=partial(_substitution, known=None),
        reading="Hak substitusi tidak dianggap ada bila tidak tertulis.",
        repair="Baca SKK itu, lalu catat ulang dengan atau tanpa hak substitusi."),
    DefectRule(
        code="mandate-missing", severity=Severity.REPAIRABLE, citation=_MANDATE,
        find=_mandate_missing,
        reading="Tanpa kuasa khusus jaksa tidak dapat bertindak untuk kita.",
        repair="Catat SKK begitu ditandatangani."),
    DefectRule(
        code="agreement-lapsed", severity=Severity.REPAIRABLE, citation=_AGREEMENT,
        find=_agreement_lapsed,
        reading="Rujukan bersandar pada kerja sama yang berlaku; peringatan, bukan larangan.",
        repair="Catat perjanjian yang berlaku, atau minta pembaruannya sebelum berkas diserahkan."),
    DefectRule(
        code="unchecked-citation", severity=Severity.REPAIRABLE, citation=_HOUSE,
        find=_unchecked_citation,
        reading="Nomor pasal dari sumber sekunder dicetak dengan tanda sampai orang yang bernama "
                "mencocokkannya.",
        repair="Minta petugas hukum mencocokkan kutipan itu dengan naskah resmi."),
    DefectRule(
        code="frozen-early", severity=Severity.REPAIRABLE, citation=_HOUSE, find=_frozen_early,
        reading="Angka dan fakta harus yang terakhir diketahui ketika berkas diserahkan.",
        repair="Kunci ulang angka rujukan, lalu minta persetujuan kembali."),
    DefectRule(
        code="unstamped", severity=Severity.REPAIRABLE, citation=_STAMP, find=_unstamped,
        reading="Dokumen perdata dan dokumen yang dipakai sebagai bukti di pengadilan terutang "
                "meterai.",
        repair="Lakukan pemeteraian kemudian, lalu catat ulang."),
)
# fmt: on
