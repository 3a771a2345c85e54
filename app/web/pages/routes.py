"""Every page of the application, each change guarded against other sites."""

from fastapi import APIRouter, Depends

from app.web import bodies
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
    case_figures,
    case_packet,
    case_routes,
    case_steps,
    cases,
    controls,
    corrections,
    differences,
    employers,
    estimates,
    flag_bulk,
    flags,
    home,
    imports,
    linkage,
    movements,
    own_account,
    parameters,
    radar,
    ranking,
    retention,
    rule_trials,
    rules,
    selection,
    session,
    settlement,
    trail,
)

router = APIRouter(
    include_in_schema=False, dependencies=[Depends(same_site_form)], max_body_size=bodies.TEXT
)
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
    case_figures,
    radar,
    employers,
    imports,
    calculators,
    settlement,
    estimates,
    differences,
    calendar,
    parameters,
    admin,
    admin_people,
    admin_offices,
    admin_tokens,
    own_account,
    trail,
    ranking,
    rule_trials,
    rules,
    linkage,
    retention,
    movements,
    corrections,
    selection,
    controls,
)
for _part in _PARTS:
    router.include_router(_part.router)
