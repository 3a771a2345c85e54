"""PURE: what is compared of an outside worker and a member, and which of them are compared.

Only workers whose NIK nobody here has are compared. A NIK is six digits of a district, six of the
day of birth (40 added to a woman's day) and a serial number. What a level of `nik` says beyond the
birthday counts: `pangkal` weighs as a district does, because the birthday is compared by itself.
"""

from typing import Final

from app.linkage.model import Comparison, Kind, Level

# Levels of `nik` at which the number itself speaks for one person.
NEAR: Final = frozenset({"tertukar", "satu_angka", "dua_angka"})
# Levels of `nama` at which two names are one name, in whatever spelling.
SAME_NAME: Final = frozenset({"sama", "sama_umum", "bunyi"})

# fmt: off
_COMPARISONS: Final = (
    Comparison("nik", "nik_l = '' OR nik_r = ''", (
        Level("sama",       "nik_l = nik_r",                                          0.001, 1e-7),
        Level("tertukar",   "damerau_levenshtein(nik_l, nik_r) = 1 AND hamming(nik_l, nik_r) = 2",
                                                                                      0.20, 1e-7),
        Level("satu_angka", "hamming(nik_l, nik_r) = 1",                              0.50, 4e-7),
        Level("dua_angka",  "hamming(nik_l, nik_r) = 2",                              0.06, 8e-6),
        Level("pangkal",    "pangkal_l = pangkal_r",                                  0.04, 2e-3),
        Level("lahir",      "lahir_nik_l = lahir_pendek_r AND lahir_l <> lahir_r",    0.04, 6e-5),
        Level("kecamatan",  "substr(nik_l, 1, 6) = substr(nik_r, 1, 6)",              0.05, 0.01),
        Level("beda",       "",                                                       0.11, 0.99),
    ), trained=False),
    Comparison("nama", "nama_urut_l = '' OR nama_urut_r = ''", (
        Level("sama",      "nama_urut_l = nama_urut_r AND umum_l = 0 AND umum_r = 0", 0.70, 1e-5),
        Level("sama_umum", "nama_urut_l = nama_urut_r",                               0.08, 2e-4),
        Level("bunyi",     "bunyi_l = bunyi_r",                                       0.05, 3e-5),
        Level("huruf",     "kemiripan(kata_l, kata_r) >= 0.955",                      0.05, 2e-4),
        Level("singkatan", "inisial_l = inisial_r AND list_has_any(penuh_l, penuh_r) AND "
              "(list_has_all(penuh_l, penuh_r) OR list_has_all(penuh_r, penuh_l))",   0.04, 6e-5),
        Level("sebagian",  "list_has_all(penuh_l, penuh_r) OR list_has_all(penuh_r, penuh_l) OR "
              "kemiripan(kata_l, kata_r) >= 0.88",                                    0.05, 4e-3),
        Level("beda",      "",                                                        0.03, 0.995),
    )),
    Comparison("tgl_lahir", "lahir_l = '' OR lahir_r = ''", (
        Level("sama",       "lahir_l = lahir_r",                                      0.93, 7e-5),
        Level("tertukar",   "substr(lahir_l, 1, 4) = substr(lahir_r, 1, 4) AND "
              "substr(lahir_l, 5, 2) = substr(lahir_r, 7, 2) AND "
              "substr(lahir_l, 7, 2) = substr(lahir_r, 5, 2)",                        0.02, 3e-5),
        Level("satu_angka", "damerau_levenshtein(lahir_l, lahir_r) = 1",              0.03, 1e-3),
        Level("tahun",      "substr(lahir_l, 1, 4) = substr(lahir_r, 1, 4)",          0.01, 0.03),
        Level("beda",       "",                                                       0.01, 0.97),
    )),
    Comparison("tempat_kerja", "grup_l = '' OR grup_r = ''", (
        Level("sama",      "grup_l = grup_r",                                         0.90, 2e-3),
        Level("lain",      "",                                                        0.10, 0.998),
    )),
)
# fmt: on

# At one employer: a birthday, a sound of the name and the year of birth, or two of the three parts
# of the NIK. Anywhere: district and birth in the NIK, or the whole name as it sounds with the
# birthday or with the district and the serial number.
_BLOCKS: Final = (
    {"blocking_rule": "l.grup = r.grup AND l.lahir = r.lahir"},
    {
        "blocking_rule": "l.grup = r.grup AND l.tahun = r.tahun AND l.blok = r.blok",
        "arrays_to_explode": ["blok"],
    },
    {"blocking_rule": "l.grup = r.grup AND l.pangkal = r.pangkal"},
    {"blocking_rule": "l.grup = r.grup AND l.ujung = r.ujung"},
    {"blocking_rule": "l.grup = r.grup AND l.tepi = r.tepi"},
    {"blocking_rule": "l.pangkal = r.pangkal"},
    {"blocking_rule": "l.lahir = r.lahir AND l.bunyi = r.bunyi"},
    {"blocking_rule": "l.tepi = r.tepi AND l.bunyi = r.bunyi"},
)

WORKERS: Final = Kind("pekerja", _COMPARISONS, _BLOCKS, known=("nik",))

# Whoever has another name and another birthday is somebody else, however near the numbers are:
# neighbours in one district have such NIKs.
SOMEBODY_ELSE: Final = " AND ".join(
    (
        f"tingkat_nama = {len(_COMPARISONS[1].levels) - 1}",
        "tingkat_tgl_lahir NOT IN (0, 1)",
    )
)
