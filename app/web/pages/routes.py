"""Every page of the application, each change guarded against other sites."""

from fastapi import APIRouter, Depends

from app.web.deps import same_site_form
from app.web.pages import (
    admin,
    admin_offices,
    admin_people,
    admin_tokens,
    calculators,
    calendar,
    case,
    case_deadlines,
    case_evidence,
    case_packet,
    case_routes,
    case_steps,
    cases,
    employers,
    flag_bulk,
    flags,
    home,
    imports,
    movements,
    own_account,
    parameters,
    radar,
    retention,
    session,
    settlement,
    trail,
)

router = APIRouter(include_in_schema=False, dependencies=[Depends(same_site_form)])
# `cases` before `case`: /kasus/baru is not a number; neither is /temuan/pilihan.
_PARTS = (
    session,
    home,
    flag_bulk,
    flags,
    cases,
    case,
    case_deadlines,
    case_steps,
    case_evidence,
    case_packet,
    case_routes,
    radar,
    employers,
    imports,
    calculators,
    settlement,
    calendar,
    parameters,
    admin,
    admin_people,
    admin_offices,
    admin_tokens,
    own_account,
    trail,
    retention,
    movements,
)
for _part in _PARTS:
    router.include_router(_part.router)
