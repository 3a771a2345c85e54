"""The six rules in pandas 3: only the columns that are needed, strings and dates kept by Arrow."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bench.national.contract import (
    CEILING,
    FLAGS,
    FORMS,
    FRESH,
    JKK,
    MONTH,
    NOT_THE_NAME,
    WORKERS,
    Found,
    due_months,
)
from bench.national.extracts import ON

TODAY, SINCE = pd.Timestamp(ON), pd.Timestamp(FRESH)
PLACE = ["nk", "kode_wilayah"]
Frame, Column = pd.DataFrame, pd.Series


def sweep(tables: Mapping[str, Path], *, place: Path) -> Found:
    del place
    divs = _divisions(_read(tables["pemberi_kerja"]))
    emp = _employers(divs)
    linked = _linked(_keyed(_records(_read(tables["sumber_pemberi_kerja"]))), divs, emp)
    lists = _read(
        tables["sumber_pekerja"],
        "baris", "sumber", "id_sumber", "nik", "nama", "tgl_lahir", "tgl_mulai", "upah", "tgl_data",
    )  # fmt: skip
    lists = lists[(lists.tgl_data >= SINCE) & lists.nik.notna()]
    listed = _listed(lists, linked)
    cards = _read(
        tables["kepesertaan"],
        "npp", "divisi", "nik", "nama", "tgl_lahir", "tgl_mulai", "tgl_akhir", "sebab_akhir", "upah",
    )  # fmt: skip
    known = cards[cards.nik.isin(listed.nik.unique())].drop(columns=["nama", "tgl_lahir"])
    known = known.merge(emp[["npp", "grup"]], on="npp")
    known["running"] = _runs(known)
    known["died"] = (known.sebab_akhir == "meninggal").fillna(value=False)
    people = known.groupby("nik", as_index=False).agg(
        died=("died", "max"), active=("running", "max")
    )
    running = cards[(cards.tgl_mulai <= TODAY) & _runs(cards)]
    wage = _wages(running, emp)
    pwbd, pwbd_workers = _pwbd(tables, cards, lists, linked, emp, wage)
    tk, tk_workers = _pds_tk(cards, linked, listed, known, people, emp, wage)
    pay, pay_workers = _pds_upah(listed, known, emp)
    gone, gone_workers = _lapsed(listed, known, people, emp)
    flags = pd.concat([pwbd, tk, pay, _pds_program(running, emp), _piutang(tables), gone])
    named = [
        one.assign(aturan=rule, subject="npp:" + one.npp)[WORKERS.names]
        for rule, one in (
            ("PDS_TK", tk_workers),
            ("PDS_UPAH", pay_workers),
            ("LAPSED", gone_workers),
        )
    ]
    workers = pd.concat([pwbd_workers, *named])
    return Found(
        flags=lambda: _arrow(flags, FLAGS),
        workers=lambda: _arrow(workers, WORKERS),
        named=len(workers),
    )


def _arrow(frame: Frame, schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pandas(frame[schema.names], preserve_index=False).cast(schema)


def _read(path: Path, *columns: str) -> Frame:
    table = pq.read_table(path, columns=list(columns) or None)
    # Days as numpy's: Arrow's have no arithmetic with days here.
    return table.to_pandas(
        types_mapper=lambda kind: None if pa.types.is_date(kind) else pd.ArrowDtype(kind),
        date_as_object=False,
        split_blocks=True,
        self_destruct=True,
    )


def _runs(cards: Frame) -> Column:
    return cards.tgl_akhir.isna() | (cards.tgl_akhir >= TODAY).fillna(value=False)


def _npwp16(npwp: Column) -> Column:
    length = npwp.str.len()
    return npwp.mask((length == 15).fillna(value=False), "0" + npwp).mask(
        (length == 22).fillna(value=False), npwp.str.slice(0, 16)
    )


def _name_key(name: Column) -> Column:
    return name.str.upper().str.replace(NOT_THE_NAME, "", regex=True)


def _form(name: Column) -> Column:
    upper = name.fillna("").str.upper()
    found = pd.Series("", index=name.index, dtype=name.dtype)
    for pattern, form in reversed(FORMS):
        found = found.mask(upper.str.contains(pattern, regex=True), form)
    return found


def _owed(rows: Frame, wage: Column, *, jkk: Column | int | None = None) -> Column:
    points = rows.kelas_jkk.map(JKK).fillna(24).astype("int64") if jkk is None else jkk
    small = rows.skala.isin(["kecil", "menengah", "besar"]).astype("int64")
    large = rows.skala.isin(["menengah", "besar"]).astype("int64")
    return wage * points + wage * 30 + small * wage * 570 + large * wage.clip(upper=CEILING) * 300


def _months(day: Column) -> Column:
    return (MONTH - (day.dt.year.astype("int64") * 12 + day.dt.month - 1)).clip(1, 12)


def _divisions(rows: Frame) -> Frame:
    return rows.assign(
        npwp16=_npwp16(rows.npwp), ord=rows.status.map({"aktif": "0", "tutup": "2"}).fillna("1")
    )


def _employers(divs: Frame) -> Frame:
    is_open = divs.status != "tutup"
    rank = (
        divs.skala.map({"mikro": 1, "kecil": 2, "menengah": 3, "besar": 4})
        .fillna(0)
        .where(is_open, 0)
    )
    has = {
        one: (
            is_open & divs.program.str.contains(f"(?:^|,){one.upper()}(?:,|$)", regex=True)
        ).fillna(value=False)
        for one in ("jkk", "jkm", "jht", "jp")
    }
    rows = divs.assign(rank=rank.astype("int64"), **has).sort_values(["ord", "divisi"])
    # "first" skips nulls; the head divisi is asked, whatever it leaves open.
    head = rows.drop_duplicates("npp")[["npp", "kode_wilayah", "kelas_jkk", "skala", "kbli"]]
    over = rows.groupby("npp", as_index=False).agg(
        npwp16=("npwp16", "min"), ord=("ord", "min"), tgl_daftar=("tgl_daftar", "min"), rank=("rank", "max"),
        **{one: (one, "max") for one in has},
    )  # fmt: skip
    emp = over.merge(head, on="npp")
    return emp.assign(grup=emp.npwp16.fillna("npp:" + emp.npp)).drop(columns="npwp16")


def _records(r: Frame) -> Frame:
    r = r.assign(npwp16=_npwp16(r.npwp), fresh=r.tgl_data >= SINCE).drop(
        columns=["npwp", "kbli", "alamat"]
    )
    both = r[r.npwp16.notna() & r.nib.notna()]
    n = both.groupby("nib", as_index=False).agg(via=("npwp16", "min"))
    w = both.merge(n, on="nib").groupby("npwp16", as_index=False).agg(root=("via", "min"))
    out = r.merge(n, on="nib", how="left")
    out["k"] = out.npwp16.fillna(out.via)
    out = out.merge(w.rename(columns={"npwp16": "k"}), on="k", how="left")
    number = out.root.fillna(out.k)
    return out.assign(kunci=("npwp:" + number).fillna("nib:" + out.nib)).drop(
        columns=["via", "k", "root"]
    )


def _keyed(rec: Frame) -> Frame:
    named = rec[rec.kunci.isna()]
    named = named.assign(nk=_name_key(named.nama), fk=_form(named.nama))
    numbered = rec[rec.kunci.notna()]
    i = numbered[["kunci", "kode_wilayah", "nama"]].assign(nk=_name_key(numbered.nama))
    i = i.merge(named[PLACE].drop_duplicates(), on=PLACE)
    i = (
        i.assign(fk2=_form(i.nama))
        .groupby(PLACE, as_index=False)
        .agg(one=("kunci", "min"), other=("kunci", "max"), fk2=("fk2", "max"))
    )
    a = named.groupby([*PLACE, "fk", "sumber"], as_index=False).agg(c=("baris", "size"))
    a = a.groupby([*PLACE, "fk"], as_index=False).agg(c=("c", "max"))
    rest = named.merge(i, on=PLACE, how="left").merge(a, on=[*PLACE, "fk"], how="left")
    fits = (rest.fk2 == rest.fk) | (rest.fk2 == "") | (rest.fk == "")
    shared = "nama:" + rest.kode_wilayah + ":" + rest.fk + ":" + rest.nk
    key = "sumber:" + rest.sumber + ":" + rest.id_sumber
    key = key.mask((rest.one.isna() & (rest.c == 1)).fillna(value=False), shared)
    key = key.mask(((rest.one == rest.other) & fits).fillna(value=False), rest.one)
    return pd.concat([numbered, rest.assign(kunci=key)[rec.columns]])


def _linked(keyed: Frame, divs: Frame, emp: Frame) -> Frame:
    e = (
        divs[["npp", "npwp16", "nib", "kode_wilayah"]]
        .rename(columns={"kode_wilayah": "there"})
        .drop_duplicates()
    )
    pairs = []
    for number, weight in (("npwp16", 2), ("nib", 1)):
        here = e.loc[e[number].notna(), ["npp", number, "there"]]
        pair = keyed.loc[keyed[number].notna(), ["kunci", number, "kode_wilayah"]].merge(
            here, on=number
        )
        pair["far"] = (pair.there != pair.kode_wilayah).astype("int64")
        pairs.append(
            pair.groupby(["kunci", "npp"], as_index=False).agg(far=("far", "min")).assign(w=weight)
        )
    by_number = (
        pd.concat(pairs)
        .groupby(["kunci", "npp"], as_index=False)
        .agg(w=("w", "sum"), far=("far", "min"))
    )
    by_number = by_number.merge(emp[["npp", "ord"]], on="npp")
    by_number = by_number.sort_values(
        ["ord", "w", "far", "npp"], ascending=[True, False, True, True]
    )
    by_number = by_number.drop_duplicates("kunci")[["kunci", "npp"]].assign(shared=False)
    r = keyed.loc[
        ~keyed.kunci.isin(by_number.kunci), ["kunci", "npwp16", "nib", "kode_wilayah", "nama"]
    ]
    r = r.assign(nk=_name_key(r.nama), fk=_form(r.nama)).drop(columns="nama")
    own = _form(divs.nama)
    d = pd.DataFrame({
        "npp": divs.npp, "kode_wilayah": divs.kode_wilayah, "npwp2": divs.npwp16, "nib2": divs.nib,
        "nk": _name_key(divs.nama), "fk2": own.mask(own == "", _form(divs.bentuk)),
    })  # fmt: skip
    c = r[r.nk != ""].merge(d, on=PLACE)
    c["differs"] = (
        (c.npwp16 != c.npwp2).fillna(value=False)
        | (c.nib != c.nib2).fillna(value=False)
        | ((c.fk != "") & (c.fk2 != "") & (c.fk != c.fk2))
    )
    c = c.groupby(["kunci", "npp"], as_index=False).agg(differs=("differs", "max"))
    c = (
        c[~c.differs.astype(bool)]
        .merge(emp[["npp", "ord", "grup"]], on="npp")
        .sort_values(["ord", "npp"])
    )
    groups = c.groupby("kunci", as_index=False).agg(groups=("grup", "nunique"))
    by_name = c.drop_duplicates("kunci")[["kunci", "npp"]].merge(groups, on="kunci")
    by_name = by_name.assign(shared=by_name.groups > 1).drop(columns="groups")
    links = pd.concat([by_number, by_name]) if len(by_name) else by_number
    return keyed.merge(links, on="kunci", how="left").merge(
        emp[["npp", "grup", "ord", "tgl_daftar"]], on="npp", how="left"
    )


def _listed(lists: Frame, linked: Frame) -> Frame:
    alone = ~linked.shared.fillna(value=True).astype(bool)
    places = linked.loc[
        linked.npp.notna() & alone, ["sumber", "id_sumber", "npp", "grup", "ord", "tgl_daftar"]
    ]
    rows = lists.merge(places.drop_duplicates(), on=["sumber", "id_sumber"])
    return rows[rows.tgl_data >= rows.tgl_daftar].drop(columns="tgl_daftar")


def _wages(running: Frame, emp: Frame) -> tuple[Frame, int]:
    paid = running.groupby("npp", as_index=False).agg(n=("nik", "size"), w=("upah", "sum"))
    paid = paid.merge(emp[["npp", "kode_wilayah"]], on="npp")
    by_place = paid.groupby("kode_wilayah", as_index=False).agg(n=("n", "sum"), w=("w", "sum"))
    provinces = by_place.assign(kode_wilayah=by_place.kode_wilayah.str.slice(0, 2))
    provinces = provinces.groupby("kode_wilayah", as_index=False).agg(
        n=("n", "sum"), w=("w", "sum")
    )
    places = pd.concat([by_place, provinces])
    places["wage"] = places.w // places.n
    return places[["kode_wilayah", "wage"]], int(paid.w.sum()) // int(paid.n.sum())


def _base(rows: Frame, wage: tuple[Frame, int], known: Column) -> Column:
    here, everywhere = wage
    for place in (rows.kode_wilayah, rows.kode_wilayah.str.slice(0, 2)):
        mean = place.to_frame().merge(here, on="kode_wilayah", how="left").wage
        known = known.fillna(mean.set_axis(rows.index))
    return known.fillna(everywhere).astype("int64[pyarrow]")


def _flags(rule: str, rows: Frame, *, rupiah: Column, workers: Column) -> Frame:
    return pd.DataFrame({
        "aturan": rule, "subject": "npp:" + rows.npp, "pekerja": workers, "rupiah": rupiah, "bulan": 0,
    })  # fmt: skip


def _pwbd(
    tables: Mapping[str, Path],
    cards: Frame,
    lists: Frame,
    linked: Frame,
    emp: Frame,
    wage: tuple[Frame, int],
) -> tuple[Frame, Frame]:
    closed_ones = emp.npp[emp.ord == "2"]
    closed = (
        cards[cards.npp.isin(closed_ones)]
        .groupby("npp", as_index=False)
        .agg(ended=("tgl_akhir", "max"))
    )
    bills = _read(tables["tagihan"], "npp", "blth")
    billed = (
        bills[bills.npp.isin(closed_ones)].groupby("npp", as_index=False).agg(last=("blth", "max"))
    )
    sizes = lists.groupby(["sumber", "id_sumber", "nik"], as_index=False).agg(upah=("upah", "max"))
    sizes = sizes.groupby(["sumber", "id_sumber"], as_index=False).agg(
        n=("nik", "size"), w=("upah", "sum")
    )
    rows = linked[linked.npp.isna() | (linked.ord == "2")]
    rows = rows.merge(closed, on="npp", how="left").merge(billed, on="npp", how="left")
    rows = rows.merge(sizes, on=["sumber", "id_sumber"], how="left")
    data_month = rows.tgl_data.dt.year.astype("int64") * 12 + rows.tgl_data.dt.month - 1
    counts = (rows.ended.isna() | (rows.tgl_data > rows.ended).fillna(value=False)) & (
        rows.ended.notna() | rows["last"].isna() | (data_month > rows["last"]).fillna(value=False)
    )
    said = rows.jumlah_tk.fillna(0).astype("int64").where(rows.fresh, 0)
    n = rows.n.fillna(0).astype("int64")
    rows["workers"] = n.mask(said > n, said).where(counts, 0)
    rows["subject"] = ("npp:" + rows.npp).fillna(rows.kunci)
    rows["carries"] = rows.workers > 0
    rows["since"] = rows.tgl_data.where(rows.carries)
    over = rows.groupby("subject", as_index=False).agg(
        workers=("workers", "max"),
        n=("n", "max"),
        w=("w", "max"),
        skala=("skala", "max"),
        since=("since", "min"),
    )
    last = rows.sort_values(
        ["carries", "tgl_data", "sumber", "id_sumber", "baris"]
    ).drop_duplicates("subject", keep="last")[["subject", "kode_wilayah"]]
    flagged = over[over.workers > 0].merge(last, on="subject")
    evidenced = (flagged.w // flagged.n).where(
        ((flagged.w > 0) & (flagged.n > 0)).fillna(value=False)
    )
    owed = _owed(flagged, _base(flagged, wage, evidenced), jkk=24)
    flags = pd.DataFrame({
        "aturan": "PWBD", "subject": flagged.subject, "pekerja": flagged.workers,
        "rupiah": flagged.workers * owed * _months(flagged.since) // 10_000, "bulan": 0,
    })  # fmt: skip
    shown = rows.loc[
        rows.subject.isin(flagged.subject), ["sumber", "id_sumber", "subject"]
    ].drop_duplicates()
    workers = lists[["sumber", "id_sumber", "nik"]].merge(shown, on=["sumber", "id_sumber"])
    return flags, workers.assign(aturan="PWBD")[WORKERS.names].drop_duplicates()


def _pds_tk(
    cards: Frame,
    linked: Frame,
    listed: Frame,
    known: Frame,
    people: Frame,
    emp: Frame,
    wage: tuple[Frame, int],
) -> tuple[Frame, Frame]:
    late = listed.tgl_mulai.isna() | (
        listed.tgl_mulai + pd.Timedelta(days=30) < listed.tgl_data
    ).fillna(value=False)
    unknown = _without(listed[(listed.ord != "2") & late], known, ["grup", "nik"])
    unknown = unknown[~unknown.nik.isin(people.nik[people.died.astype(bool)])]
    damaged = unknown.loc[
        unknown.nik // 10 * 10 == unknown.nik, ["grup", "nik", "tgl_lahir", "nama"]
    ]
    damaged = damaged.assign(n15=damaged.nik // 10, upper=damaged.nama.str.upper())
    near = emp.loc[emp.grup.isin(damaged.grup), ["npp", "grup"]]
    there = cards.loc[cards.npp.isin(near.npp), ["npp", "nik", "nama", "tgl_lahir"]].merge(
        near, on="npp"
    )
    there = there.assign(n15=there.nik // 10, upper=there.nama.str.upper())
    twins = damaged.merge(
        there[["grup", "tgl_lahir", "n15", "upper"]].drop_duplicates(),
        on=["grup", "tgl_lahir", "n15", "upper"],
    )
    workers = (
        _without(unknown, twins, ["grup", "nik"])
        .groupby(["npp", "nik"], as_index=False)
        .agg(upah=("upah", "max"), since=("tgl_data", "min"))
    )
    alone = ~linked.shared.fillna(value=True).astype(bool)
    heads = linked[
        linked.npp.notna() & alone & (linked.ord != "2") & linked.fresh
        & (linked.tgl_data >= linked.tgl_daftar) & (linked.jumlah_tk > 0) & ~linked.npp.isin(listed.npp)
    ]  # fmt: skip
    days = heads[["grup", "tgl_data"]].drop_duplicates()
    npps = emp.loc[emp.grup.isin(days.grup), ["npp", "grup"]]
    that_day = cards.loc[cards.npp.isin(npps.npp), ["npp", "nik", "tgl_mulai", "tgl_akhir"]]
    that_day = that_day.merge(npps, on="npp").merge(days, on="grup")
    that_day = that_day[
        (that_day.tgl_mulai <= that_day.tgl_data)
        & (
            that_day.tgl_akhir.isna()
            | (that_day.tgl_akhir >= that_day.tgl_data).fillna(value=False)
        )
    ]
    counted = that_day.groupby(["grup", "tgl_data"], as_index=False).agg(there=("nik", "nunique"))
    gaps = heads.merge(counted, on=["grup", "tgl_data"], how="left")
    count = gaps.there.fillna(0).astype("int64")
    gaps["gap"] = gaps.jumlah_tk.astype("int64") - count
    gaps = gaps[(gaps.gap >= 2) & (gaps.gap * 10 >= count)]
    gaps = gaps.groupby("npp", as_index=False).agg(since=("tgl_data", "min"), gap=("gap", "max"))
    gaps["upah"] = pd.Series(pd.NA, index=gaps.index, dtype=workers.upah.dtype)
    rows = pd.concat(
        [workers.assign(gap=1)[["npp", "upah", "since", "gap"]], gaps], ignore_index=True
    )
    rows = rows.merge(emp, on="npp")
    rows["owed"] = rows.gap * _owed(rows, _base(rows, wage, rows.upah))
    summed = rows.groupby("npp", as_index=False).agg(
        gap=("gap", "sum"), owed=("owed", "sum"), since=("since", "min")
    )
    rupiah = summed.owed * _months(summed.since) // 10_000
    return _flags("PDS_TK", summed, rupiah=rupiah, workers=summed.gap), workers


def _without(rows: Frame, others: Frame, key: list[str]) -> Frame:
    """Return the rows that have no like in `others`."""
    marked = rows.merge(others[key].drop_duplicates(), on=key, how="left", indicator=True)
    return marked[marked._merge == "left_only"].drop(columns="_merge")  # noqa: SLF001 - pandas' own name


def _pds_upah(listed: Frame, known: Frame, emp: Frame) -> tuple[Frame, Frame]:
    row = ["baris", "grup", "nik", "shown", "tgl_data", "sumber", "id_sumber"]
    shown = listed[(listed.ord != "2") & (listed.upah > 0).fillna(value=False)].rename(
        columns={"upah": "shown"}
    )
    running = known.loc[
        known.running, ["grup", "nik", "npp", "divisi", "upah", "tgl_mulai"]
    ].rename(columns={"tgl_mulai": "began"})
    pay = shown[row].merge(running, on=["grup", "nik"])
    pay = (
        pay[pay.began <= pay.tgl_data]
        .groupby([*row, "npp", "divisi"], as_index=False)
        .agg(upah=("upah", "max"))
    )
    under = pay.groupby(row, as_index=False).agg(npp=("npp", "min"), upah=("upah", "sum"))
    under = under[(under.shown > under.upah) & (under.shown * 10 >= under.upah * 11)]
    workers = under.groupby(["npp", "nik"], as_index=False).agg(
        shown=("shown", "max"), upah=("upah", "max"), since=("tgl_data", "min")
    )
    rows = workers.merge(emp, on="npp")
    rows["owed"] = _owed(rows, rows.shown) - _owed(rows, rows.upah)
    summed = rows.groupby("npp", as_index=False).agg(
        n=("nik", "size"), owed=("owed", "sum"), since=("since", "min")
    )
    rupiah = summed.owed * _months(summed.since) // 10_000
    return _flags("PDS_UPAH", summed, rupiah=rupiah, workers=summed.n), workers


def _pds_program(running: Frame, emp: Frame) -> Frame:
    lacks = emp[
        (emp.ord != "2")
        & (emp["rank"] > 0)
        & ~emp.kbli.fillna("").str.slice(0, 2).isin(["41", "42", "43"])
    ]
    no = {
        "jkk": ~lacks.jkk.astype(bool),
        "jkm": ~lacks.jkm.astype(bool),
        "jht": (lacks["rank"] >= 2) & ~lacks.jht.astype(bool),
        "jp": (lacks["rank"] >= 3) & ~lacks.jp.astype(bool),
    }
    lacks = lacks.assign(**{f"no_{one}": said.astype("int64") for one, said in no.items()})
    lacks = lacks[lacks[["no_jkk", "no_jkm", "no_jht", "no_jp"]].sum(axis=1) > 0]
    wages = running.loc[running.npp.isin(lacks.npp), ["npp", "divisi", "nik", "upah"]]
    wages = wages.groupby(["npp", "divisi", "nik"], as_index=False).agg(upah=("upah", "max"))
    wages = wages.groupby(["npp", "nik"], as_index=False).agg(upah=("upah", "sum"))
    wages = wages.assign(c=wages.upah.clip(upper=CEILING))
    wages = wages.groupby("npp", as_index=False).agg(
        n=("nik", "size"), u=("upah", "sum"), c=("c", "sum")
    )
    rows = lacks.merge(wages, on="npp", how="left")
    n, u, c = (rows[one].fillna(0).astype("int64") for one in ("n", "u", "c"))
    points = rows.kelas_jkk.map(JKK).fillna(0).astype("int64")
    rupiah = (
        rows.no_jkk * u * points
        + rows.no_jkm * u * 30
        + rows.no_jht * u * 570
        + rows.no_jp * c * 300
    )
    return _flags("PDS_PROGRAM", rows, rupiah=rupiah // 10_000, workers=n)


def _piutang(tables: Mapping[str, Path]) -> Frame:
    key = ["npp", "divisi", "blth", "program"]
    bills = _read(tables["tagihan"], *key, "tk", "jumlah")
    bills = bills[bills.blth.isin(due_months(bills.blth.unique().tolist()))]
    paid = _read(tables["pembayaran"], *key, "tgl_bayar", "jumlah")
    paid = paid[paid.tgl_bayar <= TODAY].groupby(key, as_index=False).agg(paid=("jumlah", "sum"))
    owed = bills.merge(paid, on=key, how="left")
    owed["rest"] = owed.jumlah - owed.paid.fillna(0)
    owed = owed[owed.rest > 0]
    months = owed.groupby(["npp", "divisi", "blth"], as_index=False).agg(
        rest=("rest", "sum"), tk=("tk", "max")
    )
    months = months.groupby(["npp", "blth"], as_index=False).agg(
        rest=("rest", "sum"), tk=("tk", "sum")
    )
    summed = months.groupby("npp", as_index=False).agg(
        tk=("tk", "max"), rest=("rest", "sum"), bulan=("blth", "size")
    )
    summed = summed[summed.bulan >= 3]
    return _flags("PIUTANG", summed, rupiah=summed.rest, workers=summed.tk).assign(
        bulan=summed.bulan
    )


def _lapsed(listed: Frame, known: Frame, people: Frame, emp: Frame) -> tuple[Frame, Frame]:
    ended = known.groupby(["grup", "nik"], as_index=False).agg(
        last=("tgl_akhir", "max"), here=("upah", "max"), runs=("running", "max")
    )
    ended = ended[~ended.runs.astype(bool)].drop(columns="runs")
    at = known[known.tgl_akhir.notna()].sort_values(["tgl_akhir", "npp"])
    ended = ended.merge(
        at.drop_duplicates(["grup", "nik"], keep="last")[["grup", "nik", "npp"]], on=["grup", "nik"]
    )
    gone = people.nik[~people.died.astype(bool) & ~people.active.astype(bool)]
    rows = listed.drop(columns="npp").merge(ended, on=["grup", "nik"])
    rows = rows[(rows.tgl_data > rows["last"]) & rows.nik.isin(gone)]
    workers = rows.groupby(["npp", "nik"], as_index=False).agg(
        shown=("upah", "max"), here=("here", "max"), since=("tgl_data", "min")
    )
    rows = workers.merge(emp, on="npp")
    rows["owed"] = _owed(rows, rows.shown.fillna(rows.here).fillna(0).astype("int64"))
    summed = rows.groupby("npp", as_index=False).agg(
        n=("nik", "size"), owed=("owed", "sum"), since=("since", "min")
    )
    rupiah = summed.owed * _months(summed.since) // 10_000
    return _flags("LAPSED", summed, rupiah=rupiah, workers=summed.n), workers
