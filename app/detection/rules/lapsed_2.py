"""LAPSED, version 2: as version 1, of sources dated some time after the membership's end only.

Law: UU 24/2011 Pasal 15(1): an employer registers its workers for as long as they work.
Reading: as version 1, and the source is dated at least the days of grace after the end: a list
dated soon after it usually tells the state of the month before, when the worker was still there.
30 days when it ships, our reading; the day of the end itself is day 0.
"""

from dataclasses import replace
from typing import Final

import narwhals.stable.v2 as nw

from app.detection.facts import Facts
from app.detection.facts.asof import AsOf
from app.detection.rules import lapsed
from app.detection.rules.rule import Description, Row
from app.registry.matching import Frame

BECAUSE: Final = (
    "Kepesertaan {tk} pekerja {nama} telah berakhir ({sebab}) tanpa kepesertaan lain, tetapi "
    "{sumber} (data {hari}), paling sedikit {tenggang} hari sesudahnya, masih mencatat mereka "
    "bekerja di sana."
)


def _rows(facts: Facts) -> Frame:
    grace_over = nw.col("berakhir").dt.offset_by(f"{facts.asof.lapsed_days}d")
    return lapsed.rows_dated(facts, later=grace_over <= nw.col("tgl_data"))


def _describe(row: Row, asof: AsOf) -> Description:
    said = lapsed.describe(row, asof)
    return replace(said, because=BECAUSE, values={**said.values, "tenggang": asof.lapsed_days})


LAPSED_2: Final = replace(lapsed.LAPSED, version=2, rows=_rows, describe=_describe)
