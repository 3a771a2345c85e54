"""An employer as other agencies know it, as of a snapshot."""

from collections.abc import Iterable

from app.accounts.schemas import Principal
from app.registry.questions import opened
from app.registry.schemas import OutsideEmployer
from app.registry.snapshots import SnapshotReader


def outside(
    principal: Principal,
    *,
    action: str,
    snapshot: SnapshotReader,
    ids: Iterable[tuple[str, str]],
) -> tuple[OutsideEmployer, ...]:
    """Return the newest row of each `(sumber, id_sumber)`, in the order asked for.

    An agency's list belongs to no office of ours: the caller has decided who may see its rows.

    Raises:
        Forbidden: this principal may not do `action`.
        NotFound: the table is gone.
    """
    principal.require(action)
    found = []
    with opened(snapshot, "sumber_pemberi_kerja") as connection:
        for sumber, id_sumber in ids:
            row = connection.execute(
                """
                SELECT sumber, id_sumber, nama, coalesce(npwp, ''), coalesce(nib, ''),
                  coalesce(kbli, ''), coalesce(skala, ''), coalesce(alamat, ''), kode_wilayah,
                  jumlah_tk, tgl_data
                FROM sumber_pemberi_kerja WHERE sumber = $sumber AND id_sumber = $id_sumber
                ORDER BY tgl_data DESC, baris LIMIT 1
                """,
                {"sumber": sumber, "id_sumber": id_sumber},
            ).fetchone()
            if row is not None:
                found.append(OutsideEmployer(*row))
    return tuple(found)
