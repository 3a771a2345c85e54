"""Pairs that a flag may hang on: what waits, what its employer may be, what was joined in it."""

from fastapi import Request
from sqlmodel import Session

from app.accounts.schemas import Principal
from app.detection.schemas import FlagView
from app.linkage import queries as linkage
from app.web.addresses import address_of
from app.web.linkage_words import method_words, percent
from app.web.pages import flag_views as views
from app.web.pages.listing import Listing


def pairs_waiting(request: Request, session: Session, principal: Principal) -> tuple[int, str]:
    """Return how many pairs wait for a person, and where; nothing for who may not see them."""
    if not principal.may("linkage.read"):
        return 0, ""
    waiting = linkage.counts(session, principal=principal).by_group["menunggu"]
    return waiting, address_of(request, "pairs")


def doubts_address(request: Request, principal: Principal, flag: FlagView) -> str:
    """Return where the pairs of workers are that make a flag less sure; empty where none are."""
    likened = {"pekerja_ragu", "pekerja_mirip"} & flag.numbers.keys()
    if not likened or not principal.may("linkage.read"):
        return ""
    group = "" if "pekerja_ragu" in likened else "tertaut"
    return Listing(address_of(request, "pairs"), {"cari": flag.npp, "jenis": "pekerja"}).address(
        kelompok=group
    )


def pairs_of(
    session: Session, principal: Principal, flag: FlagView, language: str
) -> tuple[views.PairLink, ...]:
    """Return the registered employers that the outside employer of a flag may be."""
    if flag.subject.startswith("npp:") or not principal.may("linkage.read"):
        return ()
    found = linkage.pairs_of(session, principal=principal, kunci=flag.subject)
    return tuple(
        views.PairLink(
            id=one.id,
            nama=str(one.registered["nama"]),
            npp=one.npp,
            chance=percent(one.chance, language),
        )
        for one in found
    )


def pairs_among(
    session: Session, principal: Principal, flag: FlagView, language: str
) -> tuple[views.AmongLink, ...]:
    """Return what was joined in the outside employer of a flag, and what it may be besides."""
    if flag.subject.startswith("npp:") or not principal.may("linkage.read"):
        return ()
    records = [
        (str(row.values["sumber"]), str(row.values["id_sumber"]))
        for row in flag.evidence
        if row.table == "sumber_pemberi_kerja"
    ]
    return tuple(
        views.AmongLink(
            id=one.id,
            nama=str(one.outside["nama"]),
            source=f"{one.outside['sumber']} {one.outside['id_sumber']}",
            other=str(one.registered["nama"]),
            other_source=f"{one.registered['sumber']} {one.registered['id_sumber']}",
            chance=percent(one.chance, language),
            state=method_words(one.kind, one.method),
        )
        for one in linkage.pairs_among(session, principal=principal, records=records)
        if one.seen
    )
