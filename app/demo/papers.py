"""Papers for the demo's evidence: one-page PDFs that say on their face that they are examples."""

import io
from collections.abc import Sequence
from datetime import date

import pikepdf
from babel.dates import format_date

MARK = "CONTOH - DOKUMEN PERAGAAN, BUKAN SURAT RESMI"


def paper(*, title: str, number: str, on: date, lines: Sequence[str]) -> bytes:
    """Return an A4 page with these words; the same input gives the same bytes."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0]
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
    day = format_date(on, "d MMMM y", locale="id_ID")
    rows = [
        (9, MARK),
        (15, title),
        (11, f"Nomor: {number or '-'}"),
        (11, f"Tanggal: {day}"),
        (11, ""),
    ]
    rows += [(11, line) for line in lines]
    page.Contents = pdf.make_stream(_text(rows))
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _text(rows: Sequence[tuple[int, str]]) -> bytes:
    parts, height = [b"BT"], 780
    for size, line in rows:
        shown = line.encode("cp1252", "replace")
        for mark in (b"\\", b"(", b")"):
            shown = shown.replace(mark, b"\\" + mark)
        parts.append(b"/F1 %d Tf 1 0 0 1 72 %d Tm (%s) Tj" % (size, height, shown))
        height -= size + 9
    return b"\n".join([*parts, b"ET"])
