"""A hand-made case that every packet test may take and change with dataclasses.replace."""

import hashlib
from dataclasses import replace
from datetime import date
from typing import Literal

from app.infra.calendars import packaged_calendar
from app.law.administrative_fine import administrative_fine
from app.law.book import SHIPPED
from app.law.late_payment import Arrears, Bill, Payment, arrears
from app.law.month import Month
from app.packets.dossier import (
    Agreement,
    BillBase,
    Dossier,
    Employer,
    Event,
    Evidence,
    Letter,
    Office,
    Officer,
    SourceCount,
    Subject,
    Violation,
    Worker,
)

CUTOFF = date(2026, 10, 31)
RATES = {"JKK": 54, "JKM": 30, "JHT": 570, "JP": 300}
WAGE = 5_250_000

OFFICE = Office(
    code="J01",
    name="Kantor Cabang Bekasi Cikarang",
    parent_name="Kantor Wilayah Jawa Barat",
    city="Cikarang",
    address="Jalan Industri Tegal Gede Nomor 12, Cikarang Selatan, Kabupaten Bekasi 17530",
    phone="(021) 5550 1234",
    email="cikarang@contoh.go.id",
    head_name="Dr. Ratna Kusumawardhani, S.E., M.M.",
    head_title="Kepala Kantor Cabang",
    prosecutor_office="Kejaksaan Negeri Kabupaten Bekasi",
)
EMPLOYER = Employer(
    npp="JJ042117",
    divisions=("000",),
    name="PT Sinar Mekar Tekstil Nusantara",
    form="PT",
    npwp="0012345678901000",
    nib="9120103456789",
    kbli="13121",
    kbli_title="Industri Pertenunan",
    scale="menengah",
    jkk_class=3,
    address="Kawasan Industri Jababeka Blok C-17, Desa Pasirgombong, Kecamatan Cikarang Utara",
    regency="Kabupaten Bekasi",
    province="Jawa Barat",
    registered_on=date(2017, 3, 6),
    status="aktif",
    programmes=("JKK", "JKM", "JHT", "JP"),
    workers_active=38,
    workers_ended=9,
    sources=(
        SourceCount(source="WLKP", workers=46, as_of=date(2026, 7, 1)),
        SourceCount(source="DJP", workers=44, as_of=date(2026, 5, 31)),
    ),
    related=("JJ050233",),
)


def digest(seed: str) -> str:
    """Return something that looks like a SHA-256, the same for the same seed."""
    return hashlib.sha256(seed.encode()).hexdigest()


def bills(months: int, workers: int) -> tuple[tuple[Bill, ...], tuple[BillBase, ...]]:
    """Return `months` months of four bills each, the last one two months before the cut-off."""
    last = Month.of(CUTOFF) - 2
    made: list[Bill] = []
    bases: list[BillBase] = []
    for back in range(months - 1, -1, -1):
        month = last - back
        for programme, basis_points in RATES.items():
            wages = workers * WAGE
            amount = wages * basis_points // 10_000
            made.append(Bill(month=month, programme=programme, amount=amount))
            bases.append(
                BillBase(month=month, programme=programme, workers=workers, wage_base=wages)
            )
    return tuple(made), tuple(bases)


def worker(number: int, status: str = "aktif") -> Worker:
    given = ("Agus", "Siti", "Budi", "Dewi", "Eko", "Nur", "Rini", "Joko", "Wayan", "Ahmad")
    family = ("Santoso", "Rahayu", "Wibowo", "Lestari", "Hidayat", "Sihombing", "Kartika")
    wage_found: dict[str, int | None] = {"selisih_upah": 6_400_000, "belum_terdaftar": WAGE}
    known: Literal["aktif", "berakhir", "belum_terdaftar", "selisih_upah"] = status  # type: ignore[assignment]
    registered = known != "belum_terdaftar"
    return Worker(
        name=f"{given[number % 10]} {family[number % 7]}",
        nik=f"3216{(number % 28) + 1:02d}{(number % 12) + 1:02d}8{number % 10}{number:06d}",
        born_on=date(1985 + number % 15, number % 12 + 1, number % 28 + 1),
        kpj=f"170{number:08d}" if registered else "",
        started_on=date(2019, number % 12 + 1, 1),
        ended_on=None,
        wage_reported=WAGE if registered else None,
        wage_found=wage_found.get(known),
        status=known,
        source="kepesertaan" if registered else "WLKP",
        source_on=date(2026, 10, 1) if registered else date(2026, 7, 1),
    )


# fmt: off
EVIDENCE: tuple[tuple[str, Subject, str, date], ...] = (
    ("spt",   "authority",    "Surat Perintah Tugas SPT/118/042026",              date(2026, 4, 6)),
    ("f1",    "registration", "Formulir pendaftaran pemberi kerja (F1)",          date(2017, 3, 6)),
    ("f2a",   "dues",         "Rekapitulasi tagihan dan pembayaran iuran",       date(2026, 10, 5)),
    ("sp",    "notice",       "Surat pemberitahuan tunggakan B/210/032026",      date(2026, 3, 9)),
    ("resi",  "notice",       "Tanda terima surat B/210/032026",                 date(2026, 3, 11)),
    ("ba",    "inspection",   "Berita acara pemeriksaan BA/77/042026",           date(2026, 4, 14)),
    ("foto",  "visit",        "Foto lokasi kunjungan",                           date(2026, 4, 14)),
    ("t1",    "warning_1",    "Teguran tertulis I B/288/052026 dan tanda terima", date(2026, 5, 7)),
    ("t2",    "warning_2",    "Teguran tertulis II B/341/062026 dan resi pos",   date(2026, 6, 3)),
    ("daftar","workers",      "Daftar gaji Maret 2026",                          date(2026, 4, 14)),
)
# fmt: on

