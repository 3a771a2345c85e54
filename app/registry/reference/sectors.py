"""The categories of KBLI 2020 by division (first two digits), shortened for tables."""

from typing import Final

from app.infra.wording import N_

# fmt: off
# Titles are shortened; the division is what counts.
_CATEGORIES: Final = (
    (1, 3, N_("Pertanian, kehutanan, dan perikanan")),
    (5, 9, N_("Pertambangan dan penggalian")),
    (10, 33, N_("Industri pengolahan")),
    (35, 35, N_("Listrik dan gas")),
    (36, 39, N_("Air, limbah, dan sampah")),
    (41, 43, N_("Konstruksi")),
    (45, 47, N_("Perdagangan dan reparasi kendaraan")),
    (49, 53, N_("Pengangkutan dan pergudangan")),
    (55, 56, N_("Akomodasi dan makan minum")),
    (58, 63, N_("Informasi dan komunikasi")),
    (64, 66, N_("Keuangan dan asuransi")),
    (68, 68, N_("Real estat")),
    (69, 75, N_("Jasa profesional, ilmiah, dan teknis")),
    (77, 82, N_("Penyewaan, ketenagakerjaan, dan penunjang usaha")),
    (84, 84, N_("Administrasi pemerintahan")),
    (85, 85, N_("Pendidikan")),
    (86, 88, N_("Kesehatan dan sosial")),
    (90, 93, N_("Kesenian, hiburan, dan rekreasi")),
    (94, 96, N_("Jasa lain")),
    (97, 98, N_("Rumah tangga sebagai pemberi kerja")),
    (99, 99, N_("Badan internasional")),
)
# fmt: on


def category_of(division: str) -> str:
    """Return the category of a division such as `47`; empty where there is none."""
    if not division.isdecimal():
        return ""
    number = int(division)
    return next((words for first, last, words in _CATEGORIES if first <= number <= last), "")
