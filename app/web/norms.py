"""The norms a calculation is made under: the law and the calendar as they are known now."""

from typing import Annotated

from fastapi import Depends

from app.cases import workdays
from app.law.book import SHIPPED, Norms
from app.web.deps import SessionDep


def norms(session: SessionDep) -> Norms:
    return Norms(law=SHIPPED, calendar=workdays.calendar(session))


NormsDep = Annotated[Norms, Depends(norms)]
