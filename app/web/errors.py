"""Turns every no into its status: problem+json for the API, a page with a next step for people."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final
from urllib.parse import unquote_plus, urlencode

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from app.errors import (
    AppError,
    Conflict,
    FieldProblem,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    Stale,
    Unauthenticated,
    Unavailable,
    particulars,
)
from app.infra.wording import N_, sentence, translate
from app.web.addresses import address_of
from app.web.chrome import ROLE_WORDS
from app.web.context import web_context
from app.web.deps import OwnPasswordNeeded, SignInNeeded, visitor
from app.web.preconditions import PreconditionMissing
from app.web.rendering import render_page
from app.web.spoken import spoken
from app.web.validation import field_problems

log = structlog.get_logger()

API_PREFIX: Final = "/api"
PROBLEM_JSON: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = "10"

# fmt: off
STATUS: Final[Mapping[type[AppError], int]] = {  # a kind before the kind it refines
    Invalid:         422,
    Unauthenticated: 401,
    Forbidden:       403,
    NotFound:        404,
    Stale:           412,
    Conflict:        409,
    Refused:         409,
    Unavailable:     503,
    PreconditionMissing: 428,
}
TITLES: Final[Mapping[int, str]] = {
    400: N_("Permintaan tidak dapat dibaca"),
    401: N_("Perlu masuk"),
    403: N_("Tidak berwenang"),
    404: N_("Tidak ditemukan"),
    405: N_("Cara memanggil salah"),
    409: N_("Belum dapat dilakukan"),
    412: N_("Data sudah berubah"),
    413: N_("Terlalu besar"),
    415: N_("Jenis isi tidak didukung"),
    422: N_("Isian perlu diperbaiki"),
    428: N_("Syarat permintaan kurang"),
    429: N_("Terlalu sering"),
    500: N_("Gangguan pada sistem"),
    503: N_("Sementara tidak tersedia"),
}
SENTENCES: Final[Mapping[int, str]] = {
    400: N_("Permintaan tidak dapat dibaca; periksa bentuk isinya."),
    404: N_("Halaman atau data itu tidak ada, atau di luar wilayah kerja Anda."),
    405: N_("Alamat ini tidak menerima cara panggil tersebut."),
    413: N_("Kiriman terlalu besar; tidak ada yang disimpan. "
            "Perkecil atau bagi isinya, lalu kirim lagi."),
    415: N_("Jenis isi kiriman tidak didukung; periksa tajuk Content-Type."),
    500: N_("Terjadi gangguan yang tidak terduga. Tidak ada perubahan yang disimpan. "
            "Coba lagi; bila berulang, hubungi administrator dengan menyebut kode rujukan."),
}
# Where a page says it otherwise: a person comes to such an address by opening again what a form
# was sent to.
PAGE_TITLES: Final[Mapping[int, str]] = {**TITLES, 405: N_("Tidak dapat dibuka")}
PAGE_SENTENCES: Final[Mapping[int, str]] = {
    **SENTENCES,
    405: N_("Alamat ini hanya menerima kiriman formulir, jadi tidak dapat dibuka; "
            "buka halamannya dari menu. Tidak ada yang berubah."),
}
PLAIN: Final[Mapping[int, str]] = {
    400: N_("Nama situs pada alamat ini tidak dikenal. Periksa alamatnya, atau minta "
            "administrator menambahkannya pada PATUH_ALLOWED_HOSTS."),
    413: SENTENCES[413],
}
# fmt: on


def install(app: FastAPI) -> None:
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    app.add_exception_handler(OwnPasswordNeeded, _to_own_password)
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.middleware("http")(_last_resort)


def status_of(error: AppError) -> int:
    for kind, status in STATUS.items():
        if isinstance(error, kind):
            return status
    return 500


def problem(
    request: Request, *, status: int, code: str, detail: str, extra: Mapping[str, object]
) -> JSONResponse:
    """Return RFC 9457 problem details. `code` is stable; `detail` is for people."""
    body: dict[str, object] = {
        "type": f"urn:patuh:problem:{code}",
        "title": translate(TITLES.get(status, TITLES[500]), _language(request)),
        "status": status,
        "detail": detail,
        "code": code,
        "instance": request.scope["path"],
        **extra,
    }
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None  # noqa: PLR2004 - HTTP
    return JSONResponse(body, status_code=status, media_type=PROBLEM_JSON, headers=headers)


async def _to_sign_in(request: Request, _error: Exception) -> Response:
    target = "/masuk"
    if request.method == "GET":
        query = request.scope["query_string"].decode()
        here = request.scope["path"] + (f"?{query}" if query else "")
        target += "?" + urlencode({"lanjut": here})
    if request.headers.get("HX-Request") == "true":
        return Response(status_code=204, headers={"HX-Redirect": target})
    return RedirectResponse(target, status_code=303)


async def _to_own_password(request: Request, _error: Exception) -> Response:
    target = address_of(request, "own_password")
    if request.headers.get("HX-Request") == "true":
        return Response(status_code=204, headers={"HX-Redirect": target})
    return RedirectResponse(target, status_code=303)


async def _app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)  # noqa: S101 - registered for this class only
    status = status_of(error)
    if isinstance(error, Forbidden) and not _is_api(request):
        error = _in_words(error, _language(request))
    return answer(
        request,
        status=status,
        code=error.code,
        # Days written out for people; for programs as the contract writes them.
        detail=(sentence if _is_api(request) else spoken)(error, _language(request)),
        items=particulars(error),
    )


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    if not _is_api(request) and all(one["loc"][0] == "path" for one in error.errors()):
        return await _http(request, HTTPException(404))
    items = field_problems(error.errors())
    language = _language(request)
    detail = (
        sentence(items[0], language)
        if len(items) == 1
        else translate(
            N_("Isian perlu diperbaiki pada: {names}."),
            language,
            names=", ".join(dict.fromkeys(item.field for item in items)),
        )
    )
    return answer(request, status=422, code="invalid", detail=detail, items=items)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    sentences = SENTENCES if _is_api(request) else PAGE_SENTENCES
    wording = sentences.get(error.status_code, sentences[400])
    if not _is_api(request) and not hasattr(request.state, "visitor"):
        await run_in_threadpool(_recognise, request)
    response = _told(request, error.status_code, wording)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def _recognise(request: Request) -> None:
    """Find out who asks for an address that no route answers, so that their menu stays."""
    context = web_context(request)
    # Without the database the page is told without a menu.
    with suppress(Unavailable), context.database.transaction() as session:
        visitor(request, context, session)


def _in_words(error: Forbidden, language: str) -> Forbidden:
    """Return the no of a role without our names for roles and actions in it."""
    words = ROLE_WORDS.get(str(error.values.get("role")))
    if words is None:
        return error
    return Forbidden(
        N_("Halaman atau tindakan ini tidak termasuk wewenang peran Anda ({role})."),
        role=translate(words, language),
    )


def _told(request: Request, status: int, wording: str) -> Response:
    detail = translate(wording, _language(request))
    return answer(request, status=status, code="http", detail=detail, items=())


async def _last_resort(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    # PostgreSQL keeps no NUL character: refused here instead of failing there.
    query = unquote_plus(request.scope["query_string"].decode("latin-1"))
    if "\x00" in request.scope["path"] + query:
        return _told(request, 400, SENTENCES[400])
    try:
        response = await call_next(request)
        # The host check and the body limit answer in plain English before any handler of ours.
        if _is_plain(response) and response.status_code in PLAIN:
            return _told(request, response.status_code, PLAIN[response.status_code])
        return response  # noqa: TRY300 - both answers leave from here
    except Exception:  # the edge: logged once, never shown
        log.exception("unexpected", request_id=getattr(request.state, "request_id", ""))
        return answer(
            request,
            status=500,
            code="internal",
            detail=translate(SENTENCES[500], _language(request)),
            items=(),
        )


def answer(
    request: Request, *, status: int, code: str, detail: str, items: tuple[FieldProblem, ...]
) -> Response:
    response = _answer(request, status=status, code=code, detail=detail, items=items)
    if status == 503:  # noqa: PLR2004 - HTTP
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _answer(
    request: Request, *, status: int, code: str, detail: str, items: tuple[FieldProblem, ...]
) -> Response:
    language = _language(request)
    listed = [{"field": item.field, "detail": sentence(item, language)} for item in items]
    if _is_api(request):
        extra = {"errors": listed} if listed else {}
        return problem(request, status=status, code=code, detail=detail, extra=extra)
    title = translate(PAGE_TITLES.get(status, PAGE_TITLES[500]), language)
    return render_page(
        request,
        "errors/error.html",
        {
            "status": status,
            "title": title,
            "detail": detail,
            "items": listed,
            "typed": request.method == "POST",
            "reference": getattr(request.state, "request_id", ""),
        },
        status=status,
    )


def _is_api(request: Request) -> bool:
    path: str = request.scope["path"]
    return path == API_PREFIX or path.startswith(f"{API_PREFIX}/")


def _is_plain(response: Response) -> bool:
    return response.headers.get("content-type", "").startswith("text/plain")


def api_language(request: Request) -> str:
    """Return `en` for a caller that asks for English first, else `id`."""
    accepted = request.headers.get("accept-language", "")
    return "en" if accepted.lower().startswith("en") else "id"


def _language(request: Request) -> str:
    if _is_api(request):
        return api_language(request)
    return str(getattr(request.state, "language", request.cookies.get("patuh_bahasa", "id")))
