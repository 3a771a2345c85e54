"""What a person says of a pair, and takes back."""

from datetime import timedelta

from sqlmodel import Session

from app.accounts.schemas import Principal
from app.linkage import service
from app.linkage.schemas import PairView, Verdict
from tests.detection.scene import INSPECTOR, NOW


def decide(
    session: Session, pair: PairView, verdict: Verdict, *, minutes: int = 0,
    principal: Principal = INSPECTOR,
) -> PairView:  # fmt: skip
    return service.decide(
        session,
        principal=principal,
        pair_id=pair.id,
        verdict=verdict,
        reason="Akta dan alamatnya diperiksa.",
        expected_version=pair.version,
        now=NOW + timedelta(minutes=minutes),
    )


def take_back(session: Session, pair: PairView) -> PairView:
    return service.undo(
        session,
        principal=INSPECTOR,
        pair_id=pair.id,
        reason="Salah baca akta.",
        expected_version=pair.version,
        now=NOW,
    )
