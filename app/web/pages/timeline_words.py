"""PURE: what an entry of the timeline says beside its note: days, versions, letters."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, cast

from app.cases.schemas import Event
from app.cases.stages import DOCUMENT_LABELS, Action
from app.infra.wording import N_
from app.law.money import formatted
from app.web.spoken import spoken_template

_SUSPENSIONS: Final = frozenset(
    {"suspension_proposed", "suspension_recorded", "suspension_ended", "suspension_reversed"}
)


def details_of(event: Event, language: str) -> tuple[str, ...]:
    """Return one sentence per line; empty for an entry whose note says it all."""
    detail = cast("Mapping[str, Any]", event.detail)
    if event.verb == "calendar_changed":
        return tuple(_calendar(detail, language))
    if event.verb in _SUSPENSIONS:
        return tuple(_suspension(detail, language))
    if event.verb == "correction_decided":
        return tuple(_correction(detail, language))
    return ()


def _calendar(detail: Mapping[str, Any], language: str) -> Iterator[str]:
    yield spoken_template(
        N_("Versi kalender {before} menjadi {after}."),
        {"before": detail["version_was"], "after": detail["version"]},
        language,
    )
    for moved in cast("Sequence[Mapping[str, Any]]", detail["moved"]):
        yield spoken_template(
            N_("Tenggat {document}: {before} menjadi {after}."),
            {
                "document": DOCUMENT_LABELS[Action(moved["letter"])],
                "before": _day(moved["due_on_was"]),
                "after": _day(moved["due_on"]),
            },
            language,
        )
    for late in cast("Sequence[Mapping[str, Any]]", detail["undermined"]):
        template = (
            N_("{document} menjadi terlalu dini.")
            if late["early"]
            else N_("{document} menjadi terlambat.")
        )
        document = DOCUMENT_LABELS[Action(late["step"])]
        yield spoken_template(template, {"document": document}, language)


def _suspension(detail: Mapping[str, Any], language: str) -> Iterator[str]:
    if detail["first_on"]:
        yield spoken_template(
            N_("Baris {id}: {first} sampai {last}, dasar {authority}."),
            {
                "id": detail["suspension_id"],
                "first": _day(detail["first_on"]),
                "last": _day(detail["last_on"]),
                "authority": detail["authority"],
            },
            language,
        )
    elif detail["last_on"]:
        yield spoken_template(
            N_("Baris {of} berakhir pada {last}, dasar {authority}."),
            {
                "of": detail["of_id"],
                "last": _day(detail["last_on"]),
                "authority": detail["authority"],
            },
            language,
        )
    else:
        yield spoken_template(
            N_("Baris {of} dibatalkan, dasar {authority}."),
            {"of": detail["of_id"], "authority": detail["authority"]},
            language,
        )
    for document in cast("Sequence[str]", detail["undermines"]):
        yield spoken_template(
            N_("Akibatnya {document} tidak lagi tepat waktu."), {"document": document}, language
        )


def _correction(detail: Mapping[str, Any], language: str) -> Iterator[str]:
    yield spoken_template(
        N_("Diputus: {choice} {paper} {number} tanggal {day}; usulan: {proposal}."),
        {
            "choice": detail["choice"],
            "paper": detail["paper"],
            "number": detail["paper_number"],
            "day": detail["told_on"],
            "proposal": detail["proposal"],
        },
        language,
    )
    if detail.get("sources") is not None:
        yield spoken_template(
            N_("Pekerja menurut lembaga lain {was} menjadi {now}; {sources} baris dikoreksi."),
            {"was": detail["told_was"], "now": detail["told"], "sources": detail["sources"]},
            language,
        )
        if not (detail["total_was"] or detail["total"] or detail["workers"]):
            return
    yield spoken_template(
        N_("Pokok dan denda pada hari itu {was} menjadi {now}; {workers} pekerja dikoreksi."),
        {
            "was": formatted(detail["total_was"]),
            "now": formatted(detail["total"]),
            "workers": detail["workers"],
        },
        language,
    )


def _day(text: str | None) -> date | str:
    return date.fromisoformat(text) if text else N_("belum ditetapkan")
