"""Changes to offices: made, renamed, moved in their tree, given the letterhead packets print."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from app.accounts.people import LONGEST_LINE, MANAGE
from app.accounts.queries import HEAD_OFFICE, office_view, reach_of
from app.accounts.schemas import OfficeDetails, OfficeView, Principal
from app.accounts.tables import OFFICE_KINDS, Office
from app.audit import service as audit
from app.errors import Conflict, FieldProblem, Invalid, NotFound, Refused, Stale

HEAD_OFFICE_CODE: Final = "PST"
# As extracts write it; cases carry it in their number, addresses of pages too.
CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9.-]{1,9}", re.ASCII)
ZONES: Final = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
LETTERHEAD: Final = ("name", "city", "address", "head_name", "head_title")


def ensure_head_office(session: Session, *, now: datetime, actor: str) -> str:
    """Return the code of the head office, making one when there is none."""
    found = session.exec(select(Office.code).where(Office.kind == "pusat")).first()
    if found is not None:
        return found
    session.add(
        Office(
            code=HEAD_OFFICE_CODE,
            name="Kantor Pusat",
            kind="pusat",
            city="Jakarta",
            head_title="Direktur",
            complete=False,
        )
    )
    session.flush()
    audit.record(
        session, actor=actor, action="office.added", subject=f"office:{HEAD_OFFICE_CODE}", now=now
    )
    return HEAD_OFFICE_CODE


def ensure_offices(
    session: Session, *, codes: Iterable[str], now: datetime, actor: str
) -> tuple[str, ...]:
    """Register branches that an extract names and we do not know; return the new codes.

    They hang below the head office and are marked incomplete until an administrator fills in
    address, head and prosecutor's office.
    """
    wanted = sorted(set(codes))
    if not wanted:
        return ()
    parent = ensure_head_office(session, now=now, actor=actor)
    known = set(session.exec(select(Office.code).where(col(Office.code).in_(wanted))))
    new = tuple(code for code in wanted if code not in known)
    for code in new:
        session.connection().execute(
            insert(Office)
            .values(
                code=code,
                name=f"Kantor Cabang {code}",
                kind="cabang",
                parent_code=parent,
                zone="Asia/Jakarta",
                city="",
                address="",
                phone="",
                email="",
                head_name="",
                head_title="Kepala Kantor Cabang",
                prosecutor_office="",
                complete=False,
            )
            .on_conflict_do_nothing()
        )
        audit.record(session, actor=actor, action="office.added", subject=f"office:{code}", now=now)
    return new


def save_office(session: Session, *, office: OfficeView, now: datetime, actor: str) -> None:
    """Write an office as given, new or known.

    Raises:
        NotFound: its parent is not there.
    """
    if office.parent_code is not None and session.get(Office, office.parent_code) is None:
        raise NotFound("Kantor induk {code} tidak ada.", code=office.parent_code)
    row = session.get(Office, office.code)
    values = {name: getattr(office, name) for name in Office.model_fields if name != "version"}
    if row is None:
        session.add(Office(**values))
    else:
        row.sqlmodel_update(values)
        row.version += 1
    session.flush()
    audit.record(
        session, actor=actor, action="office.saved", subject=f"office:{office.code}", now=now
    )


def add_office(
    session: Session, *, principal: Principal, code: str, details: OfficeDetails, now: datetime
) -> OfficeView:
    """Make an office below one that this administrator reaches; the same form twice makes one.

    Raises:
        Invalid: something typed is wrong; names each field.
        NotFound: the parent is not there, or out of reach.
        Conflict: another office has this code.
    """
    principal.require(MANAGE)
    code = code.strip().upper()
    problems = list(_problems(details, is_head=False))
    if CODE.fullmatch(code) is None:
        wrong = "Kode kantor 2 sampai 10 huruf besar atau angka, misalnya J05, bukan “{value}”."
        problems.insert(0, FieldProblem("code", wrong, {"value": code[:40]}))
    if problems:
        raise Invalid(str(problems[0]), fields=tuple(problems))
    _check_parent(session, principal, details.parent_code)
    values = _values(details)
    made = session.scalar(
        insert(Office)
        .values(code=code, version=1, **values)
        .on_conflict_do_nothing()
        .returning(col(Office.code))
    )
    row = session.get_one(Office, code)
    if made is None:
        if row.version == 1 and all(getattr(row, name) == value for name, value in values.items()):
            return office_view(row)
        raise Conflict("Kode kantor {code} sudah dipakai {name}.", code=code, name=row.name)
    audit.record(
        session,
        actor=principal.actor,
        action="office.added",
        subject=f"office:{code}",
        office=code,
        now=now,
        detail={"kind": details.kind, "parent": details.parent_code},
    )
    return office_view(row)


def change_office(
    session: Session,
    *,
    principal: Principal,
    code: str,
    details: OfficeDetails,
    expected_version: int,
    now: datetime,
) -> OfficeView:
    """Write an office as typed, under its new parent when it moves with all that is below it.

    Raises:
        Invalid: something typed is wrong; names each field.
        NotFound: the office or its parent is not there, or out of reach.
        Refused: it would hang below itself, or the top of this administrator's reach would move.
        Stale: somebody changed the office since.
    """
    principal.require(MANAGE)
    # The whole tree is locked: two moves at once could make a ring that neither makes alone.
    rows = {
        row.code: row
        for row in session.exec(
            select(Office)
            .order_by(col(Office.code))
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    }
    row = rows.get(code)
    if row is None or not principal.reaches(code):
        raise NotFound("Kantor {code} tidak ada.", code=code)
    if row.version != expected_version:
        raise Stale(
            "Data {name} sudah diubah orang lain sejak halaman ini dibuka; muat ulang, lalu ulangi "
            "perubahan Anda.",
            name=row.name,
        )
    problems = tuple(_problems(details, is_head=row.kind == HEAD_OFFICE))
    if problems:
        raise Invalid(str(problems[0]), fields=problems)
    if details.parent_code != row.parent_code:
        _check_move(session, principal, row, details.parent_code)
    values = _values(details)
    before = {name: getattr(row, name) for name in values}
    changed = sorted(name for name, value in values.items() if before[name] != value)
    if not changed:
        return office_view(row)
    row.sqlmodel_update(values)
    row.version += 1
    session.flush()
    decided: dict[str, object] = {"fields": changed}
    for name in ("name", "kind", "parent_code", "zone", "prosecutor_office"):
        if name in changed:
            decided |= {f"{name}_was": before[name], name: values[name]}
    audit.record(
        session,
        actor=principal.actor,
        action="office.changed",
        subject=f"office:{code}",
        office=code,
        now=now,
        detail=decided,
    )
    return office_view(row)


def _check_move(session: Session, principal: Principal, row: Office, parent: str | None) -> None:
    if row.code == principal.office_code and principal.offices is not None:
        raise Refused(
            "Kantor Anda sendiri hanya dapat dipindahkan oleh administrator di atasnya, supaya "
            "Anda tidak terkunci di luar."
        )
    _check_parent(session, principal, parent)
    below = reach_of(session, row)
    if below is None or parent in below:
        raise Refused(
            "{name} tidak dapat berada di bawah dirinya sendiri; pilih kantor induk lain.",
            name=row.name,
        )


def _check_parent(session: Session, principal: Principal, parent: str | None) -> None:
    if parent is None or session.get(Office, parent) is None or not principal.reaches(parent):
        raise NotFound("Kantor induk {code} tidak ada.", code=parent or "–")


def _values(details: OfficeDetails) -> dict[str, str | bool | None]:
    return {
        "name": details.name,
        "kind": details.kind,
        "parent_code": details.parent_code,
        "zone": details.zone,
        "city": details.city,
        "address": details.address,
        "phone": details.phone,
        "email": details.email,
        "head_name": details.head_name,
        "head_title": details.head_title,
        "prosecutor_office": details.prosecutor_office,
        "complete": _is_complete(details),
    }


def _is_complete(details: OfficeDetails) -> bool:
    """Return whether letters can be printed; a branch also names where its referrals go."""
    letterhead = all(getattr(details, name) for name in LETTERHEAD)
    return letterhead and bool(details.prosecutor_office or details.kind != "cabang")


def _problems(details: OfficeDetails, *, is_head: bool) -> Iterable[FieldProblem]:
    if not details.name:
        yield FieldProblem("name", "Isi nama kantor.")
    kinds = (HEAD_OFFICE,) if is_head else tuple(k for k in OFFICE_KINDS if k != HEAD_OFFICE)
    if details.kind not in kinds:
        yield FieldProblem("kind", "Pilih jenis kantor.")
    if details.zone not in ZONES:
        yield FieldProblem("zone", "Pilih zona waktu.")
    if details.email and "@" not in details.email:
        yield FieldProblem("email", "“{value}” bukan alamat surel.", {"value": details.email[:80]})
    for field, text in _texts(details).items():
        if len(text) > LONGEST_LINE:
            yield FieldProblem(
                field,
                "Isian {field} paling banyak {max_length} huruf.",
                {"field": field, "max_length": LONGEST_LINE},
            )


def _texts(details: OfficeDetails) -> Mapping[str, str]:
    return {
        "name": details.name,
        "city": details.city,
        "address": details.address,
        "phone": details.phone,
        "email": details.email,
        "head_name": details.head_name,
        "head_title": details.head_title,
        "prosecutor_office": details.prosecutor_office,
    }
