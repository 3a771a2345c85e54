"""The API described for machines: OpenAPI 3.1 with the scope of every operation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute

from app.accounts.permissions import TOKEN_SCOPES
from app.web.api.v1.calculations import DOCUMENTS
from app.web.api.v1.shapes import FieldFault, Problem

PREFIX: Final = "/api/v1"
PROBLEM_JSON: Final = "application/problem+json"
SCHEME: Final = "token"
STATELESS: Final = f"{PREFIX}/calculations/"

OPENING: Final = (
    "API Patuh, versi 1. Semua alamat diawali `/api/v1` dan menerima serta memberi JSON (UTF-8)."
)
CONVENTIONS: Final[Mapping[str, str]] = {
    "Masuk": (
        "Kirim `Authorization: Bearer <token>`. Token dibuat dengan `patuh token create NAMA "
        "--scopes LINGKUP`; lingkup yang dibutuhkan tertulis pada setiap operasi. Token "
        "melihat kantornya dan kantor di bawahnya; yang di luar itu dijawab 404. Langkah "
        "hukum hanya dengan token atas nama seseorang."
    ),
    "Kesalahan": (
        "`application/problem+json` (RFC 9457). `code` tetap; `detail` satu kalimat; `errors` "
        "menyebut isian dan sebabnya. Kirim `Accept-Language: en` untuk kalimat bahasa "
        "Inggris."
    ),
    "Halaman": (
        "`limit` (1 sampai 200, bawaan 50) dan `cursor`; jawaban berisi `items` dan `next` "
        "(null pada halaman terakhir)."
    ),
    "Versi baris": (
        "GET memberi `ETag`; perubahan meminta `If-Match`: 428 bila tidak ada, 412 bila data "
        "sudah berubah."
    ),
    "Kiriman ulang": (
        "Setiap POST yang mengubah menerima `Idempotency-Key`; jawabannya disimpan 7 hari "
        "bersama akibatnya dan diberikan lagi untuk kiriman yang sama. Isi yang berbeda "
        "dijawab 422, yang masih dikerjakan 409. Penolakan tidak disimpan karena tidak "
        "mengubah apa pun."
    ),
    "Nilai": (
        "Uang bilangan bulat rupiah, bulan `YYYY-MM`, hari `YYYY-MM-DD` menurut zona kantor, "
        "saat ISO 8601 dalam UTC. NIK hanya empat angka terakhir."
    ),
    "Belum ada": (
        "`/webhooks` dan `/events` (langganan dan pemutaran ulang) menyusul pada rilis "
        "berikutnya; sampai saat itu alamatnya dijawab 404."
    ),
}

# fmt: off
TAGS: Final[tuple[tuple[str, str], ...]] = (
    ("imports",      "Memasukkan berkas ekstrak dan membaca hasil pemeriksaannya"),
    ("sweeps",       "Menjalankan aturan atas snapshot"),
    ("employers",    "Pemberi kerja, pekerja, dan tagihan menurut snapshot"),
    ("flags",        "Temuan aturan dan keputusan atasnya"),
    ("cases",        "Kasus, langkah hukum, bukti, dan tugas"),
    ("packets",      "Rujukan dan berkas bersegel untuk kejaksaan"),
    ("linkage",      "Pasangan yang mungkin satu pemberi kerja, dan keputusan atasnya"),
    ("calculations", "Perhitungan tanpa menyimpan apa pun"),
    ("rules",        "Aturan, uji coba perubahannya, dan bagaimana temuannya berakhir"),
    ("statistics",   "Angka yang dapat dihitung ulang atas snapshot yang sama"),
    ("controls",     "Kunjungan kontrol yang diundi, dan laporan seleksi"),
)
# Lists of words that other rooms own; their own notes are for programmers.
CODES: Final[Mapping[str, str]] = {
    "Action":     "Langkah yang diambil orang atas suatu kasus.",
    "Choice":     "Yang diusulkan, atau diputus, atas surat atau berkas yang faktanya dikoreksi.",
    "Clock":      "Tenggat surat yang mana.",
    "ClockState": "Berjalan hanya bila penerimaan surat terbukti.",
    "Ground":     "Mengapa pilihan itu diusulkan; `why` mengatakannya sebagai kalimat.",
    "Kind":       "Yang menyampaikan faktanya: pembukaan kasus, surat atau laporan, berkas.",
    "NextState":  "Siapa yang bergerak: kita (act, prove), waktu (wait), kejaksaan (outside).",
    "PaperKind":  "Dokumen yang dicatat dengan hari mulai atau hari berakhirnya.",
    "Proof":      "Jenis bukti; apa yang ditunjukkan berkas.",
    "RemarkKind": "Apa yang dikatakan laporan seleksi.",
    "RouteState": "Keadaan jalur; yang tertutup dikecualikan oleh jalur lain yang sedang ditempuh.",
    "Severity":   "Cacat `fatal` menghalangi rujukan dan penyegelan; yang lain diberitahukan.",
    "State":      "Mengapa suatu angka ada, belum ada, kosong, atau disembunyikan.",
    "Stage":      "Tahap kasus; `closed` satu-satunya akhir.",
    "Turn":       "Siapa yang harus mengurusnya.",
    "Violation":  "Kode aturan, yang juga pokok kasus.",
}
ANSWERS: Final[Mapping[str, str]] = {
    "200": "Berhasil",
    "201": "Dibuat",
    "202": "Diterima dan dikerjakan kemudian",
    "400": "Permintaan tidak dapat dibaca",
    "401": "Token tidak ada, salah, atau berakhir",
    "403": "Lingkup token atau peran pemegangnya tidak cukup",
    "404": "Tidak ada, atau di luar wilayah kerja",
    "409": "Hukum, catatan, atau permintaan lain belum memungkinkan",
    "412": "Data sudah berubah sejak dibaca",
    "413": "Isi terlalu besar",
    "415": "Jenis isi tidak didukung",
    "422": "Isian salah; `errors` menyebut yang mana",
    "428": "If-Match tidak dikirim",
    "503": "Sementara tidak tersedia; tidak ada yang berubah",
}
# fmt: on


def api_routes(routes: Iterable[BaseRoute]) -> Iterator[RouteContext]:
    """Yield the operations of the API among `routes`, included routers opened up."""
    for context in iter_route_contexts(list(routes)):
        if (
            isinstance(context.original_route, APIRoute)
            and (context.path or "").startswith(f"{PREFIX}/")
            and context.original_route.include_in_schema
        ):
            yield context


def guard_of(context: RouteContext) -> str | None:
    """Return the action that opens this operation."""
    found = {
        guard
        for depends in context.original_route.dependencies  # type: ignore[attr-defined]
        if (guard := getattr(depends.dependency, "guards", None)) is not None
    }
    return next(iter(found), None)


def scopes_for(action: str) -> tuple[str, ...]:
    """Return the token scopes that open `action`, the narrowest first."""
    opening = [scope for scope, actions in TOKEN_SCOPES.items() if action in actions]
    return tuple(sorted(opening, key=lambda scope: (len(TOKEN_SCOPES[scope]), scope)))


def openapi(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the operations among `routes`."""
    contexts = list(api_routes(routes))
    document = get_openapi(
        title="Patuh",
        version="1",
        description="\n".join(
            (OPENING, "", *(f"- **{name}**: {text}" for name, text in CONVENTIONS.items()))
        ),
        routes=contexts,
        tags=[{"name": name, "description": text} for name, text in TAGS],
    )
    components = document.setdefault("components", {})
    components["securitySchemes"] = {
        SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "description": "Token dari `patuh token create`; diawali patuh_api_.",
        }
    }
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas["Problem"].pop("$defs", None)
    schemas["FieldFault"] = FieldFault.model_json_schema()
    for name, text in {**DOCUMENTS, **CODES}.items():
        schemas[name]["description"] = text
    for context in contexts:
        for method in context.methods or ():
            _complete(document["paths"][context.path_format][method.lower()], context)
    whole: dict[str, Any] = _whole_numbers(document)
    return whole


