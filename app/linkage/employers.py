"""PURE: what is compared of two employers, and which pairs of them are compared at all."""

from typing import Final

from app.linkage.model import Comparison, Kind, Level
from app.linkage.slips import one_slip_sql

# fmt: off
_COMPARISONS: Final = (
    Comparison("nama", "nama_urut_l = '' OR nama_urut_r = ''", (
        Level("sama",      "nama_urut_l = nama_urut_r AND umum_l = 0 AND umum_r = 0", 0.72, 3e-6),
        Level("sama_umum", "nama_urut_l = nama_urut_r",                               0.06, 4e-5),
        Level("bunyi",     "bunyi_l = bunyi_r",                                       0.04, 3e-6),
        Level("huruf",     "kemiripan(kata_l, kata_r) >= 0.955",                      0.10, 1e-5),
        Level("singkatan", "inisial_l = inisial_r AND list_has_any(penuh_l, penuh_r) AND "
              "(list_has_all(penuh_l, penuh_r) OR list_has_all(penuh_r, penuh_l))",   0.02, 4e-6),
        Level("sebagian",  "kemiripan(kata_l, kata_r) >= 0.88 OR "
              "(len(list_intersect(kata_l, kata_r)) >= 2 AND "
              "(list_has_all(kata_l, kata_r) OR list_has_all(kata_r, kata_l)))",      0.03, 4e-4),
        Level("beda",      "",                                                        0.03, 0.999),
    )),
    Comparison("wilayah", "kode_wilayah_l = '' OR kode_wilayah_r = ''", (
        Level("kabupaten", "kode_wilayah_l = kode_wilayah_r",                         0.95, 0.02),
        Level("provinsi",  "substr(kode_wilayah_l, 1, 2) = substr(kode_wilayah_r, 1, 2)",
                                                                                      0.035, 0.10),
        Level("beda",      "",                                                        0.015, 0.88),
    )),
    Comparison("alamat", "(jalan_l = '' AND kecamatan_l = '') OR (jalan_r = '' AND kecamatan_r = '')", (  # noqa: E501
        Level("jalan_nomor", "jalan_l <> '' AND jalan_l = jalan_r AND nomor_l <> '' AND "
              "nomor_l = nomor_r",                                                    0.55, 5e-5),
        Level("mirip_nomor", "nomor_l <> '' AND nomor_l = nomor_r AND "
              "jaro_winkler_similarity(jalan_l, jalan_r) >= 0.9",                     0.15, 1e-4),
        Level("jalan",     "jalan_l <> '' AND jaro_winkler_similarity(jalan_l, jalan_r) >= 0.9",
                                                                                      0.12, 0.02),
        Level("kecamatan", "kecamatan_l <> '' AND kecamatan_l = kecamatan_r",         0.05, 0.03),
        Level("beda",      "",                                                        0.13, 0.95),
    )),
    Comparison("kbli", "kbli_l = '' OR kbli_r = ''", (
        Level("kode",      "kbli_l = kbli_r",                                         0.75, 0.03),
        Level("golongan",  "substr(kbli_l, 1, 2) = substr(kbli_r, 1, 2)",             0.12, 0.06),
        Level("beda",      "",                                                        0.13, 0.91),
    )),
    Comparison("bentuk", "bentuk_l = '' OR bentuk_r = ''", (
        Level("sama",      "bentuk_l = bentuk_r",                                     0.95, 0.40),
        Level("beda",      "",                                                        0.05, 0.60),
    )),
    Comparison("telepon", "telepon_l = '' OR telepon_r = ''", (
        Level("sama",      "telepon_l = telepon_r",                                   0.70, 1e-5),
        Level("beda",      "",                                                        0.30, 0.9999),
    ), trained=False),
    Comparison("nomor", "(npwp16_l = '' OR npwp16_r = '') AND (nib_l = '' OR nib_r = '')", (
        Level("sama", "(npwp16_l <> '' AND npwp16_l = npwp16_r) OR "
              "(nib_l <> '' AND nib_l = nib_r)",                                      0.90, 1e-6),
        Level("hampir_sama", "(npwp16_l <> '' AND npwp16_r <> '' AND "
              "damerau_levenshtein(npwp16_l, npwp16_r) = 1) OR (nib_l <> '' AND nib_r <> '' AND "
              "damerau_levenshtein(nib_l, nib_r) = 1)",                               0.04, 1e-6),
        Level("beda",      "",                                                        0.06, 0.9999),
    ), trained=False),
)
# fmt: on

# The candidates that are compared at all: in one regency two sounds, or initials and a sound, or
# one street and number; a rare name anywhere; one telephone anywhere.
_BLOCKS: Final = (
    {
        "blocking_rule": "l.kode_wilayah = r.kode_wilayah AND l.blok = r.blok",
        "arrays_to_explode": ["blok"],
    },
    {"blocking_rule": "l.kode_wilayah = r.kode_wilayah AND l.tempat = r.tempat"},
    {"blocking_rule": "l.nama_jarang = r.nama_jarang"},
    {"blocking_rule": "l.telepon_ada = r.telepon_ada"},
)

EMPLOYERS: Final = Kind("pemberi_kerja", _COMPARISONS, _BLOCKS, known=("npwp16", "nib"))

# Two outside employers: within a regency, and only where no number says that they are two, or where
# their numbers are one slip apart: then a person is asked. One that has no NPWP stands on the left;
# where neither or both have one, the pair stands once.
_NO_NUMBER_SPEAKS: Final = (
    "l.npwp_ada = 0 AND l.nib_ada + r.nib_ada < 2 AND (r.npwp_ada = 1 OR l.id < r.id)"
)
_ONE_SLIP: Final = (
    f"l.id < r.id AND ({one_slip_sql('l.npwp16', 'r.npwp16')} "
    f"AND (l.nib = '' OR r.nib = '' OR {one_slip_sql('l.nib', 'r.nib')}) "
    f"OR {one_slip_sql('l.nib', 'r.nib')} AND (l.npwp16 = '' OR r.npwp16 = ''))"
)
_WITHIN: Final = "l.kode_wilayah = r.kode_wilayah AND {same} AND l.kunci <> r.kunci AND ({and_})"
_EITHER: Final = f"({_NO_NUMBER_SPEAKS}) OR ({_ONE_SLIP})"
# Most employers have numbers: for a slip only those are looked at whose whole names sound alike, or
# who share an address or a telephone. With two sounds of three it took twice the time.
_BLOCKS_OUTSIDE: Final = (
    {
        "blocking_rule": _WITHIN.format(same="l.blok = r.blok", and_=_NO_NUMBER_SPEAKS),
        "arrays_to_explode": ["blok"],
    },
    {"blocking_rule": _WITHIN.format(same="l.bunyi = r.bunyi AND l.bunyi <> ''", and_=_ONE_SLIP)},
    {"blocking_rule": _WITHIN.format(same="l.tempat = r.tempat", and_=_EITHER)},
    {"blocking_rule": _WITHIN.format(same="l.telepon_ada = r.telepon_ada", and_=_EITHER)},
)

OUTSIDERS: Final = Kind("pemberi_kerja_luar", _COMPARISONS, _BLOCKS_OUTSIDE, known=())
