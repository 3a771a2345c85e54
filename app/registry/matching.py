"""PURE: is this the same employer? Exact by NPWP and NIB, by name and place for the rest.

A link says with what it was made; a shared name and place under another NPWP or NIB is not a link
but a look-alike, for a person to judge.
"""

import re
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

import narwhals.stable.v2 as nw

# A lazy frame of whatever engine.
Frame: TypeAlias = nw.LazyFrame[Any]

NPWP_15: Final = 15
NPWP_16: Final = 16
NITKU: Final = 22

BY_NPWP: Final = "npwp"
BY_NIB: Final = "nib"
BY_NAME: Final = "nama"
BY_SHARED_NAME: Final = "nama_ganda"

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
    probabilistic linker may add links of its own method; it never takes an exact one away.
    """

    def __call__(self, parties: Parties) -> Frame: ...


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
    return nw.col(column).str.to_uppercase().str.replace_all(_NOT_THE_NAME, "")


def name_key_of(name: str) -> str:
    """Return what `name_key` returns, for one name."""
    return re.sub(_NOT_THE_NAME, "", name.upper())


def legal_form(column: str) -> nw.Expr:
    """Return the legal form written in the name, empty when there is none."""
    upper = nw.col(column).str.to_uppercase().fill_null("")
    form = nw.lit("")
    for pattern, name in reversed(_FORMS):
        form = nw.when(upper.str.contains(pattern)).then(nw.lit(name)).otherwise(form)
    return form


def keyed(records: Frame) -> Frame:
    """Add `kunci`: the same for records of one outside employer.

    The same NPWP, else the same NIB; NPWPs that share a NIB are one. A record with neither joins
    the one identified employer of its name and place, or the other sources' records of that name
    and place where each source has only one; otherwise it stands alone.

    `records` has baris, sumber, id_sumber, npwp16, nib, nama, kode_wilayah.
    """
    both = records.filter(~nw.col("npwp16").is_null() & ~nw.col("nib").is_null())
    of_nib = both.group_by("nib").agg(nw.col("npwp16").min().alias("npwp_of_nib"))
    of_npwp = (
        both.join(of_nib, on="nib", how="inner")
        .group_by("npwp16")
        .agg(nw.col("npwp_of_nib").min().alias("root"))
        .rename({"npwp16": "any_npwp"})
    )
    identified = (
        records.filter(~nw.col("npwp16").is_null() | ~nw.col("nib").is_null())
        .join(of_nib, on="nib", how="left")
        .with_columns(any_npwp=nw.coalesce(nw.col("npwp16"), nw.col("npwp_of_nib")))
        .join(of_npwp, on="any_npwp", how="left")
        .with_columns(root=nw.coalesce(nw.col("root"), nw.col("any_npwp")))
        .with_columns(
            kunci=nw.when(nw.col("root").is_null())
            .then(nw.concat_str(nw.lit("nib:"), nw.col("nib")))
            .otherwise(nw.concat_str(nw.lit("npwp:"), nw.col("root")))
        )
        .drop("npwp_of_nib", "any_npwp", "root")
    )
    nameless = records.filter(nw.col("npwp16").is_null() & nw.col("nib").is_null())
    return nw.concat([identified, _keyed_by_name(nameless, identified)], how="vertical")


def link_exactly(parties: Parties) -> Frame:
    """Link by NPWP and NIB; by name and place where there is nothing to compare.

    Of several registered employers an active one wins, then the one that both numbers name, then
    the one in the same place, then the smallest NPP. A name and place that several registered
    employers share says that it is registered, not as which: the method is BY_SHARED_NAME.
    """
    by_number = _by_number(parties)
    by_name = _by_name(parties, by_number)
    return nw.concat(
        [
            by_number.select(
                "kunci", "npp", "metode", nw.lit(None, dtype=nw.String()).alias("mirip_npp")
            ),
            by_name.select("kunci", "npp", "metode", "mirip_npp"),
        ],
        how="vertical",
    )


def _keyed_by_name(nameless: Frame, identified: Frame) -> Frame:
    place = ["nama_kunci", "kode_wilayah"]
    named = nameless.with_columns(nama_kunci=name_key("nama"), bentuk_kunci=legal_form("nama"))
    places = named.select(*place).unique()
    known = (
        identified.select(
            "kunci",
            "kode_wilayah",
            nama_kunci=name_key("nama"),
            bentuk_lain=legal_form("nama"),
        )
        .join(places, on=place, how="semi")
        .group_by(*place)
        .agg(
            nw.col("kunci").min().alias("kunci_satu"),
            nw.col("kunci").max().alias("kunci_lain"),
            nw.col("bentuk_lain").max(),
        )
    )
    alone = (
        named.group_by(*place, "bentuk_kunci", "sumber")
        .agg(nw.len().alias("dari_sumber"))
        .group_by(*place, "bentuk_kunci")
        .agg(nw.col("dari_sumber").max())
    )
    own = nw.concat_str(nw.lit("sumber:"), nw.col("sumber"), nw.lit(":"), nw.col("id_sumber"))
    shared = nw.concat_str(
        nw.lit("nama:"),
        nw.col("kode_wilayah"),
        nw.lit(":"),
        nw.col("bentuk_kunci"),
        nw.lit(":"),
        nw.col("nama_kunci"),
    )
    fits = (
        (nw.col("bentuk_lain") == nw.col("bentuk_kunci"))
        | (nw.col("bentuk_lain") == "")
        | (nw.col("bentuk_kunci") == "")
    )
    kunci = (
        nw.when(
            (nw.col("kunci_satu") == nw.col("kunci_lain")) & fits & (nw.col("nama_kunci") != "")
        )
        .then(nw.col("kunci_satu"))
        .otherwise(
            nw.when(
                nw.col("kunci_satu").is_null()
                & (nw.col("dari_sumber") == 1)
                & (nw.col("nama_kunci") != "")
            )
            .then(shared)
            .otherwise(own)
        )
    )
    return (
        named.join(known, on=place, how="left")
        .join(alone, on=[*place, "bentuk_kunci"], how="left")
        .with_columns(kunci=kunci)
        .drop(
            "nama_kunci", "bentuk_kunci", "kunci_satu", "kunci_lain", "bentuk_lain", "dari_sumber"
        )
    )


def _by_number(parties: Parties) -> Frame:
    registered = parties.registered.with_columns(tempat=nw.col("kode_wilayah"))
    columns = ["npp", "urutan_status", "tempat"]
    pairs = []
    # Two joins and a sum: a pair that both numbers name weighs 3.
    for column, weight in (("npwp16", 2), ("nib", 1)):
        known = registered.filter(~nw.col(column).is_null()).select(column, *columns).unique()
        pairs.append(
            parties.records.filter(~nw.col(column).is_null())
            .select("kunci", "kode_wilayah", column)
            .join(known, on=column, how="inner")
            .select(
                "kunci",
                "npp",
                "urutan_status",
                (nw.col("tempat") != nw.col("kode_wilayah")).cast(nw.Int64()).alias("jauh"),
                nw.lit(weight).alias("bobot"),
            )
        )
    scored = (
        nw.concat(pairs, how="vertical")
        .group_by("kunci", "npp", "bobot")
        .agg(nw.col("urutan_status").min(), nw.col("jauh").min())
        .group_by("kunci", "npp")
        .agg(nw.col("urutan_status").min(), nw.col("jauh").min(), nw.col("bobot").sum())
        .with_columns(
            urutan=nw.concat_str(
                nw.col("urutan_status").cast(nw.String()),
                (3 - nw.col("bobot")).cast(nw.String()),
                nw.col("jauh").cast(nw.String()),
                nw.col("npp"),
            )
        )
    )
    return (
        scored.group_by("kunci")
        .agg(nw.col("urutan").min())
        .with_columns(
            npp=nw.col("urutan").str.slice(3),
            metode=nw.when(nw.col("urutan").str.slice(1, 1) == "2")
            .then(nw.lit(BY_NIB))
            .otherwise(nw.lit(BY_NPWP)),
        )
    )


def _by_name(parties: Parties, by_number: Frame) -> Frame:
    place = ["nama_kunci", "kode_wilayah"]
    records = (
        parties.records.join(by_number.select("kunci"), on="kunci", how="anti")
        .with_columns(nama_kunci=name_key("nama"), bentuk_kunci=legal_form("nama"))
        .filter(nw.col("nama_kunci") != "")
    )
    places = records.select("kode_wilayah").unique()
    registered = (
        parties.registered.join(places, on="kode_wilayah", how="semi")
        .with_columns(nama_kunci=name_key("nama"), bentuk_sini=_registered_form())
        .select(
            *place,
            "npp",
            "grup",
            "urutan_status",
            "bentuk_sini",
            npwp_sini=nw.col("npwp16"),
            nib_sini=nw.col("nib"),
        )
    )
    pairs = records.join(registered, on=place, how="inner").with_columns(berbeda=_differs())
    candidates = pairs.group_by("kunci", "npp", "grup", "urutan_status").agg(
        nw.col("berbeda").max()
    )
    return (
        candidates.with_columns(
            npp_sama=nw.when(nw.col("berbeda") == 0).then(
                nw.concat_str(nw.col("urutan_status").cast(nw.String()), nw.col("npp"))
            ),
            grup_sama=nw.when(nw.col("berbeda") == 0).then(nw.col("grup")),
            npp_beda=nw.when(nw.col("berbeda") == 1).then(nw.col("npp")),
        )
        .group_by("kunci")
        .agg(
            nw.col("npp_sama").min(),
            nw.col("npp_beda").min(),
            nw.col("grup_sama").min().alias("grup_satu"),
            nw.col("grup_sama").max().alias("grup_lain"),
        )
        .with_columns(tunggal=nw.col("grup_satu") == nw.col("grup_lain"))
        .with_columns(
            npp=nw.col("npp_sama").str.slice(1),
            metode=nw.when(nw.col("tunggal"))
            .then(nw.lit(BY_NAME))
            .otherwise(nw.when(~nw.col("tunggal")).then(nw.lit(BY_SHARED_NAME))),
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