def _whole_numbers(node: Any) -> Any:  # noqa: ANN401 - any part of a JSON document
    """Return the document with bounds written `1`: its model writes them `1.0`."""
    if isinstance(node, dict):
        return {name: _whole_numbers(part) for name, part in node.items()}
    if isinstance(node, list):
        return [_whole_numbers(part) for part in node]
    return int(node) if isinstance(node, float) and node.is_integer() else node


@cache
def _cached(app: FastAPI) -> dict[str, Any]:
    return openapi(app.routes)


def openapi_of(request: Request) -> dict[str, Any]:
    """Return the document of the running application, built once."""
    return _cached(request.app)


def _complete(operation: dict[str, Any], context: RouteContext) -> None:
    action = guard_of(context)
    assert action is not None  # noqa: S101 - tests/house/test_routes_guarded.py
    scopes = scopes_for(action)
    operation["security"] = [{SCHEME: [scope]} for scope in scopes]
    operation["x-scopes"] = list(scopes)
    named = " atau ".join(f"`{scope}`" for scope in scopes)
    said = operation.get("description", "")
    operation["description"] = f"{said}\n\nLingkup token: {named}.".strip()
    operation["operationId"] = context.name
    for entry in operation.get("parameters", ()):
        # Its absence is answered 428 and not 422, so the signature cannot say that it is needed.
        if entry["name"] == "If-Match":
            entry["required"] = True
    responses = operation["responses"]
    for status, response in responses.items():
        if response["description"] == "Successful Response":
            response["description"] = ANSWERS[status]
    for status in _possible(operation, context):
        responses[status] = {
            "description": ANSWERS[status],
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _possible(operation: Mapping[str, Any], context: RouteContext) -> Iterator[str]:
    path = context.path or ""
    headers = {
        entry["name"] for entry in operation.get("parameters", ()) if entry["in"] == "header"
    }
    yield from ("400", "401", "403", "422", "503")
    if "{" in path or "Idempotency-Key" in headers:
        yield "404"
    if "POST" in (context.methods or ()) and not path.startswith(STATELESS):
        yield "409"
    if "requestBody" in operation:
        yield from ("413", "415")
    if "If-Match" in headers:
        yield from ("412", "428")
