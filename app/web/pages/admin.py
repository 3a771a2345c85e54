"""What the pages of administration share: their guard, their tabs, the words of roles and zones."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from app.accounts import permissions
from app.accounts.schemas import SignedIn
from app.accounts.service import MANAGE
from app.infra.wording import N_
from app.web.chrome import ROLE_WORDS
from app.web.deps import person
from app.web.pages.answers import see

ADMINISTER: Final = person(MANAGE)
AdministratorDep = Annotated[SignedIn, Depends(ADMINISTER)]
RELOAD: Final = N_("Muat ulang halaman lalu coba lagi.")

# A person is not a system: `integration` is the role of tokens without a person.
PERSON_ROLES: Final[Mapping[str, str]] = {
    role: words for role, words in ROLE_WORDS.items() if role != permissions.INTEGRATION
}
KIND_WORDS: Final[Mapping[str, str]] = {
    "pusat": N_("Kantor pusat"),
    "wilayah": N_("Kantor wilayah"),
    "cabang": N_("Kantor cabang"),
}
ZONE_WORDS: Final[Mapping[str, str]] = {
    "Asia/Jakarta": N_("WIB (Jakarta)"),
    "Asia/Pontianak": N_("WIB (Pontianak)"),
    "Asia/Makassar": N_("WITA (Makassar)"),
    "Asia/Jayapura": N_("WIT (Jayapura)"),
}

router = APIRouter(prefix="/administrasi")


@router.get("", name="page:administration", dependencies=[Depends(ADMINISTER)])
def administration(request: Request) -> Response:
    return see(request, "people")
