"""PURE: is this the same employer? Exact by NPWP and NIB, by name and place for the rest.

A link says with what it was made; a shared name and place under another NPWP or NIB is not a link
but a look-alike, for a person to judge. Addresses are compared in the room of linkage.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

import narwhals.stable.v2 as nw

# A lazy frame of whatever engine.
Frame: TypeAlias = nw.LazyFrame[Any]

# Lets an engine compute a frame once that is read several times. May return it as it is.
Keep: TypeAlias = Callable[[str, Frame], Frame]

NPWP_15: Final = 15
NPWP_16: Final = 16
NITKU: Final = 22

BY_NPWP: Final = "npwp"
BY_NIB: Final = "nib"
BY_NAME: Final = "nama"
BY_SHARED_NAME: Final = "nama_ganda"
# Links of rooms above: by a model, and by a person. Sorted, a person's word comes last.
BY_SIMILARITY: Final = "nama_mirip"
BY_DECISION: Final = "putusan"

# How a legal form is written in a name -> the form. In order: a later row sees what is left.
# fmt: off
_FORMS: Final = (
    (r"\bP\.?\s?T\b\.?|\bPERSEROAN TERBATAS\b", "PT"),
    (r"\bC\.?\s?V\b\.?",                        "CV"),
    (r"\bU\.?\s?D\b\.?",                        "UD"),
    (r"\bFIRMA\b|\bFA\b\.?",                    "FIRMA"),
    (r"\bKOPERASI\b|\bKOP\b\.?",                "KOPERASI"),
    (r"\bYAYASAN\b|\bYYS\b\.?",                 "YAYASAN"),
)
# fmt: on
# Letters beyond A to Z belong to no key. They go first: engines disagree about their capitals (ß)
# and about whether a word ends beside one. Not to a space, which may stand inside `P T`.
_FOREIGN: Final = r"[^\x00-\x0A\x0C-\x7F]"
_PLACE: Final = ["nama_kunci", "kode_wilayah"]
_NOT_THE_NAME: Final = "|".join(
    (*(pattern for pattern, _ in _FORMS), r"\b(TBK|PERSERO)\b", r"[^A-Z0-9]+")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """What linkage compares.

    `records`: one row per outside record: kunci (the outside employer it belongs to), npwp16, nib,
    nama, kode_wilayah. `registered`: one row per npp and divisi: npp, grup (the legal entity),
    npwp16, nib, nama, bentuk, kode_wilayah, urutan_status (0 active, 1 inactive, 2 closed).
    """

    records: Frame
    registered: Frame


class Linker(Protocol):
    """Finds which registered employer an outside employer is.

    Returns at most one row per kunci: kunci, npp, metode, mirip_npp. `npp` is null when the
    outside employer is not linked; `mirip_npp` is a look-alike, null when there is none. A
    probabilistic linker may add links of its own method; it never takes an exact one away. It may
    also say that an outside employer without link is another one: `induk`, that one's kunci, and
    `cara`, the method; both null for the others.
    """

    def __call__(self, parties: Parties, keep: Keep) -> Frame: ...


def npwp16(column: str) -> nw.Expr:
    """Return the NPWP in its 16-digit form; a NITKU of 22 digits is cut to its NPWP."""
    value = nw.col(column)
    length = value.str.len_chars()
    return (
        nw.when(length == NPWP_15)
        .then(nw.concat_str(nw.lit("0"), value))
        .otherwise(nw.when(length == NITKU).then(value.str.slice(0, NPWP_16)).otherwise(value))
    )


def npwp16_of(value: str) -> str:
    """Return what `npwp16` returns, for one value."""
    if len(value) == NPWP_15:
        return f"0{value}"
    return value[:NPWP_16] if len(value) == NITKU else value


def name_key(column: str) -> nw.Expr:
    """Return the name without legal form, punctuation, case and spaces."""
    return _capitals(nw.col(column)).str.replace_all(_NOT_THE_NAME, "")


def name_key_of(name: str) -> str:
    """Return what `name_key` returns, for one name."""
    return re.sub(_NOT_THE_NAME, "", re.sub(_FOREIGN, "-", name).upper())


def _capitals(name: nw.Expr) -> nw.Expr:
    return name.str.replace_all(_FOREIGN, "-").str.to_uppercase()


def legal_form(column: str) -> nw.Expr:
    """Return the legal form written in the name, empty when there is none."""
    upper = _capitals(nw.col(column)).fill_null("")
    form = nw.lit("")
    for pattern, name in reversed(_FORMS):
        form = nw.when(upper.str.contains(pattern)).then(nw.lit(name)).otherwise(form)
    return form


def distinct(frame: Frame, *columns: str) -> Frame:
    """Return the different values of `columns`. Engines group faster than they rank rows."""
    return frame.group_by(*columns).agg(nw.len().alias("banyak")).select(*columns)


def numbered(records: Frame) -> Frame:
    """Add `kunci`, the same for records of one outside employer; null without a number.

    The same NPWP, else the same NIB; NPWPs that share a NIB are one.
    `records` has npwp16 and nib.
    """
    both = records.filter(~nw.col("npwp16").is_null() & ~nw.col("nib").is_null()).select(
        "npwp16", "nib"
    )
    of_nib = both.group_by("nib").agg(nw.col("npwp16").min().alias("npwp_of_nib"))
    of_npwp = (
        both.join(of_nib, on="nib", how="inner")
        .group_by("npwp16")
        .agg(nw.col("npwp_of_nib").min().alias("root"))
        .select("root", any_npwp=nw.col("npwp16"))
    )
    root = nw.coalesce(nw.col("root"), nw.col("any_npwp"))
    return (
        records.join(of_nib, on="nib", how="left")
        .with_columns(any_npwp=nw.coalesce(nw.col("npwp16"), nw.col("npwp_of_nib")))
        .join(of_npwp, on="any_npwp", how="left")
        .select(
            *records.columns,
            kunci=nw.when(~root.is_null())
            .then(nw.concat_str(nw.lit("npwp:"), root))
            .otherwise(
                nw.when(~nw.col("nib").is_null()).then(nw.concat_str(nw.lit("nib:"), nw.col("nib")))
            ),
        )
    )


def named(numbered: Frame, *, keep: Keep) -> Frame:
    """Give the records that `numbered` left without `kunci` one as well.

    A record joins the one numbered employer of its name and place, or the other sources' records
    of that name and place where each source has only one; otherwise it stands alone.
    `numbered` has sumber, id_sumber, nama and kode_wilayah too.
    """
    nameless = keep(
        "nameless",
        numbered.filter(nw.col("kunci").is_null()).with_columns(
            nama_kunci=name_key("nama"), bentuk_kunci=legal_form("nama")
        ),
    )
    known = numbered.filter(~nw.col("kunci").is_null())
    rows = (
        nameless.join(_numbered_of_name(known, nameless), on=_PLACE, how="left")
        .join(_most_per_source(nameless), on=[*_PLACE, "bentuk_kunci"], how="left")
        .with_columns(kunci=_key_of_nameless())
        .select(*numbered.columns)
    )
    return nw.concat([known, rows], how="vertical")


def link_exactly(parties: Parties, keep: Keep) -> Frame:
    """Link by NPWP and NIB; by name and place where there is nothing to compare.

    Of several registered employers an active one wins, then the one that both numbers name, then
    the one in the same place, then the smallest NPP. A name and place that several registered
    employers share says that it is registered, not as which: the method is BY_SHARED_NAME.
    """
    by_number = keep("linked_by_number", _by_number(parties))
    by_name = _by_name(parties, by_number, keep=keep)
    return nw.concat([by_number, by_name], how="vertical")


def _numbered_of_name(known: Frame, nameless: Frame) -> Frame:
    return (
        known.select("kunci", "kode_wilayah", "nama", nama_kunci=name_key("nama"))
        .join(nameless.select(*_PLACE), on=_PLACE, how="semi")
        .with_columns(bentuk_lain=legal_form("nama"))
        .group_by(*_PLACE)
        .agg(
            nw.col("kunci").min().alias("kunci_satu"),
            nw.col("kunci").max().alias("kunci_lain"),
            nw.col("bentuk_lain").max(),
        )
    )


def _most_per_source(nameless: Frame) -> Frame:
    return (
        nameless.group_by(*_PLACE, "bentuk_kunci", "sumber")
        .agg(nw.len().alias("dari_sumber"))
        .group_by(*_PLACE, "bentuk_kunci")
        .agg(nw.col("dari_sumber").max())
    )


def _key_of_nameless() -> nw.Expr:
    own = nw.concat_str(nw.lit("sumber:"), nw.col("sumber"), nw.lit(":"), nw.col("id_sumber"))
    parts = ("kode_wilayah", "bentuk_kunci", "nama_kunci")
    shared = nw.concat_str(nw.lit("nama"), *(nw.col(part) for part in parts), separator=":")
    fits = (
        (nw.col("bentuk_lain") == nw.col("bentuk_kunci"))
        | (nw.col("bentuk_lain") == "")
        | (nw.col("bentuk_kunci") == "")
    )
    joins = (nw.col("kunci_satu") == nw.col("kunci_lain")) & fits
    meets = nw.col("kunci_satu").is_null() & (nw.col("dari_sumber") == 1)
    says = nw.col("nama_kunci") != ""
    return (
        nw.when(joins & says)
        .then(nw.col("kunci_satu"))
        .otherwise(nw.when(meets & says).then(shared).otherwise(own))
    )


def _by_number(parties: Parties) -> Frame:
    pairs = []
    # Two joins and a sum: a pair that both numbers name weighs 3.
    for column, weight in (("npwp16", 2), ("nib", 1)):
        known = parties.registered.filter(~nw.col(column).is_null()).select(
            column, "npp", "urutan_status", tempat=nw.col("kode_wilayah")
        )
        far = (nw.col("tempat") != nw.col("kode_wilayah")).cast(nw.Int64())
        pairs.append(
            parties.records.filter(~nw.col(column).is_null())
            .select("kunci", "kode_wilayah", column)
            .join(known, on=column, how="inner")
            .select("kunci", "npp", "urutan_status", jauh=far, bobot=nw.lit(weight))
        )
    order = nw.concat_str(
        nw.col("urutan_status"),
        (3 - nw.col("bobot")).cast(nw.String()),
        nw.col("jauh").cast(nw.String()),
        nw.col("npp"),
    )
    by_nib = nw.col("urutan").str.slice(1, 1) == "2"
    return (
        nw.concat(pairs, how="vertical")
        .group_by("kunci", "npp", "urutan_status", "bobot")
        .agg(nw.col("jauh").min())
        .group_by("kunci", "npp", "urutan_status")
        .agg(nw.col("jauh").min(), nw.col("bobot").sum())
        .select("kunci", urutan=order)
        .group_by("kunci")
        .agg(nw.col("urutan").min())
        .select(
            "kunci",
            npp=nw.col("urutan").str.slice(3),
            metode=nw.when(by_nib).then(nw.lit(BY_NIB)).otherwise(nw.lit(BY_NPWP)),
            mirip_npp=nw.lit(None, dtype=nw.String()),
        )
    )


def _by_name(parties: Parties, by_number: Frame, *, keep: Keep) -> Frame:
    # Kept, so that every name is read once and not once for each pair.
    records = keep(
        "records_by_name",
        parties.records.join(by_number.select("kunci"), on="kunci", how="anti").with_columns(
            nama_kunci=name_key("nama"), bentuk_kunci=legal_form("nama")
        ),
    ).filter(nw.col("nama_kunci") != "")
    registered = keep(
        "registered_by_name",
        parties.registered.select(
            "npp",
            "grup",
            "urutan_status",
            "kode_wilayah",
            nama_kunci=name_key("nama"),
            bentuk_sini=_registered_form(),
            npwp_sini=nw.col("npwp16"),
            nib_sini=nw.col("nib"),
        ),
    )
    same = nw.col("berbeda") == 0
    one = nw.col("grup_satu") == nw.col("grup_lain")
    return (
        records.join(registered, on=_PLACE, how="inner")
        .select("kunci", "npp", "grup", "urutan_status", berbeda=_differs())
        .group_by("kunci", "npp", "grup", "urutan_status")
        .agg(nw.col("berbeda").max())
        .select(
            "kunci",
            npp_sama=nw.when(same).then(nw.concat_str(nw.col("urutan_status"), nw.col("npp"))),
            grup_sama=nw.when(same).then(nw.col("grup")),
            npp_beda=nw.when(~same).then(nw.col("npp")),
        )
        .group_by("kunci")
        .agg(
            nw.col("npp_sama").min(),
            nw.col("npp_beda").min(),
            nw.col("grup_sama").min().alias("grup_satu"),
            nw.col("grup_sama").max().alias("grup_lain"),
        )
        .select(
            "kunci",
            npp=nw.col("npp_sama").str.slice(1),
            metode=nw.when(one)
            .then(nw.lit(BY_NAME))
            .otherwise(nw.when(~one).then(nw.lit(BY_SHARED_NAME))),
            mirip_npp=nw.when(nw.col("grup_satu").is_null()).then(nw.col("npp_beda")),
        )
    )


def _registered_form() -> nw.Expr:
    in_name = legal_form("nama")
    return nw.when(in_name == "").then(legal_form("bentuk")).otherwise(in_name)


def _differs() -> nw.Expr:
    """Say 1 where NPWP, NIB or legal form are known on both sides and differ."""
    npwp = (nw.col("npwp16") != nw.col("npwp_sini")).fill_null(value=False)
    nib = (nw.col("nib") != nw.col("nib_sini")).fill_null(value=False)
    form = (
        (nw.col("bentuk_kunci") != "")
        & (nw.col("bentuk_sini") != "")
        & (nw.col("bentuk_kunci") != nw.col("bentuk_sini"))
    )
    return nw.when(npwp | nib | form).then(nw.lit(1)).otherwise(nw.lit(0))
