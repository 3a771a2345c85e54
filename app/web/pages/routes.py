"""Every page of the application, each change guarded against other sites."""

from fastapi import APIRouter, Depends

from app.web.deps import same_site_form
from app.web.pages import calculators, session

router = APIRouter(include_in_schema=False, dependencies=[Depends(same_site_form)])
for _part in (session, calculators):
    router.include_router(_part.router)
