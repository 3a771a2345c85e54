"""Says whether the application can answer: for load balancers and containers, without a sign-in."""

import sqlalchemy as sa
from fastapi import APIRouter, Depends

from app.web.deps import SessionDep, public

router = APIRouter(include_in_schema=False)


@router.get("/sehat", name="health", dependencies=[Depends(public)])
def health(session: SessionDep) -> dict[str, str]:
    """Answer 200 when the database answers, else 503 by the ordinary error handler."""
    session.connection().execute(sa.text("SELECT 1"))
    return {"status": "sehat"}