KEYS = [key for key, *_ in EVIDENCE]


def evidence() -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            id=number,
            exhibit=f"P-{number}",
            sha256=digest(key),
            size=120_000 + 7_331 * len(title),
            title=title,
            subject=subject,
            on=on,
            extension=".jpg" if key == "foto" else ".pdf",
            source="unggahan petugas pemeriksa",
        )
        for number, (key, subject, title, on) in enumerate(EVIDENCE, start=1)
    )


def event(
    seq: int, on: date, subject: Subject, title: str, number: str, *keys: str, **more: object
) -> Event:
    base = Event(
        seq=seq,
        on=on,
        subject=subject,
        title=title,
        letter_number=number,
        officer="Bagus Prasetyo",
        received_by="",
        delivery="",
        received_on=None,
        response="",
        note="",
        evidence=tuple(KEYS.index(key) + 1 for key in keys),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def events() -> tuple[Event, ...]:
    return (
        event(
            1,
            date(2026, 3, 2),
            "other",
            "Kasus dibuka dari temuan registri",
            "",
            note="Temuan PIUTANG dan PDS TK digabung.",
        ),
        event(
            2,
            date(2026, 3, 9),
            "notice",
            "Surat pemberitahuan tunggakan",
            "B/210/032026",
            "sp",
            "resi",
            received_by="Lina Marlina, Staf HRD",
            delivery="kurir, resi JX-88120",
            received_on=date(2026, 3, 11),
            response="Meminta waktu sampai akhir April.",
        ),
        event(
            3,
            date(2026, 4, 14),
            "inspection",
            "Pemeriksaan lapangan",
            "BA/77/042026",
            "ba",
            "foto",
            "daftar",
            received_by="Hendra Gunawan, Direktur",
            delivery="di tempat",
            received_on=date(2026, 4, 14),
            response="Mengakui menunggak; arus kas terganggu sejak ekspor berhenti.",
        ),
        event(
            4,
            date(2026, 5, 5),
            "warning_1",
            "Teguran tertulis I",
            "B/288/052026",
            "t1",
            received_by="Lina Marlina, Staf HRD",
            delivery="diantar petugas",
            received_on=date(2026, 5, 7),
        ),
        event(
            5,
            date(2026, 6, 2),
            "warning_2",
            "Teguran tertulis II",
            "B/341/062026",
            "t2",
            received_by="Satpam (nama tidak disebut)",
            delivery="pos tercatat RR-5521",
            received_on=date(2026, 6, 3),
        ),
        event(
            6,
            date(2026, 6, 18),
            "fine",
            "Pengenaan denda administratif",
            "B/362/062026",
            received_by="Lina Marlina, Staf HRD",
            delivery="surel",
            received_on=date(2026, 6, 18),
        ),
        event(
            7,
            date(2026, 9, 21),
            "other",
            "Telepon kepada direktur",
            "",
            response="Berjanji membayar, tanpa tanggal.",
            hand_typed=True,
        ),
    )


def paid_up() -> Arrears:
    """Return four months of bills, every one paid on its due date or before."""
    made, _ = bills(4, 38)
    payments = [
        Payment(month=b.month, programme=b.programme, paid_on=(b.month + 1).day(10),
                amount=b.amount)
        for b in made
    ]  # fmt: skip
    return arrears(
        bills=made, payments=payments, cutoff=CUTOFF, calendar=packaged_calendar(), law=SHIPPED
    )


def dossier(*, months: int = 14, workers: int = 38) -> Dossier:
    made, bases = bills(months, workers)
    first = made[0].month
    payments = [
        Payment(
            month=bill.month,
            programme=bill.programme,
            paid_on=date(2026, 1, 20),
            amount=bill.amount,
        )
        for bill in made
        if bill.month == first
    ]
    payments.append(
        Payment(month=first + 1, programme="JHT", paid_on=date(2026, 2, 3), amount=4_000_000)
    )
    owed = arrears(
        bills=made, payments=payments, cutoff=CUTOFF, calendar=packaged_calendar(), law=SHIPPED
    )
    return Dossier(
        law=SHIPPED,
        case_number="K-J01-2026-00017",
        opened_on=date(2026, 3, 2),
        cutoff=CUTOFF,
        letter=Letter(
            number="B/417/112026",
            on=date(2026, 11, 2),
            nature="Segera",
            agreement=Agreement(
                number="PER/14/022026", signed_on=date(2026, 2, 16), valid_until=date(2028, 2, 15)
            ),
        ),
        office=OFFICE,
        officer=Officer(
            name="Bagus Prasetyo",
            title="Petugas Pemeriksa",
            phone="0812 5550 7788",
            email="bagus.prasetyo@contoh.go.id",
        ),
        employer=EMPLOYER,
        violations=(
            Violation(
                code="PIUTANG",
                workers=workers,
                months=owed.months_in_arrears,
                potential=owed.total,
                sentence="Iuran belum dibayar selama beberapa bulan berturut-turut.",
            ),
            Violation(
                code="PDS_TK",
                workers=4,
                months=9,
                potential=18_200_000,
                sentence="Empat pekerja pada laporan WLKP Juli 2026 belum pernah didaftarkan.",
            ),
        ),
        arrears=owed,
        bill_bases=bases,
        fine=administrative_fine(
            contributions_due=18_200_000,
            second_warning_ended_on=date(2026, 6, 17),
            on=CUTOFF,
            law=SHIPPED,
        ),
        fine_imposed=True,
        workers=tuple(
            worker(n, "belum_terdaftar" if n < 4 else "aktif") for n in range(workers + 4)
        ),
        events=events(),
        evidence=evidence(),
        registry_as_of=date(2026, 10, 28),
        snapshot_id="5f1c0a9e2b7d",
    )
