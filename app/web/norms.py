"""The norms a calculation is made under: the law and the calendar as they are known now."""

from typing import Annotated

from fastapi import Depends

from app.cases import workdays
from app.law.book import Norms
from app.lawbook.queries import law_in_force
from app.web.deps import SessionDep


def norms(session: SessionDep) -> Norms:
    return Norms(law=law_in_force(session), calendar=workdays.calendar(session))


NormsDep = Annotated[Norms, Depends(norms)]
