"""Every page of the application, each change guarded against other sites."""

from fastapi import APIRouter, Depends

from app.web.deps import same_site_form
from app.web.pages import (
    calculators,
    case,
    case_evidence,
    case_steps,
    cases,
    flags,
    home,
    session,
)

router = APIRouter(include_in_schema=False, dependencies=[Depends(same_site_form)])
# `cases` before `case`: /kasus/baru is not a number.
for _part in (session, home, flags, cases, case, case_steps, case_evidence, calculators):
    router.include_router(_part.router)
