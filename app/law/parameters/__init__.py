"""Every number the law gives us, with its days, its unit, its source and how sure it is."""

from typing import Final

from app.law.dated import Dated
from app.law.parameters import (
    administrative_fine,
    ageing,
    allocation,
    calendar,
    corrections,
    detection,
    estimates,
    jp_ceiling,
    late_payment,
    linkage,
    notices,
    overlays,
    programmes,
    pupn,
    rates,
    selection,
    small_claims,
    stamp_duty,
    warnings,
)

# Grouped for the printed page; one entry per parameter module.
SECTIONS: Final[tuple[tuple[str, tuple[Dated[object], ...]], ...]] = (
    (
        "Tarif iuran penerima upah",
        (
            *rates.JKK_EMPLOYER.values(),
            rates.JKM_EMPLOYER,
            rates.JHT_EMPLOYER,
            rates.JHT_WORKER,
            rates.JP_EMPLOYER,
            rates.JP_WORKER,
            rates.SHARE_ROUNDING,
        ),
    ),
    ("Batas upah JP", (jp_ceiling.JP_CEILING,)),
    (
        "Keringanan sementara",
        (
            overlays.JKK_RELIEF_2020,
            overlays.JKM_RELIEF_2020,
            overlays.JP_PAYABLE_NOW,
            overlays.JP_DEFERRAL_STARTS_BY,
            overlays.JP_DEFERRAL_ENDS_BY,
            overlays.JKK_LABOUR_INTENSIVE,
        ),
    ),
    ("Program wajib menurut skala usaha", tuple(programmes.OBLIGED.values())),
    (
        "Jatuh tempo dan denda keterlambatan",
        (
            late_payment.DUE_DAY,
            late_payment.DUE_ROLL,
            late_payment.RATE_PER_MONTH,
            late_payment.PART_MONTH,
            late_payment.COMPOUNDING,
            late_payment.ROUNDING,
            late_payment.CAP_MONTHS,
        ),
    ),
    ("Golongan umur tunggakan", (ageing.AGEING_CLASSES,)),
    (
        "Surat pemberitahuan",
        (notices.NOTICES_FOR_ARREARS, notices.NOTICES_FOR_BREACHES),
    ),
    ("Teguran tertulis", (warnings.WARNINGS_MAX, warnings.WARNING_WORKING_DAYS)),
    (
        "Denda administratif PP 86/2013",
        (
            administrative_fine.FINE_RATE,
            administrative_fine.FINE_WINDOW,
            administrative_fine.FINE_PERIODS,
            administrative_fine.FINE_BASE,
        ),
    ),
    (
        "Kalender dan penghitungan hari",
        (
            calendar.LOADED_YEARS,
            calendar.WORKING_WEEK,
            calendar.COLLECTIVE_LEAVE_IS_A_WORKING_DAY,
            calendar.FIRST_DAY_COUNTED,
            calendar.RECEIPT_CUTOFF_HOUR,
        ),
    ),
    (
        "Jalur penagihan",
        (
            small_claims.SMALL_CLAIMS_CEILING,
            pupn.PUPN_MINIMUM,
            pupn.PUPN_NOT_WITH_LAW_ENFORCEMENT,
            stamp_duty.STAMP_DUTY,
        ),
    ),
    (
        "Ambang deteksi",
        (
            detection.STALE_AFTER_MONTHS,
            detection.GRACE_DAYS,
            detection.HEAD_COUNT_MARGIN,
            detection.HEAD_COUNT_SHARE,
            detection.WAGE_MARGIN,
            detection.ARREARS_MONTHS,
            detection.LAPSED_GRACE_DAYS,
            detection.LONGEST_ESTIMATE,
        ),
    ),
    (
        "Pembukuan pembayaran",
        (
            allocation.ALLOCATION_ORDER,
            allocation.ALLOCATION_PROGRAMMES,
            allocation.REVERSAL,
        ),
    ),
    (
        "Ambang tautan",
        (linkage.SURE, linkage.REVIEW, linkage.RIVAL, linkage.SHARE, linkage.WORKER_SHARE),
    ),
    (
        "Koreksi data masa lalu",
        (corrections.ROUNDING, corrections.MATERIAL),
    ),
    ("Seleksi kontrol", (selection.MINIMUM, selection.SKEW)),
    ("Perkiraan", (estimates.ESTIMATE_STARTS, estimates.ESTIMATE_ENDS)),
)

ALL: Final[tuple[Dated[object], ...]] = tuple(
    parameter for _, parameters in SECTIONS for parameter in parameters
)
