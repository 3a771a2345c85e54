"""What stands of what people said of pairs: for the next sweep and for who reads. Reads only."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, select

from app.linkage.links import Said
from app.linkage.outside_links import SaidOfOutside
from app.linkage.schemas import EMPLOYER, OUTSIDE, WORKER
from app.linkage.tables import LinkageDecision
from app.linkage.worker_links import SaidOfWorker

# Before the NIK of an outside worker: how a pair of workers is named.
NIK: Final = "nik:"


# Decisions `d` about two outside employers by their records, whichever stands first: names and
# order change from month to month.
_OF_TWO: Final = f"""
  jsonb_array_elements(linkage_pair.records) mine(r),
  jsonb_array_elements(linkage_pair.other_records) its(r), linkage_decision d
  WHERE d.kind = '{OUTSIDE}' AND NOT linkage_pair.other_records @> jsonb_build_array(mine.r)
    AND d.records @> jsonb_build_array(mine.r, its.r)
    AND (d.other_records @> jsonb_build_array(mine.r))
      <> (d.other_records @> jsonb_build_array(its.r))
"""
# The newest decision of a pair: the last that the last sweep heard, which may go by a name, and
# what was said since, by any record of it and the same NPP, or by records of both sides; a worker
# is named by the NIK on the list and that of the member, wherever they are.
LATEST: Final = (
    sa.text(
        f"""
        SELECT said.id, said.verdict FROM (
          SELECT d.id, d.verdict FROM linkage_decision d
          WHERE linkage_pair.kind <> '{OUTSIDE}' AND d.kind = linkage_pair.kind
            AND d.member = linkage_pair.member
            AND (d.kind = '{WORKER}' AND d.kunci = linkage_pair.kunci
              OR d.kind = '{EMPLOYER}' AND d.npp = linkage_pair.npp
                AND EXISTS (SELECT 1 FROM jsonb_array_elements(d.records) r
                  WHERE linkage_pair.records @> jsonb_build_array(r)))
          UNION ALL
          SELECT d.id, d.verdict FROM {_OF_TWO}
          UNION ALL
          SELECT d.id, d.verdict FROM linkage_decision d WHERE d.id = linkage_pair.heard
        ) said ORDER BY said.id DESC LIMIT 1
        """  # noqa: S608 - own names
    )
    .columns(sa.column("id", sa.BigInteger), sa.column("verdict", sa.String))
    .lateral("latest")
)
VERDICT: Final = sa.case(
    (sa.func.coalesce(LATEST.c.verdict, "dicabut") == "dicabut", ""), else_=LATEST.c.verdict
)


def last_word(session: Session) -> int:
    """Return the number of the last decision there is, 0 before the first."""
    return session.exec(select(sa.func.max(LinkageDecision.id))).one() or 0


def of_employers(session: Session, *, up_to: int) -> Iterator[Said]:
    """Yield the newest word on each record and NPP up to a decision, also that it is taken back."""
    rows = session.execute(
        sa.text(
            """
            SELECT * FROM (
              SELECT DISTINCT ON (d.npp, r) d.id, d.npp, d.kunci, r->>0 AS sumber,
                r->>1 AS id_sumber, d.verdict
              FROM linkage_decision d, jsonb_array_elements(d.records) r
              WHERE d.kind = 'pemberi_kerja' AND d.id <= :up_to
              ORDER BY d.npp, r, d.id DESC
            ) newest ORDER BY id, sumber, id_sumber
            """
        ),
        {"up_to": up_to},
    )
    for row in rows:
        yield Said(row.id, row.npp, row.sumber, row.id_sumber, row.verdict, row.kunci)


def said_same_as(session: Session, *, records: Sequence[tuple[str, str]], but: str) -> str:
    """Return an NPP other than `but` that one of these records is said to be of; "" for none."""
    found = session.execute(
        sa.text(
            """
            SELECT npp FROM (
              SELECT DISTINCT ON (d.npp, r) d.npp, d.verdict
              FROM linkage_decision d, jsonb_array_elements(d.records) r
              WHERE d.kind = 'pemberi_kerja' AND d.npp <> :but
                AND CAST(:records AS jsonb) @> jsonb_build_array(r)
              ORDER BY d.npp, r, d.id DESC
            ) newest WHERE verdict = 'sama' ORDER BY npp LIMIT 1
            """
        ),
        {"but": but, "records": json.dumps([list(one) for one in records])},
    ).scalar_one_or_none()
    return "" if found is None else str(found)


def of_workers(session: Session, *, up_to: int) -> Iterator[SaidOfWorker]:
    """Yield the newest word on each outside NIK and member, those taken back left out."""
    rows = session.execute(
        sa.text(
            """
            SELECT * FROM (
              SELECT DISTINCT ON (kunci, member) id, kunci, member, verdict
              FROM linkage_decision WHERE kind = 'pekerja' AND id <= :up_to
              ORDER BY kunci, member, id DESC
            ) newest WHERE verdict <> 'dicabut' ORDER BY id
            """
        ),
        {"up_to": up_to},
    )
    for row in rows:
        yield SaidOfWorker(row.id, row.kunci.removeprefix(NIK), row.member, row.verdict)


def of_outside(session: Session, *, up_to: int) -> Iterator[SaidOfOutside]:
    """Yield the newest word on each two records of agencies, also that it is taken back."""
    rows = session.execute(
        sa.text(
            """
            SELECT * FROM (
              SELECT DISTINCT ON (least(r, o), greatest(r, o)) d.id, r->>0 AS sumber,
                r->>1 AS id_sumber, o->>0 AS sumber_lain, o->>1 AS id_lain, d.verdict, d.kunci,
                d.member
              FROM linkage_decision d, jsonb_array_elements(d.records) r,
                jsonb_array_elements(d.other_records) o
              WHERE d.kind = 'pemberi_kerja_luar' AND d.id <= :up_to
                AND NOT d.other_records @> jsonb_build_array(r)
              ORDER BY least(r, o), greatest(r, o), d.id DESC
            ) newest ORDER BY id, sumber, id_sumber, sumber_lain, id_lain
            """
        ),
        {"up_to": up_to},
    )
    for row in rows:
        yield SaidOfOutside(
            number=row.id,
            source=row.sumber,
            source_id=row.id_sumber,
            other_source=row.sumber_lain,
            other_id=row.id_lain,
            verdict=row.verdict,
            kunci=row.kunci,
            other_kunci=row.member,
        )
